"""Bringing an old version of an answer back. It becomes a new one; nothing of the history goes."""

from typing import Any

from django.db import transaction

from assessments.models import Answer, AnswerRevision
from assessments.services.answers import save_answer
from assessments.services.indicators import save_indicator
from pmqa.accounts import log
from pmqa.accounts.models import User


@transaction.atomic
def restore_version(answer: Answer, revision: AnswerRevision, *, by: User, **content: Any) -> Answer:
    """Store what `revision` held, as the form has cleaned it: an ordinary save that the log knows as what it is.

    `content` is that of `save_answer`, or of `save_indicator` for an indicator, which comes back into the form where
    it was removed. Raises as they do; what is stored already makes no new version.
    """
    save = save_indicator if hasattr(answer, "indicator") else save_answer
    saved = save(answer, by=by, restored_from=revision, **content)
    if saved.version != answer.version:
        log.record(
            "answer.restored",
            saved,
            by=by,
            agency=saved.assessment.agency,
            revision=revision.pk,
            version=saved.version,
        )
    return saved
