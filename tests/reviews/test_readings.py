"""What somebody reads who judges the case is OPDC's to know, and never its agency's."""

import pytest
from django.urls import reverse

from assessments.models import Reading
from assessments.services.readings import readings_of
from pmqa.accounts.models import Appointment
from reviews.models import Assignment
from reviews.services import assigning, marking
from tests import factories
from tests.reviews import cases

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reviewer, lead, administrator):
    assessment = factories.make_assessment(complete=True)
    factories.hand_over(assessment)
    assigning.assign(assessment, reviewers=[reviewer], lead=lead, lead_marks=False, by=administrator)
    assigning.open_review(assessment, by=administrator)
    return cases.reloaded(assessment)


def test_a_reviewer_leaves_no_line(case, reviewer, as_user):
    marking.open_case(case, by=reviewer)
    assert as_user(reviewer).get(reverse("reviews:topic", args=[case.pk, "1.1"])).status_code == 200
    assert not Reading.objects.exists()


def test_an_officer_who_judges_is_seen_by_the_auditor_alone(case, reviewer, as_user):
    """Two hats: the door of the officer is open to a reviewer of the case as well."""
    member = factories.make_member(case.agency, "coordinator")
    auditor = factories.make_official("auditor")
    Appointment.objects.create(user=reviewer, role="officer")
    assert as_user(reviewer).get(reverse("assessments:topic", args=[case.pk, "1.1"])).status_code == 200
    assert [row.person for row in readings_of(case, viewer=auditor)] == [reviewer]
    assert list(readings_of(case, viewer=member)) == []
    assert (
        str(reviewer)
        not in as_user(member).get(reverse("assessments:readings", args=[case.pk])).content.decode()
    )
    Assignment.objects.filter(assessment=case, reviewer=reviewer).update(recused_at=case.submitted_at)
    assert list(readings_of(case, viewer=member)) == [], "nor once they have left"


def test_what_was_read_before_the_assignment_stays(case, officer, as_user):
    """A line that vanished would tell the agency who judges it."""
    member = factories.make_member(case.agency, "coordinator")
    assert as_user(officer).get(reverse("assessments:topic", args=[case.pk, "1.1"])).status_code == 200
    category = case.assignments.first().category
    Assignment.objects.create(assessment=case, reviewer=officer, category=category)
    assert [row.person for row in readings_of(case, viewer=member)] == [officer]
