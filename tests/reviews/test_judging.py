"""Two reviewers and an agency as a machine: marks, abstentions, questions, additions and the clock in any order."""

from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from assessments.models import Assessment, Status
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews.models import Assignment, Ticket, Verdict
from reviews.services import marking, tickets, undoing
from tests import factories
from tests.reviews import cases, questions
from tests.reviews.invariants import broken

pytestmark = pytest.mark.django_db

CODES = ("1.1.1.1", "1.1.2.1")
WHO = st.sampled_from((0, 1))
CODE = st.sampled_from(CODES)
SAID = st.sampled_from(("", "....", "ควรแสดงผลของสองปี"))


class Judging(RuleBasedStateMachine):
    """All but two parts are passed already; what happens to those two is drawn."""

    case: Assessment
    people: list[User]
    coordinator: User

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, act, *args, **kwargs) -> bool:
        """A refusal is an answer; what holds afterwards is asked below."""
        with suppress(Refused, PermissionDenied), transaction.atomic():
            act(*args, **kwargs)
            return True
        return False

    def answer(self, code):
        return factories.answer_of(self.case, code)

    @rule(who=WHO, code=CODE, outcome=st.sampled_from(Verdict.Outcome.values), said=SAID)
    def mark(self, who, code, outcome, said):
        answer, by = self.answer(code), self.people[who]
        stored = Verdict.objects.filter(answer=answer, assignment__reviewer=by).first()
        self.attempt(
            marking.save_verdict, answer, version=stored.version if stored else 0, judged_version=answer.version,
            outcome=outcome, comment=said, internal_note="", ground="knowledge", reason=said, by=by,
        )  # fmt: skip

    @rule(who=WHO, again=st.booleans())
    def undo(self, who, again):
        self.attempt(undoing.undo, self.case, again=again, by=self.people[who])

    @rule(who=WHO, code=CODE)
    def ask(self, who, code):
        self.attempt(questions.ask, self.case, self.people[who], code=code)

    @rule(in_time=st.booleans())
    def the_agency_adds(self, in_time):
        ticket = Ticket.objects.filter(assessment=self.case, answered_at=None).first()
        if ticket is None:
            return
        if not in_time:
            questions.end_time(self.case)
        self.attempt(questions.add, ticket, self.coordinator)

    @rule()
    def the_clock_strikes(self):
        questions.end_time(self.case)
        tickets.expire_due()

    @rule(who=WHO, code=CODE, counted=st.booleans())
    def weigh(self, who, code, counted):
        if ticket := Ticket.objects.filter(answer=self.answer(code)).first():
            self.attempt(tickets.weigh, ticket, counted=counted, by=self.people[who])

    @rule(who=WHO)
    def hand_in(self, who):
        by = self.people[who]
        gaps = marking.marking_gaps(self.case, by)
        may = cases.status_of(self.case) == Status.IN_REVIEW
        done = self.attempt(marking.hand_in, self.case, by=by)
        assert done or not may or gaps

    @invariant()
    def everything_holds(self):
        assert broken(self.case, deep=False) == []

    @invariant()
    def the_case_goes_on_when_nothing_is_waited_for_and_not_before(self):
        rows = Assignment.objects.filter(assessment=self.case, marks=True)
        waits = (
            rows.filter(handed_in_at=None).exists()
            or Ticket.objects.open().filter(assessment=self.case).exists()
            or any(
                Verdict.objects.filter(answer=self.answer(code), outcome="abstain").count() == 2
                for code in CODES
            )
        )
        assert cases.status_of(self.case) == (Status.IN_REVIEW if waits else Status.CONSENSUS)


def test_any_order_of_marks_questions_and_abstentions_keeps_the_rules(reviewer, other, lead):
    Judging.people = [reviewer, other]
    Judging.case = cases.open_case(*Judging.people, lead=lead)
    Judging.coordinator = factories.make_member(Judging.case.agency, "coordinator")
    for person in Judging.people:
        cases.mark_everything(Judging.case, by=person, besides=CODES)
    run_state_machine_as_test(
        Judging,
        settings=settings(
            max_examples=6, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
