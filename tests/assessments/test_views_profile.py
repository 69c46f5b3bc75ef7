"""The organisational profile: its index, its sections, and what its rows post."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Answer
from tests import factories

ROWS = [["กลุ่มสมมติ ก", "บริการรวดเร็ว"], ["กลุ่มสมมติ ข", "ข้อมูลครบถ้วน"]]


@pytest.fixture
def writer(as_user, coordinator):
    return as_user(coordinator)


def section(client, assessment, code="OP1") -> str:
    response = client.get(reverse("assessments:topic", args=[assessment.pk, code]))
    assert response.status_code == 200
    return response.content.decode()


def store(assessment, code, value) -> Answer:
    rows = Answer.objects.filter(assessment=assessment, part__code=code)
    rows.update(values={code.split(".")[1]: value}, version=1, updated_at=timezone.now())
    return rows.get()


def save(client, assessment, code, data, *, version=0):
    place = reverse("assessments:save_part", args=[assessment.pk, code])
    return client.post(place, {"version": str(version)} | data)


def value_of(assessment, code):
    return factories.answer_of(assessment, code).values.get(code.split(".")[1])


def question(html, code) -> str:
    """The form or the text of one question."""
    found = html[html.index(f'id="p{code}"') :]
    marks = ('<form class="part', '<section class="part', "work-bar")
    ends = [place for mark in marks if (place := found.find(mark)) > 0]
    return found[: min(ends)]


# --- the pages --------------------------------------------------------------------------------


def test_the_index_lists_the_sections_with_what_is_missing_and_says_that_nothing_blocks(writer, assessment):
    html = writer.get(reverse("assessments:profile", args=[assessment.pk])).content.decode()
    for code in ("OP1", "OP2", "OP3"):
        assert reverse("assessments:topic", args=[assessment.pk, code]) in html
    assert "ส่งแบบประเมินได้แม้ยังไม่ครบ" in html
    assert "พิมพ์ในรายงานป้อนกลับ" in html
    assert "ยังไม่ระบุ 9 ข้อ" in html
    assert "#f-OP1.mission-mission" in html


def test_a_complete_profile_has_nothing_missing(as_user, cycle, agency, coordinator):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    html = as_user(coordinator).get(reverse("assessments:profile", args=[assessment.pk])).content.decode()
    assert "14 จาก 14" in html
    assert "ยังไม่ระบุ" not in html


def test_a_section_has_one_form_for_every_question(writer, assessment):
    html = section(writer, assessment)
    assert html.count("data-autosave") == 14
    assert "ส่งแบบประเมินได้แม้ยังไม่ครบ" in html
    assert "สถานะการดำเนินการ" not in html


def test_numbers_and_dates_are_shown_as_people_read_them(writer, assessment):
    store(assessment, "OP1.budget", "10049512900")
    store(assessment, "OP1.revenue", "ไม่มี")
    store(assessment, "OP1.headcount_date", "2020-01-15")
    html = section(writer, assessment)
    assert 'value="10,049,512,900"' in html
    assert 'value="ไม่มี"' in html
    assert 'value="15 ม.ค. 2563"' in html


def test_a_list_shows_its_entries_in_order_with_room_for_more(writer, assessment):
    store(assessment, "OP1.mission", ["พันธกิจที่หนึ่ง", "พันธกิจที่สอง"])
    form = question(section(writer, assessment), "OP1.mission")
    assert form.index("พันธกิจที่หนึ่ง") < form.index("พันธกิจที่สอง")
    assert form.count(' name="mission"') == 4
    assert form.count("data-spare") == 2
    assert form.count('id="f-OP1.mission-mission"') == 1
    assert "เพิ่มแถว" in form


def test_a_table_names_its_cells_by_row_and_column(writer, assessment):
    store(assessment, "OP2.customers", ROWS)
    form = question(section(writer, assessment, "OP2"), "OP2.customers")
    names = re.findall(r'name="(customers[^"]+)"', form)
    assert names == [f"customers.{row}.{column}" for row in range(4) for column in range(2)]
    assert "ความต้องการและความคาดหวัง" in form


def test_fixed_rows_cannot_be_added_or_removed(writer, assessment):
    form = question(section(writer, assessment, "OP3"), "OP3.advantages")
    assert re.findall(r'name="(advantages[^"]+)"', form) == [f"advantages.{row}.1" for row in range(4)]
    for name in ("ด้านพันธกิจ", "ด้านปฏิบัติการ", "ด้านบุคลากร", "ด้านสังคม"):
        assert name in form
    assert "data-rows" not in form
    assert "เพิ่มแถว" not in form


@pytest.mark.parametrize("rows", [1, 150])
def test_a_section_asks_the_database_a_fixed_number_of_times(
    writer, assessment, rows, django_assert_max_num_queries
):
    for code in ("suppliers", "partners", "customers"):
        store(assessment, f"OP2.{code}", ROWS[:1] * rows)
    section(writer, assessment, "OP2")
    with django_assert_max_num_queries(12):
        section(writer, assessment, "OP2")
    with django_assert_max_num_queries(12):
        writer.get(reverse("assessments:profile", args=[assessment.pk]))


# --- what is posted ---------------------------------------------------------------------------


def test_rows_are_stored_in_the_order_in_which_they_are_posted_without_empty_ones(writer, assessment):
    response = save(writer, assessment, "OP1.mission", {"mission": ["สอง", "", "หนึ่ง", " "]})
    assert response.status_code == 302
    assert response.url.endswith("#pOP1.mission")
    assert value_of(assessment, "OP1.mission") == ["สอง", "หนึ่ง"]


def test_a_table_keeps_its_rows_whatever_numbers_they_have(writer, assessment):
    data = {
        "customers.7.0": "กลุ่มสมมติ",
        "customers.7.1": "รวดเร็ว",
        "customers.2.0": "กลุ่มแรก",
        "customers.2.1": "",
    }
    save(writer, assessment, "OP2.customers", data)
    assert value_of(assessment, "OP2.customers") == [["กลุ่มแรก", ""], ["กลุ่มสมมติ", "รวดเร็ว"]]


def test_the_last_row_can_be_emptied(writer, assessment):
    store(assessment, "OP2.customers", ROWS[:1])
    save(writer, assessment, "OP2.customers", {"customers.0.0": "", "customers.0.1": ""}, version=1)
    assert value_of(assessment, "OP2.customers") is None


def test_fixed_rows_keep_their_names(writer, assessment):
    save(writer, assessment, "OP3.advantages", {"advantages.2.1": "บุคลากรเชี่ยวชาญ", "advantages.2.0": "ชื่ออื่น"})
    assert value_of(assessment, "OP3.advantages")[2] == ["ด้านบุคลากร", "บุคลากรเชี่ยวชาญ"]
    assert "บุคลากรเชี่ยวชาญ" in section(writer, assessment, "OP3")


@pytest.mark.parametrize(
    ("code", "typed", "stored"),
    [
        ("OP1.budget", "10,049,512,900 บาท", "10049512900"),
        ("OP1.revenue", "ไม่มี", "ไม่มี"),
        ("OP1.headcount", "๖๔,๖๙๕ คน", "64695"),
        ("OP1.headcount_date", "15 ม.ค. 63", "2020-01-15"),
    ],
)
def test_figures_and_dates_are_read_as_people_write_them(writer, assessment, code, typed, stored):
    key = code.split(".")[1]
    save(writer, assessment, code, {key: typed})
    assert value_of(assessment, code) == stored
    shown = re.search(rf'name="{key}" value="([^"]*)"', section(writer, assessment))[1]
    save(writer, assessment, code, {key: shown}, version=1)
    assert value_of(assessment, code) == stored


def test_what_cannot_be_read_stays_in_its_blank_with_the_reason(writer, assessment):
    response = save(writer, assessment, "OP1.headcount_date", {"headcount_date": "เมื่อวาน"})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="เมื่อวาน"' in html
    assert "เช่น 15 ม.ค. 2569 (กรอกไว้ เมื่อวาน)" in html


def test_too_long_a_row_comes_back_whole(writer, assessment):
    long = "ก" * 20_001
    response = save(writer, assessment, "OP1.mission", {"mission": ["สั้น", long]})
    form = question(response.content.decode(), "OP1.mission")
    assert response.status_code == 422
    assert long in form
    assert "รับได้ 20,000 อักษร" in form


# --- who may not, and when not ----------------------------------------------------------------


def test_another_agency_finds_nothing(as_user, assessment):
    stranger = as_user(factories.make_member(factories.make_agency(), "coordinator"))
    assert stranger.get(reverse("assessments:profile", args=[assessment.pk])).status_code == 404
    assert stranger.get(reverse("assessments:topic", args=[assessment.pk, "OP1"])).status_code == 404
    assert save(stranger, assessment, "OP1.vision", {"vision": "ไม่ใช่ของตน"}).status_code == 404


def test_an_administrator_is_told_why_a_draft_is_closed(as_user, assessment, administrator):
    response = as_user(administrator).get(reverse("assessments:profile", args=[assessment.pk]))
    assert response.status_code == 403
    assert "ยังเป็นร่าง" in response.content.decode()


def test_the_index_needs_a_log_in(client, assessment):
    response = client.get(reverse("assessments:profile", args=[assessment.pk]))
    assert reverse("account_login") in response.url


def test_who_may_not_write_reads_lists_and_tables(as_user, assessment, head):
    store(assessment, "OP1.mission", ["พันธกิจที่หนึ่ง"])
    store(assessment, "OP1.budget", "10049512900")
    store(assessment, "OP2.customers", ROWS)
    reader = as_user(head)
    html = section(reader, assessment)
    assert "<textarea" not in html
    assert "<li>พันธกิจที่หนึ่ง</li>" in html
    assert "10,049,512,900" in html
    assert '<th scope="row">กลุ่มสมมติ ก</th><td>บริการรวดเร็ว</td>' in section(reader, assessment, "OP2")


def test_after_the_closing_time_the_typed_rows_stay_on_the_page(writer, assessment):
    store(assessment, "OP1.mission", ["เดิม"])
    assessment.cycle.closes_at = timezone.now() - timedelta(minutes=1)
    assessment.cycle.save()
    response = save(writer, assessment, "OP1.mission", {"mission": ["เดิม", "พิมพ์หลังปิดรับ"]}, version=1)
    html = response.content.decode()
    assert response.status_code == 403
    assert "ปิดรับแล้ว" in html
    assert "พิมพ์หลังปิดรับ" in question(html, "OP1.mission")
    assert value_of(assessment, "OP1.mission") == ["เดิม"]


def test_two_versions_of_a_list_are_shown_side_by_side(writer, assessment):
    store(assessment, "OP1.mission", ["ของคนแรก"])
    response = save(writer, assessment, "OP1.mission", {"mission": ["ของคนที่สอง"]}, version=0)
    html = response.content.decode()
    assert response.status_code == 409
    assert "ของคนแรก" in html
    assert "ของคนที่สอง" in html
