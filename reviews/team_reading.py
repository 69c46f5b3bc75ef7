"""The team of a case as OPDC sees it: who does what and how far, who left and why, what is set aside."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Answer, Assessment
from assessments.reading import tree_of
from pmqa.accounts.models import User
from reviews.decided import judged_answers
from reviews.models import Assignment, Verdict
from reviews.reading import HANDLED, MARKED_KINDS, last_hand_in
from reviews.rules import remember_assignments
from reviews.team_models import Declaration, Departure


@dataclass(frozen=True)
class Member:
    """One person of the team; `closed` of `total` answers are done with. `categories` are the codes marked."""

    person: User
    marks: bool
    is_lead: bool
    opened: bool
    handed_in_at: datetime | None
    closed: int
    total: int
    categories: tuple[str, ...]
    has_all: bool


def read_team(assessment: Assessment, viewer: User) -> list[Member]:
    """One query: those who judge the case now, the lead first. The viewer's own rows are remembered."""
    answers = (
        Answer.objects.present()
        .filter(assessment=assessment, part__item__topic__category=OuterRef("category"))
        .order_by()
        .values("assessment")
        .annotate(n=Count("pk"))
    )
    rows = (
        Assignment.objects.active()
        .filter(assessment=assessment)
        .select_related("reviewer", "category")
        .annotate(
            closed=Count(
                "verdicts",
                filter=Q(verdicts__outcome__in=HANDLED, verdicts__answer__removed_at=None),
            ),
            total=Coalesce(Subquery(answers.values("n")), 0),
        )
        .order_by(
            "-is_lead",
            "reviewer__first_name",
            "reviewer__last_name",
            "reviewer_id",
            "category__order",
        )
    )
    asked = marked_codes(assessment)
    people: dict[int, list] = {}
    for row in rows:
        people.setdefault(row.reviewer_id, []).append(row)
    remember_assignments(viewer, assessment, people.get(viewer.pk, []))
    return [_member(own, asked) for own in people.values()]


def _member(own: list, asked: tuple[str, ...]) -> Member:
    marked = [row for row in own if row.marks]
    codes = tuple(row.category.code for row in marked)
    return Member(
        person=own[0].reviewer,
        marks=bool(marked),
        is_lead=any(row.is_lead for row in own),
        opened=any(row.opened_at for row in own),
        handed_in_at=last_hand_in(own),
        closed=sum(row.closed for row in marked),
        total=sum(row.total for row in marked),
        categories=codes,
        has_all=codes == asked,
    )


def marked_codes(assessment: Assessment) -> tuple[str, ...]:
    """The categories that reviewers mark, in the order of the form."""
    return tuple(category.code for kind in MARKED_KINDS for category in tree_of(assessment).of_kind(kind))


def by_number(assessment: Assessment, team: list[Member], number: int) -> list[str]:
    """Categories that exactly `number` people mark: none is a gap, one is "ผู้ตรวจรายเดียว"."""
    return [
        code
        for code in marked_codes(assessment)
        if sum(code in member.categories for member in team) == number
    ]


def read_left(assessment: Assessment) -> list[Departure]:
    """One query: everybody who left, in the order of leaving; `tie` is the kind of a conflict that was declared."""
    declared = Declaration.objects.filter(
        assessment=OuterRef("assessment"), reviewer=OuterRef("reviewer"), has_conflict=True
    )
    rows = assessment.departures.select_related("reviewer", "successor").annotate(
        tie=Subquery(declared.order_by("-pk").values("kind")[:1])
    )
    left = list(rows)
    for row in left:
        is_conflict = row.kind == Departure.Kind.CONFLICT
        row.tie = Declaration.Kind(row.tie).label if is_conflict and row.tie else ""
    return left


@dataclass(frozen=True)
class SetAside:
    """Marks that are kept and do not count, of one person."""

    person: User
    lines: tuple[tuple[str, Verdict], ...]


def read_set_aside(assessment: Assessment) -> list[SetAside]:
    """Two queries: the marks of rows that were withdrawn, in the order of the form."""
    rows = (
        Verdict.objects.filter(assignment__assessment=assessment)
        .exclude(assignment__recused_at=None)
        .select_related("assignment__reviewer")
    )
    people: dict[int, dict[int, Verdict]] = {}
    persons: dict[int, User] = {}
    for row in rows.order_by("assignment__reviewer_id"):
        person = row.assignment.reviewer
        persons[person.pk] = person
        people.setdefault(person.pk, {})[row.answer_id] = row
    judged = judged_answers(assessment) if people else []
    return [
        SetAside(
            persons[pk],
            tuple((row.code, marks[row.answer.pk]) for row in judged if row.answer.pk in marks),
        )
        for pk, marks in people.items()
    ]
