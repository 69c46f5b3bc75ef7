"""Reviewers who leave a case, and who takes their place. Their marks are set aside: kept, and not counted."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Status
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews.duties import ASSIGNABLE, Duties, Duty, category_keys, duties_of, rows_of
from reviews.models import REVIEWABLE, Assignment
from reviews.services.appeals import answers_judged_by
from reviews.services.assigning import check_assignable, check_people, place
from reviews.services.marking import settle_when_all_in
from reviews.services.texts import stored_text
from reviews.team_models import Declaration, Departure

# A lead may still be replaced when the marks are in.
REPLACEABLE = (*ASSIGNABLE, Status.CONSENSUS)


def _leave(locked: Assessment, rows: Collection[Assignment], *, awaited: bool, **facts) -> Departure:
    """Set the active `rows` of one person aside, and note why."""
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(recused_at=timezone.now())
    return Departure.objects.create(
        assessment=locked,
        reviewer_id=rows[0].reviewer_id,
        categories=sorted(row.category.code for row in rows if row.marks),
        was_lead=any(row.is_lead for row in rows),
        is_awaited=awaited,
        **facts,
    )


def _active(locked: Assessment, reviewer: User) -> list[Assignment]:
    rows = Assignment.objects.active().filter(assessment=locked, reviewer=reviewer)
    return list(rows.select_related("category"))


@transaction.atomic
def declare_conflict(assessment: Assessment, *, kind: str, words: str, by: User) -> None:
    """A reviewer says before opening the case what ties them to the agency; they leave at once and never read it.

    Saying it twice is once. Raises Refused, code "opened" (then it is `recuse`), "kind", "words" or "too_long",
    PermissionDenied for whoever does not judge the case.
    """
    locked = lock(assessment)
    rows = _active(locked, by)
    if not rows:
        if Declaration.objects.filter(assessment=locked, reviewer=by, has_conflict=True).exists():
            return
        raise PermissionDenied(_("ท่านไม่มีงานตรวจของหน่วยงานนี้"))
    if locked.status not in REVIEWABLE or any(row.opened_at for row in rows):
        raise Refused(_("ท่านเปิดอ่านเรื่องนี้แล้ว ใช้ “ขอถอนตัวจากการตรวจ” แทน"), code="opened")
    if kind not in Declaration.Kind.values:
        raise Refused(_("เลือกว่าเป็นส่วนได้ส่วนเสียแบบใด"), code="kind")
    words = stored_text(words).strip()
    if not words:
        raise Refused(_("บอกสั้น ๆ ว่าเกี่ยวข้องกันอย่างไร เพื่อให้ผู้ดูแลระบบจัดคนแทนได้ถูกต้อง"), code="words")
    Declaration.objects.create(assessment=locked, reviewer=by, has_conflict=True, kind=kind, words=words)
    awaited = locked.status in REPLACEABLE
    _leave(locked, rows, awaited=awaited, kind=Departure.Kind.CONFLICT, reason=words, by=by)
    # What the conflict is stays out of the log: it is about a person.
    log.record("review.conflict_declared", locked, by=by, kind=kind)


@transaction.atomic
def recuse(assessment: Assessment, *, reviewer: User, reason: str = "", by: User) -> None:
    """Withdraw one person from the case: their verdicts are kept and no longer count.

    A reviewer may step aside alone until consensus, with the reason, and is to be replaced; the administrator may
    withdraw anybody, and then the case goes on when everybody else has handed in. Withdrawing twice changes
    nothing. Raises PermissionDenied, Refused with code "status", "reason" or "too_long".
    """
    locked = lock(assessment)
    if by != reviewer and not by.has_perm("reviews.assign", locked):
        raise PermissionDenied(_("ถอนผู้ตรวจได้เฉพาะตัวท่านเอง ผู้ถอนคนอื่นคือผู้ดูแลระบบ"))
    check_assignable(locked)
    rows = _active(locked, reviewer)
    if not rows:
        return
    reason = stored_text(reason).strip()
    is_own = by == reviewer
    if is_own and not reason:
        raise Refused(_("บอกเหตุผลสั้น ๆ เพื่อให้ผู้ดูแลระบบจัดคนแทน"), code="reason")
    kind = Departure.Kind.OWN if is_own else Departure.Kind.WITHDRAWN
    _leave(locked, rows, awaited=is_own, kind=kind, reason=reason, by=by)
    log.record("review.recused", locked, by=by, reviewer=reviewer.pk)
    if locked.status == Status.IN_REVIEW:
        settle_when_all_in(locked)


@transaction.atomic
def replace(assessment: Assessment, *, reviewer: User, successor: User, reason: str = "", by: User) -> None:
    """Give `successor` the duties of `reviewer`, who leaves now or has left already, and marks afresh.

    Doing it twice is once. Raises PermissionDenied, Refused with code "status", "gone" (nobody to replace),
    "same", "inactive", "ministry" or "too_long".
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.assign", locked):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    if locked.status not in REPLACEABLE:
        check_assignable(locked)
    if Departure.objects.filter(assessment=locked, reviewer=reviewer, successor=successor).exists():
        return
    if successor == reviewer:
        raise Refused(_("เลือกคนอื่นแทน %(person)s") % {"person": reviewer}, code="same")
    check_people([successor], locked.agency)
    rows = _active(locked, reviewer)
    if rows and locked.status == Status.CONSENSUS:
        raise Refused(_("ผู้ตรวจส่งผลครบแล้ว จึงเปลี่ยนตัวไม่ได้"), code="status")
    if rows:
        facts = {"kind": Departure.Kind.WITHDRAWN, "reason": stored_text(reason).strip(), "by": by}
        departure = _leave(locked, rows, awaited=False, **facts)
    else:
        departure = Departure.objects.filter(assessment=locked, reviewer=reviewer, is_awaited=True).first()
        if departure is None:
            raise Refused(_("%(person)s ไม่มีหน้าที่ที่รอคนแทน") % {"person": reviewer}, code="gone")
    _take_over(locked, departure, successor)
    Departure.objects.filter(pk=departure.pk).update(successor=successor, is_awaited=False)
    log.record("review.replaced", locked, by=by, reviewer=reviewer.pk, successor=successor.pk)


def _take_over(locked: Assessment, departure: Departure, successor: User) -> None:
    """Add the duties of whoever left to those that the successor has already."""
    rows = rows_of(locked)
    wanted: Duties = {
        key: Duty(row.marks, row.is_lead) for key, row in rows.items() if row.recused_at is None
    }
    for code, category in category_keys(locked.cycle.edition).items():
        own = wanted.get((successor.pk, category), Duty(False, False))
        takes = code in departure.categories and locked.status != Status.CONSENSUS
        duty = Duty(own.marks or takes, own.is_lead or departure.was_lead)
        if duty.marks or duty.is_lead:
            wanted[successor.pk, category] = duty
    place(locked, rows, wanted)


@transaction.atomic
def waive(assessment: Assessment, *, reviewer: User, by: User) -> None:
    """Nobody takes the place of `reviewer`; the case goes on when everybody else has handed in. Twice is once."""
    locked = lock(assessment)
    if not by.has_perm("reviews.assign", locked):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    check_assignable(locked)
    awaited = Departure.objects.filter(assessment=locked, reviewer=reviewer, is_awaited=True)
    if not awaited.update(is_awaited=False):
        return
    log.record("review.replacement_waived", locked, by=by, reviewer=reviewer.pk)
    if locked.status == Status.IN_REVIEW:
        settle_when_all_in(locked)


@transaction.atomic
def name_lead(assessment: Assessment, *, lead: User, by: User) -> None:
    """Another lead for a case whose preliminary result is told, so that nobody decides on a mark of their own.

    The one before keeps the marks that were given, and leads no more. Naming the present lead changes nothing.
    Raises PermissionDenied, Refused with code "status", "inactive", "ministry" or "marked".
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.assign", locked):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    if locked.status not in (Status.PRELIM_RELEASED, Status.APPEAL_OPEN):
        raise Refused(_("ตั้งหัวหน้าทีมคนใหม่ได้ระหว่างพิจารณาคำขอทบทวนเท่านั้น"), code="status")
    rows = rows_of(locked)
    before = duties_of(rows)
    if {person for (person, _category), duty in before.items() if duty.is_lead} == {lead.pk}:
        return
    check_people([lead], locked.agency)
    if answers_judged_by(lead, locked):
        raise Refused(_("%(person)s ลงผลในเรื่องนี้ เลือกคนที่ไม่ได้ลงผล") % {"person": lead}, code="marked")
    wanted = {key: Duty(marks=True, is_lead=False) for key, duty in before.items() if duty.marks}
    wanted |= {
        (lead.pk, category): Duty(marks=False, is_lead=True)
        for category in category_keys(locked.cycle.edition).values()
    }
    place(locked, rows, wanted)
    log.record("review.lead_named", locked, by=by, lead=lead.pk)
