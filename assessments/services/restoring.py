"""Bringing an old version of an answer back. It becomes a new one; nothing of the history goes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.models import Answer, AnswerRevision, Claim, Indicator
from assessments.services.answers import open_for_writing
from assessments.services.history import Before, remember
from assessments.services.indicators import as_json, content_of
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.versioning import swap


@transaction.atomic
def restore_answer(
    answer: Answer,
    revision: AnswerRevision,
    *,
    version: int,
    claim: str,
    values: Mapping[str, Any],
    category: str,
    by: User,
) -> Answer:
    """Store what `revision` held, as the form has cleaned it.

    Raises Conflict when `version` is not the stored one, and as `open_for_writing`. What is stored already
    makes no new version.
    """
    open_for_writing(answer.assessment, category, by=by, part=answer.part.code)
    if claim not in ("", *Claim.values):
        raise ValueError(f"unknown claim {claim!r}")
    content = {"claim": claim, "values": dict(values)}
    before = Before(answer, {"claim": answer.claim, "values": answer.values})
    if answer.version == version and before.content == content:
        return answer
    saved = swap(answer, version, **content, carried_over=False, updated_at=timezone.now(), updated_by=by)
    _conclude(saved, content, revision, before, by=by)
    return saved


@transaction.atomic
def restore_figures(
    answer: Answer,
    revision: AnswerRevision,
    *,
    version: int,
    figures: Mapping[str, Any],
    category: str,
    by: User,
) -> Answer:
    """The same for an indicator. One that was removed comes back into the form with its figures."""
    open_for_writing(answer.assessment, category, by=by, part=answer.part.code)
    content = {"indicator": as_json(dict(figures))}
    before = Before(answer, content_of(answer))
    if answer.version == version and before.content == content:
        return answer
    saved = swap(
        answer, version, removed_at=None, carried_over=False, updated_at=timezone.now(), updated_by=by
    )
    Indicator.objects.filter(pk=answer.pk).update(**figures)
    _conclude(saved, content, revision, before, by=by)
    return saved


def _conclude(
    saved: Answer, content: dict[str, Any], revision: AnswerRevision, before: Before, *, by: User
) -> None:
    remember(saved, content, by=by, before=before, restored_from=revision)
    log.record(
        "answer.restored",
        saved,
        by=by,
        agency=saved.assessment.agency,
        revision=revision.pk,
        version=saved.version,
    )
