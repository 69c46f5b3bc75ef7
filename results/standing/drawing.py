"""Where the lines and points of the charts of this package lie, as texts for SVG. Pure: no Django.

Charts are narrow (360 wide), so that their words are as large on a phone as beside a table. What has no score is a
hole in a line, never a point at 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from criteria.scoring.policy import TOP
from results.charts import LEVEL_LINES
from results.standing.targets import Targets, attainment

WIDTH = 360
LEFT, RIGHT = 34, 346

Number = Fraction | Decimal | int


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with what stands beside it; `side` is a text-anchor."""

    x: str
    y: str
    words: str = ""
    side: str = "middle"


@dataclass(frozen=True, slots=True)
class Level:
    """Where the points of a level lie; `name` is short."""

    x: str
    points: int
    name: str


# As in the heat table of a result: the whole names would run into each other.
SHORT_NAMES = ("Basic", "Adv.", "Sig.")


@dataclass(frozen=True, slots=True)
class Gauge:
    """A score on a line from 0 to 500 with the points of the three levels."""

    now: Spot
    levels: tuple[Level, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Attainment over score: the line, its targets, and where the score stands."""

    line: str
    targets: tuple[Spot, ...]
    grid: tuple[Spot, ...]
    now: Spot | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Scores over years: pieces of a line, a point for each year that has a score, all years on the axis."""

    pieces: tuple[str, ...]
    points: tuple[Spot, ...]
    years: tuple[Spot, ...]
    levels: tuple[Spot, ...]


def gauge(score: Number) -> Gauge:
    return Gauge(
        Spot(_text(_across(score)), "34", side=_side(score)),
        tuple(
            Level(_text(_across(points)), points, short)
            for (points, _name), short in zip(LEVEL_LINES, SHORT_NAMES, strict=True)
        ),
        _text(_across(0)),
        _text(_across(TOP)),
    )


def curve(goal: Targets, score: Number | None) -> Curve:
    """A step up to 50 at the first target, straight pieces to the last, level after it."""
    anchors = goal.anchors
    corners = [(Fraction(0), 0), (anchors[0][1], 0)]
    corners += [(points, step) for step, points in anchors]
    corners.append((Fraction(TOP), anchors[-1][0]))
    return Curve(
        " ".join(f"{_text(_across(points))},{_text(_up(step))}" for points, step in corners),
        tuple(Spot(_text(_across(points)), _text(_up(step)), str(step)) for step, points in anchors),
        tuple(Spot(_text(RIGHT), _text(_up(step)), str(step)) for step in (0, 50, 75, 100)),
        None
        if score is None
        else Spot(_text(_across(score)), _text(_up(attainment(goal, score))), side=_side(score)),
    )


def lines(years: Sequence[int], scores: Sequence[str | None]) -> Lines:
    """`scores` are as shown, one for each year; None where there is none."""
    spots = [
        None if score is None else Spot(_text(_at(place, len(years))), _text(_height(score)), score)
        for place, score in enumerate(scores)
    ]
    return Lines(
        tuple(_pieces(spots)),
        tuple(spot for spot in spots if spot),
        tuple(Spot(_text(_at(place, len(years))), "204", str(year)) for place, year in enumerate(years)),
        tuple(Spot(_text(LEFT), _text(_height(points)), str(points)) for points in (0, 300, 400, 500)),
    )


def spark(scores: Sequence[str | None]) -> tuple[str, ...]:
    """The same in the height of a row, 80 by 24, from 0 to 500."""
    step = Fraction(72, max(len(scores) - 1, 1))
    spots = [
        None
        if score is None
        else Spot(_text(4 + step * place), _text(21 - Fraction(18) * Fraction(score) / TOP))
        for place, score in enumerate(scores)
    ]
    return tuple(_pieces(spots))


def _pieces(spots: Sequence[Spot | None]) -> list[str]:
    pieces, run = [], []
    for spot in [*spots, None]:
        if spot is not None:
            run.append(f"{spot.x},{spot.y}")
        elif run:
            pieces.append(" ".join(run if len(run) > 1 else run * 2))
            run = []
    return pieces


def _across(score: Number) -> Fraction:
    return LEFT + Fraction(RIGHT - LEFT) * Fraction(score) / TOP


def _up(step: Number) -> Fraction:
    return 170 - Fraction(150) * Fraction(step) / 100


def _height(score: str | int) -> Fraction:
    return 180 - Fraction(160) * Fraction(score) / TOP


def _at(place: int, count: int) -> Fraction:
    if count == 1:
        return Fraction(LEFT + RIGHT, 2)
    return LEFT + 20 + Fraction(RIGHT - LEFT - 40) * place / (count - 1)


def _side(score: Number) -> str:
    if score < 100:
        return "start"
    return "end" if score > 440 else "middle"


def _text(value: Number) -> str:
    return f"{float(value):.1f}"
