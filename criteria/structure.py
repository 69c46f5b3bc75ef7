"""The tree of one edition, as plain data: edition > category > topic > item > part > field.

Everything that needs to know what is asked (pages, scoring, the importer, the report) walks
this one tree, whether it was read from the YAML folder or from the database. Pure: no Django.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

BASIC, ADVANCE, SIGNIFICANCE = "basic", "advance", "significance"
LEVELS = (BASIC, ADVANCE, SIGNIFICANCE)

PROCESS, RESULTS, PROFILE = "process", "results", "profile"
CATEGORY_KINDS = (PROCESS, RESULTS, PROFILE)

FIELD_KINDS = ("text", "number", "percent", "url", "date", "list", "table")


@dataclass(frozen=True, slots=True)
class Field:
    """One blank. `columns` and `rows` belong to kind "table"; fixed `rows` cannot be added or removed."""

    key: str
    label_th: str
    label_en: str = ""
    kind: str = "text"
    required: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What is answered, claimed and marked on its own.

    `level` is the level that counts for scoring: the part's own where the form gives one
    (3.2.2, 5.4.2), else its item's; empty outside categories 1-6. `min_fields` is how many
    fields must be filled when the part is claimed (ระบุอย่างน้อย 2 ด้าน), besides the required ones.
    """

    code: str
    prompt_th: str
    level: str
    fields: tuple[Field, ...]
    min_fields: int = 0
    level_reason: str = ""
    min_answers: int = 1
    max_answers: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """A question (ข้อ). In category 7 it is an indicator group, `required` when starred."""

    code: str
    title_th: str
    title_en: str
    parts: tuple[Part, ...]
    level: str = ""
    level_source: str = "tagged"
    level_reason: str = ""
    hint_th: str = ""
    description_th: str = ""
    required: bool = False

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


@dataclass(frozen=True)
class Edition:
    """A whole edition. `checksum` identifies the content: equal trees have equal checksums."""

    code: str
    year: int
    title_th: str
    title_en: str
    categories: tuple[Category, ...]
    series: str = "forms"
    revision: int = 1
    checksum: str = ""

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
