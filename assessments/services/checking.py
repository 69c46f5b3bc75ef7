"""The internal check: lock what is written, read it, send parts back, put it before the head."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import snapshot
from assessments.checks import fingerprint, locked_answers, open_notes, read_checks
from assessments.models import EDITABLE, Answer, Assessment, PartCheck, PartNote, Proposal, Status
from assessments.reading import read_answers, tree_of
from assessments.services.guards import check_in_time, complete_answers, stored_note
from assessments.workflow import change_status, lock, refuse_unless
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused


def _lock_for_check(assessment: Assessment, by: User) -> Assessment:
    locked = lock(assessment)
    if not by.has_perm("assessments.check", locked):
        raise PermissionDenied(_("ผู้ตรวจทานและเสนอหัวหน้าคือผู้ประสานงานของหน่วยงาน"))
    return locked


@transaction.atomic
def start_check(assessment: Assessment, *, by: User) -> Assessment:
    """Lock everything that is written, to be read once more. Twice is once.

    Raises PermissionDenied, or Refused with code "closed", "gaps" or "move".
    """
    locked = _lock_for_check(assessment, by)
    if locked.status == Status.INTERNAL_CHECK:
        return locked
    refuse_unless(locked, *EDITABLE)
    check_in_time(locked)
    complete_answers(locked)
    return change_status(locked, Status.INTERNAL_CHECK, by=by)


@transaction.atomic
def check_answer(answer: Answer, *, version: int, by: User) -> None:
    """Mark one answer as checked in the `version` that was read; its notes are answered by that.

    Raises PermissionDenied, Refused with code "move", or Conflict when the answer has changed since.
    """
    locked = _lock_for_check(answer.assessment, by)
    refuse_unless(locked, Status.INTERNAL_CHECK)
    current = Answer.objects.present().select_related("part").filter(pk=answer.pk).first()
    if current is None or current.version != version:
        raise Conflict(current or answer)
    _check(locked, [current], by)
    PartNote.objects.open().filter(answer=current).update(closed_at=locked.asked_at)


@transaction.atomic
def check_many(assessment: Assessment, *, topic: str = "", seen: str, by: User) -> int:
    """Mark every answer of a topic, or of the whole assessment, as checked; how many were not yet.

    Parts that were sent back are left out: each is read by itself. `seen` is the fingerprint of the answers
    that the page showed. Raises PermissionDenied, or Refused with code "move" or "changed".
    """
    locked = _lock_for_check(assessment, by)
    refuse_unless(locked, Status.INTERNAL_CHECK)
    return _check_seen(locked, topic, seen, by)


def _check_seen(locked: Assessment, topic: str, seen: str, by: User) -> int:
    tree = tree_of(locked)
    answers = read_answers(locked, topic=topic or None).every
    rows = locked_answers(tree, answers, open_notes(locked))
    if fingerprint(rows) != seen:
        raise Refused(_("มีส่วนที่เปลี่ยนหรือถูกส่งกลับหลังจากที่ท่านเปิดหน้านี้ ดูอีกครั้งแล้วจึงยืนยันว่าตรวจแล้ว"), code="changed")
    checks = read_checks(locked)
    return _check(locked, [answer for answer in rows if not checks.is_checked(answer)], by)


def _check(locked: Assessment, answers: list[Answer], by: User) -> int:
    if not answers:
        return 0
    PartCheck.objects.bulk_create(
        [
            PartCheck(
                answer=answer,
                version=answer.version,
                checked_by=by,
                checked_by_name=str(by),
                checked_at=locked.asked_at,
            )
            for answer in answers
        ],
        update_conflicts=True,
        unique_fields=["answer"],
        update_fields=["version", "checked_by", "checked_by_name", "checked_at"],
    )
    parts = sorted({answer.part.code for answer in answers})
    named = {"parts": parts} if len(parts) == 1 else {}
    log.record("assessment.checked", locked, by=by, agency=locked.agency, answers=len(answers), **named)
    return len(answers)


@transaction.atomic
def send_part_back(answer: Answer, *, note: str, by: User) -> PartNote:
    """Open one part for its writers again, with what is to be done. The same note twice is one note.

    Raises PermissionDenied, or Refused with code "move", "gone" or "note".
    """
    locked = _lock_for_check(answer.assessment, by)
    refuse_unless(locked, Status.INTERNAL_CHECK)
    if not Answer.objects.present().filter(pk=answer.pk).exists():
        raise Refused(_("ตัวชี้วัดนี้ถูกลบแล้ว เปิดหน้านี้ใหม่เพื่อดูรายการล่าสุด"), code="gone")
    text = stored_note(note)
    if not text:
        raise Refused(_("ระบุสิ่งที่ต้องแก้ก่อน เพื่อให้ผู้เขียนทราบว่าต้องทำอะไรต่อ"), code="note")
    known = PartNote.objects.open().filter(answer=answer, text=text, written_by=by).first()
    return known or _note(locked, answer, text, by)


def _note(locked: Assessment, answer: Answer, text: str, by: User) -> PartNote:
    log.record(
        "assessment.part_sent_back",
        locked,
        by=by,
        agency=locked.agency,
        part=answer.part.code,
        answer=answer.pk,
    )
    return PartNote.objects.create(
        answer=answer, text=text, written_by=by, written_by_name=str(by), written_at=locked.asked_at
    )


@transaction.atomic
def stop_check(assessment: Assessment, *, by: User) -> Assessment:
    """Open everything for writing again; what was checked and does not change stays checked. Twice is once."""
    locked = _lock_for_check(assessment, by)
    if locked.status in EDITABLE:
        return locked
    refuse_unless(locked, Status.INTERNAL_CHECK)
    return change_status(locked, Status.DRAFTING, by=by)


@transaction.atomic
def propose(assessment: Assessment, *, by: User, seen: str = "") -> Assessment:
    """Put the assessment before the head. Twice is once.

    With `seen`, the fingerprint of everything that the page showed, all that is left is marked as checked first.
    Raises PermissionDenied, or Refused with code "move", "closed", "gaps", "changed" or "unchecked".
    """
    locked = _lock_for_check(assessment, by)
    if locked.status == Status.AWAITING_HEAD:
        return locked
    refuse_unless(locked, Status.INTERNAL_CHECK)
    check_in_time(locked)
    answers = complete_answers(locked)
    if seen:
        _check_seen(locked, "", seen, by)
    count = read_checks(locked).count(answers.every)
    if not count.is_complete:
        left = count.total - count.ready
        raise Refused(
            ngettext(
                "ยังเสนอไม่ได้ เหลือ %(n)d ส่วนที่ยังไม่ตรวจหรือส่งกลับไว้",
                "ยังเสนอไม่ได้ เหลือ %(n)d ส่วนที่ยังไม่ตรวจหรือส่งกลับไว้",
                left,
            )
            % {"n": left},
            code="unchecked",
        )
    # What is still open is about indicators that were removed.
    PartNote.objects.open().filter(answer__assessment=locked).update(closed_at=locked.asked_at)
    content = snapshot.build(locked, answers)
    Proposal.objects.create(
        assessment=locked,
        content=content,
        digest=snapshot.digest_of(content),
        proposed_by=by,
        proposed_by_name=str(by),
        proposed_at=locked.asked_at,
    )
    return change_status(locked, Status.AWAITING_HEAD, by=by)


@transaction.atomic
def recall(assessment: Assessment, *, by: User) -> Assessment:
    """Take the proposal back into the internal check. Twice is once."""
    locked = _lock_for_check(assessment, by)
    if locked.status == Status.INTERNAL_CHECK:
        return locked
    refuse_unless(locked, Status.AWAITING_HEAD)
    return change_status(locked, Status.INTERNAL_CHECK, by=by)


@transaction.atomic
def decline(
    assessment: Assessment, *, reason: str, notes: Iterable[tuple[Answer, str]], by: User
) -> Assessment:
    """The head gives the assessment back to be mended, with a reason and notes on single answers.

    Raises PermissionDenied, or Refused with code "move" or "note".
    """
    locked = lock(assessment)
    if not by.has_perm("assessments.submit", locked):
        raise PermissionDenied(_("ผู้ส่งกลับในขั้นนี้คือหัวหน้าส่วนราชการหรือผู้รักษาการ"))
    refuse_unless(locked, Status.AWAITING_HEAD)
    for answer, text in notes:
        _note(locked, answer, stored_note(text), by)
    return change_status(locked, Status.DRAFTING, by=by, note=stored_note(reason))
