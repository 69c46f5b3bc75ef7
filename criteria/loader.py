"""Puts an edition's tree into the database. A published edition is frozen: a difference is shown, never written."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from criteria import models
from criteria.catalogue import build_tree
from criteria.structure import Edition
from pmqa.accounts import log


@dataclass(frozen=True)
class Plan:
    """What loading `edition` would do. `changes` are lines "place: before -> after" against what is stored."""

    edition: Edition
    is_new: bool
    is_frozen: bool
    changes: tuple[str, ...]

    @property
    def writes(self) -> bool:
        return self.is_new or (bool(self.changes) and not self.is_frozen)


def _flat(node: Any, place: str = "") -> dict[str, Any]:
    """Every leaf of a tree under a readable place; lists of coded nodes are known by their codes."""
    if isinstance(node, dict):
        pairs = node.items()
    elif isinstance(node, list | tuple):
        pairs = ((_name(entry, index), entry) for index, entry in enumerate(node))
    else:
        return {place: node}
    leaves: dict[str, Any] = {}
    for key, value in pairs:
        leaves |= _flat(value, f"{place}/{key}" if place else str(key))
    return leaves


def _name(entry: Any, index: int) -> str:
    if isinstance(entry, dict):
        return str(entry.get("code") or entry.get("key") or index)
    return str(index)


def plan(edition: Edition) -> Plan:
    """Compare `edition` with what is stored under its code."""
    stored = models.Edition.objects.filter(code=edition.code).first()
    if stored is None:
        return Plan(edition, is_new=True, is_frozen=False, changes=())
    frozen = stored.status != models.Edition.Status.DRAFT
    if stored.checksum == edition.checksum:
        return Plan(edition, is_new=False, is_frozen=frozen, changes=())
    before, after = _flat(asdict(build_tree(stored))), _flat(asdict(edition))
    changes = [
        f"{place}: {before.get(place)!r} -> {after.get(place)!r}"
        for place in sorted(before.keys() | after.keys())
        if place != "checksum" and before.get(place) != after.get(place)
    ]
    return Plan(edition, is_new=False, is_frozen=frozen, changes=tuple(changes))


@transaction.atomic
def write(planned: Plan, *, publish: bool = True, by: Any = None) -> models.Edition:
    """Carry the plan out, all or nothing. A draft is replaced whole; nothing can point at a draft yet.

    Raises ValueError when the plan would change a published edition.
    """
    edition = planned.edition
    if not planned.writes:
        if planned.changes:
            raise ValueError(f"{edition.code} is published and never changes")
        return models.Edition.objects.get(code=edition.code)
    models.Part.objects.filter(item__topic__category__edition__code=edition.code).delete()
    models.Item.objects.filter(topic__category__edition__code=edition.code).delete()
    models.Topic.objects.filter(category__edition__code=edition.code).delete()
    models.Category.objects.filter(edition__code=edition.code).delete()
    standing = models.Edition.Status.RETIRED if edition.is_old else models.Edition.Status.PUBLISHED
    status = standing if publish else models.Edition.Status.DRAFT
    row, _ = models.Edition.objects.update_or_create(
        code=edition.code,
        defaults={
            "series": edition.series,
            "year": edition.year,
            "revision": edition.revision,
            "title_th": edition.title_th,
            "title_en": edition.title_en,
            "checksum": edition.checksum,
            "status": status,
            "published_at": timezone.now() if publish else None,
        },
    )
    _write_tree(row, edition)
    log.record("criteria.loaded", row, by=by, checksum=edition.checksum)
    return row


def _write_tree(row: models.Edition, edition: Edition) -> None:
    """Five inserts, one a level; the order of the tree is the order of the rows."""
    categories = models.Category.objects.bulk_create(
        models.Category(
            edition=row,
            code=category.code,
            kind=category.kind,
            name_th=category.name_th,
            name_en=category.name_en,
            intent_th=category.intent_th,
            guide=asdict(category.guide),
            order=order,
        )
        for order, category in enumerate(edition.categories)
    )
    topic_trees = [
        (parent, order, topic)
        for parent, category in zip(categories, edition.categories, strict=True)
        for order, topic in enumerate(category.topics)
    ]
    topics = models.Topic.objects.bulk_create(
        models.Topic(
            category=parent,
            code=topic.code,
            name_th=topic.name_th,
            name_en=topic.name_en,
            short_th=topic.short_th,
            guide=asdict(topic.guide),
            answers_required=topic.answers_required,
            order=order,
        )
        for parent, order, topic in topic_trees
    )
    item_trees = [
        (parent, order, item)
        for parent, (_, _, topic) in zip(topics, topic_trees, strict=True)
        for order, item in enumerate(topic.items)
    ]
    items = models.Item.objects.bulk_create(
        models.Item(
            topic=parent,
            code=item.code,
            title_th=item.title_th,
            title_en=item.title_en,
            level=item.level,
            level_source=item.level_source,
            level_reason=item.level_reason,
            hint_th=item.hint_th,
            description_th=item.description_th,
            required=item.required,
            number=item.number,
            area_th=item.area_th,
            order=order,
        )
        for parent, order, item in item_trees
    )
    models.Part.objects.bulk_create(
        models.Part(
            item=parent,
            code=part.code,
            prompt_th=part.prompt_th,
            level=part.level,
            level_reason=part.level_reason,
            fields=[asdict(field) for field in part.fields],
            min_fields=part.min_fields,
            min_answers=part.min_answers,
            max_answers=part.max_answers,
            number=part.number,
            compulsory=part.compulsory,
            order=order,
        )
        for parent, (_, _, item) in zip(items, item_trees, strict=True)
        for order, part in enumerate(item.parts)
    )
