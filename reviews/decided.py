"""A case after everybody has handed in: its answers in the order of the form, and what counts for each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assessments.models import PRELIMINARY, Answer, Assessment, Status
from assessments.reading import indicator_code, tree_of
from criteria.structure import RESULTS, Category, Item, Part, Topic
from reviews.comments import is_comment
from reviews.drafting import Strength
from reviews.models import Assignment, Consensus, Outcome, Verdict
from reviews.reading import MARKED_KINDS

# Marks are in, so what the team thinks of each other's may be seen, and the lead's texts exist.
SETTLED = (Status.CONSENSUS, Status.CONSENSUS_DONE, *PRELIMINARY, Status.REPORT_ISSUED)


@dataclass(frozen=True)
class Judged:
    """One answer that gets a verdict, with its place; `code` is what people see (1.1.1.1, 7.1.1.2)."""

    code: str
    answer: Answer
    part: Part
    item: Item
    topic: Topic
    category: Category

    @property
    def consensus(self) -> Consensus | None:
        return getattr(self.answer, "consensus", None)

    @property
    def outcome(self) -> str:
        """The outcome that counts, "" while there is none."""
        return self.consensus.outcome if self.consensus else ""

    @property
    def is_indicator(self) -> bool:
        return self.category.kind == RESULTS


def judged_answers(assessment: Assessment) -> list[Judged]:
    """One query: every answer that gets a verdict, in the order of the form."""
    rows = Answer.objects.present().filter(
        assessment=assessment, part__item__topic__category__kind__in=MARKED_KINDS
    )
    by_part: dict[str, list[Answer]] = {}
    for answer in rows.select_related("part", "indicator", "consensus", "ticket").order_by("ordinal"):
        answer.assessment = assessment
        by_part.setdefault(answer.part.code, []).append(answer)
    tree = tree_of(assessment)
    judged = []
    for code, part in tree.parts.items():
        for position, answer in enumerate(by_part.get(code, ()), start=1):
            category, topic, item = tree.place_of_part[code]
            shown = indicator_code(code, position) if category.kind == RESULTS else code
            judged.append(Judged(shown, answer, part, item, topic, category))
    return judged


def noted_strengths(assessment: Assessment, judged: Sequence[Judged]) -> list[Strength]:
    """One query: what the reviewers who are still in the team noted as outstanding, in the order of the form."""
    place = {row.answer.pk: (number, row.code) for number, row in enumerate(judged)}
    rows = (
        Verdict.objects.filter(
            assignment__assessment=assessment, assignment__recused_at=None, answer__in=list(place)
        )
        .exclude(strength="")
        # Whoever abstains on an answer praises it no more than they mark it.
        .exclude(outcome=Verdict.Outcome.ABSTAIN)
        .order_by("assignment_id")
        .values_list("answer_id", "strength", "pillar")
    )
    noted = sorted(rows, key=lambda row: place[row[0]])
    return [Strength(place[answer][1], text, pillar) for answer, text, pillar in noted if is_comment(text)]


def code_of(assessment: Assessment, answer: Answer) -> str:
    """What people call an answer that gets a verdict: its place, which an indicator does not hold. One query."""
    return next(row.code for row in judged_answers(assessment) if row.answer.pk == answer.pk)


def marking_rows(assessment: Assessment) -> list[Assignment]:
    """One query: who marks what, without those who stepped aside; the same order whenever it is asked."""
    rows = Assignment.objects.active().filter(assessment=assessment, marks=True)
    return list(rows.select_related("category", "reviewer").order_by("pk"))


def with_comment(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those that say something to the agency; an abstention says nothing."""
    return [verdict for verdict in verdicts if not verdict.is_abstention and is_comment(verdict.comment)]


def merged_comment(verdicts: Iterable[Verdict]) -> str:
    """Their comments one below the other, each once; the lead may rewrite them."""
    return "\n\n".join(dict.fromkeys(verdict.comment for verdict in with_comment(verdicts)))


def agreement(outcomes: Collection[str | None]) -> str | None:
    """The outcome on which every reviewer agrees; None where one differs, is unsure or has no mark.

    `outcomes` has one entry for each reviewer of the category. One reviewer alone agrees with nobody else and
    counts as it is ("ผู้ตรวจรายเดียว").
    """
    found = set(outcomes)
    if len(found) != 1:
        return None
    (outcome,) = found
    return outcome if outcome in Outcome.values else None
