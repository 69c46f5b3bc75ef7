"""What a dashboard reads, each of it once and only where a table asks for it. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from assessments.models import Cycle
from criteria.structure import LEVELS, PROCESS, RESULTS, Category, Part, Topic
from results.dashboard.by_score import LINES, STEP, ByScore, by_score
from results.dashboard.choosing import Choice
from results.dashboard.cube import Cell, divided, together
from results.dashboard.extracting import HUNDREDTHS
from results.dashboard.models import FailedPart, IndicatorSummary, ScoreSummary, SheetSummary
from results.dashboard.suppression import LEAST


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


NOBODY = Means(0, None, None)


@dataclass(frozen=True, slots=True)
class Scored:
    """The means, and how many agencies have an OFI."""

    means: Means
    with_ofi: int


@dataclass(frozen=True, slots=True)
class Levels:
    """How many agencies reached which level, and parts passed of all by level."""

    reached: Mapping[str, int]
    passed: Mapping[str, tuple[int, int]]


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


def _gives_away(failed: Sequence[int], agencies: int) -> bool:
    """Whether the sum of these untold counts tells one of them: of one alone, or where they do not come to five on
    either side."""
    passed = len(failed) * agencies - sum(failed)
    return bool(failed) and (len(failed) < 2 or min(sum(failed), passed) < LEAST)


class Reading:
    """The chosen population in numbers."""

    def __init__(self, choice: Choice):
        self.choice = choice
        self.subject = choice.subject
        self.where = choice.population().where("summary__")
        self.category_codes = [category.code for category in choice.categories]

    # --- agencies -----------------------------------------------------------------------------

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

    @cached_property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells)

    def is_few(self, agencies: int, whole: int | None = None) -> bool:
        """Whether so many agencies, or the rest of all (`whole`, else the population), are too few to be told of."""
        whole = self.count if whole is None else whole
        return bool(self.choice.untold({"in": agencies, "out": whole - agencies}))

    # --- scores -------------------------------------------------------------------------------

    @property
    def _scores(self) -> QuerySet[ScoreSummary]:
        """Of the categories and topics that are meant; all of them need no list of codes."""
        rows = ScoreSummary.objects.filter(**self.where).order_by()
        if self.subject.category is None:
            return rows
        nodes = (*self.subject.categories, *self.subject.topics(PROCESS, RESULTS))
        return rows.filter(code__in=[node.code for node in nodes])

    @cached_property
    def total(self) -> Means:
        return self._of_cells(self.cells)

    @staticmethod
    def _of_cells(cells: Iterable[Cell]) -> Means:
        sums = together(cells)
        return Means(sums.count, sums.claimed, sums.verified) if sums else NOBODY

    @cached_property
    def scores(self) -> dict[str, Scored]:
        """Categories and topics by code; of what few have a score in nothing is told."""
        rows = self._scores.values("code").annotate(**_MEANS, ofi=Count("pk", filter=Q(has_ofi=True)))
        return {row["code"]: Scored(self._told(_means(row)), row["ofi"]) for row in rows}

    def _told(self, means: Means, whole: int | None = None) -> Means:
        return Means(means.count, None, None) if self.is_few(means.count, whole) else means

    @property
    def means(self) -> Means:
        """Those of the subject."""
        scored = self.subject.scored
        if scored is None:
            return self.total
        return self.scores[scored.code].means if scored.code in self.scores else NOBODY

    @cached_property
    def levels(self) -> dict[str, Levels]:
        """Categories and topics by code."""
        reached = {f"at_{level}": Count("pk", filter=Q(level=level)) for level in LEVELS}
        sums = {
            f"{level}_{what}_sum": Sum(f"{level}_{what}") for level in LEVELS for what in ("passed", "total")
        }
        rows = self._scores.values("code").annotate(**reached, **sums)
        return {
            row["code"]: Levels(
                {level: row[f"at_{level}"] for level in LEVELS},
                {level: (row[f"{level}_passed_sum"], row[f"{level}_total_sum"]) for level in LEVELS},
            )
            for row in rows
        }

    @cached_property
    def by_ministry(self) -> dict[str, dict[str, Means]]:
        """Name of the ministry -> the means of each column of the heat map, and of the subject, by code."""
        codes = {node.code for node in (*self.columns, self.subject.scored) if node is not None}
        rows = (
            ScoreSummary.objects.filter(**self.where, code__in=codes)
            .order_by()
            .values("summary__ministry", "code")
            .annotate(**_MEANS)
        )
        sizes = {name: sums.count for name, sums in divided(self.cells, lambda cell: cell.ministry).items()}
        found: dict[str, dict[str, Means]] = {}
        for row in rows:
            ministry = row["summary__ministry"]
            found.setdefault(ministry, {})[row["code"]] = self._told(_means(row), sizes.get(ministry, 0))
        return found

    @property
    def columns(self) -> Sequence[Category | Topic]:
        """Of the heat map: all categories, or the topics of the chosen one."""
        return self.subject.topics(PROCESS, RESULTS) if self.subject.category else self.choice.categories

    @cached_property
    def by_kind(self) -> dict[str, Means]:
        """Kind of agency -> the means of the subject."""
        if self.subject.scored is None:
            return {
                kind: Means(sums.count, sums.claimed, sums.verified)
                for kind, sums in divided(self.cells, lambda cell: cell.kind).items()
            }
        rows = (
            ScoreSummary.objects.filter(**self.where, code=self.subject.scored.code)
            .order_by()
            .values("summary__agency__kind")
            .annotate(**_MEANS)
        )
        sizes = {kind: sums.count for kind, sums in divided(self.cells, lambda cell: cell.kind).items()}
        found = {row["summary__agency__kind"]: _means(row) for row in rows}
        return {kind: self._told(means, sizes.get(kind, 0)) for kind, means in found.items()}

    @cached_property
    def by_year(self) -> dict[int, dict[str, Means]]:
        """Cycle before the chosen one -> the means of the categories, and of the subject, by code."""
        anyone = {name: value for name, value in self.where.items() if name != "summary__cycle"}
        earlier = [cycle.pk for cycle in self.choice.years if cycle != self.choice.cycle]
        if not earlier:
            return {}
        scored = self.subject.scored
        rows = (
            ScoreSummary.objects.filter(
                **anyone,
                summary__cycle__in=earlier,
                code__in=[scored.code] if scored else self.category_codes,
            )
            .order_by()
            .values("summary__cycle", "code")
            .annotate(**_MEANS)
        )
        sizes = {cycle: sum(cell.count for cell in self.cells_of(cycle)) for cycle in earlier}
        found: dict[int, dict[str, Means]] = {}
        for row in rows:
            cycle = row["summary__cycle"]
            found.setdefault(cycle, {})[row["code"]] = self._told(_means(row), sizes[cycle])
        return found

    def means_in(self, cycle: Cycle) -> Means:
        """Those of the subject in one of the years."""
        if cycle == self.choice.cycle:
            return self.means
        if self.subject.scored is None:
            return self._of_cells(self.cells_of(cycle.pk))
        return self.by_year.get(cycle.pk, {}).get(self.subject.scored.code, NOBODY)

    @cached_property
    def by_score(self) -> ByScore:
        """By the total or the score of the subject. The level reached in a topic does not rise with its score."""
        scored = self.subject.scored
        if scored is None:
            rows, lines = SheetSummary.objects.filter(**self.choice.population().where()), LINES
        else:
            rows = ScoreSummary.objects.filter(**self.where, code=scored.code)
            lines = ("steps",) if scored is self.subject.topic else ("levels", "steps")
        named = {"groups": F("group"), "levels": F("level"), "steps": F("verified") / (STEP * HUNDREDTHS)}
        counted = (
            rows.exclude(verified=None)
            .order_by()
            .annotate(**{line: named[line] for line in lines})
            .values(*lines)
            .annotate(n=Count("pk"))
        )
        return by_score(counted, lines)

    def untold_by_score(self, line: str, sizes: Mapping[Any, int]) -> frozenset:
        """The groups of a line by score that are not told; `sizes` are all of them."""
        hidden = self.choice.untold(dict(sizes))
        if self.choice.knows_all:
            return hidden
        found = self.by_score
        told = found.everything if self.is_few(found.count) else found.untold
        return hidden | told.get(line, frozenset())

    # --- parts, OFIs, indicators --------------------------------------------------------------

    @cached_property
    def failed(self) -> dict[str, int]:
        """Part -> how many agencies did not pass it."""
        rows = FailedPart.objects.filter(**self.where).order_by().values("code").annotate(n=Count("pk"))
        return dict(rows.values_list("code", "n"))

    def passed_of(self, parts: Iterable[Part]) -> tuple[int, int]:
        """How often these parts were passed, of how often they were judged."""
        codes = [part.code for part in parts]
        whole = len(codes) * self.count
        return whole - sum(self.failed.get(code, 0) for code in codes), whole

    def is_level_untold(self, node: Category | Topic | None, level: str) -> bool:
        """Whether the parts passed at a level of a topic, a category or (None) all of them would give away a part that
        is not told."""
        return not self.choice.knows_all and _gives_away(self._unknown(node, level), self.count)

    def _unknown(self, node: Category | Topic | None, level: str) -> list[int]:
        """How many agencies failed each untold part, as far as the told sums below leave that unknown: a sum, less the
        told sums that it is made of and the told parts, is what those that are left come to."""
        if isinstance(node, Topic):
            failed = (self.failed.get(part.code, 0) for part in node.parts if part.level == level)
            return [count for count in failed if self.is_few(count)]
        below = node.topics if node else self.choice.tree.of_kind(PROCESS)
        lists = (self._unknown(one, level) for one in below)
        return [count for counts in lists if _gives_away(counts, self.count) for count in counts]

    @property
    def _last(self) -> Cycle | None:
        """The cycle of the year before."""
        years = self.choice.years
        return years[-2] if len(years) > 1 and years[-1].year - years[-2].year == 1 else None

    @cached_property
    def seen_before(self) -> int:
        """How many agencies of the population had a result in the cycle before."""
        if self._last is None:
            return 0
        before = SheetSummary.objects.filter(cycle=self._last.pk, agency=OuterRef("agency"))
        return SheetSummary.objects.filter(Exists(before), **self.choice.population().where()).count()

    @cached_property
    def repeated(self) -> dict[str, int]:
        """Topic -> how many agencies have an OFI of it now and had one in the cycle before."""
        if self._last is None:
            return {}
        before = ScoreSummary.objects.filter(
            summary__cycle=self._last.pk, summary__agency=OuterRef("summary__agency"), code=OuterRef("code")
        )
        rows = (
            ScoreSummary.objects.filter(Exists(before.filter(has_ofi=True)), **self.where, has_ofi=True)
            .filter(code__in=[topic.code for topic in self.subject.topics(PROCESS, RESULTS)])
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
