"""Issuing every report of a cycle whose result is final, now or at a set time: one job, which goes on where it
stopped."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessments.models import Assessment, Cycle, Status
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.jobs.models import Job
from pmqa.jobs.services import Progress, enqueue
from results.models import TimedIssue
from results.publishing import publish

ISSUE_JOB = "issue_reports"


def _key(cycle: Cycle) -> str:
    return f"issue:{cycle.pk}"


def job_of(cycle: Cycle) -> Job | None:
    """The last order for this cycle."""
    return Job.objects.filter(kind=ISSUE_JOB, key=_key(cycle)).order_by("-pk").first()


def order(cycle: Cycle, *, by: User) -> Job:
    """Ask for the reports of everything final; an order that is under way is the same order.

    Raises PermissionDenied, or Refused with code "none".
    """
    if not by.has_perm("results.publish"):
        raise PermissionDenied(_("ผู้ประกาศผลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    if not Assessment.objects.filter(cycle=cycle, status=Status.FINALISED).exists():
        raise Refused(_("ยังไม่มีเรื่องที่ผลเป็นที่สุด จึงไม่มีรายงานให้ออก"), code="none")
    return enqueue(ISSUE_JOB, key=_key(cycle), by=by, cycle=cycle.pk, person=by.pk)


def issue_all(args: dict[str, Any], progress: Progress) -> None:
    """The work of the job: what was issued before it was interrupted is not final any more, and not done again.

    A case that may not be published keeps the others from nothing; the job ends with its name.
    """
    person = User.objects.get(pk=args["person"])
    cases = list(
        Assessment.objects.filter(cycle=args["cycle"], status=Status.FINALISED)
        .with_places()
        .order_by("agency__code")
    )
    held = []
    for done, assessment in enumerate(cases):
        progress(done, len(cases))
        try:
            publish(assessment, by=person)
        except Refused as refused:
            held.append(f"{assessment.agency.code}: {refused.message}")
    progress(len(cases), len(cases))
    if held:
        raise Refused(" · ".join(held), code="held")


# --- at a set time ------------------------------------------------------------------------------


def timed(cycle: Cycle) -> TimedIssue | None:
    """The order that waits for its time."""
    return TimedIssue.objects.filter(cycle=cycle, started_at=None, cancelled_at=None).first()


@transaction.atomic
def order_at(cycle: Cycle, *, at: datetime, by: User) -> TimedIssue:
    """Issue the reports of whatever is final at that moment. The same moment again is the same order.

    Raises PermissionDenied, or Refused with code "off" (the cycle has no preliminary results), "past" or "open".
    """
    locked = _lock(cycle, by=by)
    if not locked.appeal_days:
        raise Refused(_("รอบนี้ไม่มีขั้นผลเบื้องต้น ประกาศผลทีละเรื่องเมื่อได้ผลฉันทามติ"), code="off")
    if standing := timed(locked):
        if standing.issue_at == at:
            return standing
        raise Refused(_("ตั้งเวลาไว้แล้ว ยกเลิกเวลาเดิมก่อนจึงตั้งใหม่ได้"), code="open")
    if at <= locked.asked_at:
        raise Refused(_("เวลานี้ผ่านไปแล้ว เลือกเวลาข้างหน้า หรือออกรายงานทันที"), code="past")
    made = TimedIssue.objects.create(
        cycle=locked, issue_at=at, ordered_by=by, ordered_by_name=str(by), ordered_at=locked.asked_at
    )
    log.record("result.issue_timed", made, by=by, at=at.isoformat())
    return made


@transaction.atomic
def cancel(order: TimedIssue, *, by: User) -> None:
    """Take a set time back until it has come. Twice is once. Raises PermissionDenied, or Refused ("started")."""
    locked = _lock(order.cycle, by=by)
    current = TimedIssue.objects.get(pk=order.pk)
    if current.started_at:
        raise Refused(_("ถึงเวลาและเริ่มออกรายงานแล้ว จึงยกเลิกไม่ได้"), code="started")
    if current.cancelled_at:
        return
    TimedIssue.objects.filter(pk=order.pk).update(cancelled_at=locked.asked_at, cancelled_by_name=str(by))
    log.record("result.issue_cancelled", current, by=by)


def issue_due() -> int:
    """Start whatever is due by the clock of the database; how many. Each order is a transaction of its own."""
    due = TimedIssue.objects.filter(started_at=None, cancelled_at=None, issue_at__lte=Now())
    return sum(_start(row) for row in due.select_related("cycle").order_by("pk"))


@transaction.atomic
def _start(row: TimedIssue) -> bool:
    Cycle.objects.select_for_update(of=("self",), no_key=True).get(pk=row.cycle_id)
    rows = TimedIssue.objects.annotate(asked_at=Now()).select_related("cycle", "ordered_by")
    current = rows.get(pk=row.pk)
    if current.started_at or current.cancelled_at:
        return False
    try:
        current.job = _ordered_by(current)
    except (Refused, PermissionDenied) as refused:
        current.problem = str(refused)
    current.started_at = current.asked_at
    current.save(update_fields=["job", "problem", "started_at"])
    log.record("result.issue_started", current, by=None, problem=current.problem)
    return True


def _ordered_by(current: TimedIssue) -> Job:
    if current.ordered_by is None:
        raise Refused(_("ไม่มีผู้สั่งออกรายงานในระบบแล้ว สั่งใหม่"), code="nobody")
    return order(current.cycle, by=current.ordered_by)


def _lock(cycle: Cycle, *, by: User) -> Cycle:
    """The row of the cycle, locked, with the database's time. Raises PermissionDenied."""
    if not by.has_perm("results.publish"):
        raise PermissionDenied(_("ผู้ประกาศผลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    rows = Cycle.objects.select_for_update(of=("self",), no_key=True)
    return rows.annotate(asked_at=Now()).get(pk=cycle.pk)
