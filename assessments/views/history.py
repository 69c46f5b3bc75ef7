"""The history of one answer, and bringing an old version of it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.forms.indicators import IndicatorForm
from assessments.forms.parts import AnswerForm
from assessments.forms.restored import restored_answer, restored_indicator
from assessments.models import Answer, AnswerRevision, Indicator
from assessments.pages.conflicts import conflict_context
from assessments.pages.history import read_history
from assessments.pages.indicator_conflicts import indicator_conflict, stored_figures, theirs_values
from assessments.pages.spots import Spot
from assessments.pages.state import State
from assessments.presentation import why_read_only
from assessments.services import restoring
from assessments.views.common import conflict_page
from assessments.views.inside import answer_spot, indicator_spot, part_spot, spot_context
from pmqa.errors import Conflict, Refused
from pmqa.numbers import whole


@login_required
@never_cache
def part_history(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    return _show(request, *part_spot(request, pk, code))


@login_required
@never_cache
def indicator_history(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    return _show(request, *indicator_spot(request, pk, answer_id))


def _show(request: HttpRequest, state: State, spot: Spot) -> HttpResponse:
    asked = request.GET
    history = read_history(
        spot, at=asked.get("at", ""), page=asked.get("page", ""), against_now=asked.get("against") == "now"
    )
    context = spot_context(request, state, spot, inside="history") | {
        "history": history,
        "read_only": why_read_only(request.user, state.assessment, spot.category.code, spot.item.code),
    }
    return render(request, "assessments/history.html", context)


@login_required
@never_cache
@require_POST
def restore_version(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Store an old version again, cleaned like anything typed. Whoever saved in the meantime is shown beside it."""
    state, spot = answer_spot(request, pk, answer_id)
    revision = get_object_or_404(spot.answer.revisions, pk=whole(request.POST.get("revision")) or 0)
    form = _form(request, state, spot, revision)
    if not form.is_valid():
        faults = " ".join(sentence for sentences in form.errors.values() for sentence in sentences)
        messages.error(request, _("ยังไม่คืนฉบับนี้ เพราะมีข้อความที่แบบฟอร์มไม่รับ %(faults)s") % {"faults": faults})
        return redirect(spot.history)
    try:
        _restore(spot, revision, form, request)
    except Conflict as conflict:
        # The same version restored twice (a double click) is no conflict.
        if not _is_stored(spot, form, conflict.current):
            return _conflict(request, state, spot, form, conflict.current)
    except Refused as refused:
        reason = why_read_only(request.user, state.assessment, spot.category.code, spot.item.code)
        raise PermissionDenied(reason or str(refused)) from refused
    messages.success(request, _("คืนฉบับที่เลือกแล้ว ฉบับก่อนหน้ายังอยู่ในประวัติ"))
    return redirect(spot.history)


def _form(
    request: HttpRequest, state: State, spot: Spot, revision: AnswerRevision
) -> AnswerForm | IndicatorForm:
    version = request.POST.get("version", "")
    if spot.is_indicator:
        years = state.assessment.cycle.result_years
        return restored_indicator(spot.answer, revision.content, version=version, years=years)
    return restored_answer(spot.part, spot.answer, revision.content, version=version)


def _restore(spot: Spot, revision: AnswerRevision, form, request: HttpRequest) -> Answer:
    guards = {"version": form.seen_version, "category": spot.category.code, "by": request.user}
    if spot.is_indicator:
        return restoring.restore_version(spot.answer, revision, **form.figures, **guards)
    claim, values = form.cleaned_data["claim"], form.values
    return restoring.restore_version(spot.answer, revision, claim=claim, values=values, **guards)


def _is_stored(spot: Spot, form, current: Answer) -> bool:
    if spot.is_indicator:
        return current.removed_at is None and stored_figures(current) == form.figures
    return (current.claim, current.values) == (form.cleaned_data["claim"], form.values)


def _conflict(request: HttpRequest, state: State, spot: Spot, form, current: Answer) -> HttpResponse:
    """The page of two versions; what is chosen there goes the way of an ordinary save."""
    context = spot_context(request, state, spot)
    if spot.is_indicator:
        template = "assessments/indicators_conflict.html"
        context |= indicator_conflict(form, current, code=spot.code)
        context |= {"answer": current, "directions": Indicator.Direction.choices}
        theirs = {"claim": "", "values": theirs_values(current)}
    else:
        template = "assessments/conflict.html"
        context |= conflict_context(form, current)
        theirs = {"claim": current.claim, "values": current.values}
    return conflict_page(
        request,
        state.assessment,
        spot.part.code,
        template=template,
        context=context,
        current=current,
        theirs=theirs,
        back=spot.back,
    )
