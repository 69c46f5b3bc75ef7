"""Follow-ups: written and frozen by the agency, replied to by the reviewers' side, announced by the clock."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.snapshot import digest_of
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused
from pmqa.thai import BANGKOK
from results.improvement import following, services
from results.improvement.models import Card, FollowUp, Plan
from results.improvement.months import after_months, round_of
from results.waiting_reading import waiting_tasks
from tests import factories as base
from tests.results.improvement.conftest import card_of, make_lead, values

pytestmark = pytest.mark.django_db


def say(card, by, *, text="ทำแล้วครึ่งหนึ่ง", version=0, months=6):
    said = {"text": text, "evidence": "https://example.org/report"}
    return following.save_progress(card, months=months, version=version, **said, by=by)


@pytest.fixture
def written(plan, coordinator):
    for card in plan.cards.all():
        card.plan = plan
        say(card, coordinator)
    return plan


@pytest.fixture
def sent(written, coordinator):
    return following.submit(written, months=6, by=coordinator)


def test_progress_is_saved_by_compare_and_swap(card, coordinator):
    saved = say(card, coordinator)
    assert (saved.version, say(card, coordinator).version) == (1, 1)
    with pytest.raises(Conflict) as conflict:
        say(card, coordinator, text="อีกฉบับ")
    assert conflict.value.current.text == "ทำแล้วครึ่งหนึ่ง"


def test_a_round_that_has_not_opened_takes_nothing(card, coordinator):
    with pytest.raises(Refused) as refused:
        say(card, coordinator, months=12)
    assert refused.value.code == "early"


def test_a_follow_up_is_whole_before_it_is_sent(card, plan, coordinator):
    say(card, coordinator)
    with pytest.raises(Refused) as refused:
        following.submit(plan, months=6, by=coordinator)
    assert (refused.value.code, "2 รายการ" in refused.value.message) == ("gaps", True)


def test_what_is_set_aside_is_not_followed_up(card, plan, coordinator):
    say(card, coordinator)
    aside = values(state="wont_do", reason="โอนภารกิจแล้ว")
    for source in ("part:1.2.2.1", "advice:1"):
        services.save_card(card_of(plan, source), version=0, values=aside, by=coordinator)
    sent = following.submit(plan, months=6, by=coordinator)
    assert ([entry["card"] for entry in sent.content["cards"]], sent.card_count) == ([card.pk], 1)
    assert sent.digest == digest_of(sent.content)


def test_what_was_sent_is_frozen(sent, card, plan, coordinator, head):
    assert following.submit(plan, months=6, by=head).submitted_by == coordinator
    with pytest.raises(Refused) as refused:
        say(card, coordinator, text="แก้ย้อนหลัง", version=1)
    assert refused.value.code == "submitted"
    services.save_card(card, version=0, values=values(measure="เปลี่ยนแผนภายหลัง"), by=coordinator)
    sent.refresh_from_db()
    assert digest_of(sent.content) == sent.digest


def test_only_coordinator_and_head_send(written, agency):
    with pytest.raises(PermissionDenied):
        following.submit(written, months=6, by=base.make_member(agency, "owner", categories=["1", "4"]))


def test_the_lead_or_the_officer_replies_card_by_card(sent, card, sheet, officer):
    lead = make_lead(sheet.assessment)
    with pytest.raises(Refused) as refused:
        following.reply(card, months=6, version=0, verdict="not_enough", comment="", by=lead)
    assert refused.value.code == "comment"
    said = following.reply(card, months=6, version=0, verdict="not_enough", comment="ควรแสดงผล", by=lead)
    with pytest.raises(Conflict):
        following.reply(card, months=6, version=0, verdict="enough", comment="", by=officer)
    said = following.reply(card, months=6, version=said.version, verdict="enough", comment="", by=officer)
    assert (said.version, said.verdict) == (2, "enough")


def test_nobody_replies_to_what_was_not_sent_nor_the_agency_to_itself(card, written, officer, coordinator):
    with pytest.raises(Refused) as refused:
        following.reply(card, months=6, version=0, verdict="enough", comment="", by=officer)
    assert refused.value.code == "unsubmitted"
    with pytest.raises(PermissionDenied):
        following.reply(card, months=6, version=0, verdict="enough", comment="", by=coordinator)


# --- the clock --------------------------------------------------------------------------------


def coordinators(agency) -> set[str]:
    return set(agency.memberships.filter(role="coordinator").values_list("user__email", flat=True))


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=BANGKOK)


def test_people_are_told_once_that_a_round_opens_is_soon_due_and_is_overdue(
    plan, card, agency, coordinator, django_capture_on_commit_callbacks
):
    owner = base.make_member(agency, "viewer")
    base.make_member(agency, "viewer")
    services.save_card(card, version=0, values=values(measure="ก", owner_id=owner.pk), by=coordinator)
    around = round_of(plan.published_at, 6)
    days = [
        (around.opens_on - timedelta(days=1), 0),
        (around.opens_on, 1),
        (around.opens_on + timedelta(days=1), 1),
        (around.reminded_on, 2),
        (around.due_on, 2),
        (around.due_on + timedelta(days=1), 3),
        (around.due_on + timedelta(days=2), 3),
    ]
    told = {*coordinators(agency), owner.email}
    for day, count in days:
        with time_machine.travel(noon(day), tick=False), django_capture_on_commit_callbacks(execute=True):
            following.remind()
        assert sorted(address for message in mail.outbox for address in message.to) == sorted(
            count * [*told]
        ), day
    assert [message.subject.split(" ")[0] for message in mail.outbox[:: len(told)]] == [
        "เปิดรอบรายงานความคืบหน้า",
        "ใกล้ครบกำหนดรายงานความคืบหน้า",
        "เลยกำหนดรายงานความคืบหน้า",
    ]
    assert not any(agency.name in f"{message.subject}{message.body}" for message in mail.outbox)


def told_on(day, capture) -> set[str]:
    mail.outbox.clear()
    with time_machine.travel(noon(day), tick=False), capture(execute=True):
        following.remind()
    return {address for message in mail.outbox for address in message.to}


def test_who_hears_of_it_late_hears_of_it_once_and_nobody_long_after(
    plan, django_capture_on_commit_callbacks
):
    around, capture = round_of(plan.published_at, 6), django_capture_on_commit_callbacks
    assert not told_on(after_months(around.due_on, 1) + timedelta(days=1), capture)
    assert told_on(around.due_on + timedelta(days=20), capture)
    assert not told_on(around.due_on + timedelta(days=21), capture)


def test_nobody_is_told_who_has_written_all_or_wants_no_mails(
    plan, card, agency, coordinator, django_capture_on_commit_callbacks
):
    done, busy, silent = (base.make_member(agency, "viewer") for _person in range(3))
    User.objects.filter(pk=silent.pk).update(wants_work_mail=False)
    for source, person in (("ofi:4.2", done), ("part:1.2.2.1", busy), ("advice:1", silent)):
        given = values(measure="ก", owner_id=person.pk)
        services.save_card(card_of(plan, source), version=0, values=given, by=coordinator)
    say(card, done)
    told = told_on(round_of(plan.published_at, 6).reminded_on, django_capture_on_commit_callbacks)
    assert told == {*coordinators(agency), busy.email}


def test_who_has_sent_is_not_reminded(sent, plan, django_capture_on_commit_callbacks):
    around = round_of(plan.published_at, 6)
    with (
        time_machine.travel(noon(around.reminded_on), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert following.remind() == 0
    assert mail.outbox == []


def test_a_result_from_before_there_were_plans_gets_its_cards_and_is_announced(
    sheet, agency, django_capture_on_commit_callbacks
):
    Card.objects.all().delete()
    Plan.objects.all().delete()
    assert (following.make_missing(), following.make_missing()) == (1, 0)
    assert Card.objects.count() == 3
    # A release that finds more in a sheet empties `follows`: the clock reads it again.
    Plan.objects.update(follows=[])
    assert (following.make_missing(), following.make_missing(), Card.objects.count()) == (1, 0, 3)
    around = round_of(sheet.created_at, 6)
    with (
        time_machine.travel(noon(around.opens_on), tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert following.remind() == 1
    assert {address for message in mail.outbox for address in message.to} == coordinators(agency)
    assert FollowUp.objects.get().told_at


# --- one's own work ---------------------------------------------------------------------------


def test_the_head_is_shown_a_plan_to_approve_once_something_is_planned(plan, card, sheet, coordinator, head):
    def titles():
        found = waiting_tasks([sheet.assessment], head).get(sheet.assessment_id, [])
        return [(task.title, task.note) for task in found if task.glyph == "pen"]

    assert titles() == []
    saved = services.save_card(card, version=0, values=values(measure="ก"), by=coordinator)
    assert titles() == [("อนุมัติแผนพัฒนาองค์การ", "ยังไม่อนุมัติ")]
    services.approve(plan, number=Plan.objects.get().number, by=head)
    assert titles() == []
    services.save_card(saved, version=1, values=values(measure="ข"), by=coordinator)
    assert titles() == [("อนุมัติแผนพัฒนาองค์การ", "แก้หลังอนุมัติ")]
    with time_machine.travel(noon(after_months(plan.published_at.date(), 16)), tick=False):
        assert titles() == []


def test_own_cards_that_are_due_and_an_open_round_stand_on_the_page_of_ones_own_work(
    plan, card, sheet, agency, coordinator
):
    viewer = base.make_member(agency, "viewer")
    today = timezone.localdate()
    given = values(measure="ก", owner_id=viewer.pk, due_on=today + timedelta(days=40))
    saved = services.save_card(card, version=0, values=given, by=coordinator)
    assert waiting_tasks([sheet.assessment], viewer) == {}
    given["due_on"] = today + timedelta(days=5)
    saved = services.save_card(saved, version=1, values=given, by=coordinator)
    (task,) = waiting_tasks([sheet.assessment], viewer)[sheet.assessment_id]
    assert task.title == f"แผนพัฒนา: โอกาสในการปรับปรุง 4.2 {card.title}"
    assert [task.title for task in waiting_tasks([sheet.assessment], coordinator)[sheet.assessment_id]] == [
        "รายงานความคืบหน้าแผนพัฒนา 6 เดือน"
    ]
    services.save_card(saved, version=2, values=given | {"state": "done"}, by=viewer)
    assert waiting_tasks([sheet.assessment], viewer) == {}
