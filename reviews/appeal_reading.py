"""Requests for a second look as pages show them: with their places, what was told first, and what counts now."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.models import Assessment
from criteria.templatetags.criteria_text import named
from reviews.appeal_models import Appeal
from reviews.decided import Judged, judged_answers
from reviews.evidence_reading import FrozenEntry, frozen_evidence
from reviews.models import Outcome


@dataclass(frozen=True)
class Request:
    """One standing or withdrawn request. `evidence` is what it cites of the submitted register."""

    appeal: Appeal
    judged: Judged
    evidence: tuple[FrozenEntry, ...]

    @property
    def code(self) -> str:
        return self.judged.code

    @property
    def before_comment(self) -> str:
        return self.appeal.before["comment"]

    @property
    def title(self) -> str:
        if self.judged.is_indicator:
            return self.judged.answer.indicator.name
        return named(self.judged.item)


def read_requests(assessment: Assessment, *, judged: list[Judged] | None = None) -> list[Request]:
    """Every request of a case in the order of the form. Three queries, two where `judged` was read before."""
    appeals = list(Appeal.objects.filter(assessment=assessment))
    if not appeals:
        return []
    places = {row.answer.pk: row for row in judged or judged_answers(assessment)}
    entries = {entry.number: entry for entry in frozen_evidence(assessment)}
    order = {pk: position for position, pk in enumerate(places)}
    return [
        Request(appeal, places[appeal.answer_id], tuple(entries[n] for n in appeal.evidence if n in entries))
        for appeal in sorted(appeals, key=lambda appeal: (order[appeal.answer_id], appeal.pk))
    ]


def appealed_codes(assessment: Assessment) -> Mapping[str, Appeal]:
    """Code that people see -> its standing request. One query."""
    return {row.code: row for row in Appeal.objects.standing().filter(assessment=assessment)}


def failed_answer(assessment: Assessment, code: str) -> Judged | None:
    """The answer with this code, if it failed."""
    found = (row for row in judged_answers(assessment) if row.code == code and row.outcome == Outcome.FAIL)
    return next(found, None)
