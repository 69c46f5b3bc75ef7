"""Stage 2 of a cycle for OPDC: whom it may invite, and how far the invited agencies are. States and counts, no text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils import timezone

from assessments.models import Cycle, award_words
from criteria.application_report import Criteria
from results.application_report.models import ApplicationReport, with_answers
from results.application_report.sections import opened_categories
from results.models import ResultSheet, StageTwo
from results.reading import latest_sheets

State = ApplicationReport.State


@dataclass(frozen=True)
class Candidate:
    """An agency that may be invited: its published result and what it applied for."""

    sheet: ResultSheet
    award: str
    categories: list[str]


@dataclass(frozen=True)
class Followed:
    """An invited agency. `score`: the last row of its score of stage 2 that stands or waits."""

    report: ApplicationReport
    score: StageTwo | None

    @property
    def award(self) -> str:
        return award_words({"award": self.report.award, "categories": self.report.categories})

    @property
    def is_overdue(self) -> bool:
        is_awaited = self.report.state in (State.INVITED, State.WRITING)
        return is_awaited and not self.report.is_open(timezone.localdate())


def _uninvited(cycle: Cycle) -> QuerySet[ResultSheet]:
    """The latest published results without an invitation that stands."""
    standing = ApplicationReport.objects.filter(assessment=OuterRef("assessment")).exclude(
        state=State.DECLINED
    )
    return latest_sheets().filter(~Exists(standing), assessment__cycle=cycle)


def candidates(
    cycle: Cycle, criteria: Criteria, *, award: str = "", least: Decimal | None = None
) -> list[Candidate]:
    """One query: who applied for an award, and as the filters say. The score is that of stage 1 by the reviewers."""
    rows = _uninvited(cycle).filter(payload__has_key="application")
    if least is not None:
        rows = rows.filter(verified_total__gte=least)
    if award:
        rows = rows.filter(payload__application__award=award)
    # Of a payload, which is large, only what was applied for.
    rows = rows.defer("payload").annotate(applied=KeyTransform("application", "payload"))
    found = []
    for sheet in rows.select_related("assessment__agency").order_by("assessment__agency__code"):
        applied = sheet.applied
        if categories := opened_categories(criteria, applied["award"], applied["categories"]):
            found.append(Candidate(sheet, award_words(applied), categories))
    return found


def without_award(cycle: Cycle) -> int:
    """How many published results are of agencies that applied for nothing."""
    return _uninvited(cycle).exclude(payload__has_key="application").count()


def invited(cycle: Cycle) -> QuerySet[ApplicationReport]:
    rows = ApplicationReport.objects.filter(assessment__cycle=cycle)
    rows = rows.select_related("assessment__agency").defer("criteria", "base", "content")
    return with_answers(rows).order_by("assessment__agency__code", "pk")


def followed(reports: Sequence[ApplicationReport]) -> list[Followed]:
    """One query for all of them: their scores."""
    rows = StageTwo.objects.filter(assessment__in=[report.assessment_id for report in reports])
    rows = rows.filter(state__in=(StageTwo.State.PROPOSED, StageTwo.State.CONFIRMED)).order_by("pk")
    scores: Mapping[int, Any] = {row.assessment_id: row for row in rows}
    return [Followed(report, scores.get(report.assessment_id)) for report in reports]
