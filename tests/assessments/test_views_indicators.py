"""Form 4 in the browser's terms: what is shown, stored, refused, and how often the database is asked."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer, Indicator
from assessments.services import indicators
from criteria.catalogue import part_ids
from tests import factories

JSON = {"HTTP_ACCEPT": "application/json"}
FIGURES = {
    "name": "ร้อยละของครัวเรือนสมมติที่เข้าถึงน้ำสะอาด",
    "unit": "ร้อยละ",
    "direction": "higher_is_better",
    "target": "85",
    "result_1": "80.55",
    "result_2": "84.32",
    "result_3": "89.69",
}


@pytest.fixture
def writer(as_user, coordinator):
    return as_user(coordinator)


def add(assessment, group="7.1.1", ordinal=1, **figures) -> Answer:
    ids = part_ids(assessment.cycle.edition)
    return factories.add_indicator(assessment, ids[group], group, ordinal, **figures)


def page(client, assessment, topic="7.1") -> str:
    response = client.get(reverse("assessments:topic", args=[assessment.pk, topic]))
    assert response.status_code == 200
    return response.content.decode()


def url(name, assessment, answer) -> str:
    return reverse(f"assessments:{name}", args=[assessment.pk, answer.pk])


def live(html: str, answer: Answer) -> str:
    """The part of a page that is put anew after a save, as plain words."""
    found = html[html.index(f'id="i{answer.pk}-live"') :]
    return " ".join(re.sub(r"<[^>]+>", " ", found[: found.index("indicator-foot")]).split())


def post(client, assessment, answer, *, version=1, **figures):
    data = FIGURES | {"version": str(version)} | figures
    return client.post(url("save_indicator", assessment, answer), data, **JSON)


# --- the page ---------------------------------------------------------------------------------


def test_a_cycle_of_2569_asks_for_the_results_of_2566_to_2568_and_the_target_of_2568(writer, agency):
    cycle = factories.make_cycle(year=2569, name="รอบสมมติ พ.ศ. 2569")
    assessment = factories.make_assessment(agency=agency, cycle=cycle)
    add(assessment)
    html = page(writer, assessment)
    labels = [html.index(f">{words}") for words in ("เป้าหมาย 2568", "ผล 2566", "ผล 2567", "ผล 2568")]
    assert labels == sorted(labels)
    assert "ผล 2569" not in html


def test_an_empty_topic_shows_its_five_groups_and_the_rules_it_breaks(writer, assessment):
    html = page(writer, assessment)
    places = [html.index(f'id="p7.1.{number}"') for number in range(1, 6)]
    assert places == sorted(places)
    assert html.count("ไม่มีตัวชี้วัดในกลุ่มนี้") == 5
    assert "ต้องมีตัวชี้วัดครบ 5 ตัว ขณะนี้มี 0 ตัว" in html
    assert html.count('<p class="group-fault">') == 2
    assert "ตัวชี้วัดของการบรรลุผลลัพธ์ตามพันธกิจ" in html


def test_an_indicator_shows_its_code_percent_score_and_trend(writer, assessment):
    first, second = add(assessment), add(assessment, ordinal=2, result_3=Decimal(80))
    html = page(writer, assessment)
    assert "7.1.1.1" in html
    assert "7.1.1.2" in html
    assert "105.5" in live(html, first)
    assert "400" in live(html, first)
    assert "สูงกว่าปีก่อน 5.37 จุดร้อยละ (ดีขึ้น)" in live(html, first)
    assert "94.1" in live(html, second)
    assert "ต่ำกว่าปีก่อน 4.32 จุดร้อยละ (ด้อยลง)" in live(html, second)
    assert 'aria-label="ผล ปี 2567: 80.55 ปี 2568: 84.32 ปี 2569: 89.69 เป้าหมาย 85 มากดีกว่า"' in html
    assert "เป้าหมาย 2569" in html


def test_a_percent_that_rounding_lifts_into_a_higher_band_shows_its_true_value(writer, assessment):
    lifted = add(assessment, target=Decimal(100), result_3=Decimal("109.96"))
    plain = add(assessment, ordinal=2, target=Decimal(100), result_3=Decimal("109.94"))
    html = page(writer, assessment)
    assert "110.0 ค่าจริง 109.96" in live(html, lifted)
    assert "คะแนน 400" in live(html, lifted)
    assert "ค่าจริง" not in live(html, plain)


def test_less_is_better_has_its_own_formula_and_words(writer, assessment):
    answer = add(
        assessment,
        direction="lower_is_better",
        target=Decimal(10),
        result_1=Decimal(14),
        result_2=Decimal(12),
        result_3=Decimal(8),
    )
    words = live(page(writer, assessment), answer)
    assert "120.0" in words
    assert "ต่ำกว่าปีก่อน 4 จุดร้อยละ (ดีขึ้น)" in words
    assert "(2 − ผล ÷ เป้าหมาย) × 100" in words


def test_no_data_is_not_zero(writer, assessment):
    empty = add(assessment, result_3=None)
    zero = add(assessment, ordinal=2, result_3=Decimal(0))
    html = page(writer, assessment)
    assert "ร้อยละ – คะแนน –" in live(html, empty)
    assert "ยังไม่ระบุผลปี 2569" in live(html, empty)
    assert "ร้อยละ 0.0 คะแนน 200" in live(html, zero)
    assert f'id="i{zero.pk}-result_3" name="result_3" value="0"' in html


def test_findings_are_advice_and_do_not_block(writer, assessment):
    answer = add(assessment, result_1=Decimal(100), result_2=Decimal(100), result_3=Decimal(100))
    words = live(page(writer, assessment), answer)
    assert "เป้าหมายอาจไม่ท้าทาย" in words
    assert "ส่งได้โดยไม่ต้องแก้" in words
    assert "ผลเป็น 100 ทุกปี" in words
    assert "ยังส่งไม่ได้" not in words


def test_target_zero_blocks_and_says_so(writer, assessment):
    answer = add(assessment, target=Decimal(0))
    words = live(page(writer, assessment), answer)
    assert "ยังส่งไม่ได้ เป้าหมายเป็น 0 คิดร้อยละไม่ได้ แก้เป้าหมายก่อนส่ง" in words


def test_a_policy_that_punishes_an_easy_target_says_why_the_score_is_zero(writer, assessment):
    assessment.cycle.policy = {"name": "slide", "parameters": {}}
    assessment.cycle.save()
    answer = add(assessment, target=Decimal(60))
    words = live(page(writer, assessment), answer)
    assert "คะแนน 0" in words
    assert "เพราะเป้าหมายไม่ท้าทาย" in words


def test_four_in_a_group_and_six_in_a_topic_are_said_where_they_are(writer, assessment):
    for ordinal in range(1, 5):
        add(assessment, "7.1.2", ordinal)
    add(assessment)
    add(assessment, "7.1.4")
    html = page(writer, assessment)
    assert "มีตัวชี้วัด 6 ตัว ต้องมี 5 ตัว ลบตัวที่เกิน" in html
    assert "กลุ่มนี้มี 4 ตัว มีได้ไม่เกิน 3 ตัว ลบตัวที่เกิน" in html
    assert "หัวข้อนี้มีตัวชี้วัดครบ 5 ตัวแล้ว" in html
    assert reverse("assessments:add_indicator", args=[assessment.pk, "7.1.5"]) not in html


def test_every_input_has_a_label_of_its_own(writer, assessment):
    add(assessment)
    html = page(writer, assessment)
    ids = re.findall(r'<(?:input|textarea|select)[^>]* id="([^"]+)"', html)
    assert len(ids) == 10
    assert all(f'<label class="l" for="{found}"' in html for found in ids)


@pytest.mark.parametrize("count", [1, 15])
def test_the_page_asks_the_database_a_fixed_number_of_times(
    writer, assessment, count, django_assert_max_num_queries
):
    for number in range(count):
        add(assessment, f"7.1.{number % 5 + 1}", number // 5 + 1)
    page(writer, assessment)
    with django_assert_max_num_queries(12):
        page(writer, assessment)


# --- adding, saving ---------------------------------------------------------------------------


def test_adding_leads_to_the_name_of_the_new_indicator(writer, assessment):
    response = writer.post(reverse("assessments:add_indicator", args=[assessment.pk, "7.1.2"]))
    indicator = Indicator.objects.get(answer__assessment=assessment)
    assert indicator.answer.part.code == "7.1.2"
    place = reverse("assessments:topic", args=[assessment.pk, "7.1"])
    assert response.url == f"{place}#i{indicator.pk}-name"
    assert f'id="i{indicator.pk}-name"' in page(writer, assessment)


def test_a_full_group_takes_no_fourth(writer, assessment):
    for ordinal in (1, 2, 3):
        add(assessment, "7.1.2", ordinal)
    response = writer.post(reverse("assessments:add_indicator", args=[assessment.pk, "7.1.2"]), follow=True)
    assert "กลุ่มนี้มีตัวชี้วัดครบ 3 ตัวแล้ว" in response.content.decode()
    assert Indicator.objects.count() == 3


@pytest.mark.parametrize("group", ["1.1.1.1", "7.1.9", "7.1", "OP1.mission"])
def test_only_groups_of_form_4_take_indicators(writer, assessment, group):
    response = writer.post(reverse("assessments:add_indicator", args=[assessment.pk, group]))
    assert response.status_code == 404


def test_a_save_without_script_returns_to_the_indicator(writer, assessment):
    answer = add(assessment)
    response = writer.post(
        url("save_indicator", assessment, answer), FIGURES | {"version": "1", "target": "๙๐", "result_1": ""}
    )
    assert response.status_code == 302
    assert response.url.endswith(f"#i{answer.pk}")
    indicator = Indicator.objects.get(pk=answer.pk)
    assert (indicator.target, indicator.result_1, indicator.result_3) == (90, None, Decimal("89.69"))


def test_a_save_by_script_brings_the_new_figures(writer, assessment):
    answer = add(assessment)
    reply = post(writer, assessment, answer, result_3="93.5").json()
    assert reply["state"] == "saved"
    assert reply["version"] == 2
    assert "110.0" in reply["fragments"][f"i{answer.pk}-live"]
    assert "500" in reply["fragments"][f"i{answer.pk}-live"]
    assert "100.00" in reply["fragments"]["topic-state"]
    assert set(reply["fragments"]) >= {"topic-tabs", "work-progress"}
    assert 'name="version" value="2"' in reply["fragments"][f"i{answer.pk}-live"]


def test_saving_the_same_twice_is_one_save(writer, assessment):
    answer = add(assessment)
    for _attempt in range(2):
        reply = post(writer, assessment, answer, target="90").json()
        assert (reply["state"], reply["version"]) == ("saved", 2)
    assert Answer.objects.get(pk=answer.pk).version == 2


def test_a_wrong_number_is_said_at_its_blank_and_nothing_is_stored(writer, assessment):
    answer = add(assessment)
    response = post(writer, assessment, answer, target="มาก", name="ชื่อใหม่")
    assert response.status_code == 422
    assert "กรอกเป็นตัวเลข เช่น 89.69" in response.json()["errors"]["target"][0]
    assert Indicator.objects.get(pk=answer.pk).target == 85

    response = writer.post(
        url("save_indicator", assessment, answer),
        FIGURES | {"version": "1", "target": "มาก", "name": "ชื่อใหม่"},
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "กรอกเป็นตัวเลข เช่น 89.69" in html
    assert 'value="มาก"' in html
    assert "ชื่อใหม่</textarea>" in html


# --- two versions -----------------------------------------------------------------------------


@pytest.fixture
def overtaken(assessment):
    """An indicator that the owner of category 7 has saved as version 2."""
    owner = factories.make_member(assessment.agency, "owner", categories=["7"], first_name="เจ้าภาพ")
    answer = add(assessment)
    stored = {name: getattr(answer.indicator, name) for name in indicators.FIGURES}
    indicators.save_indicator(
        answer, version=1, category="7", by=owner, **stored | {"target": Decimal(95), "name": "ชื่อของเจ้าภาพ"}
    )
    return answer


def test_two_versions_stand_side_by_side_for_the_script(writer, assessment, overtaken):
    response = post(writer, assessment, overtaken, target="88")
    reply = response.json()
    assert response.status_code == 409
    assert reply["state"] == "conflict"
    assert reply["version"] == 2
    assert reply["theirs"]["values"]["target"] == "95"
    assert reply["theirs"]["values"]["name"] == "ชื่อของเจ้าภาพ"
    for text in ("<ins>95</ins>", "<ins>88</ins>", "เป้าหมาย 2569", "เจ้าภาพ"):
        assert text in reply["html"]
    assert "ผล 2569" not in reply["html"]
    assert Indicator.objects.get(pk=overtaken.pk).target == 95


@pytest.mark.parametrize(
    ("keep", "target", "name"),
    [("mine", 88, FIGURES["name"]), ("theirs", 95, "ชื่อของเจ้าภาพ"), ("merged", 90, "ชื่อรวม")],
)
def test_the_person_chooses_without_script(writer, assessment, overtaken, keep, target, name):
    place = url("save_indicator", assessment, overtaken)
    response = writer.post(place, FIGURES | {"version": "1", "target": "88"})
    html = response.content.decode()
    assert response.status_code == 409
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    assert hidden["mine-target"] == "88"
    assert 'name="merged-target" value="88"' in html
    chosen = hidden | {"keep": keep, "merged-target": "90", "merged-name": "ชื่อรวม"}
    assert writer.post(place, chosen).status_code == 302
    indicator = Indicator.objects.get(pk=overtaken.pk)
    assert (indicator.target, indicator.name) == (target, name)
    assert indicator.result_3 == Decimal("89.69")


# --- removing, restoring ----------------------------------------------------------------------


def test_a_removed_indicator_can_be_brought_back_from_the_page(writer, assessment):
    first, second = add(assessment), add(assessment, ordinal=2, name="ตัวที่สองสมมติ")
    response = writer.post(url("remove_indicator", assessment, first), {"version": "1"}, follow=True)
    html = response.content.decode()
    assert "ลบแล้ว" in html
    assert f'id="i{first.pk}-live"' not in html
    assert "7.1.1.1</span> ชื่อตัวชี้วัด" in html
    restore = url("restore_indicator", assessment, first)
    assert restore in html
    response = writer.post(restore, {"version": "2"}, follow=True)
    assert "เรียกคืนแล้ว" in response.content.decode()
    assert Answer.objects.present().filter(pk__in=[first.pk, second.pk]).count() == 2


def test_removing_asks_first_and_twice_is_once(writer, assessment):
    answer = add(assessment)
    assert 'data-confirm="ลบตัวชี้วัด 7.1.1.1 หรือไม่' in page(writer, assessment)
    for _attempt in range(2):
        assert writer.post(url("remove_indicator", assessment, answer), {"version": "1"}).status_code == 302
    assert Answer.objects.get(pk=answer.pk).version == 2


def test_what_another_person_has_changed_is_not_removed_unseen(writer, assessment, overtaken):
    response = writer.post(url("remove_indicator", assessment, overtaken), {"version": "1"})
    assert response.status_code == 409
    assert "ยังไม่ลบ" in response.content.decode()
    assert Answer.objects.present().filter(pk=overtaken.pk).exists()


def test_ones_own_last_keystrokes_do_not_stop_a_removal(writer, assessment):
    answer = add(assessment)
    post(writer, assessment, answer, target="90")
    assert writer.post(url("remove_indicator", assessment, answer), {"version": "1"}).status_code == 302
    assert not Answer.objects.present().filter(pk=answer.pk).exists()


def test_text_typed_into_a_removed_indicator_comes_back(writer, assessment, coordinator):
    answer = add(assessment)
    indicators.remove_indicator(answer, version=1, category="7", by=coordinator)
    reply = post(writer, assessment, answer, name="พิมพ์ต่อหลังถูกลบ")
    assert reply.status_code == 403
    assert reply.json()["state"] == "refused"
    assert "ถูกลบแล้ว" in reply.json()["message"]
    response = writer.post(
        url("save_indicator", assessment, answer), FIGURES | {"version": "1", "name": "พิมพ์ต่อหลังถูกลบ"}
    )
    assert response.status_code == 403
    assert "พิมพ์ต่อหลังถูกลบ" in response.content.decode()


# --- who may not, and when not ----------------------------------------------------------------


WRITES = ["save_indicator", "remove_indicator", "restore_indicator"]


@pytest.mark.parametrize("name", WRITES)
def test_another_agency_finds_nothing(as_user, assessment, name):
    stranger = as_user(factories.make_member(factories.make_agency(), "coordinator"))
    assert stranger.post(url(name, assessment, add(assessment)), {"version": "1"}).status_code == 404
    add_url = reverse("assessments:add_indicator", args=[assessment.pk, "7.1.1"])
    assert stranger.post(add_url).status_code == 404
    assert stranger.get(reverse("assessments:topic", args=[assessment.pk, "7.1"])).status_code == 404


@pytest.mark.parametrize("name", WRITES)
def test_an_indicator_of_another_assessment_is_not_reached_through_ones_own(writer, assessment, name):
    other = add(factories.make_assessment(cycle=assessment.cycle))
    assert writer.post(url(name, assessment, other), {"version": "1"}).status_code == 404


def test_a_part_of_form_3_is_no_indicator(writer, assessment):
    answer = factories.answer_of(assessment, "1.1.2.1")
    assert post(writer, assessment, answer).status_code == 404


def test_the_owner_of_another_category_reads_and_cannot_write(as_user, assessment):
    owner = as_user(factories.make_member(assessment.agency, "owner", categories=["1"]))
    answer = add(assessment)
    html = page(owner, assessment)
    assert "ท่านอ่านได้อย่างเดียว" in html
    assert "<textarea" not in html
    assert "89.69" in html
    response = post(owner, assessment, answer, target="90")
    assert response.status_code == 403
    assert response.json()["state"] == "refused"
    assert owner.post(url("remove_indicator", assessment, answer), {"version": "1"}).status_code == 403
    assert owner.post(reverse("assessments:add_indicator", args=[assessment.pk, "7.1.1"])).status_code == 403


def test_after_the_closing_time_the_typed_figures_stay_on_the_page(writer, assessment):
    answer = add(assessment)
    assessment.cycle.closes_at = timezone.now() - timedelta(minutes=1)
    assessment.cycle.save()
    response = writer.post(
        url("save_indicator", assessment, answer),
        FIGURES | {"version": "1", "name": "พิมพ์หลังปิดรับ", "target": "91"},
    )
    html = response.content.decode()
    assert response.status_code == 403
    assert "ปิดรับแล้ว" in html
    assert "พิมพ์หลังปิดรับ" in html
    assert "91" in html
    assert Indicator.objects.get(pk=answer.pk).target == 85
    assert writer.post(url("remove_indicator", assessment, answer), {"version": "1"}).status_code == 403


def test_a_signed_out_writer_keeps_the_typed_figures(client, assessment):
    answer = add(assessment)
    place = f"{url('save_indicator', assessment, answer)}?group=7.1.1"
    reply = client.post(place, FIGURES | {"version": "1"}, **JSON)
    assert reply.status_code == 401
    assert reply.json()["state"] == "signed_out"
    assert "7.1" in reply.json()["login"]
    response = client.post(place, FIGURES | {"version": "1"})
    assert response.status_code == 401
    assert FIGURES["name"] in response.content.decode()


@pytest.mark.parametrize("name", ["remove_indicator", "restore_indicator"])
def test_signed_out_people_remove_nothing(client, assessment, name):
    answer = add(assessment)
    response = client.post(url(name, assessment, answer), {"version": "1"})
    assert response.status_code == 401
    assert reverse("account_login") in response.content.decode()
    before = answer.version
    answer.refresh_from_db()
    assert answer.version == before


@pytest.mark.parametrize("name", WRITES)
def test_looking_changes_nothing(writer, assessment, name):
    assert writer.get(url(name, assessment, add(assessment))).status_code == 405


def test_a_handed_over_topic_is_a_table_with_the_same_figures(as_user, agency, cycle, coordinator, head):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    factories.hand_over(assessment, by=head)
    html = page(as_user(coordinator), assessment)
    assert "อ่านได้อย่างเดียว" in html
    assert html.count("<tr id=") == 5
    assert "105.5" in html
    assert "ยังส่งไม่ได้" not in html
