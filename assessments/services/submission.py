"""Handing the assessment over: check everything again, freeze a copy, move on."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import snapshot
from assessments.models import Assessment, Status, Submission
from assessments.reading import measure_answers, read_answers, tree_of
from assessments.workflow import change_status, lock
from pmqa.accounts.models import User
from pmqa.errors import Refused


@transaction.atomic
def submit(assessment: Assessment, *, by: User, seen_digest: str = "") -> Submission:
    """Freeze what is written now and hand it over.

    `seen_digest` is the digest of what the head was shown; where given it must be that of what is
    frozen (V3 of roles.md). Raises PermissionDenied; Refused with code "closed", "gaps" or "changed".
    Submitting twice returns the first submission: a double click is not an error.
    """
    locked = lock(assessment)
    if not by.has_perm("assessments.submit", locked):
        raise PermissionDenied(_("ผู้ส่งแบบประเมินคือหัวหน้าส่วนราชการหรือผู้รักษาการ"))
    last = locked.submissions.first()
    if locked.status == Status.SUBMITTED and last and (not seen_digest or last.digest == seen_digest):
        return last
    if not locked.is_open():
        raise Refused(_("ส่งไม่ได้ เพราะปิดรับแล้วหรือสถานะเปลี่ยนไป เปิดหน้าภาพรวมเพื่อดูสถานะล่าสุด"), code="closed")
    answers = read_answers(locked)
    progress = measure_answers(tree_of(locked), answers)
    if progress.gaps:
        count = len(progress.gaps)
        raise Refused(
            ngettext("ยังส่งไม่ได้ เหลือ %(n)d รายการ", "ยังส่งไม่ได้ เหลือ %(n)d รายการ", count) % {"n": count},
            code="gaps",
        )
    content = snapshot.build(locked, answers)
    digest = snapshot.digest_of(content)
    if seen_digest and seen_digest != digest:
        raise Refused(_("ข้อมูลเปลี่ยนหลังจากที่ท่านเปิดดู ตรวจอีกครั้งก่อนส่ง"), code="changed")
    moved = change_status(locked, Status.SUBMITTED, by=by)
    return Submission.objects.create(
        assessment=moved,
        number=last.number + 1 if last else 1,
        submitted_at=moved.submitted_at,
        submitted_by=by,
        submitted_by_name=str(by),
        content=content,
        digest=digest,
    )
