"""The second reader of a report: reading, proposing wording, confirming; and the lead's decision and signature."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment
from pmqa.errors import Refused
from reviews.decided import SETTLED
from reviews.services import vetting as services
from reviews.vetting_forms import WordingForm
from reviews.vetting_models import Wording
from reviews.vetting_reading import read_desk
from reviews.views.cases import followed_case
from reviews.views.doors import own_case


def _case(request: HttpRequest, pk: int) -> Assessment:
    """The case, for its lead and OPDC. 404 for agencies and strangers, else 403."""
    try:
        assessment, _rows = own_case(request, pk)
    except Http404:
        if not request.user.has_perm("reviews.follow"):
            raise
        assessment = followed_case(request, pk)
    if assessment.status not in SETTLED:
        raise PermissionDenied(_("หน้านี้เปิดได้เมื่อผู้ตรวจทุกคนส่งผลแล้ว"))
    if not request.user.has_perm("reviews.read_vetting", assessment):
        raise PermissionDenied(_("ผู้อ่านทานคือเจ้าหน้าที่ ผู้ดูแลระบบ หรือหัวหน้าทีมที่ไม่ได้เขียน"))
    return assessment


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """All texts as they will be printed, with what was proposed and who has confirmed."""
    return _show(request, _case(request, pk))


def _show(
    request: HttpRequest, assessment: Assessment, *, kept: WordingForm | None = None, code: str = ""
) -> HttpResponse:
    """`kept` is a proposal that was posted for the section `code` and not stored."""
    user = request.user
    leads = user.has_perm("reviews.lead", assessment)
    closed = services.why_not_vetting(assessment, user) if user.has_perm("reviews.vet", assessment) else ""
    may_vet = user.has_perm("reviews.vet", assessment) and not closed
    desk = read_desk(assessment)
    context = {
        "assessment": assessment,
        "desk": desk,
        "leads": leads,
        "may_vet": may_vet,
        "may_sign": leads and assessment.status in services.VETTABLE,
        "closed": closed,
        "kept": kept,
        "kept_code": code,
        # Typed words still come back where their text has no form any more.
        "is_orphan": kept and not (may_vet and desk.has_form(code)),
    }
    return render(request, "reviews/vetting.html", context, status=422 if kept else 200)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The second reader's word for the texts that were on the page."""
    assessment = _case(request, pk)
    seen = request.POST.get("seen", "")
    return _done(
        request, pk, lambda: services.confirm(assessment, seen=seen, by=request.user), _("บันทึกว่าอ่านทานแล้ว")
    )


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The lead's signature under the texts that were on the page."""
    assessment = _case(request, pk)
    seen = request.POST.get("seen", "")
    return _done(
        request,
        pk,
        lambda: services.sign(assessment, seen=seen, by=request.user),
        _("ลงนามรับรองเนื้อหารายงานแล้ว"),
    )


@login_required
@require_POST
def propose(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Other words for one text; whatever the refusal, they come back."""
    assessment = _case(request, pk)
    form = WordingForm(request.POST)
    if not form.is_valid():
        return _show(request, assessment, kept=form, code=code)
    try:
        services.propose(assessment, code, **form.cleaned_data, by=request.user)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _show(request, assessment, kept=form, code=code)
    messages.success(request, _("เสนอถ้อยคำแล้ว รอหัวหน้าทีมตัดสิน"))
    return redirect("reviews:vetting", pk=pk)


@login_required
@require_POST
def settle(request: HttpRequest, pk: int, wording: int) -> HttpResponse:
    """Take the proposed words into the text, or not; or withdraw them."""
    assessment = _case(request, pk)
    found = get_object_or_404(Wording.objects.select_related("assessment"), assessment=assessment, pk=wording)
    state = request.POST.get("state", "")
    return _done(
        request, pk, lambda: services.settle(found, state=state, by=request.user), _("บันทึกผลของถ้อยคำที่เสนอแล้ว")
    )


def _done(request: HttpRequest, pk: int, act: Callable[[], object], sentence: str) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentence)
    return redirect("reviews:vetting", pk=pk)
