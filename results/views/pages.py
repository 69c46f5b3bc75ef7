"""The pages of results: the list, one result, a topic of it, and the tree behind any of its numbers."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import Status
from criteria.scoring import PolicyError
from results.documents import making
from results.explaining import BASES, CATEGORY, TOPIC, TOTAL, path_to, rules_for
from results.explaining import explain as explain_number
from results.forms import FilterForm
from results.improvement.reading import beside
from results.models import Report
from results.policy_words import category_rule, rules_of
from results.presentation import answers_of, result_page, results_topic, score_of, topic_rows
from results.reading import corrected_for, documents_of, earlier_editions, published_to, waiting_for
from results.report_rows import ScoreRow
from results.views.common import Shown, draft_or_refuse, shown_or_refuse
from reviews.appeal_reading import appealed_codes
from reviews.services.appeals import why_no_appeal

PAGE_SIZE = 50
# Beside the two bases of a result: what an agency claims now.
DRAFT = "draft"


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
        context = {
            "form": form,
            "page": page,
            "rows": rows,
            "is_filtered": any(request.GET.get(name) for name in ("q", "cycle", "ministry")),
            "waiting_count": waiting.count() if follows else 0,
            "corrected": corrected_for(request.user)[:20],
        }
    return render(request, "results/index.html", context | {"follows": follows})


@login_required
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """One result from its latest sheet, or a preview of what would be published now."""
    shown = shown_or_refuse(request, pk)
    context = _place(shown) | {"result": result_page(shown.payload)}
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
        "may_correct": request.user.has_perm("results.correct", shown.assessment),
        "revisions": earlier_editions(shown.sheet) if shown.sheet.revision > 1 else (),
    }
    return render(request, "results/result.html", context)


@login_required
@require_safe
def topic(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Answers, marks and comments of one topic; of category 7 its indicators."""
    shown = shown_or_refuse(request, pk)
    score = score_of(shown.payload, code)
    if score is None or "." not in code:
        raise Http404
    context = _place(shown) | {
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
        context |= {"row": topic_rows(score), "answers": answers_of(shown.payload, code)}
    else:
        context["results"] = results_topic(shown.payload, score)
    return render(request, "results/topic.html", context)


@login_required
@require_safe
def explain(request: HttpRequest, pk: int, basis: str, code: str) -> HttpResponse:
    """The tree that made one number, down to the marks; of a draft down to what is claimed now."""
    shown = draft_or_refuse(request, pk) if basis == DRAFT else shown_or_refuse(request, pk)
    step = explain_number(shown.payload, "claimed" if shown.is_draft else basis, code)
    if step is None:
        raise Http404
    policy = shown.payload["policy"]
    try:
        wanted = rules_for(step)
        rules = [rule for rule in rules_of(policy) if rule.parameter in wanted]
        rules += [category_rule()] if step.kind in (TOTAL, CATEGORY) else []
    except PolicyError:
        # A sheet outlives the policies of a release; its name and version still stand on the page.
        rules = []
    context = _place(shown) | {
        "step": step,
        "basis": basis,
        "other_basis": "" if shown.is_draft else BASES[1 - BASES.index(basis)],
        "score": score_of(shown.payload, code),
        "policy": policy,
        "rules": rules,
        # A topic is short enough to be seen whole; the rest unfolds by hand, or all at once to be printed.
        "is_open": step.kind == TOPIC or request.GET.get("open") == "all",
        "crumbs": [_own_crumb(shown) if shown.is_draft else _crumb(shown)]
        + [
            (
                _("คะแนนรวม") if above == "total" else above,
                reverse("results:explain", args=[pk, basis, above]),
            )
            for above in path_to(code)
        ],
    }
    return render(request, "results/explain.html", context)


def _may_publish(request: HttpRequest, shown: Shown) -> bool:
    ready = Status.FINALISED if shown.assessment.cycle.appeal_days else Status.CONSENSUS_DONE
    return shown.assessment.status == ready and request.user.has_perm("results.publish", shown.assessment)


def _place(shown: Shown) -> dict:
    return {
        "assessment": shown.assessment,
        "sheet": shown.sheet,
        "payload": shown.payload,
        "is_preview": shown.is_preview,
        "is_preliminary": shown.is_preliminary,
        "is_draft": shown.is_draft,
    }


def _crumb(shown: Shown) -> tuple[str, str]:
    return _("ผลการประเมิน"), reverse("results:result", args=[shown.assessment.pk])


def _own_crumb(shown: Shown) -> tuple[str, str]:
    return _("แบบประเมิน"), reverse("assessments:overview", args=[shown.assessment.pk])


def _neighbours(shown: Shown, code: str) -> dict[str, dict | None]:
    topics = [
        entry
        for category in shown.payload["scores"]["verified"]["categories"]
        for entry in category["topics"]
    ]
    place = next(index for index, entry in enumerate(topics) if entry["code"] == code)
    return {
        "previous": topics[place - 1] if place else None,
        "next": topics[place + 1] if place + 1 < len(topics) else None,
    }
