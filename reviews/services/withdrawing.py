"""The agency takes back what it submitted. It is decided here, for only this app knows whether anybody has read it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Status
from assessments.presentation import exact_time
from assessments.services.guards import stored_note
from assessments.workflow import change_status, lock, refuse_unless
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews.models import Assignment


@transaction.atomic
def withdraw(assessment: Assessment, *, note: str = "", by: User) -> Assessment:
    """Back to drafting: before the due time, and only while no reviewer has opened the case.

    The frozen copy is kept and marked. Withdrawing twice is once. Raises PermissionDenied, or Refused with code
    "opened", "due" or "move".
    """
    locked = lock(assessment)
    if not by.has_perm("assessments.withdraw", locked):
        raise PermissionDenied(_("ผู้ถอนแบบประเมินคือหัวหน้าส่วนราชการ ผู้รักษาการ หรือผู้ประสานงาน"))
    last = locked.submissions.defer("content").first()
    if locked.status == Status.DRAFTING and last and last.withdrawn_at:
        return locked
    refuse_unless(locked, Status.SUBMITTED, Status.IN_REVIEW)
    if Assignment.objects.filter(assessment=locked).exclude(opened_at=None).exists():
        raise Refused(_("ถอนไม่ได้ เพราะเริ่มการตรวจแล้ว หากต้องแก้ไข ติดต่อ สำนักงาน ก.พ.ร."), code="opened")
    if locked.asked_at > locked.due_at:
        raise Refused(
            _("ถอนไม่ได้ เพราะพ้นกำหนดส่ง %(due)s แล้ว เวลาของระบบขณะนี้ %(now)s")
            % {"due": exact_time(locked.due_at), "now": exact_time(locked.asked_at)},
            code="due",
        )
    moved = change_status(locked, Status.DRAFTING, by=by, note=stored_note(note), withdrawn=last.number)
    moved.submissions.filter(pk=last.pk).update(withdrawn_at=locked.asked_at)
    return moved
