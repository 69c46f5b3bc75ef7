"""Publishing and correcting a result: ask first, then do it once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models import Status
from pmqa.errors import Refused
from results import publishing, sheet
from results.corrections import difference
from results.forms import CorrectionForm
from results.naming import in_language
from results.payload import content_digest
from results.presentation import figures
from results.report_rows import score_rows
from results.views.common import case_or_404
from results.views.corrections import tell_of_correction


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be frozen, and the button that freezes it."""
    assessment = case_or_404(request, pk)
    if not request.user.has_perm("results.publish", assessment):
        raise PermissionDenied(_("ผู้ประกาศผลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    if request.method == "POST":
        try:
            publishing.publish(assessment, by=request.user, seen_digest=request.POST.get("seen", ""))
        except Refused as refused:
            messages.error(request, refused.message)
            return redirect("results:publish" if refused.code == "changed" else "results:result", pk=pk)
        messages.success(request, _("ประกาศผลแล้ว กำลังจัดทำรายงานป้อนกลับ"))
        return redirect("results:result", pk=pk)
    if assessment.status == Status.REPORT_ISSUED:
        return redirect("results:result", pk=pk)
    if assessment.status != (Status.FINALISED if assessment.cycle.appeal_days else Status.CONSENSUS_DONE):
        status = assessment.get_status_display()
        messages.info(request, _("ยังประกาศผลไม่ได้ เพราะสถานะคือ “%(status)s”") % {"status": status})
        return redirect("reviews:case", pk=pk)
    sources = sheet.read(assessment)
    payload = sheet.compose(sources, at=timezone.now())
    context = {
        "assessment": assessment,
        "payload": in_language(payload),
        "figures": figures(payload),
        "rows": score_rows(in_language(payload)),
        "obstacles": publishing.obstacles(sources, payload),
        "seen": content_digest(payload),
    }
    return render(request, "results/publish.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A new revision of a published result, with the reason for it."""
    assessment = case_or_404(request, pk)
    if not request.user.has_perm("results.correct", assessment):
        raise PermissionDenied(_("ผู้แก้ไขผลที่ประกาศแล้วคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    form = CorrectionForm(request.POST or None)
    if form.is_valid():
        try:
            frozen = publishing.correct(assessment, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            tell_of_correction(request, frozen)
            messages.success(request, _("ประกาศผลครั้งที่ %(n)d แล้ว") % {"n": frozen.revision})
            return redirect("results:result", pk=pk)
    latest = assessment.sheets.first()
    now = sheet.build(assessment, at=timezone.now())
    context = {
        "assessment": assessment,
        "form": form,
        "before": figures(latest.payload),
        "after": figures(now),
        "difference": difference(in_language(latest.payload), in_language(now)),
        "revision": latest.revision + 1,
        "is_changed": content_digest(now) != content_digest(latest.payload),
    }
    return render(request, "results/correct.html", context, status=422 if form.is_bound else 200)
