"""The audit log: one entry per change of state or score, sign-in and download, chained by digest."""

import hashlib
import json
from datetime import UTC
from typing import Any

from django.db import transaction

from pmqa.accounts.models import Agency, LogEntry, LogHead, User

ACTIONS = frozenset(
    {
        "account.signed_in",
        "account.sign_in_failed",
        "account.password_changed",
        "account.work_mail",
        "member.added",
        "member.changed",
        "member.ended",
        "member.told",
        "work.asked",
        "work.changed",
        "work.taken_back",
        "work.due",
        "work.handed_over",
        "admin.added",
        "admin.changed",
        "admin.deleted",
        "criteria.loaded",
        "assessment.started",
        "assessment.carried_over",
        "assessment.finding_replied",
        "assessment.status_changed",
        "assessment.imported",
        "assessment.downloaded",
        "assessment.checked",
        "assessment.part_sent_back",
        "assessment.signature_refused",
        "assessment.extended",
        "assessment.application_saved",
        "extension.proposed",
        "extension.declined",
        "extension.taken_back",
        "answer.restored",
        "answer.write_refused",
        "thread.settled",
        "thread.reopened",
        "comment.added",
        "comment.edited",
        "comment.removed",
        "evidence.added",
        "evidence.edited",
        "evidence.replaced",
        "evidence.withdrawn",
        "evidence.cited",
        "evidence.uncited",
        "evidence.link_checked",
        "evidence.suspicious",
        "evidence.downloaded",
        "content.read",
        "assessment.workbook_exported",
        "assessment.workbook_imported",
        "assessment.print_imported",
        "assessment.print_import_undone",
        "review.assigned",
        "review.recused",
        "review.replaced",
        "review.replacement_waived",
        "review.conflict_declared",
        "review.teams_applied",
        "review.teams_undone",
        "review.teams_downloaded",
        "review.opened",
        "review.handed_in",
        "review.abstained",
        "review.abstention_withdrawn",
        "review.reopened",
        "review.decided",
        "review.section_saved",
        "review.texts_read",
        "review.texts_signed",
        "review.wording_proposed",
        "review.wording_settled",
        "review.lead_named",
        "review.ticket_opened",
        "review.ticket_answered",
        "review.ticket_expired",
        "review.ticket_weighed",
        "review.hand_in_returned",
        "review.appeal_filed",
        "review.appeal_withdrawn",
        "review.appeal_decided",
        "result.release_proposed",
        "result.release_withdrawn",
        "result.released",
        "result.issue_timed",
        "result.issue_cancelled",
        "result.issue_started",
        "result.published",
        "result.corrected",
        "result.stage_two_proposed",
        "result.stage_two_confirmed",
        "result.stage_two_declined",
        "result.stage_two_taken_back",
        "application_report.invited",
        "application_report.due_moved",
        "application_report.accepted",
        "application_report.declined",
        "application_report.saved",
        "application_report.submitted",
        "application_report.rendered",
        "application_report.downloaded",
        "result.downloaded",
        "export.ordered",
        "export.made",
        "export.downloaded",
        "open_data.opened",
        "open_data.closed",
        "result.dashboard_downloaded",
        "report.rendered",
        "target.rules_changed",
        "target.type_chosen",
        "target.downloaded",
        "framework.stored",
        "framework.dropped",
        "improvement.cards_made",
        "improvement.card_added",
        "improvement.card_saved",
        "improvement.approved",
        "improvement.progress_saved",
        "improvement.follow_up_submitted",
        "improvement.replied",
        "improvement.reminded",
        "improvement.downloaded",
        "improvement.list_downloaded",
        "library.shared",
        "library.changed",
        "library.taken_back",
        "library.hidden",
        "library.shown_again",
    }
)


def _digest(entry: LogEntry) -> str:
    content = {
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor_name": entry.actor_name,
        "action": entry.action,
        "object": [entry.object_type, entry.object_id, entry.object_label],
        "data": entry.data,
        "previous": entry.previous_digest,
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def record(action: str, obj: Any, *, by: User | None, agency: Agency | None = None, **data: Any) -> LogEntry:
    """Append an entry about `obj`; `data` must be JSON-able and must hold no answer text.

    Raises ValueError for an action that is not in ACTIONS.
    """
    if action not in ACTIONS:
        raise ValueError(f"unknown log action {action!r}")
    with transaction.atomic():
        head, _created = LogHead.objects.select_for_update().get_or_create(pk=1)
        entry = LogEntry(
            actor=by,
            actor_name=str(by) if by else "",
            action=action,
            agency=agency,
            object_type=obj._meta.label_lower if obj is not None else "",
            object_id=str(obj.pk) if obj is not None else "",
            object_label=str(obj)[:300] if obj is not None else "",
            data=data,
            previous_digest=head.digest,
        )
        entry.digest = _digest(entry)
        entry.save(force_insert=True)
        head.digest = entry.digest
        head.save(update_fields=["digest"])
    return entry


def broken_links() -> list[int]:
    """Primary keys of entries that do not follow from the one before: changed, removed or reordered."""
    broken, previous = [], ""
    for entry in LogEntry.objects.order_by("pk").iterator():
        if entry.previous_digest != previous or entry.digest != _digest(entry):
            broken.append(entry.pk)
        previous = entry.digest
    head = LogHead.objects.filter(pk=1).first()
    if head and head.digest != previous:
        broken.append(0)
    return broken
