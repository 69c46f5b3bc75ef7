"""Writing the history of an answer: what is kept of each save."""

import json
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from assessments.models import Answer, AnswerRevision, PrintImport
from pmqa.accounts.models import User

# Saves by one person within this time are one sitting, hence one entry in the history.
SITTING = timedelta(minutes=10)
# A save that takes more characters away begins an entry of its own: what went by a slip is still in the one before.
SLIP = 200


class Before(NamedTuple):
    """An answer as it was read before a save, and what was in it."""

    answer: Answer
    content: dict[str, Any]


def remember(
    answer: Answer,
    content: dict[str, Any],
    *,
    by: User | None,
    before: Before | None = None,
    restored_from: AnswerRevision | None = None,
    imported: PrintImport | None = None,
) -> None:
    """Extend this person's revision of the same sitting, or begin a new one.

    `answer` is as stored now, with `content`. `before` is kept first where no revision holds it: it came from an
    import. A version that was restored, or came from a printed form, is never extended, nor does it extend another.
    """
    last = answer.revisions.first()
    if before and _is_unknown(before, last):
        last = AnswerRevision.objects.create(
            answer=answer,
            version=before.answer.version,
            content=before.content,
            saved_by=before.answer.updated_by,
            saved_at=before.answer.updated_at or timezone.now(),
        )
    elif last and not (restored_from or imported) and _is_same_sitting(last, content, by):
        AnswerRevision.objects.filter(pk=last.pk).update(
            version=answer.version, content=content, saved_at=timezone.now()
        )
        return
    AnswerRevision.objects.create(
        answer=answer,
        version=answer.version,
        content=content,
        saved_by=by,
        saved_at=timezone.now(),
        restored_from=restored_from,
        print_import=imported,
    )


def _is_unknown(before: Before, last: AnswerRevision | None) -> bool:
    if last is None:
        return not _is_empty(before.content)
    return last.version < before.answer.version and last.content != before.content


def _is_empty(content: dict[str, Any]) -> bool:
    figures = content.get("indicator", content)
    return not any(value for name, value in figures.items() if name != "direction")


def _is_same_sitting(last: AnswerRevision, content: dict[str, Any], by: User | None) -> bool:
    return (
        by is not None
        and last.saved_by_id == by.pk
        and last.restored_from_id is None
        and last.print_import_id is None
        and timezone.now() - last.saved_at < SITTING
        and _taken_away(last.content, content) <= SLIP
    )


def _taken_away(before: Any, after: Any) -> int:
    """Characters of `before` that are not in `after`: all but what both begin with and end with, text by text."""
    if before == after:
        return 0
    if isinstance(before, dict):
        after = after if isinstance(after, dict) else {}
        return sum(_taken_away(value, after.get(key)) for key, value in before.items())
    old, new = _as_text(before), _as_text(after)
    shortest = min(len(old), len(new))
    head = next((place for place in range(shortest) if old[place] != new[place]), shortest)
    tail = next((n for n in range(shortest - head) if old[-1 - n] != new[-1 - n]), shortest - head)
    return len(old) - head - tail


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
