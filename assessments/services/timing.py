"""More time for one agency: one administrator proposes it with a reason, another one confirms it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Extension
from assessments.services.guards import stored_note
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused

State = Extension.State


@transaction.atomic
def propose(assessment: Assessment, *, until: datetime | None, reason: str, by: User) -> Extension:
    """Ask for more time for one agency until then, or (None) for the end of the extension it has; gives none yet.

    The same proposal of the same person twice is one. Raises PermissionDenied, or Refused with code "reason",
    "until" (no time that would give any), "same" (nothing to change) or "waiting" (there is another proposal).
    """
    locked = _lock_for(assessment, by)
    text = stored_note(reason)
    if not text:
        raise Refused(_("ระบุเหตุผลที่ขยายเวลา เพราะทุกหน่วยงานอ่านได้"), code="reason")
    _check_until(locked, until)
    if waiting := locked.extensions.waiting().first():
        if (waiting.proposed_by_id, waiting.until, waiting.reason) == (by.pk, until, text):
            return waiting
        raise Refused(
            _("หน่วยงานนี้มีข้อเสนอขยายเวลาของ %(name)s รออยู่แล้ว ให้ยืนยันหรือปิดข้อเสนอนั้นก่อน")
            % {"name": waiting.proposed_by_name},
            code="waiting",
        )
    proposal = Extension.objects.create(
        assessment=locked,
        until=until,
        reason=text,
        proposed_by=by,
        proposed_by_name=str(by),
        proposed_at=locked.asked_at,
    )
    _record("extension.proposed", proposal, by=by)
    return proposal


def _check_until(locked: Assessment, until: datetime | None) -> None:
    if locked.extended_until == until:
        raise Refused(
            _("หน่วยงานนี้ใช้เวลานี้อยู่แล้ว") if until else _("หน่วยงานนี้ไม่มีการขยายเวลาที่จะยกเลิก"), code="same"
        )
    if until is not None and until <= max(locked.asked_at, locked.cycle.closes_at):
        raise Refused(_("เวลาใหม่ต้องอยู่หลังเวลาปิดรับของรอบ และยังไม่ผ่านไป"), code="until")


@transaction.atomic
def confirm(proposal: Extension, *, by: User) -> Extension:
    """The second person agrees: from now on the agency has the time, and every agency reads why.

    A deadline that has passed since the proposal does not matter: to open again is what an extension is for, and what
    was handed in late meanwhile stays marked late. A time that has itself passed would give nothing and is refused.
    Raises PermissionDenied (also for whoever proposed it), or Refused with code "settled" or "passed".
    """
    locked = _lock_for(proposal.assessment, by)
    row = _as_it_is_now(proposal, locked)
    if row.is_confirmed(by=by):
        return row
    if row.until is not None and row.until <= locked.asked_at:
        raise Refused(_("เวลาที่เสนอผ่านไปแล้ว จึงไม่มีผล ให้ปิดข้อเสนอนี้แล้วเสนอเวลาใหม่"), code="passed")
    before, locked.extended_until = locked.extended_until, row.until
    locked.save(update_fields=["extended_until"])
    row.settle(State.CONFIRMED, by=by, at=locked.asked_at)
    _record("assessment.extended", row, by=by, before=before and before.isoformat())
    return row


@transaction.atomic
def decline(proposal: Extension, *, reason: str, by: User) -> Extension:
    """Another administrator does not agree and says why. Raises as `confirm`, and Refused with code "reason"."""
    locked = _lock_for(proposal.assessment, by)
    row = _as_it_is_now(proposal, locked)
    if row.decline(reason=stored_note(reason), by=by, at=locked.asked_at):
        _record("extension.declined", row, by=by, answer=row.answer)
    return row


@transaction.atomic
def take_back(proposal: Extension, *, by: User) -> Extension:
    """Whoever proposed it thinks otherwise. Raises PermissionDenied, or Refused with code "settled"."""
    locked = _lock_for(proposal.assessment, by)
    row = _as_it_is_now(proposal, locked)
    if row.take_back(by=by, at=locked.asked_at):
        _record("extension.taken_back", row, by=by)
    return row


def _lock_for(assessment: Assessment, by: User) -> Assessment:
    """The assessment, whose lock puts proposals and answers in order."""
    if not by.has_perm("assessments.extend"):
        raise PermissionDenied(_("ผู้ขยายเวลาคือผู้ดูแลระบบ"))
    return lock(assessment)


def _as_it_is_now(proposal: Extension, locked: Assessment) -> Extension:
    row = Extension.objects.get(pk=proposal.pk)
    row.assessment = locked
    return row


def _record(action: str, row: Extension, *, by: User, **facts: str | None) -> None:
    """Only what took effect is the agency's to know."""
    locked = row.assessment
    log.record(
        action,
        locked,
        by=by,
        agency=locked.agency if row.state == State.CONFIRMED else None,
        until=row.until and row.until.isoformat(),
        reason=row.reason,
        proposed_by=row.proposed_by_name,
        **facts,
    )
