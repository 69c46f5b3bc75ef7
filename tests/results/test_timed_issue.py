"""Reports at a set time: ordered, cancelled, and started by the clock once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Assessment, Status
from pmqa.accounts.models import Appointment, LogEntry
from pmqa.errors import Refused
from pmqa.jobs.models import Job
from results import issuing
from results.models import TimedIssue
from tests import factories
from tests.results.factories import make_decided, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return factories.make_cycle(appeal_days=10)


@pytest.fixture
def administrator():
    return factories.make_official("administrator")


def tomorrow():
    return timezone.now() + timedelta(days=1)


def due(order: TimedIssue) -> None:
    TimedIssue.objects.filter(pk=order.pk).update(issue_at=timezone.now() - timedelta(seconds=1))


def refused(code: str):
    return pytest.raises(Refused, check=lambda found: found.code == code)


def test_nothing_happens_before_its_time_and_once_after_it(cycle, administrator):
    case = move(make_decided(cycle=cycle), Status.FINALISED)
    order = issuing.order_at(cycle, at=tomorrow(), by=administrator)
    assert issuing.issue_due() == 0
    due(order)
    assert (issuing.issue_due(), issuing.issue_due()) == (1, 0)
    order.refresh_from_db()
    assert order.job == issuing.job_of(cycle)
    issuing.issue_all(order.job.args, lambda done, total: None)
    assert Assessment.objects.get(pk=case.pk).status == Status.REPORT_ISSUED
    told = list(LogEntry.objects.order_by("pk").values_list("action", flat=True))
    assert (told.count("result.issue_timed"), told.count("result.issue_started")) == (1, 1)


def test_double_clicks_and_a_second_time(cycle, administrator):
    at = tomorrow()
    assert issuing.order_at(cycle, at=at, by=administrator) == issuing.order_at(
        cycle, at=at, by=administrator
    )
    with refused("open"):
        issuing.order_at(cycle, at=at + timedelta(hours=1), by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        TimedIssue.objects.create(cycle=cycle, issue_at=at, ordered_by_name="สมมติ", ordered_at=at)


def test_cancelled_until_the_time_has_come(cycle, administrator):
    order = issuing.order_at(cycle, at=tomorrow(), by=administrator)
    issuing.cancel(order, by=factories.make_official("administrator"))
    issuing.cancel(order, by=administrator)
    due(order)
    assert issuing.issue_due() == 0
    again = issuing.order_at(cycle, at=tomorrow(), by=administrator)
    due(again)
    issuing.issue_due()
    with refused("started"):
        issuing.cancel(again, by=administrator)
    assert LogEntry.objects.filter(action="result.issue_cancelled").count() == 1


def test_where_nothing_is_final_the_reason_is_kept(cycle, administrator):
    order = issuing.order_at(cycle, at=tomorrow(), by=administrator)
    due(order)
    assert issuing.issue_due() == 1
    order.refresh_from_db()
    assert (order.job, bool(order.problem)) == (None, True)
    assert not Job.objects.exists()


def test_who_has_left_the_office_issues_nothing(cycle, administrator):
    move(make_decided(cycle=cycle), Status.FINALISED)
    order = issuing.order_at(cycle, at=tomorrow(), by=administrator)
    due(order)
    Appointment.objects.filter(user=administrator).delete()
    issuing.issue_due()
    order.refresh_from_db()
    assert "ผู้ดูแลระบบ" in order.problem
    assert not Job.objects.exists()


def test_what_cannot_be_set(cycle, administrator):
    with refused("past"):
        issuing.order_at(cycle, at=timezone.now() - timedelta(minutes=1), by=administrator)
    with refused("off"):
        issuing.order_at(factories.make_cycle(year=2571), at=tomorrow(), by=administrator)
    with pytest.raises(PermissionDenied):
        issuing.order_at(cycle, at=tomorrow(), by=factories.make_official("officer"))


def test_the_page_sets_shows_and_cancels(cycle, administrator, as_user):
    client = as_user(administrator)
    page = f"/results/cycles/{cycle.pk}/release/"
    client.post(f"/results/cycles/{cycle.pk}/issue-at/", {"at": "2099-01-31T16:30"})
    assert "31 ม.ค. 2642 16.30 น." in client.get(page).content.decode().replace("\u00a0", " ")
    client.post(f"/results/cycles/{cycle.pk}/issue-at/{TimedIssue.objects.get().pk}/cancel/")
    assert issuing.timed(cycle) is None
    answer = client.post(f"/results/cycles/{cycle.pk}/issue-at/", {"at": "เมื่อวาน"}, follow=True)
    assert "ระบุวันและเวลาให้ครบ" in answer.content.decode()
