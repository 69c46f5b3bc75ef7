"""Where agencies stand, read in a fixed number of queries: scores of last year, types, targets, groups."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import OuterRef, Q
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from assessments.models import Assessment, Cycle
from criteria.scoring import display_score
from pmqa.accounts.models import Agency
from results.dashboard.suppression import LEAST
from results.framework.reading import pmqa_weight
from results.framework.weights import Share
from results.reading import latest_sheets
from results.standing.groups import NOTHING, group_of
from results.standing.models import TargetRules, TypeChoice
from results.standing.targets import Rules, Targets, attainment, is_overlapping, targets, type_of


def rules_of(cycle: Cycle) -> TargetRules:
    """One query. A cycle without a row of its own has the announced values, at version 0."""
    return TargetRules.objects.filter(cycle=cycle).first() or TargetRules(cycle=cycle)


def _scored_before(cycle: Cycle) -> Q:
    """Of sheets: those of the year before, in the same track. 0 is no score."""
    return Q(
        assessment__cycle__year=cycle.year - 1, assessment__cycle__track=cycle.track, verified_total__gt=0
    )


def last_scores(cycle: Cycle, agency: Agency | None = None) -> dict[int, Decimal]:
    """One query: agency -> its published total of the year before, in the same track. 0 is no score."""
    rows = latest_sheets().filter(_scored_before(cycle))
    if agency is not None:
        rows = rows.filter(assessment__agency=agency)
    return dict(rows.order_by("pk").values_list("assessment__agency", "verified_total"))


def totals_of(cycle: Cycle) -> dict[int, Decimal]:
    """One query: agency -> its published total of this cycle."""
    rows = latest_sheets().filter(assessment__cycle=cycle)
    return dict(rows.order_by().values_list("assessment__agency", "verified_total"))


def both_scores(cycle: Cycle) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """One query: what `last_scores` and `totals_of` say of all agencies."""
    rows = latest_sheets().filter(_scored_before(cycle) | Q(assessment__cycle=cycle)).order_by("pk")
    last, now = {}, {}
    for agency, of_cycle, total in rows.values_list(
        "assessment__agency", "assessment__cycle", "verified_total"
    ):
        (now if of_cycle == cycle.pk else last)[agency] = total
    return last, now


@dataclass(frozen=True)
class Kpi:
    """Type, targets and attainment of one agency in one cycle.

    last: last year's score. choice: what an administrator picked where there is none. now: the score that counts
    now, None while there is none. weight: that of PMQA 4.0 in the KPI framework, None while the cycle has none.
    """

    rules: Rules
    last: Decimal | None = None
    choice: TypeChoice | None = None
    now: Fraction | Decimal | None = None
    weight: Decimal | None = None

    @cached_property
    def kpi_type(self) -> int | None:
        return type_of(self.rules, self.last) or (self.choice.kpi_type if self.choice else None)

    @property
    def is_chosen(self) -> bool:
        return not self.last and self.choice is not None

    @cached_property
    def targets(self) -> Targets | None:
        if self.kpi_type is None:
            return None
        return targets(self.rules, self.kpi_type, self.last or self.choice.base)

    @property
    def is_overlapping(self) -> bool:
        return bool(self.last) and is_overlapping(self.rules, self.last)

    @property
    def group(self) -> int | None:
        """That of last year's score."""
        return group_of(self.last) if self.last else None

    @cached_property
    def attainment(self) -> Fraction | None:
        if self.targets is None or self.now is None:
            return None
        return attainment(self.targets, self.now)

    @property
    def share(self) -> Share | None:
        """What the attainment gives in the yearly assessment; None where its weight is not known."""
        return None if self.weight is None else Share(self.weight, self.attainment)

    def under(self, rules: Rules) -> "Kpi":
        """The same agency under other rules; a chosen base keeps its type."""
        return replace(self, rules=rules)

    @property
    def words(self) -> dict[str, str]:
        """Every figure as it is shown; an en dash where there is none."""
        goal = self.targets
        return {
            "last": _shown(self.last),
            "type": str(self.kpi_type or _("ยังไม่กำหนด")),
            "half": _shown(goal and goal.half),
            "standard": _shown(goal and goal.standard),
            "full": _shown(goal and goal.full),
            "now": _shown(self.now),
            "attainment": _shown(self.attainment),
        }


def _shown(value: Fraction | Decimal | None) -> str:
    return NOTHING if value is None else display_score(Fraction(value))


def kpi_of(
    cycle: Cycle, agency: Agency, now: Fraction | Decimal | None, *, last: Decimal | None = None
) -> Kpi:
    """Two queries at most where `last`, last year's score, is known; else three. A choice counts only without one."""
    last = last or last_scores(cycle, agency).get(agency.pk)
    choice = None if last else TypeChoice.objects.filter(cycle=cycle, agency=agency).first()
    announced = Cycle.objects.select_related("target_rules").annotate(
        weight=pmqa_weight(OuterRef("pk"), agency.kind)
    )
    row = announced.get(pk=cycle.pk)
    rules = getattr(row, "target_rules", None) or TargetRules(cycle=cycle)
    return Kpi(rules.rules, last, choice, now, row.weight)


# --- all agencies of a cycle --------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One agency in the table of a cycle."""

    agency: Agency
    kpi: Kpi

    @property
    def words(self) -> dict[str, str]:
        return self.kpi.words


def lines_of(cycle: Cycle, rules: Rules) -> list[Line]:
    """Three queries: every agency that takes part in the cycle, was scored the year before, or was given a type."""
    last, now = both_scores(cycle)
    choices = {choice.agency_id: choice for choice in TypeChoice.objects.filter(cycle=cycle)}
    scored = latest_sheets().filter(
        assessment__cycle__year=cycle.year - 1, assessment__cycle__track=cycle.track
    )
    agencies = (
        Agency.objects.filter(
            Q(pk__in=Assessment.objects.filter(cycle=cycle).values("agency"))
            | Q(pk__in=scored.values("assessment__agency"))
            | Q(pk__in=choices)
        )
        .annotate(weight=pmqa_weight(cycle, OuterRef("kind")))
        .select_related("ministry")
        .order_by("code")
    )
    return [
        Line(
            agency,
            Kpi(rules, last.get(agency.pk), choices.get(agency.pk), now.get(agency.pk), agency.weight),
        )
        for agency in agencies
    ]


# --- all years of an agency -----------------------------------------------------------------------


@dataclass(frozen=True)
class Year:
    """One published year of an agency: the verified side of its frozen sheet."""

    assessment: int
    cycle: Cycle
    revision: int
    verified_total: Decimal
    scores: dict

    @property
    def year(self) -> int:
        return self.cycle.year

    @cached_property
    def by_code(self) -> dict[str, str]:
        """Code of a category or topic -> its score as frozen; the total is "total"."""
        found = {"total": self.scores["total"]}
        for category in self.scores["categories"]:
            found[category["code"]] = category["score"]
            found |= {topic["code"]: topic["score"] for topic in category["topics"]}
        return found


def years_of(agency: Agency) -> list[Year]:
    """One query: every published year of an agency, the oldest first, without the rest of the payloads."""
    rows = (
        latest_sheets()
        .filter(assessment__agency=agency)
        .select_related("assessment__cycle__edition")
        .annotate(scores=KeyTransform("verified", KeyTransform("scores", "payload")))
        .defer("payload")
        .order_by("assessment__cycle__year", "assessment")
    )
    return [
        Year(row.assessment_id, row.assessment.cycle, row.revision, row.verified_total, row.scores)
        for row in rows
    ]


def year_before(years: list[Year], cycle: Cycle) -> Year | None:
    """The year before a cycle among the years of an agency, which are read already."""
    before = (year for year in years if year.year == cycle.year - 1 and year.cycle.track == cycle.track)
    return next(before, None)


# --- others, without names ------------------------------------------------------------------------


@dataclass(frozen=True)
class Peers:
    """The group of an agency in one published cycle; `scores` None where it would tell too much."""

    group: int
    scores: tuple[Decimal, ...] | None


def peers_of(cycle: Cycle, score: Decimal) -> Peers:
    """One query. Nothing of a group under five, nor of one whose rest is under five: the rest could be worked out."""
    group = group_of(score)
    totals = list(totals_of(cycle).values())
    inside = tuple(total for total in totals if group_of(total) == group)
    rest = len(totals) - len(inside)
    is_told = len(inside) >= LEAST and (rest == 0 or rest >= LEAST)
    return Peers(group, inside if is_told else None)
