"""One reviewer at work: opening a case, saving verdicts one by one, handing in."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Status
from assessments.presentation import language
from assessments.reading import tree_of
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.thai import thai_date
from pmqa.versioning import insert_or_swap
from reviews.abstaining import unreplaced
from reviews.models import Assignment, Verdict
from reviews.reading import (
    CHANGED,
    MARKED_KINDS,
    NO_COMMENT,
    NO_GROUND,
    UNSURE,
    UNWEIGHED,
    Mark,
    Marks,
    read_marks,
)
from reviews.rules import forget_assignments, is_tied
from reviews.services import consensus, undoing
from reviews.services.abstention_log import log_abstention
from reviews.services.texts import comment_as_typed
from reviews.services.ticket_clock import tickets_wait
from reviews.team_models import Declaration, Departure


class Unfinished(Refused):
    """Hand-in refused; `gaps` are the marks that still need something, in the order of the form."""

    def __init__(self, gaps: Sequence[Mark]):
        first = gaps[0]
        sentences = {
            UNSURE: _("ยังส่งไม่ได้ %(code)s ยังเป็น “ไม่แน่ใจ” เลือกผ่านหรือไม่ผ่าน"),
            NO_COMMENT: _("ยังส่งไม่ได้ %(code)s ไม่ผ่านต้องมีความเห็น บอกสิ่งที่มี แล้วบอกสิ่งที่ควรแสดง"),
            NO_GROUND: _("ยังส่งไม่ได้ %(code)s งดลงผลต้องเลือกเหตุและบอกเหตุผล"),
            UNWEIGHED: _("ยังส่งไม่ได้ %(code)s มีคำชี้แจงของหน่วยงาน ระบุว่าใช้คำชี้แจงหรือไม่"),
            CHANGED: _("ยังส่งไม่ได้ คำตอบ %(code)s เปลี่ยนหลังจากที่ท่านลงผล อ่านอีกครั้งแล้วบันทึกผลใหม่"),
        }
        sentence = sentences.get(first.gap, _("ยังส่งไม่ได้ ยังไม่ลงผล %(code)s"))
        super().__init__(sentence % {"code": first.code}, code="gaps")
        self.gaps = tuple(gaps)


@transaction.atomic
def open_case(assessment: Assessment, *, by: User) -> None:
    """Note that this reviewer has begun to read; from now on the case is not sent back to the agency.

    The same press declares that nothing ties the reviewer to the agency. Opening twice changes nothing.
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.read", locked):
        raise PermissionDenied(_("ท่านไม่มีงานตรวจของหน่วยงานนี้ หรือมีบทบาทในกระทรวงเดียวกันภายใน 3 ปี ติดต่อผู้ดูแลระบบ"))
    unopened = Assignment.objects.active().filter(assessment=locked, reviewer=by, opened_at=None)
    if unopened.update(opened_at=timezone.now()):
        forget_assignments(by, locked)
        Declaration.objects.create(assessment=locked, reviewer=by, has_conflict=False)
        log.record("review.opened", locked, by=by)


@transaction.atomic
def save_verdict(
    answer: Answer,
    *,
    version: int,
    judged_version: int,
    outcome: str,
    comment: str,
    internal_note: str,
    strength: str | None = None,
    pillar: str | None = None,
    own_note: str | None = None,
    ground: str = "",
    reason: str = "",
    turn: UUID | None = None,
    by: User,
) -> Verdict:
    """Store one reviewer's mark of one answer.

    `version` is that of the verdict on the screen (0: none yet), `judged_version` that of the answer read; what is
    None stays as it is stored. `ground` and `reason` are those of an abstention; of any other outcome they are not
    kept. Marks with the same `turn` are undone together. Saving what is already stored makes no new version.
    Raises Conflict when another save came first, PermissionDenied for an answer that is not this person's to mark,
    Refused with code "closed" (not in review, handed in, stepped aside, not opened), "removed" or "too_long".
    """
    if outcome not in Verdict.Outcome.values:
        raise ValueError(f"unknown outcome {outcome!r}")
    if judged_version > answer.version:
        raise ValueError(f"answer {answer.pk} has no version {judged_version} yet")
    texts = {"comment": comment, "internal_note": internal_note, "strength": strength, "own_note": own_note}
    content: dict[str, Any] = {
        name: comment_as_typed(text) for name, text in texts.items() if text is not None
    } | {"outcome": outcome, "judged_version": judged_version}
    if pillar is not None:
        content["pillar"] = pillar
    abstains = outcome == Verdict.Outcome.ABSTAIN
    content["ground"] = ground if abstains else ""
    content["reason"] = comment_as_typed(reason) if abstains else ""
    assignment, stored = own_mark(answer, by=by)
    if (
        stored
        and stored.version == version
        and all(getattr(stored, name) == content[name] for name in content)
    ):
        return stored
    now = timezone.now()
    was = (stored.outcome, stored.ground) if stored else ("", "")
    saved = insert_or_swap(
        Verdict,
        version,
        key={"answer": answer, "assignment": assignment},
        **content,
        **undoing.kept_for_undo(stored or Verdict(judged_version=judged_version), content, turn=turn, at=now),
        updated_at=now,
    )
    saved.answer = answer
    log_abstention(saved, was=was, by=by)
    return saved


def marking_gaps(assessment: Assessment, user: User) -> tuple[Mark, ...]:
    """What keeps `user` from handing in, in the order of the form: see `reading.Mark.gap`."""
    return _own_marks(assessment, user).gaps


@transaction.atomic
def hand_in(assessment: Assessment, *, by: User) -> None:
    """Close one's own marks; with the last reviewer's the case goes on to consensus.

    Handing in twice is one hand-in. Raises Unfinished while a mark is missing, Refused with code "closed",
    PermissionDenied for anybody without marks to make.
    """
    locked = lock(assessment)
    own = _marking_rows(locked, by)
    if not own or is_tied(by, locked.agency):
        raise PermissionDenied(_("ท่านไม่มีผลการตรวจที่ต้องส่งในเรื่องนี้"))
    waiting = [row for row in own if row.handed_in_at is None]
    if not waiting:
        return
    if locked.status != Status.IN_REVIEW:
        raise _closed(locked)
    gaps = _own_marks(locked, by).gaps
    if gaps:
        raise Unfinished(gaps)
    Assignment.objects.filter(pk__in=[row.pk for row in waiting]).update(handed_in_at=timezone.now())
    log.record("review.handed_in", locked, by=by, categories=[row.category.code for row in waiting])
    settle_when_all_in(locked)


def settle_when_all_in(locked: Assessment) -> None:
    """Move a locked case on once nobody is left to wait for and no category is without a reviewer.

    Somebody who is to be found for a reviewer who left is waited for, too, and the agency while it may still answer
    a question; silence ends with the clock. Where abstentions left an answer with too few marks, another reviewer is
    waited for.
    """
    if tickets_wait(locked) or unreplaced().filter(answer__assessment=locked).exists():
        return
    if Departure.objects.filter(assessment=locked, is_awaited=True).exists():
        return
    rows = Assignment.objects.active().filter(assessment=locked, marks=True)
    state = list(rows.values_list("category__code", "handed_in_at"))
    asked = {category.code for kind in MARKED_KINDS for category in tree_of(locked).of_kind(kind)}
    if {code for code, _at in state} == asked and all(handed_in for _code, handed_in in state):
        consensus.settle(locked)


def _marking_rows(assessment: Assessment, user: User) -> list[Assignment]:
    rows = Assignment.objects.active().filter(assessment=assessment, reviewer=user, marks=True)
    return list(rows.select_related("category"))


def _own_marks(assessment: Assessment, user: User) -> Marks:
    return read_marks(assessment, _marking_rows(assessment, user))


def own_mark(answer: Answer, *, by: User) -> tuple[Assignment, Verdict | None]:
    """Lock the case of `answer`; the open assignment under which `by` marks it, and the mark so far. Two queries."""
    locked = lock(answer.assessment)
    names = [field.attname for field in Verdict._meta.concrete_fields]
    row = (
        Assignment.objects.filter(
            assessment=locked, reviewer=by, marks=True, category__topics__items__parts=answer.part_id
        )
        .annotate(
            own=FilteredRelation("verdicts", condition=Q(verdicts__answer=answer.pk)),
            **{f"own_{name}": F(f"own__{name}") for name in names},
        )
        .first()
    )
    if row is None or is_tied(by, locked.agency):
        raise PermissionDenied(_("ส่วนนี้ไม่ได้มอบหมายให้ท่านตรวจ ข้อความยังไม่บันทึก"))
    if row.recused_at:
        raise Refused(
            _("ท่านถอนตัวจากหมวดนี้เมื่อ %(day)s ข้อความนี้ยังไม่บันทึก")
            % {"day": thai_date(row.recused_at, "short", language())},
            code="closed",
        )
    if locked.status != Status.IN_REVIEW:
        raise _closed(locked)
    if row.handed_in_at:
        raise Refused(
            _("ท่านส่งผลการตรวจแล้วเมื่อ %(day)s แก้ไขไม่ได้ ข้อความนี้ยังไม่บันทึก")
            % {"day": thai_date(row.handed_in_at, "short", language())},
            code="closed",
        )
    if row.opened_at is None:
        raise Refused(_("กด “เริ่มตรวจ” ในหน้างานตรวจของฉันก่อน ข้อความนี้ยังไม่บันทึก"), code="closed")
    if answer.removed_at:
        raise Refused(_("ตัวชี้วัดนี้ถูกลบแล้ว ข้อความนี้ยังไม่บันทึก"), code="removed")
    if row.own_id is None:
        return row, None
    return row, Verdict(**{name: getattr(row, f"own_{name}") for name in names})


def _closed(locked: Assessment) -> Refused:
    return Refused(
        _("ขณะนี้สถานะคือ “%(status)s” จึงลงผลไม่ได้ ข้อความนี้ยังไม่บันทึก คัดลอกเก็บไว้ก่อนออกจากหน้านี้")
        % {"status": locked.get_status_display()},
        code="closed",
    )
