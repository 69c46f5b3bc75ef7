"""More time for one agency: the ledger that everybody reads, and what administrators propose and settle."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.extensions import ProposeForm
from assessments.models import Extension
from assessments.services import timing
from pmqa.errors import Refused

PER_PAGE = 50
# As many proposals that came to nothing as the page recalls.
RECALLED = 10


@login_required
@never_cache
def extensions(request: HttpRequest) -> HttpResponse:
    """The ledger: who was given more time and why, for everybody to read. Proposals are the administrators'."""
    return _ledger(request)


def _ledger(
    request: HttpRequest, *, undecided: Extension | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    """The page; with `error` at the proposal that was not declined."""
    rows = Extension.objects.select_related("assessment__agency", "assessment__cycle")
    context = {"page": Paginator(rows.confirmed(), PER_PAGE).get_page(request.GET.get("page"))}
    if request.user.has_perm("assessments.see_proposals"):
        context |= {
            "sees_proposals": True,
            "may_extend": request.user.has_perm("assessments.extend"),
            "waiting": rows.waiting(),
            "closed": rows.closed_without_effect()[:RECALLED],
            "undecided": undecided,
            "error": error,
            "typed": request.POST.get("reason", ""),
        }
    return render(request, "assessments/extensions.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """One administrator proposes; nothing changes until another one has confirmed."""
    _check_administrator(request)
    form = ProposeForm(request.POST or None, initial={"assessment": request.GET.get("assessment")})
    status = 200
    if request.method == "POST":
        if form.is_valid():
            data = form.cleaned_data
            try:
                timing.propose(
                    data["assessment"], until=data["until"], reason=data["reason"], by=request.user
                )
            except Refused as refused:
                form.add_error(refused.code if refused.code in ("until", "reason") else None, str(refused))
                status = 409
            else:
                messages.success(request, _("เสนอแล้ว มีผลเมื่อผู้ดูแลระบบอีกคนยืนยัน"))
                return redirect("assessments:extensions")
        else:
            status = 422
    return render(request, "assessments/extension_propose.html", {"form": form}, status=status)


@login_required
@require_POST
def confirm(request: HttpRequest, extension: int) -> HttpResponse:
    proposal = _proposal(request, extension)
    try:
        timing.confirm(proposal, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("ยืนยันแล้ว การขยายเวลาของ %s มีผลตั้งแต่นี้") % proposal.assessment.agency)
    return redirect("assessments:extensions")


@login_required
@require_POST
def decline(request: HttpRequest, extension: int) -> HttpResponse:
    """What was typed comes back where it was not stored."""
    proposal = _proposal(request, extension)
    try:
        timing.decline(proposal, reason=request.POST.get("reason", ""), by=request.user)
    except Refused as refused:
        if refused.code == "settled":
            messages.error(request, str(refused))
            return redirect("assessments:extensions")
        return _ledger(request, undecided=proposal, error=str(refused), status=422)
    messages.success(request, _("ไม่ยืนยันแล้ว ผู้เสนอเห็นเหตุผลของท่านในหน้านี้"))
    return redirect("assessments:extensions")


@login_required
@require_POST
def take_back(request: HttpRequest, extension: int) -> HttpResponse:
    try:
        timing.take_back(_proposal(request, extension), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("ถอนข้อเสนอคืนแล้ว"))
    return redirect("assessments:extensions")


def _check_administrator(request: HttpRequest) -> None:
    if not request.user.has_perm("assessments.extend"):
        raise PermissionDenied(_("ผู้ขยายเวลาคือผู้ดูแลระบบ"))


def _proposal(request: HttpRequest, pk: int) -> Extension:
    """Refused as a whole before anything is looked up, so that the answer tells nothing."""
    _check_administrator(request)
    return get_object_or_404(Extension.objects.select_related("assessment__agency"), pk=pk)
