"""The pages of where agencies stand: what they say, to whom, from what, and in how many queries."""

import csv
import io
import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.urls import reverse

from assessments.models import Answer, Status
from pmqa.accounts.models import LogEntry
from results.models import ResultSheet, TargetRules
from results.standing.services import choose_type
from tests import factories as base
from tests.pages import main_of
from tests.results import factories
from tests.results.standing.rows import publish_row

pytestmark = pytest.mark.django_db
QUERIES = 12


def at(name: str, *args) -> str:
    return reverse(f"results:{name}", args=args)


def cells(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def agency():
    return base.make_agency()


@pytest.fixture
def member(agency):
    return base.make_member(agency, "coordinator")


@pytest.fixture
def years(agency):
    """Two published years, rows alone."""
    for year, total, topic in ((2568, "345.00", "300.00"), (2569, "360.00", "312.50")):
        publish_row(agency, factories.make_cycle_of(year), total, topic=topic)


@pytest.fixture
def draft(agency):
    return base.make_assessment(agency=agency, cycle=factories.make_cycle_of(2570), complete=True)


# --- the page of an agency ------------------------------------------------------------------------


def test_a_member_sees_years_type_targets_and_the_forecast_of_the_draft(
    as_user, member, agency, years, draft
):
    draft.answers.filter(part__code="1.2.2.1").update(claim="not_started")
    said = main_of(as_user(member).get(at("standing", agency.pk)))
    own_score = "คิดจากคะแนนที่หน่วยงานประเมินตนเอง"
    for words in ("345.00", "360.00", "312.50", "+15.00", "+12.50", "388.80", "ประมาณการ", own_score):
        assert words in said
    assert at("next_best", draft.pk) in said


def test_what_is_published_comes_from_the_frozen_sheet_alone(as_user, member):
    sheet = factories.make_published(agency=member.current_memberships[0].agency)
    address = at("standing", sheet.assessment.agency_id)
    before = main_of(as_user(member).get(address))
    assert str(sheet.verified_total) in before
    Answer.objects.filter(assessment=sheet.assessment).update(claim="not_started")
    sheet.assessment.answers.filter(part__code__startswith="7").update(removed_at=sheet.created_at)
    assert main_of(as_user(member).get(address)) == before
    said = main_of(as_user(member).get(at("next_best", sheet.assessment_id)))
    assert "1.2.2.1" in said
    assert "+3.72" in said


@pytest.mark.parametrize(
    ("inside", "outside", "is_told"), [(5, 0, True), (4, 0, False), (6, 5, True), (6, 3, False)]
)
def test_the_group_is_told_without_names_and_never_where_it_or_its_rest_is_small(
    as_user, member, agency, inside, outside, is_told
):
    cycle = factories.make_cycle_of(2569)
    publish_row(agency, cycle, "360.00")
    others = [base.make_agency(name=f"กรมลับที่ {n}") for n in range(inside - 1 + outside)]
    for place, other in enumerate(others):
        publish_row(other, cycle, f"{370 + place}.00" if place < inside - 1 else "200.00")
    said = main_of(as_user(member).get(at("standing", agency.pk)))
    assert ("เฉลี่ย" in said) is is_told
    assert ("373.00" in said) is (is_told and inside == 5)
    assert "กรมลับ" not in said
    assert ("น้อยกว่า 5" in said) is not is_told


def test_an_agency_without_a_result_or_a_draft_says_so(as_user, member, agency):
    assert "ยังไม่มีผลที่ประกาศ" in main_of(as_user(member).get(at("standing", agency.pk)))


def test_without_last_years_score_no_type_is_guessed_and_the_chosen_one_tells_its_reason(
    as_user, member, agency, draft, administrator
):
    address = at("standing", agency.pk)
    assert "ไม่เดาประเภท" in main_of(as_user(member).get(address))
    choose_type(
        draft.cycle, agency, version=0, kpi_type=1, base=None, reason="หน่วยงานตั้งใหม่ปีนี้", by=administrator
    )
    said = main_of(as_user(member).get(address))
    assert "หน่วยงานตั้งใหม่ปีนี้" in said
    assert "240.00" in said


def test_the_years_as_a_file_are_safe_cells_and_in_the_log(as_user, member, agency, years):
    type(agency).objects.filter(pk=agency.pk).update(name="=SUM(A1)")
    rows = cells(as_user(member).get(at("standing_csv", agency.pk)))
    assert rows[0][-2:] == ["2568", "2569"]
    assert rows[1][1:] == ["'=SUM(A1)", "total", "คะแนนรวม", "345.00", "360.00"]
    assert rows[3][2:] == ["1.1", "หัวข้อสมมติ", "300.00", "312.50"]
    assert LogEntry.objects.filter(action="target.downloaded", agency=agency).count() == 1


@pytest.mark.parametrize(("role", "before", "after"), [("officer", 404, 200), ("executive", 404, 200)])
def test_officers_and_executives_come_once_a_result_is_published(as_user, agency, draft, role, before, after):
    client = as_user(base.make_official(role))
    assert client.get(at("standing", agency.pk)).status_code == before
    publish_row(agency, factories.make_cycle_of(2569), "345.00")
    answer = client.get(at("standing", agency.pk))
    assert answer.status_code == after
    published = ResultSheet.objects.get().assessment_id
    assert at("next_best", published) in main_of(answer)
    assert at("next_best", draft.pk) not in main_of(answer)


# --- next best, what if ---------------------------------------------------------------------------


def test_the_draft_lists_its_open_parts_with_links(as_user, member, draft):
    draft.answers.filter(part__code="1.2.2.1").update(claim="not_started")
    said = main_of(as_user(member).get(at("next_best", draft.pk)))
    assert "+3.72" in said
    assert f"{reverse('assessments:topic', args=[draft.pk, '1.2'])}#p1.2.2.1" in said


def test_the_preliminary_result_is_told_from_the_verdicts(as_user, member, agency):
    case = factories.make_decided(agency=agency)
    case = factories.move(case, Status.PRELIM_RELEASED)
    said = main_of(as_user(member).get(at("next_best", case.pk)))
    assert "4.2.2.1" in said
    assert at("topic", case.pk, "4.2") in said
    assert "ผลเบื้องต้น" in said


def test_before_it_is_told_verdicts_change_nothing_that_the_agency_sees(as_user, member, agency):
    case = factories.make_decided(agency=agency)
    assert "1.2.2.1" not in main_of(as_user(member).get(at("next_best", case.pk)))


def test_changes_go_into_the_address_and_only_what_differs(as_user, member, draft):
    client = as_user(member)
    typed = {"1.1.1.1": "done", "1.2.2.1": "started", "7.1.1.1.result": "๘๙.69", "7.1.1.1.target": "100"}
    answer = client.post(at("what_if", draft.pk), typed)
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer["Location"]).query) == {
        "1.2.2.1": ["started"],
        "7.1.1.1.target": ["100"],
    }
    said = main_of(client.get(answer["Location"]))
    assert "−3.72" not in said
    assert "ค่าจริง: ดำเนินการแล้ว" in said
    assert client.post(at("what_if", draft.pk), {"1.1.1.1": "done"})["Location"] == at("what_if", draft.pk)


def rows_of_everything() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_nothing_is_written_not_even_to_the_log(as_user, member, draft, django_assert_num_queries):
    client = as_user(member)
    before, answers = rows_of_everything(), list(draft.answers.order_by("pk").values())
    for address in (at("what_if", draft.pk), at("what_if", draft.pk) + "?1.2.2.1=started"):
        assert client.get(address).status_code == 200
        assert client.post(address, {"1.2.2.1": "started", "7.1.1.1.target": "200"}).status_code == 302
    assert rows_of_everything() == before
    assert list(draft.answers.order_by("pk").values()) == answers


def test_a_figure_that_is_none_comes_back_as_typed(as_user, member, draft):
    answer = as_user(member).post(at("what_if", draft.pk), {"7.1.1.1.result": "มากขึ้น"})
    assert answer.status_code == 422
    assert 'value="มากขึ้น"' in main_of(answer)


def test_an_address_works_for_whoever_has_the_right_and_for_nobody_else(as_user, member, draft):
    address = at("what_if", draft.pk) + "?1.2.2.1=not_started"
    head = base.make_member(draft.agency, "head")
    assert main_of(as_user(head).get(address)).count("−3.72") == 1
    assert as_user(base.make_official("administrator")).get(address).status_code == 403
    assert as_user(base.make_member(base.make_agency(), "head")).get(address).status_code == 404


# --- the cycle ------------------------------------------------------------------------------------


@pytest.fixture
def cycle(agency, years):
    return factories.make_cycle_of(2570)


def test_the_cycle_lists_groups_targets_real_means_and_who_has_no_type(as_user, administrator, cycle, agency):
    new = base.make_agency(name="กรมตั้งใหม่สมมติ")
    base.make_assessment(agency=new, cycle=cycle)
    publish_row(agency, cycle, "374.40")
    said = main_of(as_user(administrator).get(at("groups", cycle.pk)))
    for words in ("87.50", "388.80", "360.00", at("choose_type", cycle.pk, new.pk)):
        assert words in said


def test_averages_of_real_scores_stand_beside_what_is_announced_and_never_change_it(as_user, administrator):
    """What is announced comes near 242.40, 326.36 and 373.34 and is none of them."""
    before, cycle = factories.make_cycle_of(2569), factories.make_cycle_of(2570)
    ministry = base.make_agency().ministry
    for pair in (("230.00", "254.80"), ("310.00", "342.72"), ("360.00", "386.68")):
        for total in pair:
            publish_row(base.make_agency(ministry=ministry), before, total)
    client = as_user(administrator)

    def anchors() -> list[list[str]]:
        said = main_of(client.get(at("groups", cycle.pk)))
        rows = said[said.index('id="anchors"') : said.index('id="agencies"')].split("<tr>")[2:]
        return [re.sub("<[^>]+>", " ", row).split()[:4] for row in rows]

    announced = [["1", "240", "242.40", "2"], ["2", "325", "326.36", "2"], ["3", "370", "373.34", "2"]]
    assert anchors() == announced
    publish_row(base.make_agency(ministry=ministry), before, "100.00")
    assert anchors() == [["1", "240", "194.93", "3"], *announced[1:]]


def test_a_score_on_which_the_tables_disagree_is_flagged_and_has_the_type_of_the_interval(
    as_user, administrator
):
    """350.00 is of group 2 and of type 2, 399.50 of group 4 and of type 2."""
    before, cycle = factories.make_cycle_of(2569), factories.make_cycle_of(2570)
    client = as_user(administrator)
    for total, group, full in (("350.00", 2, "378.00"), ("399.50", 4, "431.46")):
        agency = base.make_agency()
        publish_row(agency, before, total)
        (row,) = cells(client.get(at("groups_csv", cycle.pk) + f"?q={agency.code}"))[1:]
        assert row[4:7] == [total, str(group), "2"]
        assert full in row
        assert "ช่วงคาบเกี่ยว" in main_of(client.get(at("groups", cycle.pk) + f"?q={agency.code}"))


def test_the_table_can_be_filtered_and_its_file_has_the_same_rows(as_user, administrator, cycle, agency):
    base.make_assessment(agency=base.make_agency(name="@กรมตั้งใหม่"), cycle=cycle)
    client = as_user(administrator)
    rows = cells(client.get(at("groups_csv", cycle.pk) + "?type=none"))
    assert [row[2] for row in rows[1:]] == ["'@กรมตั้งใหม่"]
    rows = cells(client.get(at("groups_csv", cycle.pk) + "?type=2"))
    assert [row[1] for row in rows[1:]] == [agency.code]
    assert "ไม่พบหน่วยงาน" in main_of(client.get(at("groups", cycle.pk) + "?q=ไม่มีเลย"))


RULES = {
    "version": 0, "from_2": "350", "from_3": "400", "half_1": "240", "full_1": "350",
    "half_2": "325", "growth_2": "10", "half_3": "370", "growth_3": "2",
}  # fmt: skip


def test_rules_are_looked_at_once_more_before_they_are_stored(as_user, administrator, cycle, agency):
    client = as_user(administrator)
    checked = client.post(at("targets", cycle.pk), RULES | {"step": "check"})
    said = main_of(checked)
    assert agency.name in said
    assert "396.00" in said
    assert 'value="store"' in said
    assert not TargetRules.objects.exists()
    assert client.post(at("targets", cycle.pk), RULES | {"step": "store"}).status_code == 302
    assert TargetRules.objects.get().growth_2 == Decimal(10)


def test_two_administrators_see_both_values(as_user, administrator, cycle):
    client = as_user(administrator)
    client.post(at("targets", cycle.pk), RULES | {"step": "store"})
    answer = client.post(at("targets", cycle.pk), RULES | {"step": "store", "growth_2": "12"})
    assert answer.status_code == 409
    said = main_of(answer)
    assert "10.00" in said
    assert "12" in said


def test_rules_that_cannot_be_meant_are_explained_and_kept_on_the_page(as_user, administrator, cycle):
    answer = as_user(administrator).post(at("targets", cycle.pk), RULES | {"step": "store", "from_3": "340"})
    assert answer.status_code == 422
    assert 'value="340"' in main_of(answer)


def test_after_the_result_is_known_the_page_only_reads(as_user, administrator, cycle, agency):
    publish_row(agency, cycle, "374.40")
    client = as_user(administrator)
    said = main_of(client.get(at("targets", cycle.pk)))
    assert 'name="step"' not in said
    for words in ("ต่ำกว่า 350", "ตั้งแต่ 350 แต่ต่ำกว่า 400", "240", "325", "370", "+ 8 %", "+ 2 %"):
        assert words in said
    assert client.post(at("targets", cycle.pk), RULES | {"step": "store"}).status_code == 422


def test_a_type_needs_its_base_and_says_so_at_the_blank(as_user, administrator, cycle):
    new = base.make_agency()
    client = as_user(administrator)
    address = at("choose_type", cycle.pk, new.pk)
    answer = client.post(
        address, {"version": 0, "kpi_type": "2", "base": "", "reason": "ตั้งใหม่จากการรวมสองกรม"}
    )
    assert answer.status_code == 422
    stored = client.post(
        address, {"version": 0, "kpi_type": "2", "base": "360", "reason": "ตั้งใหม่จากการรวมสองกรม"}
    )
    assert stored["Location"] == at("groups", cycle.pk)
    assert "388.80" in main_of(client.get(at("groups", cycle.pk) + "?type=chosen"))


# --- queries --------------------------------------------------------------------------------------


def test_pages_need_no_more_queries_among_three_hundred_agencies(
    as_user, administrator, member, agency, cycle, draft_of, django_assert_max_num_queries
):
    case = draft_of(cycle)
    before = ResultSheet.objects.filter(verified_total=360).get().assessment.cycle
    for number in range(300):
        publish_row(base.make_agency(ministry=agency.ministry), before, f"{200 + number}.00")
    pages = [
        (administrator, at("groups", cycle.pk)),
        (administrator, at("targets", cycle.pk)),
        (administrator, at("choose_type", cycle.pk, agency.pk)),
        (administrator, at("standing", agency.pk)),
        (member, at("standing", agency.pk)),
        (member, at("next_best", case.pk)),
        (member, at("what_if", case.pk)),
        (base.make_official("executive"), at("standing", agency.pk)),
        (base.make_official("officer"), at("standing", agency.pk)),
    ]
    for person, address in pages:
        client = as_user(person)
        with django_assert_max_num_queries(QUERIES):
            assert client.get(address).status_code == 200, address


@pytest.fixture
def draft_of(agency):
    return lambda cycle: base.make_assessment(agency=agency, cycle=cycle, complete=True)
