"""What one reviewer marks alone, what of it was drawn for a second one, and how far the two agree."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from assessments.models import Assessment, Cycle
from pmqa.accounts.models import User
from reviews.duties import ASSIGNABLE, category_keys, rows_of_many
from reviews.loads import sizes_of
from reviews.models import Assignment, Verdict
from reviews.reading import CLOSED
from reviews.sampling import Unit, number_of
from reviews.team_models import Batch, Departure
from reviews.teams_reading import homes_of

# Fewer answers tell what one reviewer marked.
FEWEST = 5


@dataclass(frozen=True)
class Standing:
    """A unit that has been drawn, with the number by which it was."""

    assessment: Assessment
    category: str
    number: str
    batch: Batch


@dataclass(frozen=True)
class Population:
    """The single-reviewer units of a cycle: those that can be drawn, and those that have been and have two reviewers.

    `cases` are all the viewer may draw from; `hidden` counts those left out, for the viewer judges or belongs to them.
    `last` is what can be undone, if it is a sample.
    """

    cases: Mapping[int, Assessment]
    units: list[Unit]
    standing: list[Standing]
    hidden: int
    last: Batch | None


def batches_of(cycle: Cycle) -> list[Batch]:
    """One query: what was applied and not taken back, the first one first; only samples have drawn anything."""
    rows = Batch.objects.filter(cycle=cycle, undone_at=None).defer("before", "after")
    return list(rows.select_related("applied_by").order_by("pk"))


def read_population(cycle: Cycle, viewer: User) -> Population:
    """Six queries. Nobody draws from what they judge themselves: a single reviewer is not to know of it."""
    own = Assignment.objects.active().filter(reviewer=viewer).values("assessment")
    taken = Assignment.objects.active().filter(assessment__cycle=cycle).values("assessment")
    hides = Q(pk__in=own) | Q(agency__in=homes_of(viewer))
    teamed = Assessment.objects.filter(cycle=cycle, pk__in=taken).annotate(is_hidden=hides).with_places()
    every = list(teamed.order_by("agency__code"))
    cases = {case.pk: case for case in every if not case.is_hidden}
    codes = {key: code for code, key in category_keys(cycle.edition).items()}
    rows = rows_of_many(cases)
    marking: dict[tuple[int, str], set[int]] = {}
    kept_out: dict[int, set[int]] = {pk: set() for pk in cases}
    led = set()
    for pk, team in rows.items():
        for (person, category), row in team.items():
            if row.recused_at or row.is_lead:
                kept_out[pk].add(person)
            if row.recused_at is None and row.is_lead:
                led.add(pk)
            if row.recused_at is None and row.marks:
                marking.setdefault((pk, codes[category]), set()).add(person)
    awaited = set(
        Departure.objects.filter(assessment__in=cases, is_awaited=True).values_list("assessment", flat=True)
    )
    sizes = sizes_of(pk for pk, case in cases.items() if case.status in ASSIGNABLE)
    keys = {code: key for key, code in codes.items()}
    units = []
    for pk, case in cases.items():
        # A team that is being put together again is not touched.
        is_whole = pk in led and pk not in awaited and all((pk, code) in marking for code in keys)
        if case.status not in ASSIGNABLE or not is_whole:
            continue
        for code, key in keys.items():
            alone = marking[pk, code]
            if len(alone) == 1:
                units.append(
                    Unit(
                        pk,
                        case.agency_id,
                        code,
                        _name(cycle, case, code),
                        *sizes.get((pk, key), (0, 0)),
                        frozenset(kept_out[pk] | alone),
                    )
                )
    batches = batches_of(cycle)
    standing = [
        Standing(cases[pk], code, number_of(_name(cycle, cases[pk], code), batch.seed), batch)
        for batch in batches
        for pk, code in batch.drawn
        if pk in cases and len(marking.get((pk, code), ())) > 1
    ]
    last = batches[-1] if batches and batches[-1].seed is not None else None
    return Population(cases, units, standing, len(every) - len(cases), last)


def _name(cycle: Cycle, case: Assessment, category: str) -> str:
    return f"{cycle.year}/{case.agency.code}/{category}"


@dataclass(frozen=True)
class Agreement:
    """Of `parts` answers that two people marked independently in the sample, `equal` have the same mark."""

    units: int
    parts: int
    equal: int

    @property
    def told(self) -> bool:
        return self.parts >= FEWEST

    @property
    def rate(self) -> int:
        return round(100 * self.equal / self.parts)


def read_agreement(cycle: Cycle, settled: Collection[int]) -> Agreement | None:
    """Two queries, one while no sample was drawn: how far the sample agrees in these cases, whose marks are all in."""
    drawn = {(pk, code) for batch in batches_of(cycle) for pk, code in batch.drawn if pk in set(settled)}
    if not drawn:
        return None
    of_category: dict[str, list[int]] = {}
    for pk, code in drawn:
        of_category.setdefault(code, []).append(pk)
    chosen = Q()
    for code, pks in sorted(of_category.items()):
        chosen |= Q(assignment__category__code=code, assignment__assessment__in=pks)
    marks = Verdict.objects.filter(
        chosen,
        outcome__in=CLOSED,
        assignment__recused_at=None,
        assignment__marks=True,
        answer__removed_at=None,
    )
    rows = marks.order_by().values("answer").annotate(n=Count("pk"), kinds=Count("outcome", distinct=True))
    pairs = list(rows.filter(n__gt=1).values_list("kinds", flat=True))
    return Agreement(len(drawn), len(pairs), pairs.count(1))
