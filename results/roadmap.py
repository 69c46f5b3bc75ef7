"""The road map of one agency: how much of each cell and of each pillar is there, and which items come next.

From a payload alone. A cell counts the items it rests on: passed, or of the claims done. An item counts at a level when
all its parts of that level do; under a pillar, when all its parts do. Groups of category 7 have no level of their own:
one is there at a level when all its indicators have the points at which that level begins; a group that may stay empty
counts only where it has indicators. Pillars leave groups out: without a level there is no saying when one is there.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from criteria.pillars import Pillar, Pillars
from criteria.roadmap import Cell, Dimension, Roadmap
from criteria.structure import Item, Topic
from results.charts import LEVEL_LINES, LEVELS
from results.payload import Payload

VERIFIED = "verified"
# So many of the next items stand in the table of all dimensions.
NEXT = 4

_POINTS = dict(zip(LEVELS, (points for points, _name in LEVEL_LINES), strict=True))


@dataclass(frozen=True, slots=True)
class Rest:
    """An item or a group that a cell rests on. `place` is the code of the part or indicator to look at, or ""."""

    topic: Topic
    item: Item
    is_there: bool
    place: str


@dataclass(frozen=True, slots=True)
class CellState:
    """A cell with all that it rests on."""

    cell: Cell
    rests: tuple[Rest, ...]

    @property
    def done(self) -> int:
        return sum(rest.is_there for rest in self.rests)

    @property
    def total(self) -> int:
        return len(self.rests)

    @property
    def open(self) -> tuple[Rest, ...]:
        return tuple(rest for rest in self.rests if not rest.is_there)

    @property
    def depth(self) -> int:
        """0 none, 1 less than half, 2 half or more, 3 all; as in the heat table of a result."""
        if not self.done:
            return 0
        return 3 if self.done == self.total else 2 if 2 * self.done >= self.total else 1


@dataclass(frozen=True, slots=True)
class DimensionState:
    dimension: Dimension
    cells: tuple[CellState, ...]

    @property
    def following(self) -> CellState | None:
        """The lowest level that still has something open; None where everything is there."""
        return next((cell for cell in self.cells if cell.open), None)

    @property
    def first(self) -> tuple[Rest, ...]:
        return self.following.open[:NEXT] if self.following else ()

    @property
    def others(self) -> int:
        return len(self.following.open) - len(self.first) if self.following else 0


@dataclass(frozen=True, slots=True)
class PillarState:
    """A pillar with its items of categories 1-6."""

    pillar: Pillar
    rests: tuple[Rest, ...]

    @property
    def done(self) -> int:
        return sum(rest.is_there for rest in self.rests)

    @property
    def open(self) -> tuple[Rest, ...]:
        return tuple(rest for rest in self.rests if not rest.is_there)


@dataclass(frozen=True)
class _Marks:
    """What a payload says, by code: parts of an item at a level, and indicators of a group."""

    basis: str
    parts: Mapping[tuple[str, str], list[Mapping[str, Any]]]
    indicators: Mapping[str, list[Mapping[str, Any]]]

    def rest(self, topic: Topic, item: Item, *levels: str) -> Rest:
        parts = [part for level in levels for part in self.parts[item.code, level]]
        open_ = [part["code"] for part in parts if not self._is_passed(part)]
        return Rest(topic, item, bool(parts) and not open_, (open_ or [""])[0])

    def group(self, topic: Topic, group: Item, level: str) -> Rest | None:
        indicators = self.indicators[group.code]
        if not indicators and not group.required:
            return None
        short = [row["code"] for row in indicators if self._points(row) < _POINTS[level]]
        return Rest(topic, group, bool(indicators) and not short, (short or [""])[0])

    def _is_passed(self, part: Mapping[str, Any]) -> bool:
        return part["outcome"] == "pass" if self.basis == VERIFIED else part["claim"] == "done"

    def _points(self, row: Mapping[str, Any]) -> int:
        return row["verified_score" if self.basis == VERIFIED else "score"] or 0


def states_of(roadmap: Roadmap, payload: Payload, basis: str) -> list[DimensionState]:
    """Every dimension; `basis` is "verified" for the marks that count, anything else for the claims."""
    marks = _marks(payload, basis)
    return [
        DimensionState(
            dimension, tuple(CellState(cell, tuple(_rests(cell, marks))) for cell in dimension.cells)
        )
        for dimension in roadmap.dimensions
    ]


def pillar_states_of(pillars: Pillars, payload: Payload, basis: str) -> list[PillarState]:
    """Every pillar; `basis` as above."""
    marks = _marks(payload, basis)
    return [
        PillarState(pillar, tuple(marks.rest(topic, item, *LEVELS) for topic, item in pillar.asked))
        for pillar in pillars.pillars
    ]


def _rests(cell: Cell, marks: _Marks) -> Iterator[Rest]:
    for topic, item in cell.asked:
        yield marks.rest(topic, item, cell.level)
    for topic in cell.topics:
        groups = (marks.group(topic, item, cell.level) for item in topic.items)
        yield from (rest for rest in groups if rest is not None)


def _marks(payload: Payload, basis: str) -> _Marks:
    parts, indicators = defaultdict(list), defaultdict(list)
    for category in payload["categories"]:
        for topic in category["topics"]:
            for item in topic["items"]:
                for part in item["parts"]:
                    parts[item["code"], part["level"]].append(part)
    for row in payload["indicators"]:
        indicators[f"{row['topic']}.{row['group']}"].append(row)
    return _Marks(basis, parts, indicators)
