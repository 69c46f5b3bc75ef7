"""The filters of a dashboard: what the address says, what there is to choose, and who may know how much."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments.models import Cycle
from criteria.catalogue import edition_tree
from criteria.structure import LEVELS, Category, Edition, Item, Topic
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import Agency, User
from results.dashboard import suppression
from results.dashboard.cube import Cell, read_cube
from results.dashboard.models import SheetSummary
from results.dashboard.places import Places
from results.dashboard.subject import Subject, scored_categories, subject_of

# The chosen cycle and those before it of the same track.
YEARS = 3


def track_name(track: str) -> str:
    """Tracks are those of kinds of agencies, or of names that an administrator typed."""
    return str(dict(Agency.Kind.choices).get(track, track))


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


class Choice(Places):
    """What somebody looks at: published results of a cycle, and what of the criteria."""

    def __init__(self, data: QueryDict, user: User):
        super().__init__(data)
        self.knows_all = user.has_perm("results.dashboard_all")

    # --- whose results ------------------------------------------------------------------------

    @cached_property
    def all_cycles(self) -> list[Cycle]:
        """Cycles with published results, the latest first; `published` is how many."""
        sizes = SheetSummary.objects.filter(cycle=OuterRef("pk")).order_by().values("cycle")
        cycles = Cycle.objects.annotate(published=Subquery(sizes.annotate(n=Count("pk")).values("n")))
        return [cycle for cycle in cycles.select_related("edition") if cycle.published]

    @cached_property
    def tracks(self) -> list[tuple[str, str]]:
        """(track, its name), where there is more than one to choose from."""
        found = sorted({cycle.track for cycle in self.all_cycles})
        return [(track, track_name(track)) for track in found] if len(found) > 1 else []

    @cached_property
    def track(self) -> str:
        wanted = self.data.get("track", "")
        return wanted if wanted in dict(self.tracks) else ""

    @cached_property
    def cycles(self) -> list[Cycle]:
        """Those of the chosen track."""
        return [cycle for cycle in self.all_cycles if self.track in ("", cycle.track)]

    @cached_property
    def cycle(self) -> Cycle | None:
        """The chosen cycle, else the latest of which this person is told something."""
        wanted = self.data.get("cycle", "")
        found = [cycle for cycle in self.cycles if str(cycle.pk) == wanted]
        large = (cycle for cycle in self.cycles if self.knows_all or cycle.published >= suppression.LEAST)
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
    def cube(self) -> list[Cell]:
        return read_cube([cycle.pk for cycle in self.years])

    @cached_property
    def ministries(self) -> list[tuple[str, str]]:
        """Those that have a result in the chosen cycle."""
        found = {cell.ministry for cell in self.cube if cell.cycle == self.cycle.pk and cell.ministry}
        return self.named_ministries(found)

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        return self.named_kinds({cell.kind for cell in self.cube if cell.cycle == self.cycle.pk})

    def population(self, cycle: Cycle | None = None) -> Population:
        return Population((cycle or self.cycle).pk, self.ministry, self.kind)

    # --- what of the criteria -----------------------------------------------------------------

    @cached_property
    def tree(self) -> Edition:
        return edition_tree(self.cycle.edition)

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        return scored_categories(self.tree)

    @cached_property
    def subject(self) -> Subject:
        return subject_of(self.tree, self.data)

    @property
    def topics_by_category(self) -> list[tuple[str, tuple[Topic, ...]]]:
        """What the form offers: of the chosen category, else of all."""
        return [
            (f"{category.code} {named(category)}", category.topics) for category in self.subject.categories
        ]

    @property
    def items(self) -> tuple[Item, ...]:
        return self.subject.topic.items if self.subject.topic else ()

    @property
    def levels(self) -> list[tuple[str, str]]:
        """None where only indicators are meant, which have no level."""
        return [] if self.subject.is_of_results else [(level, level.capitalize()) for level in LEVELS]

    # --- who is told what ---------------------------------------------------------------------

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

    # --- in words -----------------------------------------------------------------------------

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The filters that mean something, as in the address."""
        if self.cycle is None:
            return {}
        values = {
            "track": self.track,
            "cycle": self.data.get("cycle", "") and str(self.cycle.pk),
            "ministry": self.ministry,
            "kind": self.kind,
        }
        return {name: value for name, value in values.items() if value} | self.subject.chosen

    @property
    def asked(self) -> str:
        """What of the criteria, in words: "หัวข้อ 1.1 … · Basic"; "" for all of it."""
        level = self.subject.level.capitalize()
        return " · ".join(filter(None, (_named(self.subject, self.subject.finest), level)))

    @property
    def asked_score(self) -> str:
        """What of it has a score: items and levels have none."""
        return _named(self.subject, self.subject.scored)

    @property
    def scored_short(self) -> str:
        """The same without its name: "หัวข้อ 1.1"."""
        scored = self.subject.scored
        return _short(self.subject, scored) if scored else ""


def _named(subject: Subject, node: Category | Topic | Item | None) -> str:
    return f"{_short(subject, node)} {named(node)}" if node is not None else ""


def _short(subject: Subject, node: Category | Topic | Item) -> str:
    if node is subject.item:
        kind = _("กลุ่มตัวชี้วัด") if subject.is_of_results else _("ข้อ")
    else:
        kind = _("หัวข้อ") if node is subject.topic else _("หมวด")
    return f"{kind} {node.code}"
