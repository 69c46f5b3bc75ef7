"""After the preliminary result: an agency asks for a second look, the lead decides, and the clock ends it."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Answer, Assessment, Status
from assessments.presentation import exact_time
from assessments.workflow import change_status, lock, refuse_unless
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews.appeal_models import Appeal
from reviews.comments import is_comment
from reviews.decided import code_of
from reviews.models import Consensus, Outcome, Verdict
from reviews.services import feedback
from reviews.services.citing import check_submitted
from reviews.services.texts import stored_text

ASKING = (Status.PRELIM_RELEASED, Status.APPEAL_OPEN)


def why_no_appeal(assessment: Assessment, *, now: datetime) -> str:
    """Why nothing can be asked at `now`, and what comes instead; "" while the window is open."""
    if assessment.status not in ASKING:
        return _("ขอทบทวนได้หลังแจ้งผลเบื้องต้น ภายในเวลาที่กำหนด ขณะนี้สถานะคือ “%(status)s”") % {
            "status": assessment.get_status_display()
        }
    if now > assessment.appeals_until:
        return _("พ้นเวลาขอทบทวนแล้วเมื่อ %(when)s เวลาของระบบขณะนี้ %(now)s") % {
            "when": exact_time(assessment.appeals_until),
            "now": exact_time(now),
        }
    return ""


@transaction.atomic
def file(answer: Answer, *, reason: str, evidence: Collection[int], by: User) -> Appeal:
    """Ask for a second look at one failed answer, resting only on evidence that was submitted.

    `evidence` are numbers of the frozen register. The same words again are the same request. Raises
    PermissionDenied, or Refused with code "closed", "outcome", "reason", "evidence", "too_long" or "twice".
    """
    locked = lock(answer.assessment)
    if not by.has_perm("reviews.appeal", locked):
        raise PermissionDenied(_("ผู้ขอทบทวนคือผู้ประสานงาน หัวหน้าส่วนราชการ หรือผู้รักษาการ"))
    text, numbers = stored_text(reason), sorted(set(evidence))
    if standing := Appeal.objects.standing().filter(answer=answer).first():
        if (standing.reason, standing.evidence) == (text, numbers):
            return standing
        raise Refused(_("ขอทบทวนส่วนนี้แล้ว ถอนคำขอเดิมก่อน จึงยื่นใหม่ได้"), code="twice")
    if closed := why_no_appeal(locked, now=locked.asked_at):
        raise Refused(closed, code="closed")
    decided = Consensus.objects.filter(answer=answer).first()
    if decided is None or decided.outcome != Outcome.FAIL:
        raise Refused(_("ส่วนนี้ผ่านแล้ว จึงไม่มีผลให้ทบทวน"), code="outcome")
    if not is_comment(text):
        raise Refused(_("ระบุเหตุผล บอกว่าคำตอบหรือหลักฐานที่ส่งแล้วแสดงสิ่งที่ถามไว้ตรงไหน"), code="reason")
    check_submitted(locked, numbers)
    appeal = Appeal.objects.create(
        assessment=locked,
        answer=answer,
        code=code_of(locked, answer),
        reason=text,
        evidence=numbers,
        before={"outcome": decided.outcome, "comment": decided.comment},
        filed_by=by,
        filed_by_name=str(by),
        filed_at=locked.asked_at,
    )
    if locked.status == Status.PRELIM_RELEASED:
        change_status(locked, Status.APPEAL_OPEN, by=by)
    log.record("review.appeal_filed", locked, by=by, agency=locked.agency, answer=answer.pk)
    return appeal


@transaction.atomic
def withdraw(appeal: Appeal, *, by: User) -> None:
    """The agency takes a request back while nobody has decided. Twice is once.

    Raises PermissionDenied, or Refused with code "decided".
    """
    locked = lock(appeal.assessment)
    if not by.has_perm("reviews.appeal", locked):
        raise PermissionDenied(_("ผู้ถอนคำขอคือผู้ประสานงาน หัวหน้าส่วนราชการ หรือผู้รักษาการ"))
    current = Appeal.objects.get(pk=appeal.pk)
    if current.withdrawn_at:
        return
    if current.decided_at:
        raise Refused(_("ถอนไม่ได้ เพราะมีผลการพิจารณาแล้ว"), code="decided")
    Appeal.objects.filter(pk=appeal.pk).update(withdrawn_at=locked.asked_at)
    log.record("review.appeal_withdrawn", locked, by=by, agency=locked.agency, answer=appeal.answer_id)
    _end_when_all_are_decided(locked)


def answers_judged_by(person: User, assessment: Assessment) -> frozenset[int]:
    """Primary keys of the answers on which this person gave a mark, also one that was set aside since, or abstained:
    whoever had a reason to keep out of it keeps out of it."""
    marks = Verdict.objects.filter(assignment__assessment=assessment, assignment__reviewer=person)
    return frozenset(marks.exclude(outcome="").values_list("answer_id", flat=True))


@transaction.atomic
def decide(appeal: Appeal, *, decision: str, comment: str, reason: str, by: User) -> Appeal:
    """The lead's answer to a request: the mark stays, or becomes a pass. Both marks are kept.

    Nobody decides on a mark of their own: where the lead marked the part, the administrator names another lead.
    The same decision again changes nothing. Raises PermissionDenied, or Refused with code "move", "decision",
    "reason", "own", "withdrawn", "decided" or "too_long".
    """
    locked = lock(appeal.assessment)
    if not by.has_perm("reviews.decide_appeal", locked):
        raise PermissionDenied(_("ผู้พิจารณาคำขอทบทวนคือหัวหน้าทีมผู้ตรวจประเมินของเรื่องนี้"))
    current = Appeal.objects.select_related("answer").get(pk=appeal.pk)
    text = stored_text(reason)
    if current.decided_at:
        if (current.decision, current.decision_reason) == (decision, text):
            return current
        raise Refused(_("มีผลการพิจารณาคำขอนี้แล้ว เปิดหน้านี้ใหม่เพื่ออ่าน"), code="decided")
    if current.withdrawn_at:
        raise Refused(_("หน่วยงานถอนคำขอนี้แล้ว จึงไม่ต้องพิจารณา"), code="withdrawn")
    refuse_unless(locked, Status.APPEAL_OPEN)
    if current.answer_id in answers_judged_by(by, locked):
        raise Refused(_("ท่านลงผลส่วนนี้เอง จึงพิจารณาไม่ได้ แจ้งผู้ดูแลระบบให้ตั้งหัวหน้าทีมที่ไม่ได้ลงผลส่วนนี้"), code="own")
    if decision not in Appeal.Decision.values:
        raise Refused(_("เลือกว่าคงผลเดิมหรือเปลี่ยนเป็นผ่าน"), code="decision")
    if not is_comment(text):
        raise Refused(_("ระบุเหตุผลของผลการพิจารณา หน่วยงานอ่านข้อความนี้"), code="reason")
    if decision == Appeal.Decision.CHANGED:
        _pass(current.answer, comment=stored_text(comment), reason=text, by=by, at=locked.asked_at)
    current.decision, current.decision_reason = decision, text
    current.decided_by, current.decided_at = by, locked.asked_at
    current.save(update_fields=["decision", "decision_reason", "decided_by", "decided_at"])
    log.record("review.appeal_decided", locked, by=by, answer=current.answer_id, decision=decision)
    if decision == Appeal.Decision.CHANGED:
        feedback.redraft(locked)
    _end_when_all_are_decided(locked)
    return current


def _pass(answer: Answer, *, comment: str, reason: str, by: User, at: datetime) -> None:
    """The mark that counts becomes a pass. The row is locked with its assessment; the old mark is in the request."""
    decided = Consensus.objects.get(answer=answer)
    decided.outcome, decided.comment, decided.reason = Outcome.PASS, comment, reason
    # The new comment is the lead's own; what the reviewers said stands in their verdicts.
    decided.sources = []
    decided.basis, decided.decided_by, decided.decided_at = Consensus.Basis.APPEAL, by, at
    decided.version += 1
    decided.save()


def _end_when_all_are_decided(locked: Assessment) -> None:
    if locked.status != Status.APPEAL_OPEN or Appeal.objects.open().filter(assessment=locked).exists():
        return
    change_status(locked, Status.PRELIM_RELEASED, by=None)
    _finalise_when_over(locked)


def _finalise_when_over(locked: Assessment) -> bool:
    """Silence is acceptance: a preliminary result becomes final when its window is over and nothing is open."""
    if locked.status != Status.PRELIM_RELEASED or locked.asked_at <= locked.appeals_until:
        return False
    decided = Appeal.objects.standing().filter(assessment=locked).count()
    note = (
        ngettext("พิจารณาคำขอทบทวนครบ %(n)d รายการ", "พิจารณาคำขอทบทวนครบ %(n)d รายการ", decided)
        % {"n": decided}
        if decided
        else _("ไม่มีการโต้แย้ง")
    )
    change_status(locked, Status.FINALISED, by=None, note=note)
    return True


def finalise_due() -> int:
    """Make final whatever is due by the clock of the database; how many. Each case is a transaction of its own."""
    due = Assessment.objects.filter(status=Status.PRELIM_RELEASED, appeals_until__lt=Now())
    return sum(_finalise(assessment) for assessment in due.order_by("pk"))


@transaction.atomic
def _finalise(assessment: Assessment) -> bool:
    return _finalise_when_over(lock(assessment))
