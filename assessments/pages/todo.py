"""A person's own work in all their agencies: the tasks of each overview, with the days inside the agency."""

from dataclasses import dataclass

from assessments.checks import NOTED
from assessments.models import WITH_AGENCY, Assessment, CategoryDue, Mention, PartNote
from assessments.pages.state import state_of
from assessments.pages.summary import Task, tasks_for
from assessments.pages.threads import MentionView, mention_view
from assessments.pages.waiting import waiting_statuses, waiting_tasks
from assessments.presentation import Deadline, deadline
from assessments.reading import read_many
from pmqa.accounts.models import Agency, User

# So many comments stand on the page; all of them are one click away.
MENTIONS = 20


@dataclass(frozen=True)
class Work:
    assessment: Assessment
    # None once it has been submitted: what waits has a clock of its own.
    deadline: Deadline | None
    tasks: list[Task]


@dataclass(frozen=True)
class Desk:
    """One agency: never mixed with another, whatever the person is there."""

    agency: Agency
    roles: list[str]
    works: list[Work]
    mentions: list[MentionView]


def desks_of(user: User) -> list[Desk]:
    """At most seven queries, whatever the number of agencies."""
    agencies = {entry.agency_id: entry.agency for entry in user.current_memberships}
    rows = Assessment.objects.filter(agency__in=agencies, status__in=(*WITH_AGENCY, *waiting_statuses()))
    cases = list(rows.with_places())
    works = _works([case for case in cases if case.status in WITH_AGENCY], user)
    waiting = waiting_tasks(cases, user)
    works += [Work(case, None, waiting[case.pk]) for case in cases if case.pk in waiting]
    mentions = _mentions(user)
    return [
        Desk(
            agency,
            [entry.get_role_display() for entry in user.current_memberships if entry.agency_id == key],
            [work for work in works if work.assessment.agency_id == key],
            [view for view in mentions if _assessment(view).agency_id == key],
        )
        for key, agency in agencies.items()
    ]


def _works(assessments: list[Assessment], user: User) -> list[Work]:
    answers = read_many(assessments)
    noted = [assessment.pk for assessment in assessments if assessment.status in NOTED]
    notes: dict[int, list[PartNote]] = {}
    for note in PartNote.objects.open().filter(answer__assessment__in=noted).select_related("answer__part"):
        notes.setdefault(note.answer.assessment_id, []).append(note)
    dues: dict[int, dict] = {}
    for due in CategoryDue.objects.filter(assessment__in=assessments):
        dues.setdefault(due.assessment_id, {})[due.category] = due.due_on
    works = []
    for assessment in assessments:
        state = state_of(
            assessment,
            answers[assessment.pk],
            read_notes=notes.get(assessment.pk, []),
            read_dues=dues.get(assessment.pk, {}),
        )
        tasks = [task for task in tasks_for(state, user) if task.is_mine]
        if tasks:
            works.append(Work(assessment, deadline(assessment), tasks))
    return works


def _mentions(user: User) -> list[MentionView]:
    rows = Mention.objects.unread_of(user).select_related(
        "comment__thread__answer__part",
        "comment__thread__answer__indicator",
        "comment__thread__answer__assessment",
    )
    return [mention_view(mention) for mention in rows.order_by("-pk")[:MENTIONS]]


def _assessment(view: MentionView) -> Assessment:
    return view.mention.comment.thread.answer.assessment
