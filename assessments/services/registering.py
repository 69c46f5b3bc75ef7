"""The door to every write in the evidence register: who may, and while it is open."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import EDITABLE, Assessment
from assessments.presentation import language
from assessments.workflow import lock
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.thai import thai_datetime


def why_closed(assessment: Assessment) -> str:
    """Why the register of an assessment cannot be changed now; empty while it can."""
    if assessment.is_open():
        return ""
    if assessment.status not in EDITABLE:
        return _("สถานะคือ “%(status)s” หลักฐานถูกตรึงไว้ตามที่ส่ง อ่านได้อย่างเดียว") % {
            "status": assessment.get_status_display()
        }
    if timezone.now() < assessment.cycle.opens_at:
        when = thai_datetime(assessment.cycle.opens_at, "short", language())
        return _("รอบนี้เปิดรับ %(when)s ก่อนถึงเวลานั้นอ่านได้อย่างเดียว") % {"when": when}
    when = thai_datetime(assessment.closes_at, "short", language())
    return _("ปิดรับแล้วเมื่อ %(when)s อ่านได้อย่างเดียว ติดต่อ สำนักงาน ก.พ.ร. หากต้องการขยายเวลา") % {"when": when}


def open_register(assessment: Assessment, *, by: User) -> Assessment:
    """The locked assessment for a write of `by`: before or after a submission of the same moment, never beside it.

    Raises PermissionDenied; Refused with code "closed".
    """
    locked = lock(assessment)
    if not by.has_perm("assessments.keep_evidence", locked):
        raise PermissionDenied(_("ผู้จัดการทะเบียนหลักฐานคือผู้ประสานงาน เจ้าภาพหมวด และผู้ร่วมเขียนของหน่วยงาน"))
    if reason := why_closed(locked):
        raise Refused(reason, code="closed")
    return locked
