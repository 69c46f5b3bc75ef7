"""Both trees of a payload as the rows of a table: what each step gives to the total, claimed beside verified.

A level is one row, and its items and parts are lines of text in it: a row each would take as long to lay out as
half of the report.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType

from django.utils.translation import gettext as _

from results.explaining import BASES, LEVEL, PART, TOTAL, Step, explain
from results.leaning import leaning_of
from results.payload import Payload
from results.report_rows import CLAIMS, LEVEL_NAMES, OUTCOMES

NOTHING = "–"
# By the status of a part in the tree: its claim, or its verdict.
MARKS = {
    **{claim: glyph for claim, (glyph, _word) in CLAIMS.items()},
    **{outcome or "not_judged": glyph for outcome, (glyph, _word) in OUTCOMES.items()},
}


@dataclass(frozen=True, slots=True)
class TreeLine:
    """An item or a part in words; `rests` as in `TreeRow`."""

    text: str
    rests: str = ""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """claimed, verified: "1/2 → 3.72", the value of the step and the points of the total that come from it.

    possible: the points that the step could give at most. lines: the items and parts of a level.
    rests: the numbers of the estimates that its numbers rest on, "1 2".
    """

    kind: str
    code: str
    name: str
    weight: str
    possible: str
    claimed: str
    verified: str
    lines: tuple[TreeLine, ...] = ()
    rests: str = ""


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """One category with everything below it; `row` is its own line."""

    row: TreeRow
    rows: tuple[TreeRow, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """The same step of both trees; None on the side that has none."""

    claimed: Step | None
    verified: Step | None

    @property
    def one(self) -> Step:
        return self.verified or self.claimed

    @property
    def inside(self) -> tuple["_Pair", ...]:
        sides = [side.steps if side else () for side in (self.claimed, self.verified)]
        return tuple(_Pair(*pair) for pair in zip_longest(*sides))


def category_trees(
    payload: Payload, estimates: Mapping[str, int] = MappingProxyType({})
) -> tuple[CategoryTree, ...]:
    """The categories in form order; none for a payload without trees. `estimates` are the numbers of those rules of
    its policy that no document proves (results.policy_words); without them no row says what it rests on."""
    totals = [explain(payload, basis, TOTAL) for basis in BASES]
    if not any(totals):
        return ()
    rows = _Rows(payload, estimates)
    return tuple(
        CategoryTree(rows.row(category), tuple(rows.inside(category))) for category in _Pair(*totals).inside
    )


class _Rows:
    """Makes the rows of one payload."""

    def __init__(self, payload: Payload, estimates: Mapping[str, int]) -> None:
        self._estimates = estimates
        self._leaning = leaning_of(payload) if estimates else None

    def inside(self, category: _Pair) -> Iterator[TreeRow]:
        """Topics, each with its levels or indicators."""
        for topic in category.inside:
            yield self.row(topic)
            yield from (self.row(step, topic) for step in topic.inside)

    def row(self, pair: _Pair, topic: _Pair | None = None) -> TreeRow:
        """`topic` is what a level or an indicator stands in."""
        one = pair.one
        is_level = one.kind == LEVEL
        return TreeRow(
            kind=one.kind,
            code="" if is_level else one.code,
            name=LEVEL_NAMES[one.code] if is_level else one.name or _("ตัวชี้วัดที่ขาด"),
            weight=one.weight,
            possible=one.possible_shown,
            claimed=_given(pair.claimed),
            verified=_given(pair.verified),
            lines=tuple(self._lines(pair)) if is_level else (),
            rests=self._rests(pair, topic if is_level else None),
        )

    def _lines(self, level: _Pair) -> Iterator[TreeLine]:
        """A line each item, and below it one each part; an item of a single part is that part."""
        for item in level.inside:
            if len(item.inside) == 1:
                yield self._line(item.inside[0], weight=item.one.weight)
                continue
            yield self._line(item, weight=item.one.weight)
            yield from (self._line(part, weight=part.one.weight, indent="\u2003") for part in item.inside)

    def _line(self, pair: _Pair, *, weight: str, indent: str = "") -> TreeLine:
        given = f"{_given(pair.claimed)}\u2003{_given(pair.verified)}"
        return TreeLine(f"{indent}{pair.one.code} × {weight}\u2003{given}", self._rests(pair))

    def _rests(self, pair: _Pair, topic: _Pair | None = None) -> str:
        """The numbers of the estimates that either side rests on; a level gives points by the rules of its `topic`."""
        if self._leaning is None:
            return ""
        names: frozenset[str] = frozenset()
        for side in ("claimed", "verified"):
            if step := getattr(pair, side):
                of_topic = topic and getattr(topic, side)
                names |= self._leaning.of_level(of_topic, step) if of_topic else self._leaning.of(step)
        return " ".join(str(self._estimates[name]) for name in self._estimates if name in names)


def _given(step: Step | None) -> str:
    if step is None:
        return NOTHING
    value = step.value if step.is_points else step.exact
    if step.kind == PART:
        value = MARKS[step.node["status"]]
    return f"{value} → {step.points_shown}"
