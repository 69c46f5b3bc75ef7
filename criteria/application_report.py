"""What the Application Report of stage 2 is asked: the criteria of 2562 as far as they are known. Pure: no Django.

`application-report-2562.yaml` stands beside the editions and is none: nothing of it is scored here. An invitation
keeps the checked document of its day (`Criteria.document`), so OPDC may edit the file while reports are written.
Sources: the award's guide of stage 2 (items, areas and points of categories 1-3; ADLI with its fifteen elements;
which results a category leads to; bands 3 and 4 with the comparison that they ask of 7.1 and 7.2).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from criteria.reader import CriteriaErrors, Reader, load_yaml

FILE = "application-report-2562.yaml"
# The key of the one question of a category whose official questions are not known.
OVERALL = "overall"
_ITEM = re.compile(r"[1-6]\.[1-9]")
_TOPIC = re.compile(r"7\.[1-9]")
_CODE = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Point:
    """One numbered question of an area; `key` is its number, or OVERALL."""

    key: str
    text_th: str


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name_th: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item with its areas; of a category without known questions the category itself with one point."""

    code: str
    name_th: str
    question_th: str
    areas: tuple[Area, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for area in self.areas for point in area.points)


@dataclass(frozen=True, slots=True)
class ResultLink:
    """Results that a category leads to, as indicators of Form 4: a topic, of which `groups`, or all where empty.

    `link` is what the guide calls them; empty where the guide names none and the pairing is the product's own.
    """

    topic: str
    groups: tuple[int, ...]
    link: str

    def covers(self, topic: str, group: int) -> bool:
        return topic == self.topic and (not self.groups or group in self.groups)


@dataclass(frozen=True, slots=True)
class AskedCategory:
    code: str
    name_th: str
    name_en: str
    items: tuple[AskedItem, ...]
    results: tuple[ResultLink, ...]
    is_overall: bool


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of Approach, Deployment, Learning, Integration, with the elements of evidence that it looks for."""

    key: str
    name_th: str
    name_en: str
    question_th: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    number: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Criteria:
    """`comparison`: topics of results that need a comparison from the first of `bands` on. `document` is the file."""

    code: str
    name_th: str
    name_en: str
    note_th: str
    note_en: str
    scale: int
    bands: tuple[Band, ...]
    comparison: tuple[str, ...]
    adli: tuple[Dimension, ...]
    categories: tuple[AskedCategory, ...]
    document: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def by_code(self) -> Mapping[str, AskedCategory]:
        return {category.code: category for category in self.categories}


def read_criteria(path: Path) -> Criteria:
    """The file. Raises CriteriaErrors with every fault."""
    reader = Reader()
    node = load_yaml(path, reader).get("application_report")
    if not isinstance(node, dict):
        raise CriteriaErrors([*reader.errors, f"{path.name}: file: has no application_report"])
    return read_document(node, reader)


def read_document(node: dict[str, Any], reader: Reader | None = None) -> Criteria:
    """The same of the document alone, as an invitation keeps it."""
    reader = reader or Reader()
    criteria = Criteria(
        code=_code(reader, node),
        **{name: reader.text(node, name, "file") for name in ("name_th", "name_en", "note_th", "note_en")},
        scale=_number(reader, node.get("scale"), "file", "scale"),
        bands=tuple(_bands(reader, node)),
        comparison=_topics(reader, node.get("comparison"), "file"),
        adli=tuple(_dimension(reader, entry) for entry in reader.nodes(node, "adli", "file")),
        categories=tuple(_category(reader, entry) for entry in reader.nodes(node, "categories", "file")),
        document=node,
    )
    _fault_doubles(reader, criteria)
    if reader.errors:
        raise CriteriaErrors(reader.errors)
    return criteria


def _fault_doubles(reader: Reader, criteria: Criteria) -> None:
    items = [item for category in criteria.categories for item in category.items]
    lists = {
        "category": [category.code for category in criteria.categories],
        "item": [item.code for item in items],
        "dimension": [dimension.key for dimension in criteria.adli],
        **{f"point of {item.code}": [point.key for point in item.points] for item in items},
    }
    for what, keys in lists.items():
        for key, count in Counter(keys).items():
            if key and count > 1:
                reader.fault(key, f"{what} stands {count} times")


def _code(reader: Reader, node: dict) -> str:
    code = reader.text(node, "code", "file")
    if code and not _CODE.fullmatch(code):
        reader.fault("file", "code must be small Latin letters, digits and dashes")
    return code


def _number(reader: Reader, value: Any, place: str, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10_000:
        reader.fault(place, f"{key} must be a whole number from 1 to 10000, not {value!r}")
        return 0
    return value


def _bands(reader: Reader, node: dict) -> Iterator[Band]:
    below = 0
    for entry in reader.nodes(node, "bands", "file"):
        figures = [_number(reader, entry.get(key), "bands", key) for key in ("number", "min", "max")]
        band = Band(*figures)
        if all(figures) and not below < band.least < band.most:
            reader.fault(
                "bands", f"band {band.number} must begin above the one before and end above its beginning"
            )
        below = band.most
        yield band


def _topics(reader: Reader, listed: Any, place: str) -> tuple[str, ...]:
    if not isinstance(listed, list) or not all(
        isinstance(code, str) and _TOPIC.fullmatch(code) for code in listed
    ):
        reader.fault(place, "comparison must be a list of topics of category 7 in quotes")
        return ()
    return tuple(listed)


def _dimension(reader: Reader, node: dict) -> Dimension:
    key = reader.text(node, "key", "adli")
    if not (key.isascii() and key.isalpha() and key.islower()):
        reader.fault("adli", f"key must be small Latin letters, not {key!r}")
    listed = node.get("elements")
    if not isinstance(listed, list) or not listed:
        reader.fault(key, "elements must be a list that is not empty")
        listed = []
    elements = [reader.text({"element": entry}, "element", key) for entry in listed]
    names = {name: reader.text(node, name, key) for name in ("name_th", "name_en", "question_th")}
    return Dimension(key, elements=tuple(elements), **names)


def _category(reader: Reader, node: dict) -> AskedCategory:
    code = reader.text(node, "code", "category")
    if code not in tuple("123456"):
        reader.fault(code or "category", "code must be one of categories 1-6, in quotes")
    names = {name: reader.text(node, name, code) for name in ("name_th", "name_en")}
    overall = reader.text(node, "overall_th", code, required=False)
    if bool(overall) == ("items" in node):
        reader.fault(code, "has either items or overall_th")
    if overall:
        areas = (Area("", "", (Point(OVERALL, overall),)),)
        items = (AskedItem(code, names["name_th"], "", areas),)
    else:
        items = tuple(_item(reader, entry, code) for entry in reader.nodes(node, "items", code))
    links = tuple(_link(reader, entry, code) for entry in reader.nodes(node, "results", code))
    return AskedCategory(code, items=items, results=links, is_overall=bool(overall), **names)


def _item(reader: Reader, node: dict, category: str) -> AskedItem:
    code = reader.text(node, "code", category)
    if not _ITEM.fullmatch(code) or not code.startswith(category):
        reader.fault(code or category, f"code must be that of an item of category {category}, in quotes")
    names = {name: reader.text(node, name, code) for name in ("name_th", "question_th")}
    return AskedItem(
        code, areas=tuple(_area(reader, entry, code) for entry in reader.nodes(node, "areas", code)), **names
    )


def _area(reader: Reader, node: dict, item: str) -> Area:
    points = [
        Point(str(_number(reader, entry.get("number"), item, "number")), reader.text(entry, "text_th", item))
        for entry in reader.nodes(node, "points", item)
    ]
    return Area(reader.text(node, "code", item), reader.text(node, "name_th", item), tuple(points))


def _link(reader: Reader, node: dict, category: str) -> ResultLink:
    topic = reader.text(node, "topic", category)
    if not _TOPIC.fullmatch(topic):
        reader.fault(category, f"topic must be one of category 7 in quotes, not {topic!r}")
    groups = node.get("groups", [])
    if not isinstance(groups, list):
        reader.fault(category, "groups must be a list of numbers")
        groups = []
    numbers = tuple(_number(reader, group, category, "groups") for group in groups)
    return ResultLink(topic, numbers, reader.text(node, "link", category, required=False))
