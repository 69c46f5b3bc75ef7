"""The door of a case whose marks are in, and what its pages have in common."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from assessments.middleware import opened
from assessments.models import Assessment
from reviews.consensus_reading import Room, read_room
from reviews.decided import SETTLED
from reviews.rules import remember_assignments
from reviews.views.doors import is_opened, own_case


def settled_case(request: HttpRequest, pk: int) -> Assessment:
    """The case, for its team and the auditor. 404 for agencies and strangers, else 403."""
    try:
        assessment, rows = own_case(request, pk)
        if not is_opened(rows):
            raise PermissionDenied(_("กด “เริ่มตรวจ” ในหน้างานตรวจของฉันก่อน จึงอ่านเรื่องนี้ได้"))
    except Http404:
        if not request.user.has_perm("reviews.follow"):
            raise
        assessment = get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)
        if assessment.status in SETTLED:
            # The door has just looked for them.
            remember_assignments(request.user, assessment, [])
        opened(request, assessment)
    if assessment.status not in SETTLED:
        raise PermissionDenied(_("หน้านี้เปิดได้เมื่อผู้ตรวจทุกคนส่งผลแล้ว"))
    if not request.user.has_perm("reviews.read_consensus", assessment):
        raise PermissionDenied(_("ผลฉันทามติและร่างรายงานอ่านได้เฉพาะทีมผู้ตรวจประเมินและผู้ตรวจสอบ"))
    return assessment


def room_of(request: HttpRequest, assessment: Assessment) -> Room:
    """The case with all opinions; names for those who direct or audit the team, numbers for its members."""
    leads = request.user.has_perm("reviews.lead", assessment)
    is_team = request.user.has_perm("reviews.read", assessment)
    return read_room(assessment, request.user, names=leads or not is_team)


def frame(request: HttpRequest, assessment: Assessment, *, here: str) -> dict:
    """Context of reviews/consensus_base.html; `here` is consensus, weighing, feedback or appeals."""
    user = request.user
    return {
        "assessment": assessment,
        "here": here,
        "leads": user.has_perm("reviews.lead", assessment),
        "is_team": user.has_perm("reviews.read", assessment),
        "may_weigh": user.has_perm("reviews.weigh", assessment),
    }
