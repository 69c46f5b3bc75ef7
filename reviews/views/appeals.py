"""The lead decides on requests for a second look; the team and the auditor read them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment
from pmqa.errors import Refused
from reviews.appeal_models import Appeal
from reviews.appeal_reading import read_requests
from reviews.forms import LeadForm, candidates
from reviews.lead_forms import AppealDecisionForm
from reviews.services import appeals, replacing
from reviews.views.cases import followed_case
from reviews.views.settled import frame, settled_case


def _show(
    request: HttpRequest,
    assessment: Assessment,
    *,
    bound: dict[int, AppealDecisionForm] | None = None,
    status=200,
) -> HttpResponse:
    """All requests, the open ones with their form; `bound` are forms that were refused, by request."""
    may_decide = request.user.has_perm("reviews.decide_appeal", assessment)
    own = appeals.answers_judged_by(request.user, assessment) if may_decide else frozenset()
    rows = [
        {
            "request": row,
            "form": (bound or {}).get(row.appeal.pk) or AppealDecisionForm(prefix=f"a{row.appeal.pk}"),
            "is_own": row.judged.answer.pk in own,
        }
        for row in read_requests(assessment)
    ]
    context = frame(request, assessment, here="appeals") | {"rows": rows, "may_decide": may_decide}
    return render(request, "reviews/appeals.html", context, status=status)


@login_required
@never_cache
@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, settled_case(request, pk))


@login_required
@never_cache
@require_POST
def decide(request: HttpRequest, pk: int, appeal: int) -> HttpResponse:
    """The lead's answer to one request."""
    assessment = settled_case(request, pk)
    found = get_object_or_404(Appeal.objects.select_related("assessment"), assessment=assessment, pk=appeal)
    form = AppealDecisionForm(request.POST, prefix=f"a{found.pk}")
    if form.is_valid():
        try:
            appeals.decide(found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else None, refused.message)
        else:
            messages.success(request, _("บันทึกผลการพิจารณาแล้ว หน่วยงานอ่านได้ทันที"))
            return redirect("reviews:appeals", pk)
    return _show(request, assessment, bound={found.pk: form}, status=422)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """The administrator names another lead, where the present one marked what is to be decided."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.assign", assessment):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    search = request.GET.get("who", "").strip()
    form = LeadForm(request.POST or None, people=candidates(assessment, search))
    if form.is_valid():
        try:
            replacing.name_lead(assessment, lead=form.cleaned_data["lead"], by=request.user)
        except Refused as refused:
            form.add_error("lead", refused.message)
        else:
            messages.success(request, _("ตั้งหัวหน้าทีมแล้ว ผลที่ลงไว้ทุกคนยังนับ"))
            return redirect("reviews:case", pk)
    context = {"assessment": assessment, "form": form, "search": search}
    return render(request, "reviews/name_lead.html", context, status=422 if form.is_bound else 200)
