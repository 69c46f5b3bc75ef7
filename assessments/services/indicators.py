"""Adding, saving and removing the indicators of category 7."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Answer, AnswerRevision, Assessment, Indicator, PrintImport
from assessments.services.answers import open_for_writing
from assessments.services.history import Before, remember
from criteria.catalogue import edition_tree, part_ids
from criteria.fields import plain_number
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.versioning import swap

FIGURES = (
    "name",
    "unit",
    "direction",
    "target",
    "result_1",
    "result_2",
    "result_3",
    "target_basis",
    "peer_name",
    "peer_result",
)


@transaction.atomic
def add_indicator(assessment: Assessment, group: str, *, by: User) -> Indicator:
    """An empty indicator in the group (part code "7.1.1").

    Raises Refused when the group has its three or the topic its five (Form 4), and as `open_for_writing`.
    """
    tree = edition_tree(assessment.cycle.edition)
    category, topic, _item = tree.place_of_part[group]
    locked = open_for_writing(assessment, category.code, by=by, part=group)
    part = tree.parts[group]
    codes = [other.code for other in topic.parts]
    answers = locked.answers.filter(part__code__in=codes)
    present = list(answers.present().values_list("part__code", flat=True))
    if present.count(group) >= part.max_answers:
        raise Refused(_("กลุ่มนี้มีตัวชี้วัดครบ %(n)d ตัวแล้ว") % {"n": part.max_answers}, code="group_over")
    if topic.answers_required is not None and len(present) >= topic.answers_required:
        raise Refused(
            _("หัวข้อนี้มีตัวชี้วัดครบ %(n)d ตัวแล้ว ลบตัวอื่นก่อนจึงเพิ่มได้") % {"n": topic.answers_required},
            code="topic_over",
        )
    ordinal = (answers.filter(part__code=group).aggregate(Max("ordinal"))["ordinal__max"] or 0) + 1
    answer = Answer.objects.create(
        assessment=locked,
        part_id=part_ids(locked.cycle.edition)[group],
        ordinal=ordinal,
        updated_at=timezone.now(),
        updated_by=by,
    )
    return Indicator.objects.create(answer=answer)


@transaction.atomic
def save_indicator(
    answer: Answer,
    *,
    version: int,
    category: str,
    by: User,
    restored_from: AnswerRevision | None = None,
    imported: PrintImport | None = None,
    **figures: Any,
) -> Answer:
    """Store all figures of one indicator (FIGURES; None is "no data"); `imported` as in `save_answer`.

    `restored_from` is the old version that held them, if one did: then one that was removed comes back with them.
    Raises Conflict when `version` is not the stored one, and as `open_for_writing`.
    """
    open_for_writing(answer.assessment, category, by=by, part=answer.part.code)
    removed_at = answer.removed_at if restored_from is None else None
    stored = {name: getattr(answer.indicator, name) for name in FIGURES}
    is_same = answer.version == version and stored == figures and answer.removed_at == removed_at
    if is_same and not answer.carried_over:
        return answer
    before = Before(answer, content_of(answer))
    saved = swap(
        answer,
        version,
        removed_at=removed_at,
        carried_over=imported is not None,
        updated_at=timezone.now(),
        updated_by=by,
    )
    Indicator.objects.filter(pk=answer.pk).update(**figures)
    content = {"indicator": as_json(figures)}
    remember(saved, content, by=by, before=before, restored_from=restored_from, imported=imported)
    return saved


@transaction.atomic
def remove_indicator(answer: Answer, *, version: int, category: str, by: User) -> Answer:
    """Take an indicator out of the form; its row stays, so that `restore_indicator` brings it back."""
    open_for_writing(answer.assessment, category, by=by, part=answer.part.code)
    return _turn(answer, version, timezone.now(), by=by)


@transaction.atomic
def restore_indicator(answer: Answer, *, version: int, category: str, by: User) -> Answer:
    """Undo a removal. More than three in a group is shown as a gap, not refused: nothing typed is held back."""
    open_for_writing(answer.assessment, category, by=by, part=answer.part.code)
    return _turn(answer, version, None, by=by)


def _turn(answer: Answer, version: int, removed_at: datetime | None, *, by: User) -> Answer:
    before = Before(answer, content_of(answer))
    saved = swap(answer, version, removed_at=removed_at, updated_at=timezone.now(), updated_by=by)
    remember(saved, content_of(saved), by=by, before=before)
    return saved


def content_of(answer: Answer) -> dict[str, Any]:
    """An indicator as the history keeps it."""
    content: dict[str, Any] = {
        "indicator": as_json({name: getattr(answer.indicator, name) for name in FIGURES})
    }
    return content | {"removed": True} if answer.removed_at else content


def as_json(figures: dict[str, Any]) -> dict[str, Any]:
    return {
        name: plain_number(value) if isinstance(value, Decimal) else value for name, value in figures.items()
    }
