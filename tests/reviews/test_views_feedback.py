import re

import pytest

from assessments.models import Assessment, Status
from reviews.models import Consensus, FeedbackSection, Verdict
from tests import factories
from tests.reviews.settled import SHOWN, disputed, failed, settled_case

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def case(reviewer, lead, agency, cycle):
    opinions = disputed() | failed("1.4.3.1", "6.4.4.1")
    return settled_case(
        reviewer, factories.make_user(), lead=lead, opinions=opinions, agency=agency, cycle=cycle
    )


def page(case):
    return f"/reviews/{case.pk}/feedback/"


def place(case, code="pillar:1"):
    return f"{page(case)}{code}/"


def posted(**extra):
    return {"version": "0", "text": "ข้อความของหัวหน้าทีม", "included": "on"} | extra


def text(response) -> str:
    return response.content.decode()


def test_sections_stand_in_the_order_of_the_report(case, lead, as_user):
    # The rows were not made in this order.
    FeedbackSection.objects.filter(assessment=case, code="pillar:1").delete()
    FeedbackSection.objects.create(assessment=case, code="pillar:1")
    body = text(as_user(lead).get(page(case)))
    codes = re.findall(rf'class="section-form" method="post" action="{place(case, "([^/]+)")}"', body)
    assert codes == [
        "pillar:1", "pillar:2", "pillar:3", "ofi:1.4", "ofi:6.4", *[f"advice:{n}" for n in range(1, 8)],
        "closing", "direction:1", "direction:2", "direction:3",
    ]  # fmt: skip


def test_each_opportunity_shows_its_parts_and_what_was_taken_out(case, lead, as_user):
    client = as_user(lead)
    answer = factories.answer_of(case, "1.4.3.1")
    body = text(client.get(page(case)))
    assert f"/reviews/{case.pk}/consensus/{answer.pk}/" in body
    assert SHOWN in body
    assert "ไม่อยู่ในข้อความแล้ว" not in body
    client.post(place(case, "ofi:1.4"), posted(text="เขียนใหม่ทั้งหมด"))
    assert "ไม่อยู่ในข้อความแล้ว" in text(client.get(page(case)))


def test_comments_of_passed_parts_help_to_write_the_pillars(case, lead, reviewer, as_user):
    assert "ใช้ประกอบการเขียน" not in text(as_user(lead).get(page(case)))
    Consensus.objects.filter(answer__part__code="2.1.1.1").update(comment="มีต้นแบบที่ดีเด่น")
    Verdict.objects.filter(answer__part__code="2.1.1.1").update(internal_note="บันทึกภายในเท่านั้น")
    body = text(as_user(lead).get(page(case)))
    assert "มีต้นแบบที่ดีเด่น" in body
    assert "บันทึกภายในเท่านั้น" not in body


def test_who_may_read_and_who_may_write(case, lead, reviewer, coordinator, administrator, as_user):
    auditor = factories.make_official("auditor")
    stranger = factories.make_user()
    expected = {lead: 200, reviewer: 200, auditor: 200, administrator: 403, coordinator: 404, stranger: 404}
    for person, status in expected.items():
        response = as_user(person).get(page(case))
        assert response.status_code == status
        assert ("section-form" in text(response)) == (person == lead)
    for person, status in {reviewer: 403, auditor: 403, administrator: 403, coordinator: 404}.items():
        assert as_user(person).post(place(case), posted()).status_code == status
    assert case.feedback.get(code="pillar:1").version == 0


def test_saving_goes_back_to_the_section(case, lead, as_user):
    response = as_user(lead).post(place(case, "ofi:1.4"), posted(text="ข้อความ\r\nใหม่"))
    assert (response.status_code, response["Location"]) == (302, f"{page(case)}#s-ofi-1-4")
    stored = case.feedback.get(code="ofi:1.4")
    assert (stored.text, stored.included) == ("ข้อความ\nใหม่", True)


def test_an_unticked_box_keeps_the_section_out_of_the_report(case, lead, as_user):
    data = posted()
    del data["included"]
    as_user(lead).post(place(case, "closing"), data)
    assert case.feedback.get(code="closing").included is False


def test_the_script_gets_the_contract_of_autosave(case, lead, as_user):
    client = as_user(lead)
    saved = client.post(place(case, "ofi:1.4"), posted(), **JSON).json()
    assert (saved["state"], saved["version"]) == ("saved", 1)
    assert 'id="s-ofi-1-4-draft"' in saved["fragments"]["s-ofi-1-4-draft"]
    again = client.post(place(case, "ofi:1.4"), posted(text="อีกฉบับ"), **JSON)
    assert again.status_code == 409
    reply = again.json()
    assert reply["state"] == "conflict"
    assert reply["version"] == 1
    assert reply["theirs"]["values"] == {"text": "ข้อความของหัวหน้าทีม", "included": True}
    assert "data-conflict" in reply["html"]
    assert 'data-keep="mine"' in reply["html"]
    long = client.post(place(case), posted(text="ก" * 20_001), **JSON)
    assert (long.status_code, long.json()["state"]) == (422, "invalid")
    Assessment.objects.filter(pk=case.pk).update(status=Status.REPORT_ISSUED)
    closed = client.post(place(case), posted(), **JSON)
    assert (closed.status_code, closed.json()["state"]) == (403, "refused")


def test_without_script_a_conflict_shows_both_and_merges(case, lead, as_user):
    client = as_user(lead)
    client.post(place(case), posted(text="จากหน้าต่างแรก"))
    response = client.post(place(case), posted(text="จากหน้าต่างที่สอง"))
    assert response.status_code == 409
    assert "จากหน้าต่างแรก" in text(response)
    assert "จากหน้าต่างที่สอง" in text(response)
    merged = posted(version="1", text="จากหน้าต่างที่สอง", keep="merged") | {"merged-text": "รวมสองฉบับ"}
    assert client.post(place(case), merged).status_code == 302
    assert client.post(place(case), posted(version="1", text="ของท่าน", keep="theirs")).status_code == 302
    stored = case.feedback.get(code="pillar:1")
    assert (stored.text, stored.version) == ("รวมสองฉบับ", 2)


def test_the_draft_comes_back(case, lead, as_user):
    client = as_user(lead)
    client.post(place(case, "ofi:1.4"), posted())
    assert "เรียกฉบับร่างคืน" in text(client.get(page(case)))
    client.post(place(case, "ofi:1.4"), {"version": "1", "included": "on", "restore": "1"})
    assert case.feedback.get(code="ofi:1.4").text == SHOWN
    assert client.post(place(case, "ofi:5.1"), {"version": "0", "restore": "1"}).status_code == 404


def test_after_publication_it_is_read_and_what_was_typed_stays(case, lead, as_user):
    Assessment.objects.filter(pk=case.pk).update(status=Status.REPORT_ISSUED)
    client = as_user(lead)
    assert "section-form" not in text(client.get(page(case)))
    response = client.post(place(case), posted(text="พิมพ์ไว้ก่อนประกาศผล"))
    assert response.status_code == 403
    assert "พิมพ์ไว้ก่อนประกาศผล" in text(response)
    assert case.feedback.get(code="pillar:1").text == ""


def test_a_section_that_vanished_gives_the_text_back(case, lead, as_user):
    response = as_user(lead).post(place(case, "ofi:5.1"), posted(text="พิมพ์ไว้ในหัวข้อที่หายไป"))
    assert response.status_code == 403
    assert "พิมพ์ไว้ในหัวข้อที่หายไป" in text(response)


def test_without_session_the_typed_text_stays(case, client):
    response = client.post(place(case), posted())
    assert response.status_code == 401
    assert "ข้อความของหัวหน้าทีม" in text(response)
    assert client.post(place(case), posted(), **JSON).json()["state"] == "signed_out"


def test_the_page_costs_the_same_whatever_is_written(case, lead, as_user, django_assert_max_num_queries):
    client = as_user(lead)
    for topics in (["1.1", "2.1", "3.1", "5.1", "6.1"], []):
        with django_assert_max_num_queries(12):
            assert client.get(page(case)).status_code == 200
        for topic in topics:
            FeedbackSection.objects.create(assessment=case, code=f"ofi:{topic}", text="ข้อความ", version=1)
