"""More time for one agency: with a reason, in the log, and in the ledger that every agency reads (V13)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments.models import Assessment, Extension
from assessments.services import timing
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def until():
    return timezone.now().replace(microsecond=0) + timedelta(days=40)


def post(client, assessment, until, reason):
    local = timezone.localtime(until)
    data = {
        "extended_until_0": f"{local:%Y-%m-%d}",
        "extended_until_1": f"{local:%H:%M:%S}",
        "reason": reason,
    }
    return client.post(f"/admin/assessments/assessment/{assessment.pk}/change/", data)


def test_v13_without_a_reason_no_time_is_given(as_user, administrator, assessment, until):
    response = post(as_user(administrator), assessment, until, "  ")
    assert response.status_code == 200
    assert "ระบุเหตุผลที่ขยายเวลา" in response.content.decode()
    with pytest.raises(Refused):
        timing.extend(assessment, until=until, reason="", by=administrator)
    assert Assessment.objects.get().extended_until is None
    assert not Extension.objects.exists()


def test_with_a_reason_every_agency_reads_it(as_user, administrator, assessment, until):
    assert post(as_user(administrator), assessment, until, "น้ำท่วมอาคาร").status_code == 302
    assert Assessment.objects.get().extended_until == until
    entry = LogEntry.objects.get(action="assessment.extended")
    assert (entry.agency, entry.data["reason"]) == (assessment.agency, "น้ำท่วมอาคาร")
    other = factories.make_member(factories.make_agency(), "viewer")
    page = as_user(other).get("/assessments/extensions/").content.decode()
    assert "น้ำท่วมอาคาร" in page
    assert assessment.agency.name in page


def test_taking_it_back_is_a_line_too_and_saving_the_same_is_none(administrator, assessment, until):
    for _click in range(2):
        timing.extend(assessment, until=until, reason="น้ำท่วมอาคาร", by=administrator)
    timing.extend(assessment, until=None, reason="บันทึกผิดหน่วยงาน", by=administrator)
    assert list(Extension.objects.values_list("until", "reason")) == [
        (None, "บันทึกผิดหน่วยงาน"),
        (until, "น้ำท่วมอาคาร"),
    ]
    assert Assessment.objects.get().extended_until is None


@pytest.mark.parametrize("office", ["officer", "auditor"])
def test_only_the_administrator_gives_time(assessment, until, office):
    with pytest.raises(PermissionDenied):
        timing.extend(assessment, until=until, reason="น้ำท่วม", by=factories.make_official(office))


def test_the_grace_lies_between_closing_and_the_end_of_the_review(cycle):
    for grace in (cycle.closes_at - timedelta(days=1), cycle.review_closes_at + timedelta(days=1)):
        cycle.grace_until = grace
        with pytest.raises(ValidationError):
            cycle.full_clean()
    cycle.grace_until = cycle.closes_at + timedelta(days=3)
    cycle.full_clean()
