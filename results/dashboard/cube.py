"""The totals of some cycles, grouped by everything that a dashboard divides agencies by: one query for all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, Max, Min, Sum

from results.dashboard.extracting import HUNDREDTHS
from results.dashboard.models import SheetSummary


@dataclass(frozen=True, slots=True)
class Cell:
    """Agencies that have all of this in common. Points are hundredths, `claimed` and `verified` their sums."""

    cycle: int
    ministry: str
    kind: str
    group: int
    level: str
    count: int
    claimed: int
    verified: int
    least: int
    greatest: int


@dataclass(frozen=True, slots=True)
class Sums:
    """Several cells together. The means are exact."""

    count: int
    claimed: Fraction
    verified: Fraction
    least: Fraction
    greatest: Fraction


def read_cube(cycles: list[int]) -> list[Cell]:
    rows = (
        SheetSummary.objects.filter(cycle__in=cycles)
        .order_by()
        .values_list("cycle", "ministry", "agency__kind", "group", "level")
        .annotate(
            n=Count("pk"),
            own=Sum("claimed"),
            checked=Sum("verified"),
            least=Min("verified"),
            most=Max("verified"),
        )
    )
    return [Cell(*row) for row in rows]


def together(cells: Iterable[Cell]) -> Sums | None:
    """None where there is nobody."""
    cells = list(cells)
    count = sum(cell.count for cell in cells)
    if not count:
        return None
    return Sums(
        count,
        Fraction(sum(cell.claimed for cell in cells), count * HUNDREDTHS),
        Fraction(sum(cell.verified for cell in cells), count * HUNDREDTHS),
        Fraction(min(cell.least for cell in cells), HUNDREDTHS),
        Fraction(max(cell.greatest for cell in cells), HUNDREDTHS),
    )


def divided(cells: Iterable[Cell], by: Callable[[Cell], Any]) -> dict[Any, Sums]:
    """The cells by what `by` says of them."""
    parts: dict[Any, list[Cell]] = {}
    for cell in cells:
        parts.setdefault(by(cell), []).append(cell)
    return {key: together(own) for key, own in parts.items()}
