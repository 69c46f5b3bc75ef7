"""Questions to the agency while its case is marked: asked once for an answer, answered by an addition, weighed."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Status
from assessments.presentation import exact_time
from assessments.rules import Chapter
from assessments.snapshot import digest_of
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews.comments import is_comment
from reviews.decided import code_of
from reviews.models import Assignment
from reviews.services.citing import check_submitted
from reviews.services.marking import own_mark, settle_when_all_in
from reviews.services.texts import stored_text
from reviews.services.ticket_clock import expire
from reviews.ticket_models import Ticket, Weighing
from reviews.tone import HARSH, NAMED, WRONG, tone_faults

# A question, not a comment.
LONGEST_QUESTION = 1000


@transaction.atomic
def ask(answer: Answer, *, question: str, by: User) -> Ticket:
    """Ask the agency about one answer that `by` marks; its clock starts.

    The same words again are the same question. Whoever marks learns nothing of what the others ask: a question that
    was asked already and a case that has had all its questions are refused with one sentence. Raises PermissionDenied,
    or Refused with code "closed", "removed", "off", "question", "too_long", "twice" or "full".
    """
    locked = lock(answer.assessment)
    assignment, _mark = own_mark(answer, by=by)
    text = stored_text(question)
    asked = list(Ticket.objects.filter(assessment=locked))
    standing = next((ticket for ticket in asked if ticket.answer_id == answer.pk), None)
    if standing and standing.assignment_id == assignment.pk:
        if standing.question == text:
            return standing
        raise Refused(_("ท่านถามส่วนนี้แล้ว ถามได้ส่วนละครั้งเดียว"), code="twice")
    if not locked.cycle.ticket_days:
        raise Refused(_("รอบนี้ไม่เปิดให้ผู้ตรวจถามหน่วยงาน"), code="off")
    _check_words(text, by)
    if standing or len(asked) >= locked.cycle.ticket_limit:
        raise Refused(
            _("ถามไม่ได้ ส่วนนี้มีคำถามอยู่แล้ว หรือเรื่องนี้มีคำถามครบ %(n)d ข้อแล้ว ลงผลตามคำตอบที่ส่งไว้")
            % {"n": locked.cycle.ticket_limit},
            code="full",
        )
    code = code_of(locked, answer)
    ticket = Ticket.objects.create(
        assessment=locked,
        answer=answer,
        code=code,
        question=text,
        assignment=assignment,
        opened_at=locked.asked_at,
        due_at=locked.cycle.after_working_days(locked.asked_at, locked.cycle.ticket_days),
        original_digest=original_digest(locked, code),
    )
    # Not in the agency's own log, where it would name the reviewer.
    log.record("review.ticket_opened", locked, by=by, answer=answer.pk)
    return ticket


def _check_words(question: str, by: User) -> None:
    if not is_comment(question):
        raise Refused(_("พิมพ์คำถาม บอกสิ่งที่อยากทราบจากคำตอบของส่วนนี้"), code="question")
    if len(question) > LONGEST_QUESTION:
        raise Refused(_("คำถามยาวเกิน %(n)d ตัวอักษร ถามให้สั้นลง") % {"n": LONGEST_QUESTION}, code="too_long")
    faults = tone_faults(question, (by.first_name, by.last_name))
    if NAMED in faults:
        raise Refused(_("มีชื่อผู้ตรวจอยู่ในคำถาม ลบออก เพราะส่วนราชการต้องไม่เห็นชื่อผู้ตรวจ"), code="question")
    if HARSH in faults or WRONG in faults:
        raise Refused(_("มีคำที่ตำหนิหรือแรงเกินไป เปลี่ยนเป็นคำถามถึงสิ่งที่อยากทราบ"), code="question")


def original_digest(assessment: Assessment, code: str) -> str:
    """The digest of one answer as it was submitted."""
    content = assessment.submissions.first().content
    if code in content["parts"]:
        return digest_of(content["parts"][code])
    return digest_of(next(entry for entry in content["indicators"] if entry["code"] == code))


@transaction.atomic
def add(ticket: Ticket, *, addition: str, evidence: Collection[int], by: User) -> Ticket:
    """The agency's addition to its answer, once; `evidence` are numbers of the frozen register.

    After the time it is kept as late and is not used. Whoever marks the part and has handed in gets that category
    back, to judge by the same facts as the others. The same addition again changes nothing. Raises PermissionDenied,
    or Refused with code "addition", "evidence", "too_long" or "twice".
    """
    locked = lock(ticket.assessment)
    current = Ticket.objects.select_related("assignment").get(pk=ticket.pk)
    if not by.has_perm("reviews.answer_ticket", Chapter(locked, current.category_code)):
        raise PermissionDenied(_("ผู้ชี้แจงคือผู้ประสานงาน หรือเจ้าภาพของหมวดนี้"))
    text, numbers = stored_text(addition), sorted(set(evidence))
    if current.answered_at:
        if (current.addition, current.evidence) == (text, numbers):
            return current
        raise Refused(
            _("%(name)s ชี้แจงคำถามนี้แล้วเมื่อ %(when)s ชี้แจงได้ครั้งเดียว ข้อความของท่านยังไม่บันทึก")
            % {"name": current.answered_by_name, "when": exact_time(current.answered_at)},
            code="twice",
        )
    if not is_comment(text):
        raise Refused(_("พิมพ์คำชี้แจง บอกว่าคำตอบหรือหลักฐานที่ส่งแล้วแสดงสิ่งที่ถามไว้ตรงไหน"), code="addition")
    check_submitted(locked, numbers)
    expire(locked)
    current.refresh_from_db(fields=["state"])
    is_in_time = current.state == Ticket.State.OPEN
    if is_in_time:
        current.state = Ticket.State.ANSWERED
    current.addition, current.evidence = text, numbers
    current.addition_digest = digest_of({"text": text, "evidence": numbers})
    current.answered_by, current.answered_by_name, current.answered_at = by, str(by), locked.asked_at
    current.save()
    log.record(
        "review.ticket_answered",
        locked,
        by=by,
        agency=locked.agency,
        answer=current.answer_id,
        digest=current.addition_digest,
        late=not is_in_time,
    )
    if is_in_time:
        _give_back(locked, current)
    _go_on(locked)
    return current


def _give_back(locked: Assessment, ticket: Ticket) -> None:
    """Reviewers of this category who have handed in judge by the same facts as the others, and hand in again."""
    done = Assignment.objects.active().filter(
        assessment=locked, category=ticket.assignment.category_id, marks=True, handed_in_at__isnull=False
    )
    reviewers = list(done.order_by("reviewer").values_list("reviewer", flat=True))
    if done.update(handed_in_at=None):
        log.record("review.hand_in_returned", locked, by=None, answer=ticket.answer_id, reviewers=reviewers)


def _go_on(locked: Assessment) -> None:
    if locked.status == Status.IN_REVIEW:
        settle_when_all_in(locked)


@transaction.atomic
def weigh(ticket: Ticket, *, counted: bool, by: User) -> Weighing:
    """Whether the addition counted in the own mark of `by`; may be changed until the own hand-in.

    Raises PermissionDenied, or Refused with code "closed" or "removed", or "unanswered" for a question without an
    addition in time.
    """
    locked = lock(ticket.assessment)
    current = Ticket.objects.select_related("answer__assessment").get(pk=ticket.pk)
    assignment, _mark = own_mark(current.answer, by=by)
    if not current.is_answered:
        raise Refused(_("ส่วนนี้ไม่มีคำชี้แจงที่ใช้ได้"), code="unanswered")
    weighing = Weighing.objects.filter(ticket=current, assignment=assignment).first()
    if weighing and weighing.counted == counted:
        return weighing
    weighing, _is_new = Weighing.objects.update_or_create(
        ticket=current, assignment=assignment, defaults={"counted": counted, "weighed_at": locked.asked_at}
    )
    log.record("review.ticket_weighed", locked, by=by, answer=current.answer_id, counted=counted)
    return weighing


def expire_due() -> int:
    """End every question whose time is over by the clock of the database, and let the cases go on; how many cases.

    Each case is a transaction of its own.
    """
    cases = Assessment.objects.filter(pk__in=Ticket.objects.overdue(Now()).values("assessment"))
    return sum(_expire(case) for case in cases.order_by("pk"))


@transaction.atomic
def _expire(assessment: Assessment) -> bool:
    locked = lock(assessment)
    ended = expire(locked)
    _go_on(locked)
    return bool(ended)
