"""What of the criteria a dashboard is about: everything, a category, a topic, an item or group of indicators; a level.

Pure: from the address and the tree of the edition. Categories and topics have scores, an item of Form 3 has parts that
passed, a group of category 7 has indicators. A level narrows the parts of Form 3.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from criteria.structure import LEVELS, PROCESS, PROFILE, RESULTS, Category, Edition, Item, Part, Topic

NAMES = ("category", "topic", "item", "level")


@dataclass(frozen=True)
class Subject:
    """The finest that is chosen has all above it; `level` only where parts of Form 3 are meant."""

    tree: Edition
    category: Category | None = None
    topic: Topic | None = None
    item: Item | None = None
    level: str = ""

    @property
    def scored(self) -> Category | Topic | None:
        """What has a score of its own; None is the total."""
        return self.topic or self.category

    @property
    def finest(self) -> Category | Topic | Item | None:
        return self.item or self.topic or self.category

    @property
    def is_of_results(self) -> bool:
        return self.category is not None and self.category.kind == RESULTS

    @property
    def chosen(self) -> dict[str, str]:
        """As in the address; a category that its topic names already is left in, so that the form shows it."""
        values = {
            "category": self.category and self.category.code,
            "topic": self.topic and self.topic.code,
            "item": self.item and self.item.code,
            "level": self.level,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def categories(self) -> tuple[Category, ...]:
        """The chosen one, else all that are scored."""
        return (self.category,) if self.category else scored_categories(self.tree)

    def topics(self, *kinds: str) -> list[Topic]:
        """The chosen topic, else those of the chosen category, else all, in form order."""
        found = (category for category in self.categories if category.kind in kinds)
        return [topic for category in found for topic in category.topics if self.topic in (None, topic)]

    def items(self, *kinds: str) -> list[Item]:
        return [item for topic in self.topics(*kinds) for item in topic.items if self.item in (None, item)]

    def parts_of(self, item: Item) -> tuple[Part, ...]:
        """Those of the chosen level."""
        return tuple(part for part in item.parts if self.level in ("", part.level))

    @property
    def parts(self) -> Iterator[Part]:
        """The parts of Form 3 that are meant."""
        return (part for item in self.items(PROCESS) for part in self.parts_of(item))

    @property
    def levels(self) -> tuple[str, ...]:
        return (self.level,) if self.level else LEVELS


def scored_categories(tree: Edition) -> tuple[Category, ...]:
    return tuple(category for category in tree.categories if category.kind != PROFILE)


def subject_of(tree: Edition, data: Mapping[str, str]) -> Subject:
    """What the address names. What means nothing, or is not within what is chosen above it, is left out."""
    categories = {category.code: category for category in scored_categories(tree)}
    category = categories.get(data.get("category", ""))
    topic = tree.topics.get(data.get("topic", ""))
    if topic is not None and not _is_within(tree.category_of_topic[topic.code], category, categories):
        topic = None
    found = tree.place_of_item.get(data.get("item", ""))
    item = None
    if found is not None and _is_within(found[0], category, categories) and topic in (None, found[1]):
        _category, topic, item = found
    if topic is not None:
        category = tree.category_of_topic[topic.code]
    level = data.get("level", "")
    if level not in LEVELS or (category is not None and category.kind == RESULTS):
        level = ""
    if item is not None and not any(part.level == level for part in item.parts):
        level = ""
    return Subject(tree, category, topic, item, level)


def _is_within(around: Category, category: Category | None, scored: Mapping[str, Category]) -> bool:
    return around.code in scored and category in (None, around)
