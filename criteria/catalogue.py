"""From stored rows back to the tree of `structure`. A published edition never changes, so it is kept in memory."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404

from criteria import application_report, models
from criteria.application_report import Criteria
from criteria.pillars import Pillars, read_pillars
from criteria.roadmap import Roadmap, read_roadmap
from criteria.structure import Category, Edition, Field, Guide, Item, Part, Topic


@dataclass(frozen=True)
class _Published:
    """A published edition is the same as another of its key and content; `row` is what it is read from."""

    pk: int
    checksum: str
    row: models.Edition = field(compare=False, repr=False)


def edition_tree(edition: models.Edition) -> Edition:
    """The tree of `edition`; costs no query once this process has read a published edition."""
    if edition.status == models.Edition.Status.DRAFT:
        return build_tree(edition)
    return published_tree(_Published(edition.pk, edition.checksum, edition))


@lru_cache(maxsize=8)
def published_tree(published: _Published) -> Edition:
    return build_tree(published.row)


def roadmap_of(edition: models.Edition) -> Roadmap | None:
    """The road map beside a published edition; None where it has none. Read once in a process, so that an edited file
    counts from the next start on."""
    return _roadmap(_Published(edition.pk, edition.checksum, edition))


@lru_cache(maxsize=8)
def _roadmap(published: _Published) -> Roadmap | None:
    tree = edition_tree(published.row)
    return read_roadmap(_folder(tree), tree)


def pillars_of(edition: models.Edition) -> Pillars | None:
    """The pillars beside a published edition; None where it has none. Read as the road map is."""
    return _pillars(_Published(edition.pk, edition.checksum, edition))


@lru_cache(maxsize=8)
def _pillars(published: _Published) -> Pillars | None:
    tree = edition_tree(published.row)
    return read_pillars(_folder(tree), tree, _roadmap(published))


def _folder(tree: Edition) -> Path:
    return settings.BASE_DIR / "fixtures" / "criteria" / tree.code


@lru_cache(maxsize=1)
def application_criteria() -> Criteria:
    """What the Application Report of stage 2 is asked today. Read once in a process. Raises CriteriaErrors."""
    return application_report.read_criteria(
        settings.BASE_DIR / "fixtures" / "criteria" / application_report.FILE
    )


def frozen_tree(code: str, checksum: str) -> Edition | None:
    """The tree of the published edition that a frozen sheet names; None where it is not stored any more."""
    try:
        return _frozen_tree(code, checksum)
    except models.Edition.DoesNotExist:
        return None


@lru_cache(maxsize=8)
def _frozen_tree(code: str, checksum: str) -> Edition:
    published = models.Edition.objects.exclude(status=models.Edition.Status.DRAFT)
    return edition_tree(published.get(code=code, checksum=checksum))


def part_ids(edition: models.Edition) -> dict[str, int]:
    """Part code -> primary key."""
    rows = models.Part.objects.filter(item__topic__category__edition=edition)
    return dict(rows.values_list("code", "pk"))


def topic_or_404(edition: models.Edition, code: str) -> Topic:
    """The topic of this code; 404 when the edition has none."""
    topic = edition_tree(edition).topics.get(code)
    if topic is None:
        raise Http404
    return topic


def _guide(stored: dict) -> Guide:
    return Guide(
        levels=stored["levels"],
        guidance={level: tuple(lines) for level, lines in stored["guidance"].items()},
        definitions=tuple(tuple(pair) for pair in stored["definitions"]),
        revision={level: tuple(lines) for level, lines in stored["revision"].items()},
        examples=tuple(stored["examples"]),
        variants=tuple(tuple(pair) for pair in stored["variants"]),
        description_th=stored["description_th"],
        advice=tuple(stored["advice"]),
    )


def _field(stored: dict) -> Field:
    lists = {"columns": tuple(stored["columns"]), "rows": tuple(stored["rows"])}
    # Editions that were stored before tables had two header rows say nothing of them.
    return Field(**stored | lists | {"heads": tuple(tuple(pair) for pair in stored.get("heads", ()))})


def _part(row: models.Part) -> Part:
    return Part(
        code=row.code,
        prompt_th=row.prompt_th,
        level=row.level,
        fields=tuple(_field(stored) for stored in row.fields),
        min_fields=row.min_fields,
        level_reason=row.level_reason,
        min_answers=row.min_answers,
        max_answers=row.max_answers,
        number=row.number,
        compulsory=row.compulsory,
    )


def _item(row: models.Item) -> Item:
    return Item(
        code=row.code,
        title_th=row.title_th,
        title_en=row.title_en,
        parts=tuple(_part(part) for part in row.parts.all()),
        level=row.level,
        level_source=row.level_source,
        level_reason=row.level_reason,
        hint_th=row.hint_th,
        description_th=row.description_th,
        required=row.required,
        number=row.number,
        area_th=row.area_th,
    )


def _topic(row: models.Topic) -> Topic:
    return Topic(
        code=row.code,
        name_th=row.name_th,
        name_en=row.name_en,
        items=tuple(_item(item) for item in row.items.all()),
        guide=_guide(row.guide),
        answers_required=row.answers_required,
        short_th=row.short_th,
    )


def build_tree(edition: models.Edition) -> Edition:
    """Read the whole edition in four queries."""
    rows = edition.categories.prefetch_related("topics__items__parts")
    categories = tuple(
        Category(
            code=row.code,
            kind=row.kind,
            name_th=row.name_th,
            name_en=row.name_en,
            topics=tuple(_topic(topic) for topic in row.topics.all()),
            intent_th=row.intent_th,
            guide=_guide(row.guide),
        )
        for row in rows
    )
    return Edition(
        code=edition.code,
        year=edition.year,
        title_th=edition.title_th,
        title_en=edition.title_en,
        categories=categories,
        series=edition.series,
        revision=edition.revision,
        checksum=edition.checksum,
        is_old=edition.status == models.Edition.Status.RETIRED,
    )
