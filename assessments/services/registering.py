"""The door to every write in the evidence register: who may, and while it is open."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.models import EDITABLE, Assessment
from assessments.presentation import why_out_of_time
from assessments.workflow import lock
from pmqa.accounts.models import User
from pmqa.errors import Refused


def why_register_closed(assessment: Assessment, at: datetime | None = None) -> str:
    """Why the register of an assessment cannot be changed now; empty while it can. `at` as in `why_out_of_time`."""
    if assessment.status not in EDITABLE:
        return _("สถานะคือ “%(status)s” หลักฐานถูกตรึงไว้ตามที่ส่ง อ่านได้อย่างเดียว") % {
            "status": assessment.get_status_display()
        }
    return why_out_of_time(assessment, at)


def open_register(assessment: Assessment, *, by: User) -> Assessment:
    """The locked assessment for a write of `by`: before or after a submission of the same moment, never beside it.

    Raises PermissionDenied; Refused with code "closed".
    """
    locked = lock(assessment)
    if not by.has_perm("assessments.keep_evidence", locked):
        raise PermissionDenied(_("ผู้จัดการทะเบียนหลักฐานคือผู้ประสานงาน เจ้าภาพหมวด และผู้ร่วมเขียนของหน่วยงาน"))
    if reason := why_register_closed(locked, locked.asked_at):
        raise Refused(reason, code="closed")
    return locked
