"""Between which of the points at which the levels begin (300, 400, 500) a total lies. Pure: no Django."""

from dataclasses import dataclass
from decimal import Decimal

from results.charts import LEVEL_LINES


@dataclass(frozen=True, slots=True)
class Line:
    """The points at which a level begins."""

    points: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.points})"


@dataclass(frozen=True, slots=True)
class Between:
    """`below` is None under the first line, `above` None on the last; a total on a line has reached it."""

    below: Line | None
    above: Line | None


def between(total: str) -> Between:
    lines = [Line(points, name) for points, name in LEVEL_LINES]
    reached = [line for line in lines if Decimal(total) >= line.points]
    above = lines[len(reached)] if len(reached) < len(lines) else None
    return Between(reached[-1] if reached else None, above)
