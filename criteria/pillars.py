"""The three pillars of ระบบราชการ 4.0 and what carries them: to be read, and to group items by. Pure: no Django.

`pillars.yaml` stands beside the edition like its road map: no part of the checksum, never asked, never scored. A pillar
has points, and a point the items it rests on; so every item has one pillar or none. The names are here and not in the
file, for they are what a Feedback Report prints.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from criteria.reader import CriteriaErrors, Reader, load_yaml
from criteria.roadmap import Asked, Dimension, Roadmap, codes_of
from criteria.structure import PROCESS, RESULTS, Edition

FILE = "pillars.yaml"

# Marks a text for translation on the pages. The report prints the Thai itself.
_ = str

NAMES: Mapping[str, str] = {
    "1": _("เปิดกว้างและเชื่อมโยงกัน"),
    "2": _("ยึดประชาชนเป็นศูนย์กลาง"),
    "3": _("มีขีดสมรรถนะสูงและทันสมัย"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One bullet of a pillar. `asked` are items of categories 1-6, `groups` indicator groups of category 7."""

    text_th: str
    text_en: str
    asked: tuple[Asked, ...]
    groups: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Pillar:
    """`key` is its number, by which outstanding work and shared practices are tagged too."""

    key: str
    about_th: str
    about_en: str
    points: tuple[Point, ...]

    @property
    def name(self) -> str:
        """Thai, to be translated where it is shown."""
        return NAMES[self.key]

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Its items of categories 1-6, in the order of their codes."""
        places = (place for point in self.points for place in point.asked)
        return tuple(sorted(places, key=lambda place: [int(number) for number in place.item.code.split(".")]))


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of success; the dimension of the road map shows the way there."""

    name_th: str
    name_en: str
    about_th: str
    about_en: str
    dimension: Dimension


@dataclass(frozen=True)
class Pillars:
    """`note_th` says where the texts come from."""

    note_th: str
    note_en: str
    pillars: tuple[Pillar, ...]
    factors: tuple[Factor, ...]

    @cached_property
    def of_item(self) -> Mapping[str, Pillar]:
        """By the code of an item or an indicator group."""
        return {place.item.code: pillar for pillar, place in _places(self.pillars)}

    def over(self, code: str) -> Pillar | None:
        """The pillar of an item, of a group, or of what is answered in one of them."""
        return self.of_item.get(code) or self.of_item.get(code.rpartition(".")[0])


def read_pillars(folder: Path, edition: Edition, roadmap: Roadmap | None) -> Pillars | None:
    """The pillars beside `edition`; None where the folder has none. Raises CriteriaErrors with every fault."""
    path = folder / FILE
    if not path.exists():
        return None
    reader = Reader()
    node = load_yaml(path, reader).get("pillars")
    if not isinstance(node, dict):
        raise CriteriaErrors([*reader.errors, f"{FILE}: file: has no pillars"])
    found = Pillars(
        note_th=reader.text(node, "note_th", "pillars"),
        note_en=reader.text(node, "note_en", "pillars"),
        pillars=tuple(_pillar(reader, entry, edition) for entry in reader.nodes(node, "pillars", "pillars")),
        factors=tuple(_factors(reader, reader.nodes(node, "factors", "pillars"), roadmap)),
    )
    keys = [pillar.key for pillar in found.pillars]
    if keys != list(NAMES):
        reader.fault("pillars", f"keys must be {', '.join(NAMES)} in this order, not {', '.join(keys)}")
    for code, count in Counter(place.item.code for _pillar, place in _places(found.pillars)).items():
        if count > 1:
            reader.fault(code, f"stands under {count} points; an item has one pillar")
    if reader.errors:
        raise CriteriaErrors(reader.errors)
    return found


def _places(pillars: tuple[Pillar, ...]) -> Iterator[tuple[Pillar, Asked]]:
    for pillar in pillars:
        for point in pillar.points:
            yield from ((pillar, place) for place in (*point.asked, *point.groups))


def _pillar(reader: Reader, node: dict, edition: Edition) -> Pillar:
    key = reader.text(node, "key", "pillar")
    about = {name: reader.text(node, name, f"pillar {key}") for name in ("about_th", "about_en")}
    points = enumerate(reader.nodes(node, "points", f"pillar {key}"), start=1)
    return Pillar(
        key,
        points=tuple(_point(reader, entry, f"pillar {key}, point {at}", edition) for at, entry in points),
        **about,
    )


def _point(reader: Reader, node: dict, place: str, edition: Edition) -> Point:
    asked, groups = [], []
    for code in codes_of(reader, node.get("items"), place):
        found = edition.place_of_item.get(code)
        if found is None or found[0].kind not in (PROCESS, RESULTS):
            reader.fault(place, f"{code} is neither an item nor an indicator group")
            continue
        category, topic, item = found
        (asked if category.kind == PROCESS else groups).append(Asked(topic, item))
    texts = {name: reader.text(node, name, place) for name in ("text_th", "text_en")}
    return Point(asked=tuple(asked), groups=tuple(groups), **texts)


def _factors(reader: Reader, nodes: list[dict], roadmap: Roadmap | None) -> Iterator[Factor]:
    dimensions = roadmap.by_key if roadmap else {}
    for node in nodes:
        key = reader.text(node, "dimension", "factor")
        names = ("name_th", "name_en", "about_th", "about_en")
        texts = {name: reader.text(node, name, f"factor {key}") for name in names}
        if key in dimensions:
            yield Factor(dimension=dimensions[key], **texts)
        else:
            reader.fault(f"factor {key}", "dimension is none of the road map")
