"""Handing the assessment over: check everything again, freeze a copy, move on."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import snapshot
from assessments.models import SIGNERS, Assessment, Status, Submission
from assessments.presentation import language
from assessments.services.guards import check_in_time, complete_answers
from assessments.workflow import change_status, lock, refuse_unless
from pmqa.accounts import log
from pmqa.accounts.models import Membership, User
from pmqa.errors import Refused
from pmqa.thai import thai_date


def submit(assessment: Assessment, *, by: User, seen_digest: str = "") -> Submission:
    """The head signs: freeze what is written now and hand it over.

    `seen_digest` is the digest of what the head was shown; where given it must be that of what is
    frozen. That the person has just proved who they are is for the view to see to.
    Raises PermissionDenied; Refused with code "move", "closed", "gaps" or "changed".
    Submitting twice returns the first submission: a double click is not an error.
    """
    if order := order_out_of_force(by, assessment):
        log.record(
            "assessment.signature_refused",
            assessment,
            by=by,
            agency=assessment.agency,
            order=order.order_reference,
            starts_on=order.starts_on and order.starts_on.isoformat(),
            ends_on=order.ends_on and order.ends_on.isoformat(),
        )
        raise PermissionDenied(out_of_force(order))
    return _submit(assessment, by=by, seen_digest=seen_digest)


@transaction.atomic
def _submit(assessment: Assessment, *, by: User, seen_digest: str) -> Submission:
    locked = lock(assessment)
    signer = signer_of(locked, by)
    last = locked.submissions.first()
    if locked.status == Status.SUBMITTED and last and (not seen_digest or last.digest == seen_digest):
        return last
    check_in_time(locked)
    refuse_unless(locked, Status.AWAITING_HEAD)
    content = snapshot.build(locked, complete_answers(locked))
    digest = snapshot.digest_of(content)
    if seen_digest and seen_digest != digest:
        raise Refused(_("ข้อมูลเปลี่ยนหลังจากที่ท่านเปิดดู ตรวจอีกครั้งก่อนส่ง"), code="changed")
    is_late = locked.asked_at > locked.due_at
    facts = {"digest": digest, "capacity": signer.role} | ({"late": True} if is_late else {})
    moved = change_status(locked, Status.SUBMITTED, by=by, **facts)
    return Submission.objects.create(
        assessment=moved,
        number=last.number + 1 if last else 1,
        submitted_at=moved.submitted_at,
        submitted_by=by,
        submitted_by_name=str(by),
        capacity=signer.role,
        order_reference=signer.order_reference if signer.role == Membership.Role.ACTING_HEAD else "",
        is_late=is_late,
        content=content,
        digest=digest,
    )


def signer_of(locked: Assessment, by: User) -> Membership:
    """As what this person signs on the day of the database's clock; the head before an acting head.

    Raises PermissionDenied.
    """
    rows = Membership.objects.current(timezone.localdate(locked.asked_at))
    found = {row.role: row for row in rows.filter(user=by, agency=locked.agency, role__in=SIGNERS)}
    signer = next((found[role] for role in SIGNERS if role in found), None)
    if signer is None or not by.has_perm("assessments.submit", locked):
        raise PermissionDenied(_("ผู้ส่งแบบประเมินคือหัวหน้าส่วนราชการหรือผู้รักษาการ"))
    return signer


def order_out_of_force(by: User, assessment: Assessment) -> Membership | None:
    """The order by which this person was acting head, or will be, when it does not let them sign today."""
    if by.has_perm("assessments.submit", assessment):
        return None
    today = timezone.localdate()
    rows = Membership.objects.filter(user=by, agency=assessment.agency_id, role=Membership.Role.ACTING_HEAD)
    ended = rows.filter(ends_on__lt=today).order_by("ends_on").last()
    return ended or rows.filter(starts_on__gt=today).order_by("starts_on").first()


def out_of_force(order: Membership) -> str:
    """Why an acting head may not sign today, and what to do."""
    ended = order.ends_on and order.ends_on < timezone.localdate()
    day = order.ends_on if ended else order.starts_on
    sentence = (
        _("ลงนามไม่ได้ คำสั่งรักษาการ %(order)s ของท่านสิ้นสุดเมื่อ %(day)s แจ้งผู้ประสานงานหรือผู้ดูแลระบบหากมีคำสั่งใหม่")
        if ended
        else _("ลงนามไม่ได้ คำสั่งรักษาการ %(order)s ของท่านเริ่มวันที่ %(day)s")
    )
    return sentence % {"order": order.order_reference or "–", "day": thai_date(day, "short", language())}
