"""The pages of results: the list, one result, and a topic of it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import Status, award_words
from results.application_report.reading import report_link
from results.bands import bands_of
from results.documents import making
from results.forms import FilterForm
from results.improvement.reading import beside
from results.models import Report
from results.presentation import answers_of, result_page, results_topic, score_of, topic_rows
from results.reading import (
    corrected_for,
    documents_of,
    earlier_editions,
    published_to,
    stage_two_waiting,
    waiting_for,
)
from results.report_rows import ScoreRow
from results.stage_two.showing import shown_stage_two
from results.views.common import Shown, place, shown_or_refuse
from reviews.appeal_reading import appealed_codes
from reviews.services.appeals import why_no_appeal

PAGE_SIZE = 50


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Published results; for the administrator and the auditor also those that wait for publication."""
    waiting = waiting_for(request.user)
    follows = request.user.has_perm("results.follow")
    if follows and request.GET.get("state") == "waiting":
        page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
        context = {"page": page, "is_waiting": True, "waiting_count": page.paginator.count}
    else:
        form = FilterForm(request.GET, published_to(request.user))
        page = Paginator(form.results(), PAGE_SIZE).get_page(request.GET.get("page"))
        rows = [
            {
                "sheet": sheet,
                "score": ScoreRow("", "", str(sheet.claimed_total), str(sheet.verified_total), ""),
            }
            for sheet in page
        ]
        is_of_bands = _wants_bands(request)
        context = {
            "form": form,
            "page": page,
            "rows": rows,
            "is_of_bands": is_of_bands,
            "bands": bands_of(page) if is_of_bands else (),
            "is_filtered": any(request.GET.get(name) for name in ("q", "cycle", "ministry")),
            "waiting_count": waiting.count() if follows else 0,
            "corrected": corrected_for(request.user)[:20],
            "stage_two_waiting": stage_two_waiting(request.user) if follows else (),
        }
    return render(request, "results/index.html", context | {"follows": follows})


def _wants_bands(request: HttpRequest) -> bool:
    """As the address says; else executives are shown bands, and others the figures."""
    wanted = request.GET.get("view")
    return wanted == "bands" or (wanted != "scores" and "executive" in request.user.current_offices)


@login_required
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """One result from its latest sheet, or a preview of what would be published now."""
    shown = shown_or_refuse(request, pk)
    context = place(shown) | {
        "result": result_page(shown.named),
        "stage_two": shown_stage_two(shown.payload),
        "award": award_words(shown.payload.get("application")),
    }
    if shown.is_preview:
        context["may_publish"] = _may_publish(request, shown)
        return render(request, "results/result.html", context)
    documents = documents_of(shown.sheet)
    report = documents.pop(Report.Kind.FEEDBACK)
    context |= {
        "report": report.report,
        "state": report.state,
        "documents": [
            (document, making.may_order(request.user, document.kind, shown.assessment))
            for document in documents.values()
        ],
        "may_order": request.user.has_perm("results.order_report", shown.assessment),
        "may_follow_stage_two": request.user.has_perm("results.follow_stage_two", shown.assessment),
        "application_report": report_link(request.user, shown.assessment),
        "may_correct": request.user.has_perm("results.correct", shown.assessment),
        "revisions": earlier_editions(shown.sheet) if shown.sheet.revision > 1 else (),
    }
    return render(request, "results/result.html", context)


@login_required
@require_safe
def topic(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Answers, marks and comments of one topic; of category 7 its indicators."""
    shown = shown_or_refuse(request, pk)
    score = score_of(shown.named, code)
    if score is None or "." not in code:
        raise Http404
    context = place(shown) | {
        "score": score,
        "crumbs": [_crumb(shown)],
        "neighbours": _neighbours(shown, code),
    }
    if shown.is_preliminary:
        context |= {
            "appealed": appealed_codes(shown.assessment),
            "may_appeal": request.user.has_perm("reviews.appeal", shown.assessment)
            and not why_no_appeal(shown.assessment, now=timezone.now()),
        }
    if request.user.has_perm("results.read_plan", shown.assessment):
        context["plan_cards"] = beside(shown.assessment, code).by_part
    if score.verified_topic.get("shares"):
        context |= {"row": topic_rows(score), "answers": answers_of(shown.named, code)}
    else:
        context["results"] = results_topic(shown.named, score)
    return render(request, "results/topic.html", context)


def _may_publish(request: HttpRequest, shown: Shown) -> bool:
    ready = Status.FINALISED if shown.assessment.cycle.appeal_days else Status.CONSENSUS_DONE
    return shown.assessment.status == ready and request.user.has_perm("results.publish", shown.assessment)


def _crumb(shown: Shown) -> tuple[str, str]:
    return _("ผลการประเมิน"), reverse("results:result", args=[shown.assessment.pk])


def _neighbours(shown: Shown, code: str) -> dict[str, dict | None]:
    topics = [
        entry for category in shown.named["scores"]["verified"]["categories"] for entry in category["topics"]
    ]
    place = next(index for index, entry in enumerate(topics) if entry["code"] == code)
    return {
        "previous": topics[place - 1] if place else None,
        "next": topics[place + 1] if place + 1 < len(topics) else None,
    }
