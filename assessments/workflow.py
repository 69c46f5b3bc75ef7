"""The life of an assessment as one table, and the only door to its status."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessments.models import Assessment, Status, StatusChange
from pmqa.accounts import log
from pmqa.errors import Refused


@dataclass(frozen=True)
class Move:
    """`permission` is asked of the acting person with the assessment; None: the system moves by itself.

    A move `of_reviewers` is made by a reviewer, whom the agency's own log may not name.
    """

    permission: str | None
    note_required: bool = False
    of_reviewers: bool = False


S = Status
# Later steps add rows and rename none. The caller checks its own guards first.
MOVES: dict[tuple[str, str], Move] = {
    (S.DRAFTING, S.INTERNAL_CHECK): Move("assessments.check"),
    (S.RETURNED, S.INTERNAL_CHECK): Move("assessments.check"),
    (S.INTERNAL_CHECK, S.DRAFTING): Move("assessments.check"),
    (S.INTERNAL_CHECK, S.AWAITING_HEAD): Move("assessments.check"),
    (S.AWAITING_HEAD, S.INTERNAL_CHECK): Move("assessments.check"),
    (S.AWAITING_HEAD, S.DRAFTING): Move("assessments.submit", note_required=True),
    (S.AWAITING_HEAD, S.SUBMITTED): Move("assessments.submit"),
    (S.SUBMITTED, S.DRAFTING): Move("assessments.withdraw"),
    (S.IN_REVIEW, S.DRAFTING): Move("assessments.withdraw"),
    (S.SUBMITTED, S.RETURNED): Move("reviews.send_back", note_required=True),
    (S.IN_REVIEW, S.RETURNED): Move("reviews.send_back", note_required=True),
    (S.SUBMITTED, S.IN_REVIEW): Move("reviews.open_review"),
    (S.IN_REVIEW, S.CONSENSUS): Move(None),
    (S.CONSENSUS, S.CONSENSUS_DONE): Move("reviews.finish", of_reviewers=True),
    (S.CONSENSUS_DONE, S.CONSENSUS): Move("reviews.reopen", note_required=True),
    (S.CONSENSUS_DONE, S.PRELIM_RELEASED): Move("results.release"),
    (S.PRELIM_RELEASED, S.APPEAL_OPEN): Move("reviews.appeal"),
    (S.APPEAL_OPEN, S.PRELIM_RELEASED): Move(None),
    (S.PRELIM_RELEASED, S.FINALISED): Move(None),
    # Straight from the consensus where the cycle has no days for appeals.
    (S.CONSENSUS_DONE, S.REPORT_ISSUED): Move("results.publish"),
    (S.FINALISED, S.REPORT_ISSUED): Move("results.publish"),
}


def lock(assessment: Assessment) -> Assessment:
    """The row as it is now, locked until the transaction ends: moves and saves never run into each other.

    `asked_at` is the clock of the database when the lock was asked for. It decides what is in time: one clock for
    all servers, and nobody is late for having waited behind another write.
    """
    return _locked().get(pk=assessment.pk)


def lock_all(assessments: QuerySet[Assessment]) -> list[Assessment]:
    """As `lock`, for several at once and in one order, so that two who do this wait for each other.

    Every lock of a transaction comes before its first entry in the audit log: the head of the log is what each
    write takes last, and who holds it must not wait for anything else.
    """
    return list(_locked().filter(pk__in=assessments.values("pk")).order_by("pk"))


def _locked() -> QuerySet[Assessment]:
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True).with_places()
    return rows.annotate(asked_at=Now())


def refuse_unless(assessment: Assessment, *statuses: str) -> None:
    """Raises Refused, code "move", for an assessment that is anywhere else on its way."""
    if assessment.status not in statuses:
        raise Refused(
            _("ขณะนี้สถานะคือ “%(status)s” จึงทำขั้นตอนนี้ไม่ได้ เปิดหน้านี้ใหม่เพื่อดูสถานะล่าสุด")
            % {"status": assessment.get_status_display()},
            code="move",
        )


def change_status(assessment: Assessment, to: str, *, by: Any, note: str = "", **facts: Any) -> Assessment:
    """Move an assessment of `lock`, with its history row and its log entry, to which `facts` are added.

    `by` is None for a move of the system. Raises Refused for a move that the table does not have or
    that lacks its note, PermissionDenied for a person who may not make it.
    """
    came_from = assessment.status
    refuse_unless(assessment, *(start for start, end in MOVES if end == to))
    move = MOVES[came_from, to]
    if move.permission is not None and not (by and by.has_perm(move.permission, assessment)):
        raise PermissionDenied(_("ท่านไม่มีสิทธิทำขั้นตอนนี้"))
    if move.note_required and not note.strip():
        raise Refused(_("ระบุเหตุผลก่อน เพื่อให้หน่วยงานทราบว่าต้องทำอะไรต่อ"), code="note")
    with transaction.atomic():
        now = assessment.asked_at
        assessment.status = to
        fields = ["status"]
        if to == Status.SUBMITTED:
            assessment.submitted_at = now
            fields.append("submitted_at")
        assessment.save(update_fields=fields)
        StatusChange.objects.create(
            assessment=assessment,
            from_status=came_from,
            to_status=to,
            actor=by,
            actor_name=str(by) if by else "",
            note=note,
            at=now,
        )
        log.record(
            "assessment.status_changed",
            assessment,
            by=by,
            agency=None if move.of_reviewers else assessment.agency,
            **{"from": came_from, "to": to},
            **facts,
        )
    return assessment
