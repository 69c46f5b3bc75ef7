"""The tree behind any number of a result: of what counts now, of a draft, and of what counted before."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.explaining import BASES, TOPIC, TOTAL, Step, measured, path_to
from results.explaining import explain as explain_number
from results.models import ResultSheet
from results.policy_words import rules_behind
from results.presentation import score_of
from results.templatetags.result_pages import tree_url
from results.views.common import (
    Shown,
    before_appeals_or_refuse,
    draft_or_refuse,
    edition_or_refuse,
    place,
    shown_or_refuse,
)

CLAIMED, VERIFIED = BASES
# Beside the two bases of a result: what an agency claims now, and what it was told before its appeals were decided.
DRAFT, BEFORE_APPEALS = "draft", "before-appeals"
_SIDES = {DRAFT: CLAIMED, BEFORE_APPEALS: VERIFIED}


@login_required
@require_safe
def explain(request: HttpRequest, pk: int, basis: str, code: str) -> HttpResponse:
    """The tree that made one number, down to the marks; of a draft down to what is claimed now."""
    doors = {DRAFT: draft_or_refuse, BEFORE_APPEALS: before_appeals_or_refuse}
    return _tree(request, doors.get(basis, shown_or_refuse)(request, pk), basis, code)


@login_required
@require_safe
def explain_edition(request: HttpRequest, pk: int, revision: int, basis: str, code: str) -> HttpResponse:
    """The same of any edition of a published result, also of one that a correction has replaced."""
    if basis not in BASES:
        raise Http404
    return _tree(request, edition_or_refuse(request, pk, revision), basis, code)


def _tree(request: HttpRequest, shown: Shown, basis: str, code: str) -> HttpResponse:
    side = _SIDES.get(basis, basis)
    step = explain_number(shown.named, side, code)
    if step is None:
        raise Http404
    rules, other_rules = rules_behind(shown.payload, step)
    # Numbers of this page lead on inside the same edition.
    edition = shown.sheet.revision if shown.replaced_by else None
    context = place(shown) | {
        "step": step,
        "measured": measured(shown.payload, step),
        "basis": side,
        "way": basis,
        "edition": edition,
        # Topic pages show what counts now; the marks of what counted before stand in its tree alone.
        "is_past": bool(edition) or shown.is_before_appeals,
        "other_basis": "" if basis in _SIDES else BASES[1 - BASES.index(basis)],
        "score": score_of(shown.named, code),
        "policy": shown.payload["policy"],
        "rules": rules,
        "other_rules": other_rules,
        # A topic is short enough to be seen whole; the rest unfolds by hand, or all at once to be printed.
        "is_open": step.kind == TOPIC or request.GET.get("open") == "all",
        "crumbs": [*_above(shown)]
        + [(_named(above), tree_url(shown.assessment.pk, basis, above, edition)) for above in path_to(code)],
    }
    if edition:
        context["now"] = _now(shown.current, basis, code)
    return render(request, "results/explain.html", context)


def _named(code: str) -> str:
    """A number above: the total, "หมวด 7" or the code of a topic."""
    if code == TOTAL:
        return _("คะแนนรวม")
    return code if "." in code else _("หมวด %(code)s") % {"code": code}


def _now(current: ResultSheet, basis: str, code: str) -> Step | None:
    """The same number in the current edition; None where that edition has none."""
    return explain_number(current.payload, basis, code)


def _above(shown: Shown) -> list[tuple[str, str]]:
    pk = shown.assessment.pk
    if shown.is_draft:
        return [(_("แบบประเมิน"), reverse("assessments:overview", args=[pk]))]
    crumbs = [(_("ผลการประเมิน"), reverse("results:result", args=[pk]))]
    if shown.replaced_by:
        crumbs.append((_("ผลทุกครั้งที่ประกาศ"), reverse("results:revisions", args=[pk])))
    if shown.is_before_appeals:
        crumbs.append((_("คำขอทบทวน"), reverse("results:appeals", args=[pk])))
    return crumbs
