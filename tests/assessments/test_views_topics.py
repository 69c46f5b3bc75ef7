"""The topic page and saving a part: whatever happens, the typed text is still there."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.models import Answer, Assessment, Cycle, Status
from tests import factories

pytestmark = pytest.mark.django_db
PART = "1.1.2.1"
TEXT = "ข้อความที่พิมพ์อยู่นานหนึ่งชั่วโมง"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def page(assessment):
    return f"/assessments/{assessment.pk}/1.1/"


@pytest.fixture
def address(assessment):
    return f"/assessments/{assessment.pk}/parts/{PART}/"


def typed(**extra):
    return {"version": "0", "claim": "done", "detail": TEXT} | extra


def stored(assessment, code=PART) -> Answer:
    return factories.answer_of(assessment, code)


def close(assessment):
    Cycle.objects.filter(pk=assessment.cycle_id).update(
        opens_at=timezone.now() - timedelta(days=3), closes_at=timezone.now() - timedelta(seconds=1)
    )


# --- the page ---------------------------------------------------------------------------------


def test_a_topic_shows_its_items_parts_lead_words_levels_hints_and_guidance(as_user, coordinator, page):
    html = as_user(coordinator).get(page).content.decode()
    for text in (
        "ผู้บริหารกำหนดทิศทางองค์กรที่รองรับพันธกิจปัจจุบัน",
        "โดยทิศทางขององค์กร คือ",
        "ด้านเศรษฐกิจ เช่น",
        "อธิบายให้ครอบคลุมพันธกิจ",
        "ยังไม่ได้ดำเนินการ",
        "อยู่ระหว่างเริ่มดำเนินการ",
        "ดำเนินการแล้ว",
        "ระบุแล้ว 0 ด้าน ต้องระบุอย่างน้อย 2 ด้าน",
        "แนวทางของหัวข้อ 1.1",
        "วิสัยทัศน์/ยุทธศาสตร์ตอบสนองพันธกิจ",
        "คะแนนประเมินตนเองเบื้องต้น",
        'id="p1.1.2.1"',
        'id="f-1.1.1.1-economy"',
    ):
        assert text in html, text


def test_defined_terms_open_their_meaning_and_examples_are_no_criteria(as_user, coordinator, assessment):
    client = as_user(coordinator)
    html = client.get(f"/assessments/{assessment.pk}/1.4/").content.decode()
    assert ">ผลกระทบเชิงลบ</button>" in html
    assert html.count('id="term-1"') == 1
    html = client.get(f"/assessments/{assessment.pk}/1.2/").content.decode()
    assert "ตัวอย่าง ไม่ใช่เกณฑ์" in html
    assert "สิ่งที่เพิ่มใหม่ในฉบับนี้" in html


@pytest.mark.parametrize("complete", [False, True])
def test_a_topic_page_has_a_fixed_number_of_queries(
    as_user, coordinator, cycle, agency, complete, django_assert_max_num_queries
):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=complete)
    client = as_user(coordinator)
    client.get(f"/assessments/{assessment.pk}/6.3/")
    with django_assert_max_num_queries(12):
        client.get(f"/assessments/{assessment.pk}/6.3/")


def test_every_process_topic_can_be_drawn(as_user, coordinator, cycle, agency):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    client = as_user(coordinator)
    for category in range(1, 7):
        for topic in range(1, 5):
            assert client.get(f"/assessments/{assessment.pk}/{category}.{topic}/").status_code == 200


@pytest.mark.parametrize("code", ["1.9", "8.1", "check2", "1.1.1"])
def test_an_unknown_topic_is_404(as_user, coordinator, assessment, code):
    assert as_user(coordinator).get(f"/assessments/{assessment.pk}/{code}/").status_code == 404


def test_another_agency_is_404_and_a_stranger_goes_to_the_log_in(as_user, page, address):
    other = factories.make_member(factories.make_agency(), "coordinator")
    assert as_user(other).get(page).status_code == 404
    assert as_user(other).post(address, typed(), **JSON).status_code == 404
    assert Client().get(page).status_code == 302


def test_a_draft_is_not_read_by_opdc(as_user, administrator, officer, page):
    assert as_user(administrator).get(page).status_code == 403
    assert as_user(officer).get(page).status_code == 404


def test_somebody_of_another_category_reads_and_is_told_why(as_user, assessment, page):
    owner = factories.make_member(assessment.agency, "owner", categories=["2"])
    html = as_user(owner).get(page).content.decode()
    assert "ท่านอ่านได้อย่างเดียว" in html
    assert "data-autosave>" not in html
    assert "<textarea" not in html


def test_a_closed_cycle_and_a_submitted_form_are_read_only_with_the_reason(
    as_user, coordinator, assessment, page
):
    close(assessment)
    assert "ปิดรับแล้วเมื่อ" in as_user(coordinator).get(page).content.decode()
    Assessment.objects.filter(pk=assessment.pk).update(status=Status.SUBMITTED)
    assert "คำตอบถูกตรึงไว้ตามที่ส่ง" in as_user(coordinator).get(page).content.decode()


# --- saving -----------------------------------------------------------------------------------


def test_a_save_by_script_says_when_and_brings_the_counts(as_user, coordinator, assessment, address):
    response = as_user(coordinator).post(address, typed(), **JSON)
    reply = response.json()
    assert (response.status_code, reply["state"], reply["version"]) == (200, "saved", 1)
    assert reply["message"].startswith("บันทึกแล้ว ")
    assert reply["message"].endswith(" น.")
    assert set(reply["fragments"]) == {
        f"understood-{PART}",
        "outline",
        "topic-state",
        "work-progress",
        f"rule-{PART}",
        f"findings-{PART}",
    }
    for name, html in reply["fragments"].items():
        assert f'id="{name}"' in html
    assert "<b>1 จาก 5</b>" in reply["fragments"]["topic-state"]
    assert stored(assessment).values == {"detail": TEXT}


def test_a_save_without_script_returns_to_the_part(as_user, coordinator, assessment, page, address):
    response = as_user(coordinator).post(address, typed())
    assert (response.status_code, response["Location"]) == (302, f"{page}#p{PART}")
    assert stored(assessment).claim == "done"


def test_the_minimum_is_counted_as_it_is_typed(as_user, coordinator, assessment):
    address = f"/assessments/{assessment.pk}/parts/1.1.1.1/"
    reply = as_user(coordinator).post(address, {"version": 0, "claim": "done", "economy": "ก"}, **JSON).json()
    assert "ระบุแล้ว 1 ด้าน ต้องระบุอย่างน้อย 2 ด้าน" in reply["fragments"]["rule-1.1.1.1"]
    reply = as_user(coordinator).post(address, {"version": 1, "society": "ข"}, **JSON).json()
    assert "ระบุแล้ว 2 ด้าน ครบตามเกณฑ์อย่างน้อย 2 ด้าน" in reply["fragments"]["rule-1.1.1.1"]


def test_pasted_text_is_stored_as_it_looks(as_user, coordinator, assessment, address):
    pasted = "“หัวข้อ”\r\n• ข้อหนึ่ง\u00a0ย่อหน้า\x0bต่อ\r\n\r\n๑) เลขไทย\u200b"
    as_user(coordinator).post(address, typed(detail=pasted), **JSON)
    assert stored(assessment).values["detail"] == "“หัวข้อ”\n• ข้อหนึ่ง\u00a0ย่อหน้า\nต่อ\n\n๑) เลขไทย"


def test_a_text_that_begins_with_an_empty_line_is_shown_with_it(
    as_user, coordinator, assessment, page, address
):
    as_user(coordinator).post(address, typed(detail="\nบรรทัดที่สอง"), **JSON)
    assert ">\n\nบรรทัดที่สอง</textarea>" in as_user(coordinator).get(page).content.decode()


def test_twenty_thousand_thai_characters_in_eight_blanks_arrive_whole(as_user, coordinator, assessment):
    names = ("process", "cost", "short_term_target", "long_term_target")
    values = dict.fromkeys((f"{name}_{rank}" for name in names for rank in (1, 2)), "ก" * 20_000)
    address = f"/assessments/{assessment.pk}/parts/6.3.1.1/"
    response = as_user(coordinator).post(address, {"version": 0, "claim": "done"} | values, **JSON)
    assert response.status_code == 200
    assert stored(assessment, "6.3.1.1").values == values


def test_too_long_is_said_at_the_blank_and_the_text_stays(as_user, coordinator, assessment, address):
    long = "ก" * 20_001
    response = as_user(coordinator).post(address, typed(detail=long), **JSON)
    assert response.status_code == 422
    assert "20,001" in response.json()["errors"]["detail"][0]
    response = as_user(coordinator).post(address, typed(detail=long))
    assert response.status_code == 422
    assert long in response.content.decode()
    assert stored(assessment).version == 0


def test_an_unknown_part_or_a_group_of_form_4_is_404(as_user, coordinator, assessment):
    for code in ("9.9.9.9", "7.1.1"):
        response = as_user(coordinator).post(f"/assessments/{assessment.pk}/parts/{code}/", typed())
        assert response.status_code == 404


def test_saving_is_a_post(as_user, coordinator, address):
    assert as_user(coordinator).get(address).status_code == 405


# --- nothing typed is lost ----------------------------------------------------------------------


def test_after_the_log_in_ran_out_the_text_comes_back(assessment, address):
    response = Client().post(address, typed())
    assert response.status_code == 401
    html = response.content.decode()
    assert TEXT in html
    assert f"/accounts/login/?next=%2Fassessments%2F{assessment.pk}%2F1.1%2F%23p{PART}" in html
    response = Client().post(address, typed(), **JSON)
    assert (response.status_code, response.json()["state"]) == (401, "signed_out")
    assert stored(assessment).version == 0


@pytest.mark.parametrize("accept", [{}, JSON])
def test_one_second_after_closing_the_text_stays_on_the_page(
    as_user, coordinator, assessment, address, accept
):
    close(assessment)
    response = as_user(coordinator).post(address, typed(), **accept)
    assert response.status_code == 403
    assert "ปิดรับแล้วเมื่อ" in (response.json()["message"] if accept else response.content.decode())
    if not accept:
        assert TEXT in response.content.decode()
    assert stored(assessment).values == {}


def test_who_may_not_write_the_category_keeps_the_text(as_user, assessment, address):
    owner = factories.make_member(assessment.agency, "owner", categories=["2"])
    response = as_user(owner).post(address, typed())
    assert response.status_code == 403
    assert TEXT in response.content.decode()
    assert as_user(owner).post(address, typed(), **JSON).json()["state"] == "refused"
    assert stored(assessment).version == 0


def test_after_submission_nothing_is_written(as_user, coordinator, head, agency, cycle):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    factories.hand_over(assessment, by=head)
    before = stored(assessment).values
    response = as_user(coordinator).post(
        f"/assessments/{assessment.pk}/parts/{PART}/", typed(version="1"), **JSON
    )
    assert response.status_code == 403
    assert stored(assessment).values == before


# --- two writers ------------------------------------------------------------------------------


@pytest.fixture
def owner(assessment):
    return factories.make_member(assessment.agency, "owner", categories=["1"], first_name="เจ้าภาพ")


def test_the_second_writer_gets_both_texts(as_user, coordinator, owner, assessment, address):
    assert as_user(coordinator).post(address, typed(detail="ของคนแรก"), **JSON).status_code == 200
    response = as_user(owner).post(address, typed(detail="ของคนที่สอง"), **JSON)
    reply = response.json()
    assert (response.status_code, reply["state"], reply["version"]) == (409, "conflict", 1)
    assert reply["theirs"] == {"claim": "done", "values": {"detail": "ของคนแรก"}}
    assert "ของคนแรก" in reply["html"]
    assert "ของคนที่สอง" in reply["html"]
    assert stored(assessment).values == {"detail": "ของคนแรก"}


def test_without_script_both_texts_are_a_page_of_their_own_that_merges(
    as_user, coordinator, owner, assessment, address
):
    as_user(coordinator).post(address, typed(detail="ของคนแรก"))
    response = as_user(owner).post(address, typed(detail="ของคนที่สอง", claim="started"))
    html = response.content.decode()
    assert response.status_code == 409
    assert 'name="merged-detail"' in html
    assert "ของคนแรก ของคนที่สอง" in html
    assert '<input type="hidden" name="mine-detail" value="ของคนที่สอง">' in html
    merged = {"keep": "merged", "version": "1", "merged-detail": "ฉบับรวม", "merged-claim": "done"}
    assert as_user(owner).post(address, merged).status_code == 302
    assert stored(assessment).values == {"detail": "ฉบับรวม"}


@pytest.mark.parametrize(("keep", "text", "version"), [("mine", "ของคนที่สอง", 2), ("theirs", "ของคนแรก", 1)])
def test_one_of_two_texts_can_be_kept_whole(
    as_user, coordinator, owner, assessment, address, keep, text, version
):
    as_user(coordinator).post(address, typed(detail="ของคนแรก"))
    choice = {"keep": keep, "version": "1", "mine-detail": "ของคนที่สอง", "merged-detail": "ทั้งสอง"}
    assert as_user(owner).post(address, choice).status_code == 302
    assert (stored(assessment).values["detail"], stored(assessment).version) == (text, version)


def test_the_same_text_twice_is_no_conflict(as_user, coordinator, assessment, address):
    client = as_user(coordinator)
    client.post(address, typed(), **JSON)
    reply = client.post(address, typed(), **JSON)
    assert (reply.status_code, reply.json()["version"]) == (200, 1)


def test_a_save_without_a_version_never_overwrites(as_user, coordinator, owner, assessment, address):
    as_user(coordinator).post(address, typed(), **JSON)
    response = as_user(owner).post(address, {"claim": "done", "detail": "อื่น"}, **JSON)
    assert response.status_code == 409
    assert stored(assessment).values == {"detail": TEXT}


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one writer at a time: threads would test SQLite's locks"
)
@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_the_same_moment_one_is_stored_and_the_other_sees_both():
    assessment = factories.make_assessment()
    writers = [factories.make_member(assessment.agency, "coordinator") for _ in range(2)]
    clients = []
    for writer in writers:
        client = Client()
        client.force_login(writer, backend="pmqa.accounts.backends.EmailBackend")
        clients.append(client)
    together = threading.Barrier(2)
    replies = {}

    def write(number):
        together.wait()
        try:
            response = clients[number].post(
                f"/assessments/{assessment.pk}/parts/{PART}/", typed(detail=f"คนที่{number}"), **JSON
            )
            replies[number] = response.status_code, response.json()
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winner, loser = sorted(replies, key=lambda number: replies[number][0])
    assert [replies[winner][0], replies[loser][0]] == [200, 409]
    assert stored(assessment).values == {"detail": f"คนที่{winner}"}
    assert f"คนที่{winner}" in replies[loser][1]["html"]
    assert f"คนที่{loser}" in replies[loser][1]["html"]
