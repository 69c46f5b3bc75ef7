"""More time for one agency: one administrator proposes with a reason, another confirms, every agency reads it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Assessment, Cycle, Extension
from assessments.services import timing
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from tests import factories

pytestmark = pytest.mark.django_db
LEDGER = "/assessments/extensions/"


@pytest.fixture
def until():
    return timezone.now().replace(second=0, microsecond=0) + timedelta(days=40)


@pytest.fixture
def second():
    return factories.make_official("administrator")


@pytest.fixture
def proposal(assessment, until, administrator):
    return timing.propose(assessment, until=until, reason="น้ำท่วมอาคาร", by=administrator)


def post(client, assessment, until, reason):
    data = {
        "assessment": assessment.pk,
        "until": f"{timezone.localtime(until):%Y-%m-%dT%H:%M}",
        "reason": reason,
    }
    return client.post(f"{LEDGER}propose/", data)


def given():
    return Assessment.objects.get().extended_until


# --- proposing ------------------------------------------------------------------------------------


def test_v13_without_a_reason_nothing_is_proposed(as_user, administrator, assessment, until):
    response = post(as_user(administrator), assessment, until, "  ")
    assert response.status_code == 422
    assert "ระบุเหตุผลที่ขยายเวลา" in response.content.decode()
    with pytest.raises(Refused):
        timing.propose(assessment, until=until, reason="", by=administrator)
    assert not Extension.objects.exists()


def test_a_proposal_gives_no_time_and_is_no_agencys_to_read(
    as_user, administrator, coordinator, assessment, until
):
    client = as_user(administrator)
    for _click in range(2):
        assert post(client, assessment, until, "น้ำท่วมอาคาร").status_code == 302
    row = Extension.objects.get()
    assert (row.state, row.until, given()) == ("proposed", until, None)
    entry = LogEntry.objects.get(action="extension.proposed")
    assert (entry.agency, entry.data["reason"]) == (None, "น้ำท่วมอาคาร")
    assert "น้ำท่วมอาคาร" in client.get(LEDGER).content.decode()
    for other in (coordinator, factories.make_official("officer")):
        assert "น้ำท่วมอาคาร" not in as_user(other).get(LEDGER).content.decode()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_time_that_gives_none_is_refused_at_its_blank(as_user, administrator, assessment, days):
    response = post(as_user(administrator), assessment, timezone.now() + timedelta(days=days), "น้ำท่วม")
    assert response.status_code == 409
    assert "เวลาใหม่ต้องอยู่หลังเวลาปิดรับของรอบ" in response.content.decode()
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "ระบุวันและเวลาใหม่"),
        ({"until": "2099-01-01T10:00", "cancels": "on"}, "เลือกอย่างใดอย่างหนึ่ง"),
        ({"cancels": "on"}, "ไม่มีการขยายเวลาที่จะยกเลิก"),
        ({"until": "ไม่ใช่วัน"}, "ระบุวันและเวลาให้ครบ"),
    ],
)
def test_what_is_proposed_must_be_clear(as_user, administrator, assessment, data, sentence):
    data |= {"assessment": assessment.pk, "reason": "น้ำท่วม"}
    response = as_user(administrator).post(f"{LEDGER}propose/", data)
    assert response.status_code in (409, 422)
    assert sentence in response.content.decode()


def test_two_proposals_do_not_wait_for_one_agency(proposal, assessment, until, second):
    with pytest.raises(Refused, match=str(proposal.proposed_by)):
        timing.propose(assessment, until=until, reason="อีกเรื่อง", by=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(assessment=assessment, reason="ก", proposed_at=timezone.now())


# --- settling -------------------------------------------------------------------------------------


def test_v13_a_second_person_gives_the_time_and_every_agency_reads_why(as_user, proposal, second, until):
    for _click in range(2):
        assert as_user(second).post(f"{LEDGER}{proposal.pk}/confirm/").status_code == 302
    assert given() == until
    entry = LogEntry.objects.get(action="assessment.extended")
    assert (entry.agency, entry.actor) == (proposal.assessment.agency, second)
    assert entry.data["proposed_by"] == str(proposal.proposed_by)
    other = factories.make_member(factories.make_agency(), "viewer")
    page = as_user(other).get(LEDGER).content.decode()
    assert "น้ำท่วมอาคาร" in page
    assert str(second) not in page


def test_nobody_confirms_their_own(as_user, proposal, administrator):
    response = as_user(administrator).post(f"{LEDGER}{proposal.pk}/confirm/")
    assert response.status_code == 403
    assert "ผู้ดูแลระบบอีกคน" in response.content.decode()
    with pytest.raises(PermissionDenied):
        timing.decline(proposal, reason="ไม่", by=administrator)
    mine = {"state": "confirmed", "settled_by": administrator, "settled_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.update(**mine)
    assert given() is None


@pytest.mark.parametrize("office", ["officer", "auditor"])
def test_only_administrators_give_time(proposal, office):
    person = factories.make_official(office)
    for settle in (timing.confirm, timing.take_back):
        with pytest.raises(PermissionDenied):
            settle(proposal, by=person)


def test_declining_needs_a_reason_that_the_proposer_reads(as_user, proposal, second, administrator):
    client = as_user(second)
    refused = client.post(f"{LEDGER}{proposal.pk}/decline/", {"reason": " "})
    assert refused.status_code == 422
    assert "ระบุเหตุผลที่ไม่ยืนยัน" in refused.content.decode()
    for _click in range(2):
        answer = client.post(f"{LEDGER}{proposal.pk}/decline/", {"reason": "ยังมีเวลาเหลือพอ"})
        assert answer.status_code == 302
    assert "ยังมีเวลาเหลือพอ" in as_user(administrator).get(LEDGER).content.decode()
    member = factories.make_member(proposal.assessment.agency, "head")
    assert "ยังมีเวลาเหลือพอ" not in as_user(member).get(LEDGER).content.decode()
    assert LogEntry.objects.get(action="extension.declined").data["answer"] == "ยังมีเวลาเหลือพอ"
    assert given() is None


def test_whoever_comes_later_is_told_what_was_done(as_user, proposal, administrator, second):
    client = as_user(administrator)
    assert client.post(f"{LEDGER}{proposal.pk}/take-back/").status_code == 302
    client.post(f"{LEDGER}{proposal.pk}/take-back/")
    assert LogEntry.objects.filter(action="extension.taken_back").count() == 1
    page = as_user(second).post(f"{LEDGER}{proposal.pk}/confirm/", follow=True).content.decode()
    assert f"ผู้เสนอถอนคืน โดย {administrator}" in page
    with pytest.raises(Refused, match="ผู้เสนอถอนคืน"):
        timing.decline(proposal, reason="ช้าไป", by=second)
    assert given() is None


def test_only_the_proposer_takes_it_back(proposal, second):
    with pytest.raises(PermissionDenied):
        timing.take_back(proposal, by=second)


def test_confirmed_after_the_deadline_it_opens_again(proposal, second, assessment, until):
    past = timezone.now() - timedelta(days=1)
    Cycle.objects.update(closes_at=past)
    assert not Assessment.objects.get().is_open()
    timing.confirm(proposal, by=second)
    assert Assessment.objects.get().is_open()
    assert Assessment.objects.get().due_at == until


def test_a_time_that_has_passed_meanwhile_can_only_be_closed(proposal, second):
    Extension.objects.update(until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="เวลาที่เสนอผ่านไปแล้ว"):
        timing.confirm(proposal, by=second)
    assert given() is None
    timing.decline(proposal, reason="ผ่านไปแล้ว", by=second)


def test_the_end_of_an_extension_needs_two_as_well(assessment, until):
    factories.extend(assessment, until=until)
    factories.extend(assessment, until=None, reason="บันทึกผิดหน่วยงาน")
    ledger = Extension.objects.confirmed().values_list("until", "reason")
    assert list(ledger) == [(None, "บันทึกผิดหน่วยงาน"), (until, "ระบบขัดข้อง")]
    assert given() is None


def test_the_list_of_cases_says_what_waits(as_user, proposal, second, officer):
    assert "มีข้อเสนอขยายเวลา 1 รายการ" in as_user(second).get("/reviews/cases/").content.decode()
    assert "มีข้อเสนอขยายเวลา" not in as_user(officer).get("/reviews/cases/").content.decode()


def test_the_grace_lies_between_closing_and_the_end_of_the_review(cycle):
    for grace in (cycle.closes_at - timedelta(days=1), cycle.review_closes_at + timedelta(days=1)):
        cycle.grace_until = grace
        with pytest.raises(ValidationError):
            cycle.full_clean()
    cycle.grace_until = cycle.closes_at + timedelta(days=3)
    cycle.full_clean()
