"""The result before, beside one topic of an assessment that is being written."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.reading import read_answers, tree_of
from assessments.views.common import door
from results.last_year import sheet_before, topic_before


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
    context = {
        "assessment": assessment,
        "topic": topic,
        "sheet": sheet,
        "before": topic_before(sheet, read_answers(assessment, topic=code), code) if sheet else None,
    }
    return render(request, "results/last_year.html", context)
