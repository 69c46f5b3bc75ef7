"""Giving a reason for leaving a finding as it is, and taking it back."""

from django.db import transaction
from django.utils import timezone

from assessments.models import Answer, FindingReply
from assessments.services.answers import open_for_writing
from pmqa.accounts import log
from pmqa.accounts.models import User


@transaction.atomic
def reply(answer: Answer, *, key: str, reason: str, category: str, by: User) -> None:
    """Store why the finding `key` of an answer stays as it is; an empty reason takes the reply back.

    Raises as `open_for_writing`. The finding itself is never stored: it is found again from what is written.
    """
    assessment = open_for_writing(answer.assessment, category, by=by, part=answer.part.code)
    if reason:
        FindingReply.objects.update_or_create(
            answer=answer, key=key, defaults={"reason": reason, "by": by, "at": timezone.now()}
        )
    else:
        FindingReply.objects.filter(answer=answer, key=key).delete()
    log.record(
        "assessment.finding_replied",
        assessment,
        by=by,
        agency=assessment.agency,
        part=answer.part.code,
        finding=key.partition(":")[0],
        given=bool(reason),
    )
