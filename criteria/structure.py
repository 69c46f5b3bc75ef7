"""The tree of one edition, as plain data: edition > category > topic > item > part > field.

Everything that needs to know what is asked (pages, scoring, the importer, the report) walks
this one tree, whether it was read from the YAML folder or from the database. Pure: no Django.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

BASIC, ADVANCE, SIGNIFICANCE = "basic", "advance", "significance"
LEVELS = (BASIC, ADVANCE, SIGNIFICANCE)
# Whether the forms print the level of an item, or it was concluded from its place.
LEVEL_SOURCES = TAGGED, INFERRED = "tagged", "inferred"

PROCESS, RESULTS, PROFILE = "process", "results", "profile"
CATEGORY_KINDS = (PROCESS, RESULTS, PROFILE)

FIELD_KINDS = ("text", "number", "percent", "url", "date", "list", "table")


@dataclass(frozen=True, slots=True)
class Field:
    """One blank. `columns` and `rows` belong to kind "table"; fixed `rows` cannot be added or removed.

    `heads`: the upper row of a table with two header rows, as (words, number of columns below); together they
    span all columns, and words are empty above a column that stands alone.
    """

    key: str
    label_th: str
    label_en: str = ""
    kind: str = "text"
    required: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    heads: tuple[tuple[str, int], ...] = ()

    @property
    def column_labels(self) -> tuple[str, ...]:
        """Each column with the heading above it, for whoever meets its cells one by one."""
        above = [words for words, span in self.heads for _ in range(span)] or [""] * len(self.columns)
        return tuple(
            f"{words}: {column}" if words else column
            for words, column in zip(above, self.columns, strict=True)
        )

    @property
    def head_rows(self) -> tuple[tuple["Head", ...], ...]:
        """The header cells, row by row: two rows where columns stand under a common heading."""
        if not self.heads:
            return (tuple(Head(column) for column in self.columns),)
        upper, lower, place = [], [], 0
        for words, span in self.heads:
            below = self.columns[place : place + span]
            place += span
            if words:
                upper.append(Head(words, across=span))
                lower += map(Head, below)
            else:
                upper += (Head(column, down=2) for column in below)
        return tuple(upper), tuple(lower)


@dataclass(frozen=True, slots=True)
class Head:
    """A header cell of a table that stands over `across` columns and reaches `down` rows."""

    words: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Part:
    """What is answered, claimed and marked on its own.

    `level` is the level that counts for scoring: the part's own where the form gives one
    (3.2.2, 5.4.2), else its item's; empty outside categories 1-6. `min_fields` is how many
    fields must be filled when the part is claimed (ระบุอย่างน้อย 2 ด้าน), besides the required ones.
    `number` and `compulsory` belong to old editions: the number that runs through the category, "(1)-2", and
    the mark (#) of a question that must be answered.
    """

    code: str
    prompt_th: str
    level: str
    fields: tuple[Field, ...]
    min_fields: int = 0
    level_reason: str = ""
    min_answers: int = 1
    max_answers: int = 1
    number: str = ""
    compulsory: bool = False

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.number or self.code


@dataclass(frozen=True, slots=True)
class Item:
    """A question (ข้อ). In category 7 it is an indicator group, `required` when starred.

    Old editions number their questions through the category, and put them under areas (ก, ข) of a topic.
    """

    code: str
    title_th: str
    title_en: str
    parts: tuple[Part, ...]
    level: str = ""
    level_source: str = TAGGED
    level_reason: str = ""
    hint_th: str = ""
    description_th: str = ""
    required: bool = False
    number: str = ""
    area_th: str = ""

    @property
    def shown(self) -> str:
        """What people call it: its running number in an old edition, else its code."""
        return self.number or self.code

    @property
    def has_own_part_levels(self) -> bool:
        return any(part.level != self.level for part in self.parts)


@dataclass(frozen=True, slots=True)
class Guide:
    """What stands beside the form: never asked, never scored."""

    levels: Mapping[str, str] = field(default_factory=dict)
    guidance: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    definitions: tuple[tuple[str, str], ...] = ()
    revision: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    variants: tuple[tuple[str, str], ...] = ()
    description_th: str = ""
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """`answers_required`: how many indicators the topic must have (five in category 7), else None."""

    code: str
    name_th: str
    name_en: str
    items: tuple[Item, ...]
    guide: Guide = Guide()
    answers_required: int | None = None
    short_th: str = ""

    @property
    def parts(self) -> Iterator[Part]:
        return (part for item in self.items for part in item.parts)

    def items_at(self, level: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if any(part.level == level for part in item.parts))


@dataclass(frozen=True, slots=True)
class Category:
    code: str
    kind: str
    name_th: str
    name_en: str
    topics: tuple[Topic, ...]
    intent_th: str = ""
    guide: Guide = Guide()

    @property
    def parts(self) -> Iterator[Part]:
        return (part for topic in self.topics for part in topic.parts)

    @property
    def has_levels(self) -> bool:
        """Whether its parts stand at levels: only those are claimed, with a status, and scored."""
        return any(part.level for part in self.parts)


@dataclass(frozen=True)
class Edition:
    """A whole edition. `checksum` identifies the content: equal trees have equal checksums.

    `is_old`: to be read only; no new cycle is offered it.
    """

    code: str
    year: int
    title_th: str
    title_en: str
    categories: tuple[Category, ...]
    series: str = "forms"
    revision: int = 1
    checksum: str = ""
    is_old: bool = False

    @cached_property
    def has_levels(self) -> bool:
        """Whether its questions stand at levels; without them there is nothing to score."""
        return any(category.has_levels for category in self.of_kind(PROCESS))

    def of_kind(self, kind: str) -> tuple[Category, ...]:
        return tuple(category for category in self.categories if category.kind == kind)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        return {topic.code: topic for category in self.categories for topic in category.topics}

    @cached_property
    def parts(self) -> dict[str, Part]:
        return {part.code: part for topic in self.topics.values() for part in topic.parts}

    @cached_property
    def category_of_topic(self) -> dict[str, Category]:
        return {topic.code: category for category in self.categories for topic in category.topics}

    @cached_property
    def place_of_part(self) -> dict[str, tuple[Category, Topic, Item]]:
        return {
            part.code: (category, topic, item)
            for category in self.categories
            for topic in category.topics
            for item in topic.items
            for part in item.parts
        }

    @cached_property
    def place_of_item(self) -> dict[str, tuple[Category, Topic, Item]]:
        return {place[2].code: place for place in self.place_of_part.values()}

    @cached_property
    def process_parts(self) -> tuple[Part, ...]:
        """The parts of Form 3 (categories 1-6), in form order."""
        return tuple(part for category in self.of_kind(PROCESS) for part in category.parts)

    @cached_property
    def profile_parts(self) -> tuple[Part, ...]:
        return tuple(part for category in self.of_kind(PROFILE) for part in category.parts)

    @cached_property
    def groups(self) -> tuple[Part, ...]:
        """The indicator groups of Form 4 (category 7), in form order."""
        return tuple(part for category in self.of_kind(RESULTS) for part in category.parts)
