"""The filters of a dashboard: what the address says, what there is to choose, and who may know how much."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments.models import Cycle
from criteria.catalogue import edition_tree
from criteria.structure import PROFILE, Category, Edition
from pmqa.accounts.models import Agency, User
from results.dashboard import suppression
from results.dashboard.cube import Cell, read_cube
from results.dashboard.models import SheetSummary

# The chosen cycle and those before it of the same track.
YEARS = 3
NAMES = ("cycle", "ministry", "kind", "category")


@dataclass(frozen=True)
class Population:
    """Whose results are counted: those of one cycle, where chosen of one ministry and one kind of agency."""

    cycle: int
    ministry: str = ""
    kind: str = ""

    def where(self, prefix: str = "") -> dict[str, Any]:
        """As arguments of `filter` on the summary that `prefix` leads to."""
        chosen = {f"{prefix}cycle": self.cycle}
        if self.ministry:
            chosen[f"{prefix}ministry"] = self.ministry
        if self.kind:
            chosen[f"{prefix}agency__kind"] = self.kind
        return chosen


class Choice:
    """What somebody looks at. Values of the address that mean nothing are left out, and never an error."""

    def __init__(self, data: QueryDict, user: User):
        self.data = data
        self.knows_all = user.has_perm("results.dashboard_all")

    @cached_property
    def cycles(self) -> list[Cycle]:
        """Cycles with published results, the latest first."""
        return list(Cycle.objects.filter(pk__in=self._sizes).select_related("edition"))

    @cached_property
    def _sizes(self) -> dict[int, int]:
        """Cycle -> how many results are published."""
        return dict(SheetSummary.objects.order_by().values_list("cycle").annotate(n=Count("pk")))

    @cached_property
    def cycle(self) -> Cycle | None:
        """The chosen cycle, else the latest of which this person is told something."""
        wanted = self.data.get("cycle", "")
        found = [cycle for cycle in self.cycles if str(cycle.pk) == wanted]
        large = (
            cycle for cycle in self.cycles if self.knows_all or self._sizes[cycle.pk] >= suppression.LEAST
        )
        return next(iter(found), None) or next(large, None) or next(iter(self.cycles), None)

    @cached_property
    def years(self) -> list[Cycle]:
        """The chosen cycle and at most two before it, the oldest first."""
        if self.cycle is None:
            return []
        same = [
            cycle
            for cycle in self.cycles
            if cycle.track == self.cycle.track and (cycle == self.cycle or cycle.year < self.cycle.year)
        ]
        return same[:YEARS][::-1]

    @cached_property
    def tree(self) -> Edition:
        return edition_tree(self.cycle.edition)

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        return tuple(category for category in self.tree.categories if category.kind != PROFILE)

    @cached_property
    def cube(self) -> list[Cell]:
        return read_cube([cycle.pk for cycle in self.years])

    @cached_property
    def ministries(self) -> list[str]:
        """Names of the ministries that have a result in the chosen cycle."""
        return sorted({cell.ministry for cell in self.cube if cell.cycle == self.cycle.pk and cell.ministry})

    @property
    def kinds(self) -> list[tuple[str, str]]:
        found = {cell.kind for cell in self.cube if cell.cycle == self.cycle.pk}
        return [(value, str(label)) for value, label in Agency.Kind.choices if value in found]

    @cached_property
    def ministry(self) -> str:
        wanted = self.data.get("ministry", "")
        return wanted if wanted in self.ministries else ""

    @cached_property
    def kind(self) -> str:
        wanted = self.data.get("kind", "")
        return wanted if wanted in dict(self.kinds) else ""

    @cached_property
    def category(self) -> Category | None:
        wanted = self.data.get("category", "")
        return next((category for category in self.categories if category.code == wanted), None)

    def population(self, cycle: Cycle | None = None) -> Population:
        return Population((cycle or self.cycle).pk, self.ministry, self.kind)

    def table_of(self, cycle: Cycle) -> suppression.Table:
        """Ministries by kinds of one cycle, with what this person is told of them whatever the filters."""
        if cycle.pk not in self._tables:
            cells: dict[tuple[str, str], int] = {}
            for cell in self.cube:
                if cell.cycle == cycle.pk:
                    place = cell.ministry or "-", cell.kind
                    cells[place] = cells.get(place, 0) + cell.count
            made = suppression.everything_told if self.knows_all else suppression.table
            self._tables[cycle.pk] = made(cells)
        return self._tables[cycle.pk]

    @cached_property
    def _tables(self) -> dict[int, suppression.Table]:
        return {}

    def is_told(self, cycle: Cycle | None = None) -> bool:
        """Whether the chosen population is told to this person at all."""
        return self.table_of(cycle or self.cycle).is_told(self.ministry, self.kind)

    def untold(self, sizes: dict[Any, int]) -> frozenset:
        """The groups of one line that this person is not told."""
        return frozenset() if self.knows_all else suppression.untold(sizes)

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The filters that mean something, as in the address."""
        values = {
            "cycle": self.data.get("cycle", "") and str(self.cycle.pk),
            "ministry": self.ministry,
            "kind": self.kind,
            "category": self.category.code if self.category else "",
        }
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.chosen)

    @property
    def words(self) -> str:
        """The population in words, for heads and files: "กระทรวง … · จังหวัด"."""
        parts = [self.ministry or _("ทั้งภาครัฐ")]
        if self.kind:
            parts.append(dict(self.kinds)[self.kind])
        return " · ".join(parts)
