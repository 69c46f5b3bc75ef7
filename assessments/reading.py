"""Reading an assessment in a fixed number of queries, in the shapes that progress, scoring and pages use."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.advice.indicators import Advice, Row, advise
from assessments.models import Answer, Assessment, Cycle, Indicator
from assessments.models.assessment import AnswerQuerySet
from assessments.models.evidence import cited_count
from assessments.progress import NOTHING_MORE, FormsAsked, IndicatorState, PartState, Progress, measure
from criteria import scoring
from criteria.catalogue import edition_tree
from criteria.scoring import DEFAULT_POLICY, Policy, policy_from
from criteria.structure import Edition


@dataclass(frozen=True)
class Answers:
    """All present answers of an assessment. `parts` by part code; `indicators` by group code, in order."""

    parts: dict[str, Answer]
    indicators: dict[str, list[Answer]]

    @property
    def all_indicators(self) -> Iterable[Answer]:
        return (answer for answers in self.indicators.values() for answer in answers)

    @property
    def every(self) -> list[Answer]:
        """The parts of Form 3 and the profile, then the indicators."""
        return [*self.parts.values(), *self.all_indicators]

    @property
    def codes(self) -> dict[int, str]:
        """The code that people see, by key of the answer: 1.1.1.1, and of an indicator 7.1.1.2."""
        codes = {answer.pk: code for code, answer in self.parts.items()}
        for group, answers in self.indicators.items():
            codes |= {
                answer.pk: indicator_code(group, place) for place, answer in enumerate(answers, start=1)
            }
        return codes

    @property
    def claims(self) -> dict[str, str]:
        return {code: answer.claim for code, answer in self.parts.items() if answer.claim}


def read_answers(assessment: Assessment, *, topic: str | None = None) -> Answers:
    """One query: every present answer, or those of one topic."""
    rows = _whole(assessment.answers)
    if topic is not None:
        rows = rows.filter(part__item__topic__code=topic)
    return _sorted(assessment, rows)


def read_many(assessments: Iterable[Assessment]) -> dict[int, Answers]:
    """One query: every present answer of each assessment, by its key."""
    known = {assessment.pk: assessment for assessment in assessments}
    found: dict[int, list[Answer]] = {key: [] for key in known}
    for row in _whole(Answer.objects.filter(assessment__in=known)):
        found[row.assessment_id].append(row)
    return {key: _sorted(known[key], rows) for key, rows in found.items()}


def _whole(answers: AnswerQuerySet) -> AnswerQuerySet:
    rows = answers.present().select_related("part", "indicator", "updated_by")
    return rows.annotate(evidence_count=cited_count()).order_by("part_id", "ordinal")


def _sorted(assessment: Assessment, rows: Iterable[Answer]) -> Answers:
    parts: dict[str, Answer] = {}
    indicators: dict[str, list[Answer]] = {}
    for row in rows:
        row.assessment = assessment
        if hasattr(row, "indicator"):
            indicators.setdefault(row.part.code, []).append(row)
        else:
            parts[row.part.code] = row
    return Answers(parts, indicators)


def indicator_code(group: str, position: int) -> str:
    """The code people see: group 7.1.3, second indicator -> "7.1.3.2"."""
    return f"{group}.{position}"


def indicator_advice(indicator: Indicator, group_title: str) -> tuple[Advice, ...]:
    """What is worth a second look in an indicator of the group with that title."""
    return advise(
        Row(
            name=indicator.name,
            unit=indicator.unit,
            direction=indicator.direction,
            target=indicator.target,
            results=indicator.results,
            group_title=group_title,
        )
    )


def indicator_state(answer: Answer) -> IndicatorState:
    indicator: Indicator = answer.indicator
    return IndicatorState(
        answer_id=answer.pk,
        group=answer.part.code,
        name=indicator.name,
        unit=indicator.unit,
        target=indicator.target,
        latest=indicator.result_3,
    )


def measure_answers(edition: Edition, answers: Answers, asked: FormsAsked = NOTHING_MORE) -> Progress:
    return measure(
        edition,
        {code: PartState(answer.claim, answer.values) for code, answer in answers.parts.items()},
        [indicator_state(answer) for answer in answers.all_indicators],
        asked,
    )


def tree_of(assessment: Assessment) -> Edition:
    return edition_tree(assessment.cycle.edition)


def policy_of_cycle(cycle: Cycle) -> Policy:
    """The scoring policy of a cycle; an empty one is the default."""
    return policy_from(cycle.policy.get("name", DEFAULT_POLICY), cycle.policy.get("parameters"))


def policy_of(assessment: Assessment) -> Policy:
    return policy_of_cycle(assessment.cycle)


def scored_indicator(answer: Answer, *, verdict: str | None = None) -> scoring.Indicator:
    """One indicator as the engine reads it."""
    indicator: Indicator = answer.indicator
    topic, group = answer.part.code.rsplit(".", 1)
    return scoring.Indicator(
        topic=topic,
        group=int(group),
        direction=indicator.direction,
        target=indicator.target,
        results=indicator.results,
        verdict=verdict,
        name=indicator.name,
    )


def claimed_score(assessment: Assessment, answers: Answers) -> scoring.Score:
    """The provisional score of what is claimed now; published scores come from the frozen sheet."""
    indicators = [scored_indicator(answer) for answer in answers.all_indicators]
    return scoring.claimed(tree_of(assessment), policy_of(assessment), answers.claims, indicators)
