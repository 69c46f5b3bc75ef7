"""Taking back what one has marked, and taking that back again; also long after it was saved."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Status
from assessments.workflow import lock
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.versioning import swap
from reviews.models import Assignment, Verdict
from reviews.services.abstention_log import log_abstention

# What comes back. One's own note is no part of the mark and stays.
MARKED = (
    "outcome", "comment", "internal_note", "strength", "pillar", "ground", "reason", "judged_version",
)  # fmt: skip
# What was kept before anybody could abstain says nothing of it.
NO_ABSTENTION = {"ground": "", "reason": ""}
# A comment saves itself every few seconds: one outcome in one sitting is one thing to take back.
SITTING = timedelta(minutes=10)


def content_of(verdict: Verdict) -> dict[str, Any]:
    return {name: getattr(verdict, name) for name in MARKED}


def kept_for_undo(
    stored: Verdict, content: Mapping[str, Any], *, turn: UUID | None, at: datetime
) -> dict[str, Any]:
    """The fields of a verdict that let this change be undone; `stored` is the mark before it."""
    before = content_of(stored)
    after = before | {name: content[name] for name in MARKED if name in content}
    if after == before:
        return {}
    goes_on = (
        stored.turned_at is not None
        and not stored.is_undone
        and stored.turn == turn
        and stored.outcome == after["outcome"]
        and at - stored.turned_at < SITTING
    )
    if goes_on:
        return {}
    return {"other": before, "turned_at": at, "turn": turn, "is_undone": False}


@transaction.atomic
def undo(assessment: Assessment, *, by: User, again: bool = False) -> list[Verdict]:
    """Bring back what stood before this reviewer's last change in the case; with `again`, what was undone last.

    The marks as they are now, in the order of the form; what was changed in one press comes back in one. Raises
    Refused with code "closed" where nothing may be marked, "nothing" where nothing is left to take back.
    """
    locked = lock(assessment)
    rows = Assignment.objects.active().filter(
        assessment=locked, reviewer=by, marks=True, handed_in_at=None, opened_at__isnull=False
    )
    if locked.status != Status.IN_REVIEW or not by.has_perm("reviews.mark", locked):
        raise Refused(_("ขณะนี้ลงผลไม่ได้ จึงเลิกทำไม่ได้"), code="closed")
    turned = (
        Verdict.objects.filter(assignment__in=rows, answer__removed_at=None, is_undone=again)
        .exclude(turned_at=None)
        .select_related("answer__part__item__topic")
        .order_by("-turned_at", "-pk")
    )
    last = turned.first()
    if last is None:
        raise Refused(_("ไม่มีผลให้ทำซ้ำ") if again else _("ไม่มีผลให้เลิกทำ"), code="nothing")
    together = [last] if last.turn is None else list(turned.filter(turn=last.turn))
    now = timezone.now()
    changed = []
    for verdict in sorted(together, key=lambda row: (row.answer.part_id, row.answer.ordinal)):
        back = (
            NO_ABSTENTION
            | verdict.other
            | {"other": content_of(verdict), "turned_at": now, "is_undone": not again}
        )
        saved = swap(verdict, verdict.version, **back, updated_at=now)
        saved.answer = verdict.answer
        log_abstention(saved, was=(verdict.outcome, verdict.ground), by=by)
        changed.append(saved)
    return changed
