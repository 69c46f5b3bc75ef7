"""The life of an assessment as a machine: any move, by anybody, with a reason or without, in any order.

The model is the list below, written out by hand, so that the table of moves is not its own witness.
"""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessments.models import Assessment, Status, StatusChange
from assessments.workflow import MOVES, change_status, lock
from criteria.models import Category
from pmqa.accounts.models import LogEntry, User
from pmqa.errors import Refused
from reviews.models import Assignment
from tests import factories

pytestmark = pytest.mark.django_db

SYSTEM = "system"
ROLES = (
    "coordinator", "owner", "viewer", "head", "reviewer", "lead", "officer", "administrator", "auditor", "nobody",
)  # fmt: skip
# From, to, by whom, and whether a reason is needed.
TABLE = {
    ("drafting", "internal_check"): ("coordinator", False),
    ("returned", "internal_check"): ("coordinator", False),
    ("internal_check", "drafting"): ("coordinator", False),
    ("internal_check", "awaiting_head"): ("coordinator", False),
    ("awaiting_head", "internal_check"): ("coordinator", False),
    ("awaiting_head", "drafting"): ("head", True),
    ("awaiting_head", "submitted"): ("head", False),
    ("submitted", "drafting"): ("coordinator head", False),
    ("in_review", "drafting"): ("coordinator head", False),
    ("submitted", "returned"): ("officer administrator", True),
    ("in_review", "returned"): ("officer administrator", True),
    ("submitted", "in_review"): ("administrator", False),
    ("in_review", "consensus"): (SYSTEM, False),
    ("consensus", "consensus_done"): ("lead", False),
    ("consensus_done", "consensus"): ("administrator", True),
    ("consensus_done", "prelim_released"): ("administrator", False),
    ("prelim_released", "appeal_open"): ("coordinator head", False),
    ("appeal_open", "prelim_released"): (SYSTEM, False),
    ("prelim_released", "finalised"): (SYSTEM, False),
    ("consensus_done", "report_issued"): ("administrator", False),
    ("finalised", "report_issued"): ("administrator", False),
}


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        agency = factories.make_agency()
        self.case: Assessment = factories.make_assessment(agency=agency)
        self.people: dict[str, int] = {
            role: factories.make_member(agency, role).pk
            for role in ("coordinator", "owner", "viewer", "head")
        }
        for role in ("officer", "administrator", "auditor"):
            self.people[role] = factories.make_official(role).pk
        for role in ("reviewer", "lead", "nobody"):
            self.people[role] = factories.make_user().pk
        category = Category.objects.filter(edition=self.case.cycle.edition, kind="process").first()
        for role in ("reviewer", "lead"):
            Assignment.objects.create(
                assessment=self.case,
                category=category,
                reviewer_id=self.people[role],
                is_lead=role == "lead",
                opened_at=timezone.now(),
            )
        self.status = "drafting"
        self.moves = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, to: str, who: str, note: str) -> str:
        """What came of it: moved, refused (a reason, the wrong moment) or forbidden."""
        by = None if who == SYSTEM else User.objects.get(pk=self.people[who])
        try:
            with transaction.atomic():
                change_status(lock(self.case), to, by=by, note=note)
        except Refused:
            return "refused"
        except PermissionDenied:
            return "forbidden"
        return "moved"

    @rule(
        to=st.sampled_from(sorted(Status)),
        who=st.sampled_from((*ROLES, SYSTEM)),
        note=st.sampled_from(("", " ", "เหตุผล")),
    )
    def anybody_tries(self, to, who, note):
        known = TABLE.get((self.status, str(to)))
        if known is None:
            assert self.attempt(to, who, note) == "refused"
            return
        people, needs_note = known
        if people != SYSTEM and who not in people.split():
            assert self.attempt(to, who, note) == "forbidden"
        elif needs_note and not note.strip():
            assert self.attempt(to, who, note) == "refused"
        else:
            assert self.attempt(to, who, note) == "moved"
            self.status, self.moves = str(to), self.moves + 1

    @precondition(lambda self: any(start == self.status for start, _to in TABLE))
    @rule(data=st.data())
    def somebody_goes_on(self, data):
        """A move of the table, so that the machine gets far."""
        to = data.draw(st.sampled_from(sorted(to for start, to in TABLE if start == self.status)))
        who = data.draw(st.sampled_from(TABLE[self.status, to][0].split()))
        assert self.attempt(to, who, "เหตุผล") == "moved"
        self.status, self.moves = to, self.moves + 1

    @invariant()
    def every_move_is_kept_once_and_nothing_else(self):
        assert Assessment.objects.get(pk=self.case.pk).status == self.status
        changes = list(
            StatusChange.objects.filter(assessment=self.case).exclude(from_status="").order_by("pk")
        )
        assert len(changes) == self.moves
        for change in changes:
            people, needs_note = TABLE[change.from_status, change.to_status]
            assert change.actor_name or people == SYSTEM
            assert change.note.strip() or not needs_note
        logged = LogEntry.objects.filter(
            action="assessment.status_changed",
            object_type="assessments.assessment",
            object_id=str(self.case.pk),
        )
        assert [entry.data["to"] for entry in logged.order_by("pk")] == [
            change.to_status for change in changes
        ]

    @invariant()
    def the_agency_never_reads_who_judged(self):
        judges = {str(User.objects.get(pk=self.people[role])) for role in ("reviewer", "lead")}
        told = LogEntry.objects.filter(agency=self.case.agency).values_list("actor_name", flat=True)
        assert not judges & set(told)


def test_the_table_of_moves_is_the_one_written_here():
    assert {(str(start), str(end)) for start, end in MOVES} == set(TABLE)


def test_any_order_of_moves_by_anybody_keeps_the_rules():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
