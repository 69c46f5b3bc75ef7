"""The result before, beside one topic of an assessment that is being written, or that is being judged."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assessments.reading import read_answers, tree_of
from assessments.views.common import door
from results.improvement.reading import beside
from results.last_year import same_indicators, sheet_before, topic_before
from results.since import answers_before
from reviews.views.doors import is_opened, own_case


@login_required
@require_safe
def last_year(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Verdicts, comments and the opportunity for improvement of this topic in the agency's last published result."""
    assessment = door(request, pk)
    topic = tree_of(assessment).topics.get(code)
    if topic is None or "." not in code:
        raise Http404
    sheet = sheet_before(assessment)
    if sheet is not None and not request.user.has_perm("results.read", sheet.assessment):
        sheet = None
    context: dict[str, Any] = {"assessment": assessment, "topic": topic, "sheet": sheet}
    if sheet:
        answers = read_answers(assessment, topic=code)
        context["before"] = before = topic_before(sheet, answers, code)
        context["beside"] = beside(sheet.assessment, code)
        now = same_indicators(before.indicators, answers)
        context["numbers_now"] = {entry["code"]: number for number, entry in now.items()}
    return render(request, "results/last_year.html", context)


@login_required
@require_safe
def reviewed_before(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """For the reviewers of a case: how the agency's last published result judged this topic, and what changed since.

    Verdicts, comments and texts that the agency has long had; no score, and nobody's name.
    """
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return redirect("reviews:queue")
    if not request.user.has_perm("results.read_before", assessment):
        raise PermissionDenied
    topic = tree_of(assessment).topics.get(code)
    if topic is None or "." not in code:
        raise Http404
    sheet = sheet_before(assessment)
    answers = read_answers(assessment, topic=code)
    context = {
        "assessment": assessment,
        "topic": topic,
        "sheet": sheet,
        "here": "marking",
        "is_marking": any(row.marks for row in rows),
        "entries": answers_before(topic_before(sheet, answers, code), answers) if sheet else [],
        "beside": beside(sheet.assessment, code) if sheet else None,
    }
    return render(request, "results/reviewed_before.html", context)
