"""The small chart of one indicator: where its points and its target line stand. Pure: no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from criteria.scoring import LOWER_IS_BETTER

WIDTH, HEIGHT = 136, 50
# Room for the dots above and below, and on the right for the mark of the direction.
_EDGE, _LEFT, _RIGHT = 8, 10, 116
# From where to where the line of the target goes.
TARGET_LINE = (2, 124)


@dataclass(frozen=True, slots=True)
class Point:
    x: str
    y: str
    is_latest: bool = False


@dataclass(frozen=True, slots=True)
class Spark:
    """Coordinates as texts in a box of WIDTH by HEIGHT.

    `lines` join neighbouring years that both have a result; `target` is the height of the dashed line, `tip`
    the triangle on it that points to where better is.
    """

    points: tuple[Point, ...] = ()
    lines: tuple[tuple[Point, Point], ...] = ()
    target: str = ""
    tip: str = ""


def spark(results: Sequence[Decimal | None], *, target: Decimal | None, direction: str) -> Spark:
    """The chart of `results`, the oldest first. None is not drawn; it is never drawn as 0."""
    known = [value for value in (*results, target) if value is not None]
    if not known:
        return Spark()
    low, spread = min(known), max(known) - min(known)

    def height(value: Decimal) -> str:
        share = (value - low) / spread if spread else Decimal("0.5")
        return f"{HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * share:.1f}"

    step = (_RIGHT - _LEFT) / max(len(results) - 1, 1)
    places = [
        None
        if value is None
        else Point(f"{_LEFT + step * index:.1f}", height(value), index == len(results) - 1)
        for index, value in enumerate(results)
    ]
    return Spark(
        points=tuple(place for place in places if place),
        lines=tuple((start, end) for start, end in pairwise(places) if start and end),
        target="" if target is None else height(target),
        tip="" if target is None else _tip(float(height(target)), direction),
    )


def _tip(y: float, direction: str) -> str:
    reach = 8 if direction == LOWER_IS_BETTER else -8
    return f"125,{y:.1f} 135,{y:.1f} 130,{y + reach:.1f}"
