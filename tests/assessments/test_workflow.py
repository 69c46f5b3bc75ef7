"""The table of moves: every step from every state by every role; what it does not have is refused."""

import itertools
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, Status
from assessments.workflow import MOVES, change_status, lock
from pmqa.accounts.models import Membership
from pmqa.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db

S = Status
AGENCY = ("coordinator", "owner", "contributor", "head", "acting_head", "viewer")
OFFICES = ("officer", "administrator", "auditor", "executive")
# Who makes each move. Moves of the system and of reviewers have their own tests.
MAY = {
    (S.DRAFTING, S.INTERNAL_CHECK): {"coordinator"},
    (S.RETURNED, S.INTERNAL_CHECK): {"coordinator"},
    (S.INTERNAL_CHECK, S.DRAFTING): {"coordinator"},
    (S.INTERNAL_CHECK, S.AWAITING_HEAD): {"coordinator"},
    (S.AWAITING_HEAD, S.INTERNAL_CHECK): {"coordinator"},
    (S.AWAITING_HEAD, S.DRAFTING): {"head", "acting_head"},
    (S.AWAITING_HEAD, S.SUBMITTED): {"head", "acting_head"},
    (S.SUBMITTED, S.DRAFTING): {"coordinator", "head", "acting_head"},
    (S.IN_REVIEW, S.DRAFTING): {"coordinator", "head", "acting_head"},
    (S.SUBMITTED, S.RETURNED): {"officer", "administrator"},
    (S.IN_REVIEW, S.RETURNED): {"officer", "administrator"},
    (S.SUBMITTED, S.IN_REVIEW): {"administrator"},
    (S.CONSENSUS_DONE, S.CONSENSUS): {"administrator"},
    (S.CONSENSUS_DONE, S.PRELIM_RELEASED): {"administrator"},
    (S.PRELIM_RELEASED, S.APPEAL_OPEN): {"coordinator", "head", "acting_head"},
    (S.CONSENSUS_DONE, S.REPORT_ISSUED): {"administrator"},
    (S.FINALISED, S.REPORT_ISSUED): {"administrator"},
}
OF_THE_SYSTEM = {
    (S.IN_REVIEW, S.CONSENSUS),
    (S.APPEAL_OPEN, S.PRELIM_RELEASED),
    (S.PRELIM_RELEASED, S.FINALISED),
}
OF_OTHERS = OF_THE_SYSTEM | {(S.CONSENSUS, S.CONSENSUS_DONE)}


@pytest.fixture
def people(agency):
    found = {role: factories.make_member(agency, role) for role in AGENCY}
    found |= {office: factories.make_official(office) for office in OFFICES}
    found["nobody"] = factories.make_user()
    found["of another agency"] = factories.make_member(factories.make_agency(), "coordinator")
    lapsed = factories.make_user()
    Membership.objects.create(
        user=lapsed, agency=agency, role="acting_head", ends_on=timezone.localdate() - timedelta(days=1)
    )
    return found | {"acting head until yesterday": lapsed}


def attempt(assessment: Assessment, start: str, end: str, by) -> str:
    """ "" when the step was made, else the kind of the refusal; undone in any case."""
    with transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(status=start)
        try:
            change_status(lock(assessment), end, by=by, note="เหตุผลสมมติ")
        except PermissionDenied:
            return "permission"
        except Refused as refused:
            return refused.code
        finally:
            transaction.set_rollback(True)
    return ""


def test_the_tests_know_every_move():
    assert set(MOVES) == set(MAY) | OF_OTHERS


@pytest.mark.parametrize("start", Status.values)
def test_every_role_in_every_state(assessment, people, start):
    wrong = []
    for end, (role, person) in itertools.product(Status.values, people.items()):
        wanted = "move"
        if (start, end) in MOVES:
            wanted = "" if role in MAY.get((start, end), ()) else "permission"
        if (start, end) in OF_THE_SYSTEM:
            # The system's own steps ask for no right; only services take them.
            continue
        got = attempt(assessment, start, end, person)
        if got != wanted:
            wrong.append(f"{start} -> {end} by {role}: wanted {wanted!r}, got {got!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("step", [step for step, move in MOVES.items() if move.note_required])
def test_a_step_back_needs_its_reason(assessment, people, step):
    start, end = step
    Assessment.objects.filter(pk=assessment.pk).update(status=start)
    person = people[min(MAY[step])]
    with pytest.raises(Refused) as refused:
        change_status(lock(assessment), end, by=person, note=" \n")
    assert refused.value.code == "note"
