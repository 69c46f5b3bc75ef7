"""Starting an assessment, and saving what is typed without losing anybody's text."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.checks import open_notes, opened_parts
from assessments.models import (
    WITH_AGENCY,
    Answer,
    AnswerRevision,
    Assessment,
    Claim,
    Cycle,
    PrintImport,
    Status,
    StatusChange,
)
from assessments.presentation import language
from assessments.reading import tree_of
from assessments.rules import Chapter
from assessments.services.history import Before, remember
from assessments.workflow import lock
from criteria.catalogue import edition_tree, part_ids
from pmqa.accounts import log
from pmqa.accounts.models import Agency, User
from pmqa.errors import Refused
from pmqa.thai import thai_datetime
from pmqa.versioning import swap


@transaction.atomic
def start(cycle: Cycle, agency: Agency, *, by: User) -> Assessment:
    """The assessment of `agency` in `cycle`, with an empty answer for every part that has exactly one.

    Starting twice returns the first one. Raises Refused outside the dates of the cycle.
    """
    if existing := Assessment.objects.filter(cycle=cycle, agency=agency).first():
        return existing
    if not cycle.opens_at <= timezone.now() <= cycle.closes_at:
        raise Refused(_("รอบนี้ยังไม่เปิดรับหรือปิดรับแล้ว เลือกรอบที่เปิดอยู่"), code="closed")
    try:
        with transaction.atomic():
            return create(cycle, agency, by=by)
    except IntegrityError:
        return Assessment.objects.get(cycle=cycle, agency=agency)


def create(cycle: Cycle, agency: Agency, *, by: User | None) -> Assessment:
    """Make the rows of a new assessment, whatever the dates: for `start`, the importer and the demonstration."""
    tree = edition_tree(cycle.edition)
    ids = part_ids(cycle.edition)
    earlier = Assessment.objects.filter(agency=agency, cycle__track=cycle.track, cycle__year__lt=cycle.year)
    previous = earlier.order_by("-cycle__year").first()
    assessment = Assessment.objects.create(cycle=cycle, agency=agency, previous=previous)
    single = (*tree.process_parts, *tree.profile_parts)
    Answer.objects.bulk_create(Answer(assessment=assessment, part_id=ids[part.code]) for part in single)
    StatusChange.objects.create(
        assessment=assessment,
        to_status=assessment.status,
        actor=by,
        actor_name=str(by) if by else "",
        at=timezone.now(),
    )
    log.record("assessment.started", assessment, by=by, agency=agency)
    return assessment


def open_for_writing(assessment: Assessment, category: str, *, by: User, part: str = "") -> Assessment:
    """Lock the assessment for a write of `by` to `category`; in the internal check to a `part` sent back only.

    The lock puts a save before or after a submission that runs at the same moment, never in between.
    Raises PermissionDenied, or Refused when the assessment is not open.
    """
    locked = lock(assessment)
    item = tree_of(locked).place_of_part[part][2].code if part else ""
    if not by.has_perm("assessments.edit", Chapter(locked, category, item)):
        raise PermissionDenied(_("ท่านแก้ไขส่วนนี้ไม่ได้ ติดต่อผู้ประสานงานของหน่วยงาน"))
    return refuse_closed(locked, part)


def refuse_closed(locked: Assessment, part: str = "") -> Assessment:
    """The same assessment, while it is open for writing. Raises Refused, code "closed", when it is not."""
    if locked.is_open(locked.asked_at) or is_sent_back(locked, part):
        return locked
    if locked.status in WITH_AGENCY and locked.asked_at > locked.closes_at:
        raise Refused(
            _("ปิดรับแล้วเมื่อ %(when)s ข้อความนี้ยังไม่บันทึก คัดลอกเก็บไว้และติดต่อ สำนักงาน ก.พ.ร. หากต้องการขยายเวลา")
            % {"when": thai_datetime(locked.closes_at, "short", language())},
            code="closed",
        )
    if locked.status == Status.INTERNAL_CHECK:
        raise Refused(
            _(
                "แก้ไขไม่ได้ เพราะอยู่ระหว่างตรวจทานภายใน แก้ได้เฉพาะส่วนที่ส่งกลับ ข้อความนี้ยังไม่บันทึก "
                "คัดลอกเก็บไว้และแจ้งผู้ประสานงานให้ส่งส่วนนี้กลับ"
            ),
            code="closed",
        )
    raise Refused(
        _("แก้ไขไม่ได้ เพราะสถานะคือ “%(status)s” ข้อความนี้ยังไม่บันทึก คัดลอกเก็บไว้ก่อนออกจากหน้านี้")
        % {"status": locked.get_status_display()},
        code="closed",
    )


def is_sent_back(locked: Assessment, part: str) -> bool:
    """Whether this part may be mended while everything else is locked for the internal check."""
    return (
        locked.status == Status.INTERNAL_CHECK
        and locked.is_in_time(locked.asked_at)
        and part in opened_parts(tree_of(locked), open_notes(locked))
    )


@transaction.atomic
def save_answer(
    answer: Answer,
    *,
    version: int,
    claim: str,
    values: Mapping[str, Any],
    category: str,
    by: User,
    restored_from: AnswerRevision | None = None,
    imported: PrintImport | None = None,
) -> Answer:
    """Store a claim and cleaned values for one part.

    `restored_from` is the old version that held them, if one did. What was `imported` is a past year's, to be looked
    at again.

    Raises Conflict when `version` is not the stored one, Refused or PermissionDenied as
    `open_for_writing`. Saving what is already stored changes nothing and makes no new version; of an answer
    that was carried over it says that it still holds.
    """
    open_for_writing(answer.assessment, category, by=by, part=answer.part.code)
    if claim not in ("", *Claim.values):
        raise ValueError(f"unknown claim {claim!r}")
    is_same = answer.version == version and answer.claim == claim and answer.values == values
    if is_same and not answer.carried_over:
        return answer
    content = {"claim": claim, "values": dict(values)}
    before = Before(answer, {"claim": answer.claim, "values": answer.values})
    saved = swap(
        answer,
        version,
        **content,
        carried_over=imported is not None,
        updated_at=timezone.now(),
        updated_by=by,
    )
    remember(saved, content, by=by, before=before, restored_from=restored_from, imported=imported)
    return saved
