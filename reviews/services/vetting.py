"""A second person reads the texts of a report, proposes wording and confirms; the lead decides and signs."""

import hashlib
import json
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import PRELIMINARY, Assessment, Status
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import LogEntry, User
from pmqa.errors import Refused
from pmqa.versioning import swap
from reviews.comments import is_comment
from reviews.models import FeedbackSection
from reviews.services.texts import stored_text
from reviews.vetting_models import Vetting, Wording

# The texts are whole once the consensus is closed, and change until the result is published.
VETTABLE = (Status.CONSENSUS_DONE, *PRELIMINARY)


def printed(assessment: Assessment) -> list[FeedbackSection]:
    """The texts that would be printed; one query."""
    return [row for row in assessment.feedback.filter(included=True).defer("draft") if row.text.strip()]


def fingerprint(sections: Iterable[FeedbackSection]) -> str:
    """The SHA-256 of all texts that would be printed, whatever their order."""
    texts = sorted((section.code, section.text) for section in sections)
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()


def missing(assessment: Assessment, sections: Iterable[FeedbackSection]) -> list[str]:
    """What is still to be done before these texts may be issued, in sentences; one query."""
    said = set(assessment.vettings.filter(fingerprint=fingerprint(sections)).values_list("kind", flat=True))
    found = []
    if Vetting.Kind.READ not in said:
        found.append(_("ยังไม่มีผู้อ่านทานข้อความของรายงานฉบับนี้"))
    if Vetting.Kind.SIGNED not in said:
        found.append(_("หัวหน้าทีมยังไม่ลงนามรับรองเนื้อหาของรายงานฉบับนี้"))
    return found


def wrote(person: User, assessment: Assessment) -> bool:
    """Whether this person has ever written in a text of the report. One query."""
    return LogEntry.objects.filter(
        action="review.section_saved", actor=person, object_type="assessments.assessment", object_id=str(assessment.pk)
    ).exists()  # fmt: skip


def why_not_vetting(assessment: Assessment, person: User) -> str:
    """Why this person may not vet the report now; "" while they may."""
    if assessment.status not in VETTABLE:
        return _("อ่านทานได้ตั้งแต่สรุปฉันทามติแล้วจนถึงก่อนประกาศผล")
    if wrote(person, assessment):
        return _("ท่านเขียนข้อความในรายงานนี้ ผู้อ่านทานต้องเป็นคนอื่น")
    return ""


@transaction.atomic
def confirm(assessment: Assessment, *, seen: str, by: User) -> Vetting:
    """They have been read ("อ่านแล้ว"), as they were with the fingerprint `seen`. Twice is once.

    Raises PermissionDenied, or Refused with code "closed", "own" (who signed them), "changed" or "open" (wording waits
    for the lead).
    """
    locked = _lock(assessment, by=by)
    if closed := why_not_vetting(locked, by):
        raise Refused(closed, code="closed")
    _refuse_own(locked, Vetting.Kind.SIGNED, seen, by)
    return _say(locked, Vetting.Kind.READ, seen=seen, by=by)


@transaction.atomic
def sign(assessment: Assessment, *, seen: str, by: User) -> Vetting:
    """The lead stands for the texts with the fingerprint `seen`. Twice is once.

    Raises PermissionDenied, or Refused with code "closed", "changed", "open" or "own" (who vetted them).
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.lead", locked):
        raise PermissionDenied(_("ผู้ลงนามรับรองเนื้อหาคือหัวหน้าทีมผู้ตรวจประเมิน"))
    if locked.status not in VETTABLE:
        raise Refused(_("ลงนามได้ตั้งแต่สรุปฉันทามติแล้วจนถึงก่อนประกาศผล"), code="closed")
    _refuse_own(locked, Vetting.Kind.READ, seen, by)
    return _say(locked, Vetting.Kind.SIGNED, seen=seen, by=by)


def _refuse_own(locked: Assessment, other: str, seen: str, by: User) -> None:
    if locked.vettings.filter(kind=other, fingerprint=seen, by=by).exists():
        raise Refused(_("ผู้อ่านทานและผู้ลงนามรับรองต้องเป็นคนละคน"), code="own")


def _say(locked: Assessment, kind: str, *, seen: str, by: User) -> Vetting:
    if fingerprint(printed(locked)) != seen:
        raise Refused(_("ข้อความเปลี่ยนหลังจากที่ท่านเปิดอ่าน อ่านฉบับใหม่แล้วยืนยันอีกครั้ง"), code="changed")
    if locked.wordings.filter(state=Wording.State.OPEN).exists():
        raise Refused(_("มีถ้อยคำที่เสนอแล้วหัวหน้าทีมยังไม่ตัดสิน"), code="open")
    said, is_new = Vetting.objects.get_or_create(
        assessment=locked,
        kind=kind,
        fingerprint=seen,
        by=by,
        defaults={"by_name": str(by), "at": locked.asked_at},
    )
    if is_new:
        action = "review.texts_read" if kind == Vetting.Kind.READ else "review.texts_signed"
        log.record(action, locked, by=by, fingerprint=seen)
    return said


@transaction.atomic
def propose(assessment: Assessment, code: str, *, version: int, text: str, by: User) -> Wording:
    """Other words for one text. The same again is the same proposal.

    Raises PermissionDenied, or Refused with code "closed", "section", "changed", "same", "empty", "open", "too_long".
    """
    locked = _lock(assessment, by=by)
    if closed := why_not_vetting(locked, by):
        raise Refused(closed, code="closed")
    section = next((row for row in printed(locked) if row.code == code), None)
    if section is None:
        raise Refused(_("ข้อความนี้ไม่พิมพ์ในรายงานแล้ว"), code="section")
    text = stored_text(text)
    if standing := locked.wordings.filter(code=code, state=Wording.State.OPEN).first():
        if (standing.text, standing.proposed_by_id) == (text, by.pk):
            return standing
        raise Refused(_("มีถ้อยคำที่เสนอสำหรับข้อความนี้แล้ว ถอนหรือรอหัวหน้าทีมตัดสินก่อน"), code="open")
    if section.version != version:
        raise Refused(_("หัวหน้าทีมแก้ข้อความนี้แล้ว อ่านฉบับใหม่ก่อนเสนอ"), code="changed")
    if not is_comment(text):
        raise Refused(_("พิมพ์ถ้อยคำที่เสนอ"), code="empty")
    if text == section.text:
        raise Refused(_("ถ้อยคำที่เสนอเหมือนข้อความเดิม"), code="same")
    made = Wording.objects.create(
        assessment=locked,
        code=code,
        before=section.text,
        text=text,
        proposed_by=by,
        proposed_by_name=str(by),
        proposed_at=locked.asked_at,
    )
    log.record("review.wording_proposed", locked, by=by, section=code)
    return made


@transaction.atomic
def settle(wording: Wording, *, state: str, by: User) -> Wording:
    """The lead takes the words into the text or not; who proposed them may withdraw them. Twice is once.

    Raises PermissionDenied, or Refused with code "state", "settled", "closed" or "changed".
    """
    locked = lock(wording.assessment)
    current = Wording.objects.get(pk=wording.pk)
    if state not in (Wording.State.ACCEPTED, Wording.State.DECLINED, Wording.State.WITHDRAWN):
        raise Refused(_("เลือกว่าใช้หรือไม่ใช้ถ้อยคำที่เสนอ"), code="state")
    if state == Wording.State.WITHDRAWN:
        if current.proposed_by_id != by.pk:
            raise PermissionDenied(_("ผู้ถอนถ้อยคำคือผู้เสนอ"))
    elif not by.has_perm("reviews.lead", locked):
        raise PermissionDenied(_("ผู้ตัดสินถ้อยคำที่เสนอคือหัวหน้าทีมผู้ตรวจประเมิน"))
    if current.state == state:
        return current
    if current.state != Wording.State.OPEN:
        raise Refused(_("ถ้อยคำนี้ตัดสินไปแล้ว"), code="settled")
    if state == Wording.State.ACCEPTED:
        _take(locked, current, by=by)
    current.state, current.settled_by, current.settled_by_name = state, by, str(by)
    current.settled_at = locked.asked_at
    current.save()
    log.record("review.wording_settled", locked, by=by, section=current.code, state=state)
    return current


def _take(locked: Assessment, wording: Wording, *, by: User) -> None:
    if locked.status not in VETTABLE:
        raise Refused(_("ประกาศผลแล้ว ข้อความในรายงานแก้ไขไม่ได้อีก"), code="closed")
    section = locked.feedback.filter(code=wording.code).first()
    if section is None or section.text != wording.before:
        raise Refused(_("ข้อความเปลี่ยนหลังจากที่เสนอ ไม่ใช้ข้อเสนอนี้ แล้วแก้ข้อความเอง"), code="changed")
    swap(section, section.version, text=wording.text, updated_at=locked.asked_at, updated_by=by)
    log.record("review.section_saved", locked, by=by, section=wording.code)


def _lock(assessment: Assessment, *, by: User) -> Assessment:
    locked = lock(assessment)
    if not by.has_perm("reviews.vet", locked):
        raise PermissionDenied(_("ผู้อ่านทานคือเจ้าหน้าที่ ผู้ดูแลระบบ หรือหัวหน้าทีมที่ไม่ได้เขียน"))
    return locked
