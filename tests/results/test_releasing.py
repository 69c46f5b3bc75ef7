"""Two administrators tell all agencies of a cycle their preliminary results at one instant."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Assessment, Cycle, Status
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from pmqa.jobs.models import Job
from results import issuing, releasing
from results.models import Release
from results.publishing import publish
from reviews.services import appeals
from tests import factories
from tests.locking import after_the_first_entry
from tests.results.factories import make_decided, make_submitted, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return factories.make_cycle(appeal_days=10)


@pytest.fixture
def first():
    return factories.make_official("administrator")


@pytest.fixture
def second():
    return factories.make_official("administrator")


def statuses(cycle: Cycle) -> list[str]:
    return list(Assessment.objects.filter(cycle=cycle).order_by("pk").values_list("status", flat=True))


def test_all_are_told_at_one_instant(cycle, first, second):
    cases = [make_decided(agency=factories.make_agency(), cycle=cycle) for _ in range(3)]
    made = releasing.confirm(releasing.propose(cycle, left_out="", by=first), by=second)
    assert statuses(cycle) == [Status.PRELIM_RELEASED] * 3
    told = Assessment.objects.filter(pk__in=[case.pk for case in cases])
    assert set(told.values_list("appeals_until", flat=True)) == {made.appeals_until}
    assert made.cases == sorted(case.pk for case in cases)
    assert LogEntry.objects.filter(action="result.released").count() == 1


def test_every_case_is_locked_before_the_first_entry_in_the_log(cycle, first, second):
    for _ in range(2):
        make_decided(agency=factories.make_agency(), cycle=cycle)
    proposed = releasing.propose(cycle, left_out="", by=first)
    later = after_the_first_entry(lambda: releasing.confirm(proposed, by=second))
    assert statuses(cycle) == [Status.PRELIM_RELEASED] * 2
    # What `workflow.lock` asks for is known by the clock that it reads.
    assert not [sql for sql in later if "asked_at" in sql]


def test_one_person_alone_tells_nobody(cycle, first):
    make_decided(cycle=cycle)
    proposed = releasing.propose(cycle, left_out="", by=first)
    with pytest.raises(Refused, match="ผู้ยืนยันต้องไม่ใช่ผู้เสนอ"):
        releasing.confirm(proposed, by=first)
    assert statuses(cycle) == [Status.CONSENSUS_DONE]
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=proposed.pk).update(confirmed_by=first)


def test_who_is_left_out_needs_a_reason(cycle, first):
    make_decided(agency=factories.make_agency(), cycle=cycle)
    make_submitted(agency=factories.make_agency(), cycle=cycle)
    with pytest.raises(Refused) as refused:
        releasing.propose(cycle, left_out="  ", by=first)
    assert refused.value.code == "left_out"
    assert releasing.propose(cycle, left_out="ผู้ตรวจป่วย ตรวจต่อเดือนหน้า", by=first).left_out


def test_drafts_hold_nobody_up(cycle, first):
    make_decided(agency=factories.make_agency(), cycle=cycle)
    factories.make_assessment(agency=factories.make_agency(), cycle=cycle)
    assert releasing.propose(cycle, left_out="", by=first).left_out == ""


def test_a_case_that_changed_meanwhile_is_not_told(cycle, first, second):
    case = make_decided(cycle=cycle)
    proposed = releasing.propose(cycle, left_out="", by=first)
    move(case, Status.CONSENSUS)
    with pytest.raises(Refused) as refused:
        releasing.confirm(proposed, by=second)
    assert refused.value.code == "changed"
    assert statuses(cycle) == [Status.CONSENSUS]


def test_double_clicks_and_withdrawal(cycle, first, second):
    make_decided(cycle=cycle)
    proposed = releasing.propose(cycle, left_out="", by=first)
    assert releasing.propose(cycle, left_out="", by=first) == proposed
    with pytest.raises(Refused) as refused:
        releasing.propose(cycle, left_out="", by=second)
    assert refused.value.code == "open"
    releasing.withdraw(proposed, by=second)
    releasing.withdraw(proposed, by=second)
    with pytest.raises(Refused) as refused:
        releasing.confirm(proposed, by=second)
    assert refused.value.code == "withdrawn"
    again = releasing.confirm(releasing.propose(cycle, left_out="", by=first), by=second)
    assert releasing.confirm(again, by=second).confirmed_at == again.confirmed_at
    with pytest.raises(Refused) as refused:
        releasing.withdraw(again, by=first)
    assert refused.value.code == "told"


def test_only_administrators(cycle, first):
    make_decided(cycle=cycle)
    with pytest.raises(PermissionDenied):
        releasing.propose(cycle, left_out="", by=factories.make_official("officer"))


def test_a_cycle_without_days_for_appeals_publishes_at_once(first):
    case = make_decided()
    with pytest.raises(Refused) as refused:
        releasing.propose(case.cycle, left_out="", by=first)
    assert refused.value.code == "off"
    assert publish(case, by=first).revision == 1


def test_where_there_are_days_nothing_is_published_before_them(cycle, first):
    case = make_decided(cycle=cycle)
    with pytest.raises(Refused) as refused:
        publish(case, by=first)
    assert refused.value.code == "preliminary"


def test_every_final_report_is_issued_by_one_job(cycle, first, second):
    cases = [make_decided(agency=factories.make_agency(), cycle=cycle) for _ in range(3)]
    with pytest.raises(Refused):
        issuing.order(cycle, by=first)
    releasing.confirm(releasing.propose(cycle, left_out="", by=first), by=second)
    Assessment.objects.filter(cycle=cycle).update(appeals_until=cycle.opens_at)
    assert appeals.finalise_due() == 3
    job = issuing.order(cycle, by=first)
    assert issuing.order(cycle, by=second) == job
    issuing.issue_all(job.args, lambda done, total: None)
    assert statuses(cycle) == [Status.REPORT_ISSUED] * 3
    # Done again after the worker died: nothing is issued twice.
    issuing.issue_all(job.args, lambda done, total: None)
    assert [case.sheets.count() for case in cases] == [1, 1, 1]


def test_the_page_follows_its_job_by_itself(cycle, first, as_user):
    make_decided(cycle=cycle)
    move(cycle.assessments.get(), Status.FINALISED)
    client, page = as_user(first), reverse("results:release", args=[cycle.pk])
    status = reverse("results:issue_status", args=[cycle.pk])
    assert client.get(status).json()["state"] == "unordered"
    assert "report-status.js" not in client.get(page).content.decode()
    job = issuing.order(cycle, by=first)
    Job.objects.filter(pk=job.pk).update(status="running", progress=3, total=8)
    shown = client.get(page).content.decode()
    assert f'data-report-status="{status}"' in shown
    assert "report-status.js" in shown
    told = client.get(status).json()
    assert told["state"] == "running"
    for html in (shown, told["html"]):
        assert '<progress max="8" value="3"' in html
        assert f'<noscript><a href="{page}">' in html
    issuing.issue_all(job.args, lambda done, total: None)
    Job.objects.filter(pk=job.pk).update(status="done", progress=8)
    told = client.get(status).json()
    assert told["state"] == "done"
    assert "ออกรายงานครบแล้ว" in told["html"]
    assert as_user(factories.make_official("officer")).get(status).status_code == 403


def test_what_cannot_be_issued_keeps_the_others_from_nothing(cycle, first):
    good = make_decided(agency=factories.make_agency(), cycle=cycle)
    bad = make_decided(agency=factories.make_agency(), cycle=cycle)
    for case in (good, bad):
        move(case, Status.FINALISED)
    bad.submissions.update(content={"parts": {}, "indicators": []})
    with pytest.raises(Refused, match=bad.agency.code):
        issuing.issue_all({"cycle": cycle.pk, "person": first.pk}, lambda done, total: None)
    assert statuses(cycle) == [Status.REPORT_ISSUED, Status.FINALISED]


def test_the_calendar_of_a_cycle_is_checked():
    with pytest.raises(ValidationError, match="2027-01-04"):
        factories.make_cycle(year=2571, extra_holidays=["4 มกราคม"]).full_clean()
