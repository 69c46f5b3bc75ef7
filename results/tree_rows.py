"""Both trees of a payload as the rows of a table: what each step gives to the total, claimed beside verified.

A level is one row, and its items and parts are lines of text in it: a row each would take as long to lay out as
half of the report.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.translation import gettext as _

from results.explaining import BASES, LEVEL, PART, TOTAL, Step, explain
from results.payload import Payload
from results.report_rows import CLAIMS, LEVEL_NAMES, OUTCOMES

NOTHING = "–"
# By the status of a part in the tree: its claim, or its verdict.
MARKS = {
    **{claim: glyph for claim, (glyph, _word) in CLAIMS.items()},
    **{outcome or "not_judged": glyph for outcome, (glyph, _word) in OUTCOMES.items()},
}


@dataclass(frozen=True, slots=True)
class TreeRow:
    """claimed, verified: "1/2 → 3.72", the value of the step and the points of the total that come from it.

    possible: the points that the step could give at most. lines: the items and parts of a level, in words.
    """

    kind: str
    code: str
    name: str
    weight: str
    possible: str
    claimed: str
    verified: str
    lines: tuple[str, ...] = ()


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


def category_trees(payload: Payload) -> tuple[CategoryTree, ...]:
    """The categories in form order; none for a payload without trees."""
    totals = [explain(payload, basis, TOTAL) for basis in BASES]
    if not any(totals):
        return ()
    return tuple(CategoryTree(_row(category), tuple(_rows(category))) for category in _Pair(*totals).inside)


def _rows(category: _Pair) -> Iterator[TreeRow]:
    """Topics, each with its levels or indicators."""
    for topic in category.inside:
        yield _row(topic)
        yield from (_row(step) for step in topic.inside)


def _row(pair: _Pair) -> TreeRow:
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
        lines=tuple(_lines(pair)) if is_level else (),
    )


def _lines(level: _Pair) -> Iterator[str]:
    """A line each item, and below it one each part; an item of a single part is that part."""
    for item in level.inside:
        if len(item.inside) == 1:
            yield _line(item.inside[0], weight=item.one.weight)
            continue
        yield _line(item, weight=item.one.weight)
        yield from (f"\u2003{_line(part, weight=part.one.weight)}" for part in item.inside)


def _line(pair: _Pair, *, weight: str) -> str:
    return f"{pair.one.code} × {weight}\u2003{_given(pair.claimed)}\u2003{_given(pair.verified)}"


def _given(step: Step | None) -> str:
    if step is None:
        return NOTHING
    value = step.value if step.is_points else step.exact
    if step.kind == PART:
        value = MARKS[step.node["status"]]
    return f"{value} → {step.points_shown}"
