"""The cards of a plan: made once from frozen sheets, written by the agency, approved by its head."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from results import publishing
from results.improvement import services
from results.improvement.making import plan_of
from results.improvement.models import Card, Plan
from reviews.models import Consensus
from tests import factories as base
from tests.results import factories
from tests.results.improvement.conftest import card_of, values

pytestmark = pytest.mark.django_db


def fresh(plan):
    return plan_of(Plan.objects.select_related("assessment__cycle").get(pk=plan.pk).assessment)


def test_every_observation_is_a_card_once(plan, sheet):
    again = plan_of(sheet.assessment)
    assert again.pk == plan.pk
    rows = plan.cards.values_list("source", "topic", "observation", "parts")
    assert sorted(rows) == [
        ("advice:1", "", factories.TEXTS["advice:1"], []),
        ("ofi:4.2", "4.2", factories.TEXTS["ofi:4.2"], ["4.2.2.1"]),
        ("part:1.2.2.1", "1.2", factories.COMMENT, ["1.2.2.1"]),
    ]
    assert LogEntry.objects.filter(action="improvement.cards_made").count() == 1


def test_a_plan_that_is_up_to_date_costs_two_queries(plan, sheet, django_assert_num_queries):
    with django_assert_num_queries(2):
        plan_of(sheet.assessment)


def test_fail_1_4_3_in_one_year_and_again_in_the_next(agency, administrator):
    """ข้อสังเกตซ้ำปีที่ 2, with a link to the year before; the part that failed for the first time is not flagged."""
    first = publishing.publish(
        factories.make_decided(agency=agency, cycle=factories.make_cycle_of(2565), failed=("1.4.3.1",)),
        by=administrator,
    )
    second = factories.make_decided(
        agency=agency, cycle=factories.make_cycle_of(2566), failed=("1.4.3.1", "2.1.1.1")
    )
    publishing.publish(second, by=administrator)
    plan = plan_of(second)
    repeated = card_of(plan, "part:1.4.3.1")
    assert (repeated.repeat, repeated.earlier) == (2, [[first.assessment_id, 2565]])
    assert repeated.part_years == {"1.4.3.1": 2}
    assert card_of(plan, "part:2.1.1.1").repeat == 1
    # The opportunity that stands in both reports.
    assert card_of(plan).repeat == 2
    assert card_of(plan_of(first.assessment), "part:1.4.3.1").repeat == 1


def test_the_results_of_another_agency_repeat_nothing(sheet, administrator):
    other = factories.make_published(cycle=factories.make_cycle_of(2570), by=administrator)
    assert {card.repeat for card in plan_of(other.assessment).cards.all()} == {1}


def test_a_corrected_result_keeps_what_was_written_and_drops_what_it_no_longer_says(
    plan, card, sheet, coordinator, administrator
):
    services.save_card(card, version=0, values=values(measure="จัดทำระบบข้อมูล"), by=coordinator)
    number = fresh(plan).number
    rows = Consensus.objects.filter(answer__assessment=sheet.assessment)
    rows.filter(answer__part__code="1.2.2.1").update(outcome="pass", comment="")
    rows.filter(answer__part__code="2.1.1.1").update(outcome="fail", comment="ควรแสดงผล")
    publishing.correct(sheet.assessment, reason="ตามมติ", by=administrator)
    now = fresh(plan)
    assert now.number == number + 1
    assert card_of(now).measure == "จัดทำระบบข้อมูล"
    assert card_of(now, "part:1.2.2.1").is_dropped
    assert not card_of(now, "part:2.1.1.1").is_dropped
    with pytest.raises(Refused) as refused:
        services.save_card(
            card_of(now, "part:1.2.2.1"), version=0, values=values(measure="ก"), by=coordinator
        )
    assert refused.value.code == "dropped"


# --- writing ----------------------------------------------------------------------------------


def test_what_is_written_is_stored_with_who_is_responsible(card, coordinator):
    given = values(measure="จัดทำระบบ", owner_id=coordinator.pk, horizon="one_year", due_on=date(2027, 9, 30))
    saved = services.save_card(card, version=0, values=given, by=coordinator)
    assert (saved.version, saved.measure, saved.owner_name) == (1, "จัดทำระบบ", str(coordinator))
    assert services.save_card(saved, version=0, values=given, by=coordinator).version == 1


def test_the_second_of_two_writers_sees_the_first(card, coordinator):
    services.save_card(card, version=0, values=values(measure="ฉบับแรก"), by=coordinator)
    with pytest.raises(Conflict) as conflict:
        services.save_card(card, version=0, values=values(measure="ฉบับที่สอง"), by=coordinator)
    assert conflict.value.current.measure == "ฉบับแรก"


def test_only_a_member_of_the_agency_is_responsible(card, coordinator):
    with pytest.raises(Refused) as refused:
        services.save_card(card, version=0, values=values(owner_id=base.make_user().pk), by=coordinator)
    assert refused.value.code == "owner"


def test_setting_aside_takes_a_reason(card, coordinator):
    with pytest.raises(Refused) as refused:
        services.save_card(card, version=0, values=values(state="wont_do"), by=coordinator)
    assert refused.value.code == "reason"
    saved = services.save_card(
        card, version=0, values=values(state="wont_do", reason="โอนภารกิจแล้ว"), by=coordinator
    )
    assert (saved.state, saved.reason) == (Card.State.WONT_DO, "โอนภารกิจแล้ว")


def test_owners_write_their_category_and_whoever_is_responsible_that_card(card, plan, agency, coordinator):
    of_1 = base.make_member(agency, "owner", categories=["1"])
    of_4 = base.make_member(agency, "owner", categories=["4"])
    viewer = base.make_member(agency, "viewer")
    for person in (of_1, viewer, base.make_member(agency, "head")):
        with pytest.raises(PermissionDenied):
            services.save_card(card, version=0, values=values(measure="ก"), by=person)
    saved = services.save_card(card, version=0, values=values(measure="ก", owner_id=viewer.pk), by=of_4)
    saved = services.save_card(
        saved, version=1, values=values(measure="ก", owner_id=viewer.pk, state="done"), by=viewer
    )
    assert saved.state == Card.State.DONE
    with pytest.raises(PermissionDenied):
        services.save_card(card_of(plan, "part:1.2.2.1"), version=0, values=values(measure="ก"), by=viewer)


def test_a_card_of_ones_own_sent_twice_is_one(plan, coordinator):
    key = "7b1f1f6a-0000-4000-8000-000000000001"
    for _time in (1, 2):
        services.add_card(plan, key=key, category="5", title="พัฒนาหลักสูตรผู้นำ", by=coordinator)
    assert [card.is_own for card in plan.cards.filter(category="5")] == [True]


# --- approval ---------------------------------------------------------------------------------


@pytest.fixture
def head(agency):
    return base.make_member(agency, "head")


def test_the_head_approves_what_was_read_and_a_later_change_shows(plan, card, coordinator, head):
    saved = services.save_card(card, version=0, values=values(measure="จัดทำระบบ"), by=coordinator)
    number = fresh(plan).number
    with pytest.raises(Refused) as refused:
        services.approve(plan, number=number - 1, by=head)
    assert refused.value.code == "changed"
    approved = services.approve(plan, number=number, by=head)
    assert (approved.approved_number, approved.is_changed_since) == (number, False)
    # How far it is changes no plan.
    saved = services.save_card(
        saved, version=1, values=values(measure="จัดทำระบบ", state="under_way"), by=coordinator
    )
    assert not fresh(plan).is_changed_since
    services.save_card(
        saved, version=2, values=values(measure="จัดทำระบบใหม่", state="under_way"), by=coordinator
    )
    assert fresh(plan).is_changed_since
    assert services.approve(plan, number=fresh(plan).number, by=head).is_changed_since is False


def test_an_empty_plan_is_not_approved_and_only_by_the_head(plan, coordinator, head):
    with pytest.raises(Refused) as refused:
        services.approve(plan, number=0, by=head)
    assert refused.value.code == "empty"
    with pytest.raises(PermissionDenied):
        services.approve(plan, number=0, by=coordinator)
