"""One mark for several parts of an item."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Answer
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused
from reviews.models import Verdict
from reviews.services.marking import save_verdict


@dataclass
class Applied:
    """The marks that were changed, and the answers that were left as they are because they are newer."""

    changed: list[Verdict] = field(default_factory=list)
    stale: list[Answer] = field(default_factory=list)


@transaction.atomic
def use_for_siblings(answer: Answer, *, chosen: Mapping[int, int], by: User) -> Applied:
    """Give the stored outcome and comment of `answer` to others of its item, to be undone in one press.

    `chosen` is the key of an answer -> the version of its mark on the screen. What else a sibling's mark holds
    stays; one that has moved on stays entirely. Raises Refused with code "unmarked" while there is nothing to
    give, PermissionDenied for an answer outside the item, and as `save_verdict`; then nothing is changed.
    """
    source = Verdict.objects.filter(answer=answer, assignment__reviewer=by).first()
    if source is None or not source.outcome:
        raise Refused(_("ลงผลส่วนนี้และบันทึกก่อน แล้วจึงใช้กับส่วนอื่น"), code="unmarked")
    siblings = (
        Answer.objects.present()
        .filter(assessment=answer.assessment_id, part__item=answer.part.item_id, pk__in=chosen)
        .exclude(pk=answer.pk)
        .select_related("assessment", "part")
    )
    found = list(siblings.order_by("part_id", "ordinal"))
    if len(found) != len(chosen):
        raise PermissionDenied(_("เลือกได้เฉพาะส่วนของข้อเดียวกัน"))
    own = {
        row.answer_id: row
        for row in Verdict.objects.filter(answer__in=found, assignment=source.assignment_id)
    }
    applied, turn = Applied(), uuid4()
    for sibling in found:
        stored = own.get(sibling.pk) or Verdict()
        try:
            saved = save_verdict(
                sibling,
                version=chosen[sibling.pk],
                judged_version=sibling.version,
                outcome=source.outcome,
                comment=source.comment,
                internal_note=stored.internal_note,
                ground=source.ground,
                reason=source.reason,
                turn=turn,
                by=by,
            )
        except Conflict:
            applied.stale.append(sibling)
        else:
            applied.changed.append(saved)
    return applied
