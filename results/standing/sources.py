"""From an assessment to the marks that it scores by: a frozen sheet, a preliminary result, or a draft."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.models import PRELIMINARY, Assessment, Status
from assessments.reading import Answers, policy_of, read_answers, scored_indicator, tree_of
from criteria import scoring
from criteria.scoring import CLAIMED, VERIFIED, PolicyError
from criteria.structure import Edition
from results.models import ResultSheet
from results.payload import Payload, parts_of
from results.standing.marks import Marks
from reviews.models import Consensus

PUBLISHED, TOLD, DRAFT = "published", "told", "draft"


@dataclass(frozen=True)
class Source:
    """Marks and where they come from. `sheet` only where they are published."""

    assessment: Assessment
    marks: Marks
    kind: str
    sheet: ResultSheet | None = None

    @property
    def is_estimate(self) -> bool:
        """Whether these scores are not final."""
        return self.kind != PUBLISHED


def source_of(assessment: Assessment) -> Source | None:
    """The best known marks of an assessment; None where there is nothing to score, or no way to score it again.

    Published: the frozen sheet, one query. Told: the consensus as it is now, two. Else what the agency claims, one;
    what reviewers think is nobody's to know before.
    """
    tree = tree_of(assessment)
    if not tree.has_levels:
        return None
    if assessment.status == Status.REPORT_ISSUED:
        frozen = assessment.sheets.first()
        marks = marks_of_payload(frozen.payload, tree)
        return marks and Source(assessment, marks, PUBLISHED, frozen)
    answers, policy = read_answers(assessment), policy_of(assessment)
    if assessment.status in PRELIMINARY:
        decided = Consensus.objects.filter(answer__assessment=assessment)
        outcomes = dict(decided.values_list("answer_id", "outcome"))
        verdicts = {
            code: outcomes[answer.pk] for code, answer in answers.parts.items() if answer.pk in outcomes
        }
        indicators = _indicators(tree, answers, outcomes)
        return Source(assessment, Marks(tree, policy, VERIFIED, verdicts, indicators), TOLD)
    marks = Marks(tree, policy, CLAIMED, answers.claims, _indicators(tree, answers, {}))
    return Source(assessment, marks, DRAFT)


def _indicators(
    tree: Edition, answers: Answers, outcomes: Mapping[int, str]
) -> tuple[scoring.Indicator, ...]:
    return tuple(
        scored_indicator(answer, verdict=outcomes.get(answer.pk))
        for group in tree.groups
        for answer in answers.indicators.get(group.code, ())
    )


def marks_of_payload(payload: Payload, tree: Edition) -> Marks | None:
    """The verified marks of a payload; None for a policy that this release does not know any more."""
    stored = payload["policy"]
    try:
        policy = scoring.policy_from(stored["name"], stored["parameters"], version=stored["version"])
    except PolicyError:
        return None
    statuses = {part["code"]: part["outcome"] for part in parts_of(payload) if part["outcome"]}
    indicators = tuple(
        scoring.Indicator(
            topic=entry["topic"],
            group=entry["group"],
            direction=entry["direction"],
            target=_exact(entry["target"]),
            results=tuple(_exact(result) for result in entry["results"]),
            verdict=entry["outcome"],
            name=entry["name"],
        )
        for entry in payload["indicators"]
    )
    return Marks(tree, policy, VERIFIED, statuses, indicators)


def _exact(text: str | None):
    return None if text is None else scoring.exact(text)
