"""The agency asks for a second look at parts of its preliminary result, reads what came of it, takes it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmqa.errors import Refused
from results import sheet
from results.forms import AppealForm
from results.presentation import figures
from results.views.common import told_or_refuse
from reviews.appeal_models import Appeal
from reviews.appeal_reading import failed_answer, read_requests
from reviews.evidence_reading import frozen_evidence
from reviews.services import appeals


@login_required
@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Every request of the case, and what the decisions made of the score."""
    assessment = told_or_refuse(request, pk)
    rows = read_requests(assessment)
    may_ask = request.user.has_perm("reviews.appeal", assessment)
    context = {
        "assessment": assessment,
        "rows": rows,
        "may_ask": may_ask,
        "closed": appeals.why_no_appeal(assessment, now=timezone.now()),
    }
    if any(row.appeal.decision == Appeal.Decision.CHANGED for row in rows):
        now = timezone.now()
        context |= {
            "before": figures(sheet.before_appeals(assessment, at=now)),
            "after": figures(sheet.preliminary(assessment, at=now)),
        }
    return render(request, "results/appeals.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The form of one request: the mark and its comment, the reason, and evidence of the submitted register."""
    assessment = told_or_refuse(request, pk)
    if not request.user.has_perm("reviews.appeal", assessment):
        raise PermissionDenied(_("ผู้ขอทบทวนคือผู้ประสานงาน หัวหน้าส่วนราชการ หรือผู้รักษาการ"))
    judged = failed_answer(assessment, code)
    if judged is None:
        raise Http404
    entries = frozen_evidence(assessment)
    form = AppealForm(request.POST or None, entries=entries, code=code)
    if form.is_valid():
        try:
            appeals.file(judged.answer, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, refused.message)
        else:
            messages.success(request, _("ยื่นคำขอทบทวน %(code)s แล้ว ถอนได้จนกว่าจะมีผลการพิจารณา") % {"code": code})
            return redirect("results:appeals", pk)
    context = {
        "assessment": assessment,
        "judged": judged,
        "form": form,
        "closed": appeals.why_no_appeal(assessment, now=timezone.now()),
    }
    return render(request, "results/appeal.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int, appeal: int) -> HttpResponse:
    """Take one request back."""
    assessment = told_or_refuse(request, pk)
    found = get_object_or_404(Appeal.objects.select_related("assessment"), assessment=assessment, pk=appeal)
    try:
        appeals.withdraw(found, by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("ถอนคำขอทบทวนแล้ว"))
    return redirect("results:appeals", pk)
