"""Score groups: all agencies of a year in four groups by their score, each with its least, greatest and mean.

Pure: no Django. A group is decided on the score rounded to an integer, half up, because the published table names
whole points only ("300–350", "351–399"): 350.49 is still group 2, 350.50 is group 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from criteria.scoring import display_score, mean
from criteria.scoring.numbers import round_half_up

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Group:
    """A range of whole points, both ends inside; the last group has no upper end."""

    number: int
    low: int
    high: int | None


# The published table of fiscal year 2564.
GROUPS = (Group(1, 0, 299), Group(2, 300, 350), Group(3, 351, 399), Group(4, 400, None))


@dataclass(frozen=True, slots=True)
class Spread:
    """What a group of scores looks like from outside: texts with two decimals, an en dash where there are none."""

    group: Group
    count: int
    least: str = NOTHING
    greatest: str = NOTHING
    mean: str = NOTHING


def group_of(score: Fraction | Decimal | int) -> int:
    """The number of the group of a score from 0 to 500. Raises ValueError for a score below 0."""
    points = round_half_up(Fraction(score), 0)
    for group in GROUPS:
        if group.low <= points and (group.high is None or points <= group.high):
            return group.number
    raise ValueError(f"a score is never below 0: {score}")


def spread(group: Group, scores: Iterable[Fraction | Decimal | int]) -> Spread:
    """Least, greatest and mean of the scores of one group; the mean is exact and rounded once."""
    values = sorted(map(Fraction, scores))
    if not values:
        return Spread(group, 0)
    return Spread(
        group, len(values), display_score(values[0]), display_score(values[-1]), display_score(mean(values))
    )


def spreads(scores: Iterable[Fraction | Decimal | int]) -> tuple[Spread, ...]:
    """The table of all groups, in their order."""
    members: dict[int, list[Fraction]] = {group.number: [] for group in GROUPS}
    for score in scores:
        members[group_of(score)].append(Fraction(score))
    return tuple(spread(group, members[group.number]) for group in GROUPS)
