"""Questions to the agency as pages show them: to who marks, to the agency, to the officer, to the lead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment
from assessments.pages.summary import Task
from assessments.reading import tree_of
from assessments.rules import Chapter
from criteria.structure import RESULTS
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import Membership, User
from reviews.evidence_reading import FrozenEntry, frozen_evidence
from reviews.models import Assignment
from reviews.ticket_models import Ticket, Weighing

State = Ticket.State


@dataclass(frozen=True)
class Asked:
    """One question. `evidence` is what the addition cites of the submitted register, `title` names the answer.

    To a reviewer: `is_own` where they asked it themselves, `counted` whether the addition counted in their mark, None
    as long as they have not said.
    """

    ticket: Ticket
    evidence: tuple[FrozenEntry, ...] = ()
    title: str = ""
    is_own: bool = False
    counted: bool | None = None
    may_answer: bool = False

    @property
    def left(self) -> str:
        return time_left(self.ticket)


def time_left(ticket: Ticket) -> str:
    """What is left of the agency's time, in working days."""
    now = timezone.now()
    if not ticket.is_open_at(now):
        return ""
    days = ticket.assessment.cycle.working_days_until(ticket.due_at, now)
    if not days:
        return _("ครบกำหนดวันนี้")
    return ngettext("เหลือ %(n)d วันทำการ", "เหลือ %(n)d วันทำการ", days) % {"n": days}


def _cited(ticket: Ticket, entries: Iterable[FrozenEntry]) -> tuple[FrozenEntry, ...]:
    return tuple(entry for entry in entries if entry.number in ticket.evidence)


def shown_to_reviewer(
    assessment: Assessment, rows: Sequence[Assignment], category: str, entries: Sequence[FrozenEntry]
) -> dict[int, Asked]:
    """Answer -> what this reviewer sees of its question, in one category. One query."""
    own = [row for row in rows if row.category.code == category]
    if not own:
        return {}
    said = Weighing.objects.filter(ticket=OuterRef("pk"), assignment__in=[row.pk for row in own])
    tickets = Ticket.objects.shown_to(own).filter(assessment=assessment)
    mine = {row.pk for row in own}
    found = {}
    for ticket in tickets.annotate(counted=Subquery(said.values("counted")[:1])):
        ticket.assessment = assessment
        found[ticket.answer_id] = Asked(
            ticket, _cited(ticket, entries), is_own=ticket.assignment_id in mine, counted=ticket.counted
        )
    return found


def of_agency(assessment: Assessment, user: User) -> list[Asked]:
    """Every question of a case in the order of the form. Two queries, one while there is none."""
    tickets = Ticket.objects.filter(assessment=assessment).select_related("answer__part", "answer__indicator")
    rows = list(tickets)
    entries = frozen_evidence(assessment) if rows else []
    return [_of_agency(assessment, ticket, entries, user) for ticket in rows]


def _of_agency(assessment: Assessment, ticket: Ticket, entries: Sequence[FrozenEntry], user: User) -> Asked:
    category, _topic, item = tree_of(assessment).place_of_part[ticket.answer.part.code]
    ticket.assessment = ticket.answer.assessment = assessment
    return Asked(
        ticket,
        _cited(ticket, entries),
        title=ticket.answer.indicator.name if category.kind == RESULTS else named(item),
        may_answer=user.has_perm("reviews.answer_ticket", Chapter(assessment, ticket.category_code)),
    )


def of_officer(assessment: Assessment) -> list[Asked]:
    """Every question of a case, to follow. One query."""
    rows = list(Ticket.objects.filter(assessment=assessment))
    for ticket in rows:
        ticket.assessment = assessment
    return [Asked(ticket) for ticket in rows]


def who_answers(ticket: Ticket) -> list[User]:
    """The people of the agency for whom this question waits."""
    roles = Membership.objects.current().filter(agency=ticket.assessment.agency_id, user__is_active=True)
    rows = roles.filter(role__in=[Membership.Role.COORDINATOR, Membership.Role.OWNER]).select_related("user")
    return [
        row.user
        for row in rows.order_by("user")
        if row.role == Membership.Role.COORDINATOR or ticket.category_code in row.categories
    ]


def who_weighs(ticket: Ticket) -> list[User]:
    """The reviewers who mark the category and now judge by what was added, whoever asked; the asker is one of them."""
    rows = Assignment.objects.active().filter(
        assessment=ticket.assessment_id,
        category=ticket.assignment.category_id,
        marks=True,
        reviewer__is_active=True,
    )
    return [row.reviewer for row in rows.select_related("reviewer").order_by("reviewer")]


def waiting_tasks(assessments: Sequence[Assessment], user: User) -> dict[int, list[Task]]:
    """What waits for this person to be answered, by key of the assessment. One query."""
    by_key = {assessment.pk: assessment for assessment in assessments}
    tasks: dict[int, list[Task]] = {}
    for ticket in Ticket.objects.open().filter(assessment__in=list(by_key)):
        ticket.assessment = by_key[ticket.assessment_id]
        may_answer = user.has_perm("reviews.answer_ticket", Chapter(ticket.assessment, ticket.category_code))
        if may_answer and ticket.is_open:
            url = reverse("reviews:clarify", args=[ticket.assessment_id, ticket.pk])
            title = _("ชี้แจงคำถามของผู้ตรวจ %(code)s") % {"code": ticket.code}
            tasks.setdefault(ticket.assessment_id, []).append(
                Task(title, url, time_left(ticket), "chat-left-text")
            )
    return tasks
