"""The road map of an edition: eight dimensions by three levels, to be read; never asked, never scored. Pure: no Django.

`roadmap.yaml` stands beside the edition and is no part of its checksum, so OPDC may replace its texts while the
criteria stay frozen. A cell names the items it rests on; in category 7, where groups have no level, a topic stands for
all its groups.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from criteria.reader import CriteriaErrors, Reader, load_yaml
from criteria.structure import LEVELS, PROCESS, RESULTS, Edition, Item, Topic

FILE = "roadmap.yaml"


class Asked(NamedTuple):
    """An item with its topic."""

    topic: Topic
    item: Item


@dataclass(frozen=True, slots=True)
class Cell:
    """One dimension at one level. `asked` are the items of categories 1-6, `topics` those of category 7."""

    level: str
    text_th: str
    text_en: str
    asked: tuple[Asked, ...]
    topics: tuple[Topic, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return (*(place.item.code for place in self.asked), *(topic.code for topic in self.topics))


@dataclass(frozen=True, slots=True)
class Dimension:
    """`cells` in the order of the levels; `key` is its place in addresses."""

    key: str
    name_th: str
    name_en: str
    about_th: str
    about_en: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """`note_th` says where the texts come from."""

    note_th: str
    note_en: str
    dimensions: tuple[Dimension, ...]

    @property
    def by_key(self) -> Mapping[str, Dimension]:
        return {dimension.key: dimension for dimension in self.dimensions}

    @property
    def covered(self) -> frozenset[tuple[str, str]]:
        """(code, level) of everything that some cell rests on."""
        return frozenset(
            (code, cell.level)
            for dimension in self.dimensions
            for cell in dimension.cells
            for code in cell.codes
        )


def read_roadmap(folder: Path, edition: Edition) -> Roadmap | None:
    """The road map beside `edition`; None where the folder has none. Raises CriteriaErrors with every fault."""
    path = folder / FILE
    if not path.exists():
        return None
    reader = Reader()
    node = load_yaml(path, reader).get("roadmap")
    if not isinstance(node, dict):
        raise CriteriaErrors([*reader.errors, f"{FILE}: file: has no roadmap"])
    roadmap = Roadmap(
        note_th=reader.text(node, "note_th", "roadmap"),
        note_en=reader.text(node, "note_en", "roadmap"),
        dimensions=tuple(
            _dimension(reader, entry, edition) for entry in reader.nodes(node, "dimensions", "roadmap")
        ),
    )
    for key, count in Counter(dimension.key for dimension in roadmap.dimensions).items():
        if count > 1:
            reader.fault(key, f"key is used {count} times")
    for code, level in _asked(edition):
        if (code, level) not in roadmap.covered:
            reader.fault(code, f"no cell at level {level} rests on it")
    if reader.errors:
        raise CriteriaErrors(reader.errors)
    return roadmap


def _asked(edition: Edition) -> Iterator[tuple[str, str]]:
    """(code, level) of all that a road map must lead to."""
    for category in edition.of_kind(PROCESS):
        for topic in category.topics:
            yield from ((item.code, level) for level in LEVELS for item in topic.items_at(level))
    for category in edition.of_kind(RESULTS):
        yield from ((topic.code, level) for level in LEVELS for topic in category.topics)


def _dimension(reader: Reader, node: dict, edition: Edition) -> Dimension:
    key = reader.text(node, "key", "dimension")
    if not (key.isascii() and key.isalpha() and key.islower()):
        reader.fault(key, "key must be small Latin letters")
    names = {name: reader.text(node, name, key) for name in ("name_th", "name_en", "about_th", "about_en")}
    return Dimension(key, cells=tuple(_cell(reader, node, key, level, edition) for level in LEVELS), **names)


def _cell(reader: Reader, dimension: dict, key: str, level: str, edition: Edition) -> Cell:
    place, node = f"{key}/{level}", dimension.get(level)
    if not isinstance(node, dict):
        reader.fault(place, "is missing")
        node = {}
    asked, topics = [], []
    for code in codes_of(reader, node.get("items"), place):
        found = edition.place_of_item.get(code)
        topic = edition.topics.get(code)
        if topic and edition.category_of_topic[code].kind == RESULTS:
            topics.append(topic)
        elif not found or found[0].kind != PROCESS:
            reader.fault(place, f"{code} is neither an item of categories 1-6 nor a topic of category 7")
        elif found[2] not in found[1].items_at(level):
            reader.fault(place, f"{code} asks nothing at level {level}")
        else:
            asked.append(Asked(found[1], found[2]))
    texts = {name: reader.text(node, name, place) for name in ("text_th", "text_en")}
    return Cell(level, asked=tuple(asked), topics=tuple(topics), **texts)


def codes_of(reader: Reader, listed: Any, place: str) -> tuple[str, ...]:
    """What a cell or a point rests on, as it is written; its faults are noted."""
    if not isinstance(listed, list) or not listed or not all(isinstance(code, str) for code in listed):
        reader.fault(place, "items must be a list of codes in quotes")
        return ()
    if len(set(listed)) != len(listed):
        reader.fault(place, "items has a code twice")
    return tuple(listed)
