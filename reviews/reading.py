"""Reading a case as one reviewer sees it, in a fixed number of queries. No other marks are ever touched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q

from assessments.models import Answer, Assessment, Status
from assessments.reading import indicator_code, tree_of
from criteria.structure import PROCESS, RESULTS
from reviews.comments import is_comment
from reviews.models import Assignment, Outcome, Verdict
from reviews.ticket_models import Ticket, Weighing

MARKED_KINDS = (PROCESS, RESULTS)
# What counts as a mark, and what a reviewer is done with.
CLOSED = tuple(Outcome.values)
HANDLED = (*CLOSED, Verdict.Outcome.ABSTAIN.value)

# What a mark has of its reviewer's verdict.
OWN = (
    "outcome", "comment", "internal_note", "version", "judged_version", "updated_at",
    "strength", "pillar", "own_note", "ground", "reason",
)  # fmt: skip

# Why a mark keeps its reviewer from handing in.
UNMARKED, UNSURE, NO_COMMENT, CHANGED = "unmarked", "unsure", "comment", "changed"
UNWEIGHED, NO_GROUND = "unweighed", "ground"


@dataclass(frozen=True, slots=True)
class Mark:
    """One answer of the case with this reviewer's own verdict; without one the outcome is "", the version 0.

    `code` is the part's, of an indicator the code people see (7.1.1.2). `is_mine` says whether it is this
    reviewer's to mark.
    """

    answer_id: int
    code: str
    part: str
    topic: str
    category: str
    answer_version: int
    is_mine: bool
    outcome: str = ""
    comment: str = ""
    internal_note: str = ""
    version: int = 0
    judged_version: int = 0
    updated_at: datetime | None = None
    strength: str = ""
    pillar: str = ""
    own_note: str = ""
    ground: str = ""
    reason: str = ""
    # The agency has added something to this answer, and the reviewer has not said whether it counted.
    is_unweighed: bool = False

    @property
    def gap(self) -> str:
        """What is missing before hand-in, "" when nothing is."""
        if not self.is_mine:
            return ""
        if not self.outcome:
            return UNMARKED
        if self.judged_version != self.answer_version:
            return CHANGED
        if self.outcome == Verdict.Outcome.UNSURE:
            return UNSURE
        if self.outcome == Verdict.Outcome.ABSTAIN:
            return "" if self.ground and is_comment(self.reason) else NO_GROUND
        if self.outcome == Verdict.Outcome.FAIL and not is_comment(self.comment):
            return NO_COMMENT
        if self.is_unweighed:
            return UNWEIGHED
        return ""


@dataclass(frozen=True)
class Marks:
    """Every answer of the case, in the order of the form."""

    rows: tuple[Mark, ...]

    @property
    def mine(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.rows if mark.is_mine)

    @property
    def gaps(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.rows if mark.gap)

    @property
    def closed(self) -> int:
        """How many of mine have a pass or a fail, or an abstention."""
        return sum(mark.outcome in HANDLED for mark in self.mine)

    def count(self, outcome: str) -> int:
        return sum(mark.outcome == outcome for mark in self.mine)

    def of_topic(self, topic: str) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.rows if mark.topic == topic)

    def next_gap(self, after: str = "") -> Mark | None:
        """Where to go on: the next unmarked place behind the code `after`, from the top behind the last one;
        when everything is marked, the next place that still needs something."""
        place = next((index for index, mark in enumerate(self.rows, start=1) if mark.code == after), 0)
        gaps = [mark for mark in (*self.rows[place:], *self.rows[:place]) if mark.gap]
        return next((mark for mark in gaps if mark.gap == UNMARKED), gaps[0] if gaps else None)


def read_marks(assessment: Assessment, assignments: Sequence[Assignment]) -> Marks:
    """One query. `assignments` are the active rows of one reviewer in this case."""
    mine = {row.category.code for row in assignments if row.marks}
    weighed = Weighing.objects.filter(ticket=OuterRef("pk"), assignment__in=[row.pk for row in assignments])
    added = Ticket.objects.filter(answer=OuterRef("pk"), state=Ticket.State.ANSWERED)
    tree = tree_of(assessment)
    rows = (
        Answer.objects.present()
        .filter(assessment=assessment, part__item__topic__category__kind__in=MARKED_KINDS)
        .annotate(
            own=FilteredRelation(
                "verdicts", condition=Q(verdicts__assignment__in=[row.pk for row in assignments])
            ),
            unweighed=Exists(added.filter(~Exists(weighed))),
        )
        .order_by("part_id", "ordinal")
        .values("pk", "part__code", "version", "unweighed", *(f"own__{name}" for name in OWN))
    )
    marks: dict[str, list[Mark]] = {}
    for row in rows:
        part = row["part__code"]
        category, topic, _item = tree.place_of_part[part]
        group = marks.setdefault(part, [])
        own = {name: row[f"own__{name}"] for name in OWN if row[f"own__{name}"] is not None}
        group.append(
            Mark(
                answer_id=row["pk"],
                code=indicator_code(part, len(group) + 1) if category.kind == RESULTS else part,
                part=part,
                topic=topic.code,
                category=category.code,
                answer_version=row["version"],
                is_mine=category.code in mine,
                is_unweighed=row["unweighed"],
                **own,
            )
        )
    return Marks(tuple(mark for part in tree.parts for mark in marks.get(part, ())))


@dataclass(frozen=True, slots=True)
class Case:
    """One case in a reviewer's queue. `total` counts the answers to mark, `closed` those that are done with."""

    assessment: Assessment
    marks: bool
    leads: bool
    opened: bool
    handed_in_at: datetime | None
    total: int
    closed: int
    unsure: int
    words: int
    categories: tuple[str, ...]
    has_all: bool

    @property
    def words_left(self) -> int:
        """About how many words stand in what is not marked yet, all answers taken as equally long."""
        return round(self.words * self.left / self.total) if self.total else 0

    @property
    def left(self) -> int:
        return self.total - self.closed

    @property
    def waits(self) -> bool:
        """Whether the next step of the case is this person's."""
        if self.assessment.status in (Status.CONSENSUS, Status.APPEAL_OPEN):
            return self.leads
        return self.assessment.status == Status.IN_REVIEW and (
            not self.opened or (self.marks and not self.handed_in_at)
        )


def read_cases(assignments: Iterable[Assignment]) -> list[Case]:
    """The queue of one reviewer in two queries, the nearest deadline first."""
    rows = (
        assignments.select_related("category", "assessment__agency__ministry", "assessment__cycle__edition")
        .annotate(
            closed=Count("verdicts", filter=_present(Q(verdicts__outcome__in=HANDLED))),
            unsure=Count("verdicts", filter=_present(Q(verdicts__outcome=Verdict.Outcome.UNSURE))),
        )
        .order_by("assessment__cycle__review_closes_at", "assessment__agency__code", "category__order")
    )
    cases: dict[int, list[Assignment]] = {}
    for row in rows:
        cases.setdefault(row.assessment_id, []).append(row)
    totals = answer_totals(cases)
    return [_case(own, totals) for own in cases.values()]


def answer_totals(assessments: Iterable[int]) -> dict[tuple[int, int], int]:
    """(assessment, category) -> how many answers there are to mark. One query."""
    rows = (
        Answer.objects.present()
        .filter(assessment__in=list(assessments), part__item__topic__category__kind__in=MARKED_KINDS)
        .order_by()
        .values_list("assessment_id", "part__item__topic__category_id")
        .annotate(total=Count("pk"))
    )
    return {(assessment, category): total for assessment, category, total in rows}


def last_hand_in(assignments: Iterable[Assignment]) -> datetime | None:
    """When a person handed in the last category; None while one is open, or for a lead who does not mark."""
    times = [row.handed_in_at for row in assignments if row.marks]
    return max(times) if times and all(times) else None


def _present(condition: Q) -> Q:
    return condition & Q(verdicts__answer__removed_at=None)


def _case(own: list[Assignment], totals: dict[tuple[int, int], int]) -> Case:
    marking = [row for row in own if row.marks]
    return Case(
        assessment=own[0].assessment,
        marks=bool(marking),
        leads=any(row.is_lead for row in own),
        opened=any(row.opened_at for row in own),
        handed_in_at=last_hand_in(own),
        total=sum(totals.get((row.assessment_id, row.category_id), 0) for row in marking),
        closed=sum(row.closed for row in marking),
        unsure=sum(row.unsure for row in marking),
        words=sum(row.words for row in marking),
        categories=tuple(row.category.code for row in marking),
        has_all=len(marking) == sum(len(tree_of(own[0].assessment).of_kind(kind)) for kind in MARKED_KINDS),
    )
