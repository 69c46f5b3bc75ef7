"""From the last check to the receipt: submitted means frozen (users-ask 7, 18)."""

import hashlib
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from assessments.models import Assessment, Cycle, Indicator, Status, Submission
from assessments.services import answers
from assessments.workflow import change_status, lock
from pmqa.accounts.models import LogEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def complete(agency, cycle):
    return factories.make_assessment(agency=agency, cycle=cycle, complete=True)


def clear(assessment, code, **changes):
    answer = factories.answer_of(assessment, code)
    type(answer).objects.filter(pk=answer.pk).update(**changes)


def hand_over(client, assessment, **changes):
    html = client.get(f"/assessments/{assessment.pk}/submit/").content.decode()
    digest = re.search(r'name="seen_digest" value="([0-9a-f]{64})"', html)[1]
    data = {"seen_digest": digest, "confirmed": "on"} | changes
    return client.post(f"/assessments/{assessment.pk}/submit/", data)


# --- check ------------------------------------------------------------------------------------


def test_every_gap_is_a_link_to_its_blank(as_user, coordinator, complete):
    clear(complete, "1.1.2.1", values={})
    clear(complete, "1.1.1.1", values={"economy": "ก"})
    clear(complete, "2.1.1.1", claim="")
    indicator = factories.answer_of(complete, "7.1.3")
    Indicator.objects.filter(pk=indicator.pk).update(target=0)
    html = unescape(as_user(coordinator).get(f"/assessments/{complete.pk}/check/").content.decode())
    base = f"/assessments/{complete.pk}"
    for link, text in (
        (f"{base}/1.1/#f-1.1.2.1-detail", "ยังไม่ระบุ “ทิศทางขององค์กร”"),
        (f"{base}/1.1/#p1.1.1.1", "ระบุแล้ว 1 ด้าน ต้องระบุอย่างน้อย 2 ด้าน"),
        (f"{base}/2.1/#p2.1.1.1", "ยังไม่เลือกสถานะการดำเนินการ"),
        (f"{base}/7.1/#i{indicator.pk}-target", "เป้าหมายเป็น 0 คิดร้อยละไม่ได้"),
    ):
        assert f'href="{link}"' in html
        assert text in html
    assert "ยังส่งไม่ได้ เหลือ 4 รายการ" in html


def test_every_link_of_the_check_leads_to_an_element_of_that_page(as_user, coordinator, assessment):
    clear(assessment, "1.3.2.1", claim="done", values={"mechanism": "ก"})
    client = as_user(coordinator)
    html = client.get(f"/assessments/{assessment.pk}/check/").content.decode()
    links = re.findall(r'href="(/assessments/\d+/([1-6]\.\d)/)#([^"]+)"', html)
    assert len(links) == 130
    pages = {url: client.get(url).content.decode() for url in {url for url, _topic, _anchor in links}}
    for url, _topic, anchor in links:
        assert f'id="{anchor}"' in pages[url], anchor


def test_a_profile_that_is_empty_is_told_and_does_not_block(as_user, coordinator, complete):
    clear(complete, "OP1.vision", values={})
    html = as_user(coordinator).get(f"/assessments/{complete.pk}/check/").content.decode()
    assert "ยังว่าง 1 เรื่อง ไม่ขวางการส่ง" in html
    assert "ครบแล้ว ไม่มีรายการที่ต้องแก้ก่อนส่ง" in html


def test_advice_on_an_indicator_is_told_and_does_not_block(as_user, coordinator, complete):
    indicator = factories.answer_of(complete, "7.1.3")
    Indicator.objects.filter(pk=indicator.pk).update(target=10)
    html = unescape(as_user(coordinator).get(f"/assessments/{complete.pk}/check/").content.decode())
    assert f'href="/assessments/{complete.pk}/7.1/#i{indicator.pk}-name"' in html
    assert "เป้าหมายอาจไม่ท้าทาย" in html
    assert "1 รายการ ส่งได้โดยไม่ต้องแก้" in html
    assert "ครบแล้ว ไม่มีรายการที่ต้องแก้ก่อนส่ง" in html


# --- confirm and submit -----------------------------------------------------------------------


def test_the_head_is_shown_what_happens_confirms_and_gets_a_receipt(as_user, head, complete):
    client = as_user(head)
    html = client.get(f"/assessments/{complete.pk}/submit/").content.decode()
    assert "คำตอบทุกส่วนจะถูกตรึงไว้" in html
    response = hand_over(client, complete)
    assert response["Location"] == f"/assessments/{complete.pk}/receipt/"
    frozen = Submission.objects.get()
    assert frozen.submitted_by == head
    receipt = client.get(response["Location"]).content.decode()
    for text in (frozen.digest, "pmqa40-2565", str(head), f"2570-{frozen.pk:04d}"):
        assert text in receipt


def test_without_the_confirmation_nothing_is_submitted(as_user, head, complete):
    response = hand_over(as_user(head), complete, confirmed="")
    assert response.status_code == 422
    assert "ทำเครื่องหมายรับรองก่อนส่ง" in response.content.decode()
    assert not Submission.objects.exists()


def test_a_post_that_saw_nothing_is_refused(as_user, head, complete):
    response = as_user(head).post(f"/assessments/{complete.pk}/submit/", {"confirmed": "on"})
    assert response.status_code == 422
    assert not Submission.objects.exists()


def test_what_changed_after_the_head_looked_is_shown_again_before_it_is_submitted(
    as_user, head, coordinator, complete
):
    client = as_user(head)
    client.get(f"/assessments/{complete.pk}/submit/")
    answer = factories.answer_of(complete, "1.1.2.1")
    response = hand_over_after(client, complete, lambda: answers.save_answer(
        answer, version=1, claim="done", values={"detail": "ใหม่"}, category="1", by=coordinator
    ))  # fmt: skip
    assert response.status_code == 409
    assert "ข้อมูลเปลี่ยนหลังจากที่ท่านเปิดดู" in response.content.decode()
    assert not Submission.objects.exists()
    digest = re.search(r'name="seen_digest" value="([0-9a-f]{64})"', response.content.decode())[1]
    again = client.post(f"/assessments/{complete.pk}/submit/", {"seen_digest": digest, "confirmed": "on"})
    assert again.status_code == 302
    assert Submission.objects.get().content["parts"]["1.1.2.1"]["values"] == {"detail": "ใหม่"}


def hand_over_after(client, assessment, change):
    html = client.get(f"/assessments/{assessment.pk}/submit/").content.decode()
    digest = re.search(r'name="seen_digest" value="([0-9a-f]{64})"', html)[1]
    change()
    return client.post(f"/assessments/{assessment.pk}/submit/", {"seen_digest": digest, "confirmed": "on"})


def test_others_see_who_may_submit_and_cannot(as_user, head, coordinator, complete):
    client = as_user(coordinator)
    html = client.get(f"/assessments/{complete.pk}/submit/").content.decode()
    assert "ผู้ส่งคือหัวหน้าส่วนราชการหรือผู้รักษาการ" in html
    assert str(head) in html
    assert client.post(f"/assessments/{complete.pk}/submit/", {"confirmed": "on"}).status_code == 403
    assert not Submission.objects.exists()


def test_gaps_send_the_head_to_the_list(as_user, head, complete):
    clear(complete, "1.1.2.1", claim="")
    client = as_user(head)
    assert "ดูรายการที่ขาด" in client.get(f"/assessments/{complete.pk}/submit/").content.decode()
    data = {"confirmed": "on", "seen_digest": "0" * 64}
    response = client.post(f"/assessments/{complete.pk}/submit/", data)
    assert response["Location"] == f"/assessments/{complete.pk}/check/"
    assert "ยังส่งไม่ได้ เหลือ 1 รายการ" in client.get(response["Location"]).content.decode()


def test_after_the_deadline_nothing_is_submitted(as_user, head, complete):
    Cycle.objects.filter(pk=complete.cycle_id).update(
        opens_at=timezone.now() - timedelta(days=3), closes_at=timezone.now() - timedelta(seconds=1)
    )
    data = {"confirmed": "on", "seen_digest": "0" * 64}
    response = as_user(head).post(f"/assessments/{complete.pk}/submit/", data)
    assert response.status_code == 409
    assert "ปิดรับแล้ว" in response.content.decode()
    assert Assessment.objects.get().status == Status.DRAFTING


def test_a_double_click_is_one_submission(as_user, head, complete):
    client = as_user(head)
    html = client.get(f"/assessments/{complete.pk}/submit/").content.decode()
    data = {"confirmed": "on", "seen_digest": re.search(r'value="([0-9a-f]{64})"', html)[1]}
    for _click in range(2):
        response = client.post(f"/assessments/{complete.pk}/submit/", data)
        assert response["Location"] == f"/assessments/{complete.pk}/receipt/"
    assert Submission.objects.count() == 1


# --- receipt ----------------------------------------------------------------------------------


@pytest.fixture
def submitted(as_user, head, complete):
    clear(complete, "1.1.2.1", values={"detail": "ข้อความ <b>เฉพาะ</b> ที่ส่ง\nบรรทัดสอง"})
    hand_over(as_user(head), complete)
    return complete


def test_the_json_copy_has_the_digest_of_the_receipt(as_user, coordinator, submitted):
    response = as_user(coordinator).post(f"/assessments/{submitted.pk}/receipt/copy.json")
    frozen = Submission.objects.get()
    assert hashlib.sha256(response.content).hexdigest() == frozen.digest
    assert json.loads(response.content) == frozen.content
    assert response["Content-Disposition"].startswith("attachment;")


def test_the_copy_stands_alone_and_holds_everything(as_user, coordinator, submitted):
    response = as_user(coordinator).post(f"/assessments/{submitted.pk}/receipt/copy/")
    html = response.content.decode()
    assert response["Content-Disposition"].endswith('.html"')
    assert "ข้อความ &lt;b&gt;เฉพาะ&lt;/b&gt; ที่ส่ง<br>บรรทัดสอง" in html
    assert Submission.objects.get().digest in html
    for text in (
        "ร้อยละความสำเร็จสมมติ 7.6.5.1",
        "89.69",
        "ความต้องการสมมติ",
        "ดำเนินการแล้ว",
        "ลักษณะสำคัญขององค์การ",
    ):
        assert text in html, text
    assert not re.search(r"<(script|link|img)\b|src=|/static/", html)


def test_downloads_are_logged_and_need_a_post(as_user, coordinator, submitted):
    client = as_user(coordinator)
    for name in ("copy/", "copy.json"):
        assert client.get(f"/assessments/{submitted.pk}/receipt/{name}").status_code == 405
        client.post(f"/assessments/{submitted.pk}/receipt/{name}")
    logged = LogEntry.objects.filter(action="assessment.downloaded", actor=coordinator)
    assert sorted(entry.data["file"] for entry in logged) == ["html", "json"]


def test_strangers_and_unsubmitted_forms_have_no_receipt(as_user, coordinator, assessment):
    assert as_user(coordinator).get(f"/assessments/{assessment.pk}/receipt/").status_code == 404
    other = factories.make_member(factories.make_agency(), "head")
    for name in ("", "copy/", "copy.json"):
        assert as_user(other).get(f"/assessments/{assessment.pk}/receipt/{name}").status_code in (404, 405)
        assert as_user(other).post(f"/assessments/{assessment.pk}/receipt/{name}").status_code in (404, 405)


def test_what_was_submitted_stays_after_a_return_and_a_second_submission(
    as_user, head, officer, coordinator, submitted
):
    submitted.refresh_from_db()
    change_status(lock(submitted), Status.RETURNED, by=officer, note="แก้ไข 1.1.2")
    client = as_user(head)
    assert "แบบประเมินนี้ถูกส่งกลับแก้ไข" in client.get(f"/assessments/{submitted.pk}/receipt/").content.decode()
    clear(submitted, "1.1.2.1", values={"detail": "แก้แล้ว"})
    hand_over(client, submitted)
    first, second = Submission.objects.order_by("number")
    assert first.digest != second.digest
    html = client.get(f"/assessments/{submitted.pk}/receipt/?number=1").content.decode()
    assert first.digest in html
    copy = client.post(f"/assessments/{submitted.pk}/receipt/copy.json?number=1")
    assert hashlib.sha256(copy.content).hexdigest() == first.digest
    assert client.get(f"/assessments/{submitted.pk}/receipt/?number=3").status_code == 404


def test_the_receipt_has_a_fixed_number_of_queries(as_user, head, submitted, django_assert_max_num_queries):
    client = as_user(head)
    with django_assert_max_num_queries(12):
        client.get(f"/assessments/{submitted.pk}/receipt/")
