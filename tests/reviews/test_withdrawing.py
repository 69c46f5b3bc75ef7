"""The agency takes back what it submitted: in time, unread, and with its copy kept."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Cycle, Status
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from reviews.models import Assignment
from reviews.services import assigning, marking, withdrawing
from tests import factories
from tests.reviews import cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(agency, cycle):
    return cases.submitted_case(agency=agency, cycle=cycle)


def refused(case, by):
    with pytest.raises(Refused) as found:
        withdrawing.withdraw(case, by=by)
    return found.value.code


@pytest.mark.parametrize("role", ["head", "acting_head", "coordinator"])
def test_it_is_a_draft_again_and_the_copy_is_kept_and_marked(agency, case, role):
    person = factories.make_member(agency, role)
    for _click in range(2):
        withdrawing.withdraw(case, note="พบตัวเลขผิด", by=person)
    assert cases.status_of(case) == Status.DRAFTING
    kept = case.submissions.get()
    assert kept.withdrawn_at
    assert case.changes.filter(to_status=Status.DRAFTING, from_status=Status.SUBMITTED).count() == 1
    assert LogEntry.objects.filter(action="assessment.status_changed").first().data["withdrawn"] == 1


def test_it_is_submitted_again_under_the_next_number(as_user, agency, case, coordinator, head):
    client = as_user(coordinator)
    page = client.get(f"/assessments/{case.pk}/receipt/").content.decode()
    assert f"/reviews/{case.pk}/take-back/" in page
    response = client.post(f"/reviews/{case.pk}/take-back/", {"note": "พบตัวเลขผิด"})
    assert response["Location"] == f"/assessments/{case.pk}/"
    overview = client.get(f"/assessments/{case.pk}/").content.decode()
    assert "ถอนเพื่อแก้ไขและส่งใหม่" in overview
    assert "พบตัวเลขผิด" in overview
    assert "ใบรับนี้เป็นของฉบับที่ถอน" in client.get(f"/assessments/{case.pk}/receipt/").content.decode()
    again = factories.hand_over(case, by=head)
    assert again.number == 2
    assert again.withdrawn_at is None
    page = client.get(f"/assessments/{case.pk}/receipt/").content.decode()
    assert "ใบรับนี้เป็นของฉบับที่ถอน" not in page
    assert "ถอนแล้ว" in page


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_others_of_the_agency_may_not(agency, case, role):
    with pytest.raises(PermissionDenied):
        withdrawing.withdraw(case, by=factories.make_member(agency, role, categories=["1"]))


def test_after_the_due_time_it_stays_also_within_the_grace(case, coordinator):
    now = timezone.now()
    Cycle.objects.filter(pk=case.cycle_id).update(
        closes_at=now - timedelta(seconds=1), grace_until=now + timedelta(days=1)
    )
    assert refused(case, coordinator) == "due"
    assert case.submissions.get().withdrawn_at is None


def test_an_open_review_that_nobody_has_begun_can_be_left_one_that_was_begun_not(
    case, coordinator, administrator
):
    reviewer, lead = factories.make_user(), factories.make_user()
    assigning.assign(case, reviewers=[reviewer], lead=lead, lead_marks=False, by=administrator)
    assigning.open_review(case, by=administrator)
    marking.open_case(case, by=reviewer)
    assert refused(case, coordinator) == "opened"
    Assignment.objects.filter(assessment=case).update(opened_at=None)
    withdrawing.withdraw(case, by=coordinator)
    assert cases.status_of(case) == Status.DRAFTING


@pytest.mark.parametrize(
    "status", [Status.INTERNAL_CHECK, Status.AWAITING_HEAD, Status.RETURNED, Status.CONSENSUS]
)
def test_what_is_not_handed_over_or_too_far_is_not_withdrawn(case, coordinator, status):
    type(case).objects.filter(pk=case.pk).update(status=status)
    assert refused(case, coordinator) == "move"
    assert cases.status_of(case) == status
