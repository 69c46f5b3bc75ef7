"""The score of stage 2 of one agency: what stands, what waits for a second administrator, and recording it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.middleware import opened
from assessments.models import Assessment
from assessments.workflow import lock
from pmqa.errors import Refused
from results.models import ResultSheet, StageTwo
from results.stage_two import services
from results.stage_two.forms import StageTwoForm
from results.views.common import case_or_404
from results.views.corrections import tell_of_correction

# As many rows that came to nothing, or were replaced, as the page recalls.
RECALLED = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stage_two(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; POST records a score, which stands only once another administrator has confirmed it."""
    assessment = _case(request, pk)
    if request.method != "POST":
        return _page(request, assessment)
    if not request.user.has_perm("results.record_stage_two", assessment):
        raise PermissionDenied(_("ผู้บันทึกคะแนนขั้นที่ 2 คือผู้ดูแลระบบของ สำนักงาน ก.พ.ร. หลังประกาศผลแล้ว"))
    form = StageTwoForm(request.POST, current=_standing(assessment), scale=assessment.cycle.stage_two_scale)
    if not form.is_valid():
        return _page(request, assessment, form=form, status=422)
    try:
        services.propose(assessment, values=form.values, by=request.user)
    except Refused as refused:
        form.add_error(
            "reason" if refused.code == "reason" and "reason" in form.fields else None, str(refused)
        )
        return _page(request, assessment, form=form, status=409)
    messages.success(request, _("บันทึกแล้ว ประกาศเป็นผลครั้งใหม่เมื่อผู้ดูแลระบบอีกคนยืนยัน"))
    return redirect("results:stage_two", pk)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int, recorded: int) -> HttpResponse:
    """The second administrator agrees; everybody concerned is told where to read it."""
    row = _row(request, pk, recorded)
    try:
        with transaction.atomic():
            # Under the lock: of two presses at once one makes the revision, and that one tells of it.
            lock(row.assessment)
            had = ResultSheet.objects.filter(assessment=pk).count()
            sheet = services.confirm(row, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("results:stage_two", pk)
    if sheet.revision > had:
        tell_of_correction(request, sheet)
    messages.success(request, _("ประกาศผลครั้งที่ %(n)d แล้ว") % {"n": sheet.revision})
    return redirect("results:result", pk)


@login_required
@require_POST
def decline(request: HttpRequest, pk: int, recorded: int) -> HttpResponse:
    """What was typed comes back where it was not stored."""
    row = _row(request, pk, recorded)
    try:
        services.decline(row, reason=request.POST.get("reason", ""), by=request.user)
    except Refused as refused:
        if refused.code == "settled":
            messages.error(request, str(refused))
            return redirect("results:stage_two", pk)
        return _page(request, row.assessment, error=str(refused), status=422)
    messages.success(request, _("ไม่ยืนยันแล้ว ผู้บันทึกเห็นเหตุผลของท่านในหน้านี้"))
    return redirect("results:stage_two", pk)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int, recorded: int) -> HttpResponse:
    try:
        services.take_back(_row(request, pk, recorded), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("ถอนคืนแล้ว"))
    return redirect("results:stage_two", pk)


def _case(request: HttpRequest, pk: int) -> Assessment:
    """404 without a relation to the case, PermissionDenied for all but those who record or follow."""
    assessment = case_or_404(request, pk)
    if not request.user.has_perm("results.follow_stage_two", assessment):
        raise PermissionDenied(_("ผู้บันทึกคะแนนขั้นที่ 2 คือผู้ดูแลระบบของ สำนักงาน ก.พ.ร. หลังประกาศผลแล้ว"))
    opened(request, assessment, is_result=True)
    return assessment


def _row(request: HttpRequest, pk: int, recorded: int) -> StageTwo:
    assessment = _case(request, pk)
    row = get_object_or_404(StageTwo, assessment=assessment, pk=recorded)
    row.assessment = assessment
    return row


def _standing(assessment: Assessment) -> StageTwo | None:
    row = assessment.stage_two.confirmed().first()
    return row if row and row.score is not None else None


def _page(
    request: HttpRequest,
    assessment: Assessment,
    *,
    form: StageTwoForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """`form` was posted and not stored; `error` is about the reason for not confirming."""
    rows = list(assessment.stage_two.all()[: RECALLED + 1])
    waiting = next((row for row in rows if row.is_waiting), None)
    current = _standing(assessment)
    may_record = request.user.has_perm("results.record_stage_two", assessment)
    if form is None and may_record and waiting is None:
        form = StageTwoForm(current=current, scale=assessment.cycle.stage_two_scale)
    context = {
        "assessment": assessment,
        "current": current,
        "waiting": waiting,
        "is_own": waiting is not None and waiting.proposed_by_id == request.user.pk,
        "earlier": [row for row in rows if row not in (waiting, current)],
        "may_record": may_record,
        "stage_one": assessment.sheets.order_by("-revision").values_list("verified_total", flat=True).first(),
        "form": form,
        "error": error,
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "results/stage_two.html", context, status=status)
