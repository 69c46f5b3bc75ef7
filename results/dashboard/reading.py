"""What a dashboard reads, each of it once and only where a table asks for it. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from criteria.structure import LEVELS
from results.dashboard.choosing import Choice
from results.dashboard.cube import Cell
from results.dashboard.extracting import HUNDREDTHS
from results.dashboard.models import FailedPart, IndicatorSummary, ScoreSummary, SheetSummary

# The histogram: twenty steps of 25 points; 500 itself belongs to the last.
STEP = 25
STEPS = 20


@dataclass(frozen=True, slots=True)
class Means:
    """A category or topic in a population: means are exact, None where nobody has a score."""

    count: int
    claimed: Fraction | None
    verified: Fraction | None

    @property
    def gap(self) -> Fraction | None:
        """Verified less claimed."""
        return None if self.claimed is None or self.verified is None else self.verified - self.claimed


@dataclass(frozen=True, slots=True)
class Scored:
    """The means, how many agencies reached which level, parts passed of all by level, agencies with an OFI."""

    means: Means
    reached: Mapping[str, int]
    passed: Mapping[str, tuple[int, int]]
    with_ofi: int


@dataclass(frozen=True, slots=True)
class Indicators:
    agencies: int
    count: int
    passed: int
    points: int

    @property
    def mean(self) -> Fraction:
        return Fraction(self.points, self.count * HUNDREDTHS)


def _mean(total: int | None, count: int) -> Fraction | None:
    return Fraction(total, count * HUNDREDTHS) if count else None


_MEANS = {
    "n": Count("verified"),
    "own_n": Count("claimed"),
    "own": Sum("claimed"),
    "checked": Sum("verified"),
}


def _means(row: Mapping[str, Any]) -> Means:
    return Means(row["n"], _mean(row["own"], row["own_n"]), _mean(row["checked"], row["n"]))


class Reading:
    """The chosen population in numbers."""

    def __init__(self, choice: Choice):
        self.choice = choice
        self.where = choice.population().where("summary__")
        self.category_codes = [category.code for category in choice.categories]

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of the cube that belong to the population."""
        return self.cells_of(self.choice.cycle.pk)

    def cells_of(self, cycle: int) -> list[Cell]:
        ministry, kind = self.choice.ministry, self.choice.kind
        return [
            cell
            for cell in self.choice.cube
            if cell.cycle == cycle
            and (not ministry or cell.ministry == ministry)
            and (not kind or cell.kind == kind)
        ]

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells)

    @cached_property
    def scores(self) -> dict[str, Scored]:
        """Categories and topics by code."""
        reached = {f"at_{level}": Count("pk", filter=Q(level=level)) for level in LEVELS}
        sums = {
            f"{level}_{what}_sum": Sum(f"{level}_{what}") for level in LEVELS for what in ("passed", "total")
        }
        rows = (
            ScoreSummary.objects.filter(**self.where)
            .order_by()
            .values("code")
            .annotate(**_MEANS, **reached, **sums, ofi=Count("pk", filter=Q(has_ofi=True)))
        )
        return {
            row["code"]: Scored(
                _means(row),
                {level: row[f"at_{level}"] for level in LEVELS},
                {level: (row[f"{level}_passed_sum"], row[f"{level}_total_sum"]) for level in LEVELS},
                row["ofi"],
            )
            for row in rows
        }

    @cached_property
    def by_ministry(self) -> dict[tuple[str, str], Means]:
        """(name of the ministry, code of a category) -> its means."""
        rows = (
            ScoreSummary.objects.filter(**self.where, code__in=self.category_codes)
            .order_by()
            .values("summary__ministry", "code")
            .annotate(**_MEANS)
        )
        return {(row["summary__ministry"], row["code"]): _means(row) for row in rows}

    @cached_property
    def by_year(self) -> dict[tuple[int, str], Means]:
        """(cycle, code of a category) -> its means, for the chosen cycle and those before it."""
        anyone = {name: value for name, value in self.where.items() if name != "summary__cycle"}
        cycles = [cycle.pk for cycle in self.choice.years]
        rows = (
            ScoreSummary.objects.filter(**anyone, summary__cycle__in=cycles, code__in=self.category_codes)
            .order_by()
            .values("summary__cycle", "code")
            .annotate(**_MEANS)
        )
        return {(row["summary__cycle"], row["code"]): _means(row) for row in rows}

    @cached_property
    def steps(self) -> list[int]:
        """How many agencies are in each step of the histogram, by total or by the chosen category."""
        if self.choice.category:
            rows = ScoreSummary.objects.filter(**self.where, code=self.choice.category.code)
        else:
            rows = SheetSummary.objects.filter(**self.choice.population().where())
        counted = (
            rows.exclude(verified=None)
            .order_by()
            .annotate(step=F("verified") / (STEP * HUNDREDTHS))
            .values("step")
            .annotate(n=Count("pk"))
            .values_list("step", "n")
        )
        counts = [0] * STEPS
        for step, count in counted:
            counts[min(step, STEPS - 1)] += count
        return counts

    @cached_property
    def failed(self) -> dict[str, int]:
        """Part -> how many agencies did not pass it."""
        rows = FailedPart.objects.filter(**self.where).order_by().values("code").annotate(n=Count("pk"))
        return dict(rows.values_list("code", "n"))

    @cached_property
    def repeated(self) -> dict[str, int]:
        """Topic -> how many agencies have an OFI of it now and had one in the cycle before."""
        years = self.choice.years
        if len(years) < 2 or years[-1].year - years[-2].year != 1:
            return {}
        before = ScoreSummary.objects.filter(
            summary__cycle=years[-2].pk, summary__agency=OuterRef("summary__agency"), code=OuterRef("code")
        )
        rows = (
            ScoreSummary.objects.filter(Exists(before.filter(has_ofi=True)), **self.where, has_ofi=True)
            .exclude(code__in=self.category_codes)
            .order_by()
            .values("code")
            .annotate(n=Count("pk"))
        )
        return dict(rows.values_list("code", "n"))

    @cached_property
    def indicators(self) -> dict[str, Indicators]:
        """The groups of category 7."""
        rows = (
            IndicatorSummary.objects.filter(**self.where)
            .order_by()
            .values_list("code")
            .annotate(n=Count("pk"), all=Sum("count"), good=Sum("passed"), sum=Sum("points"))
        )
        return {code: Indicators(*numbers) for code, *numbers in rows}
