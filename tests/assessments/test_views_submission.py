"""From the last check to the receipt: submitted means frozen."""

import hashlib
import json
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.utils import timezone

from assessments.models import Assessment, Cycle, Indicator, Status, Submission
from assessments.services import answers, checking, submission
from assessments.workflow import change_status, lock
from pmqa.accounts.models import LogEntry, Membership
from pmqa.errors import Refused
from tests import factories
from tests.cases import enter_password_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def complete(agency, cycle):
    return factories.make_assessment(agency=agency, cycle=cycle, complete=True)


@pytest.fixture
def proposed(complete, coordinator):
    """Checked, and before the head."""
    return factories.await_head(complete, by=coordinator)


@pytest.fixture
def signing(as_user, head):
    """The head's browser, just after the password was entered again."""
    client = as_user(head)
    enter_password_again(client, head)
    return client


def clear(assessment, code, **changes):
    answer = factories.answer_of(assessment, code)
    type(answer).objects.filter(pk=answer.pk).update(**changes)


def seen(html: str) -> str:
    return re.search(r'name="seen_digest" value="([0-9a-f]{64})"', html)[1]


def sign(client, assessment, **changes):
    html = client.get(f"/assessments/{assessment.pk}/submit/").content.decode()
    data = {"seen_digest": seen(html), "confirmed": "on"} | changes
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
    page = as_user(coordinator).get(f"/assessments/{complete.pk}/check/")
    html = unescape(page.content.decode())
    assert f'href="/assessments/{complete.pk}/7.1/#i{indicator.pk}-name"' in html
    assert "เป้าหมายอาจไม่ท้าทาย" in html
    assert f"{len(page.context['advice'])} รายการ ส่งได้โดยไม่ต้องแก้" in html
    assert [line.code for line in page.context["advice"] if line.category == "7"] == ["7.1.3.1"]
    assert "ครบแล้ว ไม่มีรายการที่ต้องแก้ก่อนส่ง" in html


# --- sign -------------------------------------------------------------------------------------


def test_the_head_reads_a_summary_signs_and_gets_a_receipt(signing, head, coordinator, proposed):
    html = signing.get(f"/assessments/{proposed.pk}/submit/").content.decode()
    digest = seen(html)
    for text in ("คำตอบทุกส่วนจะถูกตรึงไว้", "185 จาก 185 ส่วน", f"{coordinator} (185)", "เสนอโดย", digest):
        assert text in html, text
    response = sign(signing, proposed)
    assert response["Location"] == f"/assessments/{proposed.pk}/receipt/"
    frozen = Submission.objects.get()
    assert (frozen.submitted_by, frozen.digest, frozen.capacity) == (head, digest, "head")
    receipt = signing.get(response["Location"]).content.decode()
    for text in (digest, "pmqa40-2565", str(head), f"2570-{frozen.pk:04d}", "ในฐานะหัวหน้าส่วนราชการ"):
        assert text in receipt
    assert "ล่าช้า" not in receipt


def test_the_password_is_asked_and_what_was_typed_is_signed_after_it(as_user, head, proposed):
    """The log-in itself does not count: nobody signs at a desk that somebody left."""
    client = as_user(head)
    response = sign(client, proposed)
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not Submission.objects.exists()
    assert client.post(response["Location"], {"password": "wrong"}).status_code == 200
    assert not Submission.objects.exists()
    response = client.post(response["Location"], {"password": factories.PASSWORD})
    assert response["Location"] == f"/assessments/{proposed.pk}/receipt/"
    assert Submission.objects.get().submitted_by == head


def test_a_password_entered_sixteen_minutes_ago_is_asked_again(signing, proposed):
    session = signing.session
    for entry in session["account_authentication_methods"]:
        entry["at"] -= 16 * 60
    session.save()
    assert sign(signing, proposed)["Location"].startswith("/accounts/reauthenticate/")
    assert not Submission.objects.exists()


def test_whoever_has_a_second_factor_may_give_that(as_user, head, proposed):
    secret = generate_totp_secret()
    TOTP.activate(head, secret)
    client = as_user(head)
    place = sign(client, proposed)["Location"]
    page = client.get(place).content.decode()
    other = unescape(re.search(r'href="(/accounts/2fa/reauthenticate/[^"]*)"', page)[1])
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(other, {"code": code})["Location"] == f"/assessments/{proposed.pk}/receipt/"


def test_without_the_confirmation_nothing_is_submitted(signing, proposed):
    response = sign(signing, proposed, confirmed="")
    assert response.status_code == 422
    assert "ทำเครื่องหมายรับรองก่อนส่ง" in response.content.decode()
    assert not Submission.objects.exists()


def test_a_post_that_saw_nothing_is_refused(signing, proposed):
    response = signing.post(f"/assessments/{proposed.pk}/submit/", {"confirmed": "on"})
    assert response.status_code == 422
    assert not Submission.objects.exists()


def test_v3_what_changed_since_the_head_looked_is_shown_part_by_part(signing, coordinator, proposed):
    html = signing.get(f"/assessments/{proposed.pk}/submit/").content.decode()
    checking.recall(proposed, by=coordinator)
    checking.stop_check(proposed, by=coordinator)
    answer = factories.answer_of(proposed, "1.1.2.1")
    answers.save_answer(
        answer, version=1, claim="started", values={"detail": "ข้อความใหม่"}, category="1", by=coordinator
    )
    indicator = factories.answer_of(proposed, "7.1.3")
    Indicator.objects.filter(pk=indicator.pk).update(target=77)
    factories.await_head(proposed, by=coordinator)
    data = {"seen_digest": seen(html), "confirmed": "on"}
    response = signing.post(f"/assessments/{proposed.pk}/submit/", data)
    assert response.status_code == 409
    page = response.content.decode()
    for text in (
        "ข้อมูลเปลี่ยนหลังจากที่ท่านเปิดดู",
        "เปลี่ยน 2 ส่วนหลังจากที่ท่านเปิดดู",
        "<ins>ข้อความใหม่</ins>",
        "<ins>อยู่ระหว่างเริ่มดำเนินการ</ins>",
        "<ins>77</ins>",
        "<ins>85</ins>",
    ):
        assert text in page, text
    assert not Submission.objects.exists()
    again = signing.post(
        f"/assessments/{proposed.pk}/submit/", {"seen_digest": seen(page), "confirmed": "on"}
    )
    assert again["Location"] == f"/assessments/{proposed.pk}/receipt/"
    assert Submission.objects.get().content["parts"]["1.1.2.1"]["values"] == {"detail": "ข้อความใหม่"}


def test_others_see_who_may_sign_and_cannot(as_user, head, coordinator, proposed):
    client = as_user(coordinator)
    html = client.get(f"/assessments/{proposed.pk}/submit/").content.decode()
    assert "ผู้ส่งคือหัวหน้าส่วนราชการหรือผู้รักษาการ" in html
    assert str(head) in html
    assert client.post(f"/assessments/{proposed.pk}/submit/", {"confirmed": "on"}).status_code == 403
    assert not Submission.objects.exists()


def test_a_draft_that_nobody_proposed_is_not_signed(signing, complete):
    html = signing.get(f"/assessments/{complete.pk}/submit/").content.decode()
    assert "ผู้ประสานงานตรวจทานภายในแล้วเสนอ" in html
    response = signing.post(
        f"/assessments/{complete.pk}/submit/", {"confirmed": "on", "seen_digest": "0" * 64}
    )
    assert response.status_code == 409
    assert "กำลังจัดทำ" in response.content.decode()
    assert not Submission.objects.exists()


def test_a_double_click_is_one_submission(signing, proposed):
    data = {
        "confirmed": "on",
        "seen_digest": seen(signing.get(f"/assessments/{proposed.pk}/submit/").content.decode()),
    }
    for _click in range(2):
        response = signing.post(f"/assessments/{proposed.pk}/submit/", data)
        assert response["Location"] == f"/assessments/{proposed.pk}/receipt/"
    assert Submission.objects.count() == 1


def test_an_acting_head_signs_by_an_order_that_is_on_the_receipt(as_user, agency, proposed):
    acting = factories.make_user()
    today = timezone.localdate()
    Membership.objects.create(
        user=acting,
        agency=agency,
        role="acting_head",
        starts_on=today,
        ends_on=today,
        order_reference="12/2569",
    )
    client = as_user(acting)
    enter_password_again(client, acting)
    receipt = client.get(sign(client, proposed)["Location"]).content.decode()
    assert "ในฐานะรักษาการหัวหน้าส่วนราชการ" in receipt
    assert "12/2569" in receipt
    entry = LogEntry.objects.filter(action="assessment.status_changed").first()
    assert entry.data["capacity"] == "acting_head"


def test_v10_an_acting_head_whose_order_ended_yesterday_is_told_so_and_it_is_logged(
    as_user, agency, proposed
):
    acting = factories.make_user()
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.create(
        user=acting, agency=agency, role="acting_head", ends_on=yesterday, order_reference="12/2569"
    )
    client = as_user(acting)
    enter_password_again(client, acting)
    data = {"confirmed": "on", "seen_digest": "0" * 64}
    for response in (
        client.get(f"/assessments/{proposed.pk}/submit/"),
        client.post(f"/assessments/{proposed.pk}/submit/", data),
    ):
        assert response.status_code == 403
        assert "คำสั่งรักษาการ 12/2569 ของท่านสิ้นสุดเมื่อ" in response.content.decode()
    entry = LogEntry.objects.get(action="assessment.signature_refused")
    assert (entry.actor, entry.agency, entry.data["ends_on"]) == (acting, agency, yesterday.isoformat())
    assert not Submission.objects.exists()
    # Nothing else of the agency is open any more.
    assert client.get(f"/assessments/{proposed.pk}/").status_code == 404


# --- by the clock of the database: the last minute, grace, extension -----------------------------------


def move_times(assessment, **times):
    Cycle.objects.filter(pk=assessment.cycle_id).update(
        opens_at=timezone.now() - timedelta(days=30),
        **{name: timezone.now() + by for name, by in times.items()},
    )


MOMENT = timedelta(minutes=15)


@pytest.mark.parametrize("desk", [timedelta(0), timedelta(days=-2), timedelta(days=2)])
def test_v1_the_last_minute_is_in_time_whatever_another_clock_says(head, proposed, desk):
    move_times(proposed, closes_at=MOMENT)
    closes = Cycle.objects.get(pk=proposed.cycle_id).closes_at
    with time_machine.travel(timezone.now() + desk):
        frozen = submission.submit(proposed, by=head)
    assert frozen.submitted_at <= closes
    assert not frozen.is_late


@pytest.mark.parametrize("desk", [timedelta(0), timedelta(days=-2)])
def test_v2_after_it_the_signature_is_refused_by_name_of_the_time_and_the_draft_stays(head, proposed, desk):
    move_times(proposed, closes_at=-timedelta(seconds=1))
    with time_machine.travel(timezone.now() + desk), pytest.raises(Refused) as refused:
        submission.submit(proposed, by=head)
    assert refused.value.code == "closed"
    assert "เวลาของระบบขณะนี้" in str(refused.value)
    assert "ไม่มีเวลาผ่อนผัน" in str(refused.value)
    assert re.search(r"\d\d\.\d\d\.\d\d น\.", str(refused.value))
    assert Assessment.objects.get().status == Status.AWAITING_HEAD
    assert not Submission.objects.exists()


def test_the_head_who_is_too_late_reads_why(signing, proposed):
    html = signing.get(f"/assessments/{proposed.pk}/submit/").content.decode()
    move_times(proposed, closes_at=-timedelta(seconds=1))
    response = signing.post(
        f"/assessments/{proposed.pk}/submit/", {"seen_digest": seen(html), "confirmed": "on"}
    )
    assert response.status_code == 409
    assert "เวลาของระบบขณะนี้" in response.content.decode()


def test_within_the_grace_it_is_accepted_and_marked_as_late_everywhere(
    signing, as_user, administrator, proposed
):
    move_times(proposed, closes_at=-MOMENT, grace_until=MOMENT)
    assert "นับเป็นล่าช้า" in signing.get(f"/assessments/{proposed.pk}/").content.decode()
    receipt = signing.get(sign(signing, proposed)["Location"]).content.decode()
    assert Submission.objects.get().is_late
    assert "ล่าช้า" in receipt
    assert "ส่งหลังกำหนด ภายในเวลาผ่อนผัน" in receipt
    assert LogEntry.objects.filter(action="assessment.status_changed").first().data["late"] is True
    assert "ล่าช้า" in as_user(administrator).get("/reviews/cases/").content.decode()


def test_after_the_grace_it_is_refused_with_its_end(head, proposed):
    move_times(proposed, closes_at=-2 * MOMENT, grace_until=-timedelta(seconds=1))
    with pytest.raises(Refused, match="เวลาผ่อนผันหมดเมื่อ"):
        submission.submit(proposed, by=head)


def test_an_extension_is_in_time_and_no_grace(head, proposed):
    move_times(proposed, closes_at=-MOMENT)
    factories.extend(proposed, until=timezone.now() + MOMENT)
    assert not submission.submit(proposed, by=head).is_late


# --- receipt ----------------------------------------------------------------------------------


@pytest.fixture
def submitted(head, complete):
    clear(complete, "1.1.2.1", values={"detail": "ข้อความ <b>เฉพาะ</b> ที่ส่ง\nบรรทัดสอง"})
    factories.hand_over(complete, by=head)
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
    signing, officer, coordinator, submitted
):
    submitted.refresh_from_db()
    change_status(lock(submitted), Status.RETURNED, by=officer, note="แก้ไข 1.1.2")
    client = signing
    assert "แบบประเมินนี้ถูกส่งกลับแก้ไข" in client.get(f"/assessments/{submitted.pk}/receipt/").content.decode()
    clear(submitted, "1.1.2.1", values={"detail": "แก้แล้ว"})
    factories.await_head(submitted, by=coordinator)
    summary = client.get(f"/assessments/{submitted.pk}/submit/").content.decode()
    assert "เปลี่ยนจากฉบับที่ส่งครั้งที่ 1" in summary
    assert "<ins>แก้แล้ว</ins>" in summary
    sign(client, submitted)
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
