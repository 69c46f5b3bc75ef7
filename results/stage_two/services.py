"""Recording the score of stage 2: one administrator records it, another confirms it, and the result has it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.services.guards import stored_note
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from results import publishing
from results.models import ResultSheet
from results.stage_two.models import StageTwo, standing

State = StageTwo.State
RECORDED = ("score", "scale", "decided_on", "decided_by", "note")


@transaction.atomic
def propose(assessment: Assessment, *, values: Mapping[str, Any], by: User) -> StageTwo:
    """Record a score, or (without one) that the score which stands is taken back. The result stays as it is.

    Whatever replaces a score that stands needs a reason. The same of the same person twice is one. Raises
    PermissionDenied; Refused with code "reason", "same" (it stands already, or there is none) or "waiting".
    """
    locked = _lock(assessment, by)
    wanted = {name: values[name] for name in RECORDED} | {"reason": stored_note(values["reason"])}
    row = StageTwo(assessment=locked, **wanted, proposed_by=by, proposed_by_name=str(by))
    before = standing(locked)
    if row.frozen == before:
        raise Refused(
            _("ยังไม่มีคะแนนขั้นที่ 2 ที่จะถอน") if before is None else _("คะแนนนี้บันทึกและยืนยันแล้ว"), code="same"
        )
    if before and not row.reason:
        raise Refused(_("ระบุเหตุผลที่เปลี่ยนหรือถอนคะแนนเดิม เหตุผลนี้แสดงกับผลครั้งใหม่"), code="reason")
    if waiting := locked.stage_two.waiting().first():
        if waiting.proposed_by_id == by.pk and all(getattr(waiting, name) == wanted[name] for name in wanted):
            return waiting
        raise Refused(
            _("มีคะแนนที่ %(name)s บันทึกไว้รอการยืนยันอยู่แล้ว ให้ยืนยันหรือปิดรายการนั้นก่อน")
            % {"name": waiting.proposed_by_name},
            code="waiting",
        )
    row.proposed_at = locked.asked_at
    row.save()
    _record("result.stage_two_proposed", row, by=by)
    return row


@transaction.atomic
def confirm(proposal: StageTwo, *, by: User) -> ResultSheet:
    """The second person agrees: a new revision of the result has the score, and nothing else in it differs.

    Confirming twice gives the same sheet. Raises PermissionDenied (also for whoever recorded it), or Refused with
    code "settled".
    """
    locked, row = _lock_row(proposal, by)
    if row.is_confirmed(by=by):
        return locked.sheets.first()
    row.settle(State.CONFIRMED, by=by, at=locked.asked_at)
    frozen = publishing.add_stage_two(locked, row.frozen, reason=row.reason, at=locked.asked_at, by=by)
    _record("result.stage_two_confirmed", row, by=by, revision=frozen.revision, digest=frozen.digest)
    return frozen


@transaction.atomic
def decline(proposal: StageTwo, *, reason: str, by: User) -> StageTwo:
    """Another administrator does not agree and says why. Raises as `confirm`, and Refused with code "reason"."""
    locked, row = _lock_row(proposal, by)
    if row.decline(reason=stored_note(reason), by=by, at=locked.asked_at):
        _record("result.stage_two_declined", row, by=by, answer=row.answer)
    return row


@transaction.atomic
def take_back(proposal: StageTwo, *, by: User) -> StageTwo:
    """Whoever recorded it thinks otherwise. Raises PermissionDenied, or Refused with code "settled"."""
    locked, row = _lock_row(proposal, by)
    if row.take_back(by=by, at=locked.asked_at):
        _record("result.stage_two_taken_back", row, by=by)
    return row


def _lock(assessment: Assessment, by: User) -> Assessment:
    locked = lock(assessment)
    if not by.has_perm("results.record_stage_two", locked):
        raise PermissionDenied(_("ผู้บันทึกคะแนนขั้นที่ 2 คือผู้ดูแลระบบของ สำนักงาน ก.พ.ร. หลังประกาศผลแล้ว"))
    return locked


def _lock_row(proposal: StageTwo, by: User) -> tuple[Assessment, StageTwo]:
    """Both as they are now; the lock of the assessment puts recording and settling in order."""
    locked = _lock(proposal.assessment, by)
    row = StageTwo.objects.get(pk=proposal.pk)
    row.assessment = locked
    return locked, row


def _record(action: str, row: StageTwo, *, by: User, **facts: Any) -> None:
    """Only what took effect is the agency's to know."""
    locked = row.assessment
    log.record(
        action,
        locked,
        by=by,
        agency=locked.agency if row.state == State.CONFIRMED else None,
        score=None if row.score is None else str(row.score),
        scale=row.scale,
        recorded_by=row.proposed_by_name,
        **facts,
    )
