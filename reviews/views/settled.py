"""The door of a case whose marks are in, and what its pages have in common."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.views.common import refusal, wants_json
from reviews.decided import SETTLED
from reviews.views.doors import own_case


def settled_case(request: HttpRequest, pk: int) -> Assessment:
    """The case, for its team and the auditor (roles.md 2.2). 404 for agencies and strangers, else 403."""
    try:
        assessment, _rows = own_case(request, pk)
    except Http404:
        if not request.user.has_perm("reviews.follow"):
            raise
        assessment = get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)
    if assessment.status not in SETTLED:
        raise PermissionDenied(_("หน้านี้เปิดได้เมื่อผู้ตรวจทุกคนส่งผลแล้ว"))
    if not request.user.has_perm("reviews.read_consensus", assessment):
        raise PermissionDenied(_("ผลฉันทามติและร่างรายงานอ่านได้เฉพาะทีมผู้ตรวจประเมินและผู้ตรวจสอบ"))
    return assessment


def frame(request: HttpRequest, assessment: Assessment, *, here: str) -> dict:
    """Context of reviews/consensus_base.html; `here` is consensus or feedback."""
    user = request.user
    return {
        "assessment": assessment,
        "here": here,
        "leads": user.has_perm("reviews.lead", assessment),
        "is_team": user.has_perm("reviews.read", assessment),
    }


def signed_out(request: HttpRequest, back: str, typed: list[tuple[str, str]]) -> HttpResponse:
    """The log-in ran out while somebody was typing: their text, (label, text), stays on the page."""
    login = f"{reverse('account_login')}?{urlencode({'next': back})}"
    if wants_json(request):
        return refusal("signed_out", 401, _("หมดเวลาใช้งาน เข้าสู่ระบบอีกครั้ง ข้อความยังอยู่"), login=login)
    context = {"login": login, "typed": [(label, text) for label, text in typed if text.strip()]}
    return render(request, "reviews/consensus_signed_out.html", context, status=401)
