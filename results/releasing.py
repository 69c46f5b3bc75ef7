"""Telling agencies their preliminary results: one proposes, another confirms, and all of them know at one instant."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessments.models import HANDED_OVER, Assessment, Cycle, Status
from assessments.workflow import change_status, lock_all
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from results.models import Release
from reviews.comments import is_comment
from reviews.services.texts import stored_text

# Past the consensus nothing of a case holds a release up any more.
UNFINISHED = (Status.SUBMITTED, Status.IN_REVIEW, Status.CONSENSUS)


@dataclass(frozen=True)
class Readiness:
    """The cases of a cycle: those that a release would tell now, and those that are handed in but not decided."""

    ready: tuple[Assessment, ...]
    unfinished: tuple[Assessment, ...]
    told: int

    @property
    def keys(self) -> list[int]:
        return [assessment.pk for assessment in self.ready]


def readiness(cycle: Cycle) -> Readiness:
    """One query. Cases still with their agencies are nobody's to wait for: their time has its own end."""
    rows = list(
        Assessment.objects.filter(cycle=cycle, status__in=HANDED_OVER)
        .select_related("agency__ministry")
        .order_by("agency__code")
    )
    return Readiness(
        ready=tuple(row for row in rows if row.status == Status.CONSENSUS_DONE),
        unfinished=tuple(row for row in rows if row.status in UNFINISHED),
        told=sum(row.status not in (*UNFINISHED, Status.CONSENSUS_DONE) for row in rows),
    )


def open_proposal(cycle: Cycle) -> Release | None:
    return Release.objects.filter(cycle=cycle, confirmed_at=None, withdrawn_at=None).first()


@transaction.atomic
def propose(cycle: Cycle, *, left_out: str, by: User) -> Release:
    """The first of two: these cases, now. The same proposal again is the one that is open.

    Raises PermissionDenied, or Refused with code "off" (the cycle has no preliminary results), "none" (nothing is
    ready), "left_out" (cases are not decided and nobody said why they are left out) or "open".
    """
    locked = _lock(cycle, by=by)
    state = readiness(locked)
    if standing := open_proposal(locked):
        if standing.proposed_by_id == by.pk and standing.cases == state.keys:
            return standing
        raise Refused(_("มีข้อเสนอแจ้งผลที่รอการยืนยันอยู่แล้ว ยืนยันหรือถอนข้อเสนอนั้นก่อน"), code="open")
    if not state.ready:
        raise Refused(_("ยังไม่มีเรื่องที่ได้ผลฉันทามติแล้ว จึงไม่มีผลให้แจ้ง"), code="none")
    reason = stored_text(left_out)
    if state.unfinished and not is_comment(reason):
        raise Refused(_("ระบุเหตุผลที่ไม่รอเรื่องที่ยังตรวจไม่เสร็จ เพราะหน่วยงานเหล่านั้นจะทราบผลทีหลัง"), code="left_out")
    made = Release.objects.create(
        cycle=locked,
        cases=state.keys,
        left_out=reason if state.unfinished else "",
        proposed_by=by,
        proposed_by_name=str(by),
        proposed_at=locked.asked_at,
    )
    log.record("result.release_proposed", made, by=by, cases=len(made.cases), left_out=len(state.unfinished))
    return made


@transaction.atomic
def withdraw(release: Release, *, by: User) -> None:
    """Take an open proposal back; either of the two may. Raises PermissionDenied, or Refused with code "told"."""
    locked = _lock(release.cycle, by=by)
    current = Release.objects.get(pk=release.pk)
    if current.confirmed_at:
        raise Refused(_("แจ้งผลไปแล้ว จึงถอนข้อเสนอไม่ได้"), code="told")
    if current.withdrawn_at:
        return
    Release.objects.filter(pk=release.pk).update(withdrawn_at=locked.asked_at)
    log.record("result.release_withdrawn", current, by=by)


@transaction.atomic
def confirm(release: Release, *, by: User) -> Release:
    """The second of two: every case of the proposal is told in this transaction, and its window opens.

    Confirming twice is once. Raises PermissionDenied, or Refused with code "withdrawn", "same" (the person who
    proposed) or "changed" (a case was reopened, or another became ready).
    """
    locked = _lock(release.cycle, by=by)
    current = Release.objects.get(pk=release.pk)
    if current.confirmed_at:
        return current
    if current.withdrawn_at:
        raise Refused(_("ข้อเสนอนี้ถอนไปแล้ว เสนอใหม่ก่อน"), code="withdrawn")
    if current.proposed_by_id == by.pk:
        raise Refused(_("ผู้ยืนยันต้องไม่ใช่ผู้เสนอ ให้ผู้ดูแลระบบอีกคนตรวจแล้วยืนยัน"), code="same")
    cases = lock_all(Assessment.objects.filter(pk__in=current.cases))
    if readiness(locked).keys != current.cases:
        raise Refused(_("เรื่องที่พร้อมแจ้งผลเปลี่ยนไปหลังจากเสนอ ถอนข้อเสนอนี้แล้วเสนอใหม่"), code="changed")
    current.confirmed_by, current.confirmed_by_name = by, str(by)
    current.confirmed_at = locked.asked_at
    current.appeals_until = locked.after_working_days(locked.asked_at, locked.appeal_days)
    current.save()
    for assessment in cases:
        change_status(assessment, Status.PRELIM_RELEASED, by=by)
    Assessment.objects.filter(pk__in=current.cases).update(appeals_until=current.appeals_until)
    log.record("result.released", current, by=by, cases=len(current.cases))
    return current


def _lock(cycle: Cycle, *, by: User) -> Cycle:
    """The row of the cycle, locked, with the database's time. Raises PermissionDenied, Refused (off)."""
    if not by.has_perm("results.release"):
        raise PermissionDenied(_("ผู้แจ้งผลเบื้องต้นคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    rows = Cycle.objects.select_for_update(of=("self",), no_key=True).select_related("edition")
    locked = rows.annotate(asked_at=Now()).get(pk=cycle.pk)
    if not locked.appeal_days:
        raise Refused(_("รอบนี้ไม่มีขั้นผลเบื้องต้น ประกาศผลได้ทันทีที่ได้ผลฉันทามติ"), code="off")
    return locked
