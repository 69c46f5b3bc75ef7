"""Where an agency starts: the list, beginning an assessment, the overview."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Assessment, Cycle, Status
from assessments.workflow import change_status, lock
from pmqa.accounts.models import LogEntry, Membership
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_coordinator_is_offered_an_open_cycle_and_begins_in_it(as_user, coordinator, agency, cycle):
    client = as_user(coordinator)
    html = client.get("/assessments/").content.decode()
    assert "เริ่มทำแบบประเมิน" in html
    response = client.post(f"/assessments/start/{cycle.pk}/{agency.pk}/")
    assessment = Assessment.objects.get()
    assert response["Location"] == f"/assessments/{assessment.pk}/"
    assert (assessment.agency, assessment.status) == (agency, Status.DRAFTING)
    assert LogEntry.objects.filter(action="assessment.started", actor=coordinator).count() == 1
    client.post(f"/assessments/start/{cycle.pk}/{agency.pk}/")
    assert Assessment.objects.count() == 1


def test_others_of_the_agency_see_the_cycle_and_who_begins(as_user, agency, cycle):
    owner = factories.make_member(agency, "owner", categories=["1"])
    client = as_user(owner)
    html = client.get("/assessments/").content.decode()
    assert "ผู้ประสานงานของหน่วยงานเป็นผู้เริ่ม" in html
    assert '<button class="btn btn-primary">เริ่มทำแบบประเมิน' not in html
    assert client.post(f"/assessments/start/{cycle.pk}/{agency.pk}/").status_code == 403
    assert not Assessment.objects.exists()


def test_another_agency_cannot_be_begun(as_user, coordinator, cycle):
    other = factories.make_agency()
    assert as_user(coordinator).post(f"/assessments/start/{cycle.pk}/{other.pk}/").status_code == 404


def test_a_closed_cycle_is_not_offered_and_not_begun(as_user, coordinator, agency):
    now = timezone.now()
    closed = factories.make_cycle(closes_at=now - timedelta(hours=1), review_closes_at=now)
    client = as_user(coordinator)
    assert "เริ่มทำแบบประเมิน" not in client.get("/assessments/").content.decode().replace(
        "ปุ่มเริ่มทำแบบประเมิน", ""
    )
    response = client.post(f"/assessments/start/{closed.pk}/{agency.pk}/", follow=True)
    assert "รอบนี้ยังไม่เปิดรับหรือปิดรับแล้ว" in response.content.decode()
    assert not Assessment.objects.exists()


def test_a_province_has_its_own_track(as_user, cycle):
    province = factories.make_agency(kind="province")
    client = as_user(factories.make_member(province, "coordinator"))
    assert client.post(f"/assessments/start/{cycle.pk}/{province.pk}/").status_code == 404
    own = factories.make_cycle(track="province", year=2571)
    html = client.get("/assessments/").content.decode()
    assert f"/assessments/start/{own.pk}/" in html
    assert f"/assessments/start/{cycle.pk}/" not in html


def test_the_only_assessment_opens_at_once_and_several_are_a_list(as_user, coordinator, assessment):
    client = as_user(coordinator)
    assert client.get("/assessments/")["Location"] == f"/assessments/{assessment.pk}/"
    factories.make_assessment(agency=assessment.agency, cycle=factories.make_cycle(year=2569, name="รอบก่อน"))
    assert "รอบก่อน" in client.get("/assessments/").content.decode()


@pytest.mark.parametrize(
    ("status", "leads_on"),
    [
        (Status.DRAFTING, False),
        (Status.IN_REVIEW, False),
        (Status.PRELIM_RELEASED, True),
        (Status.REPORT_ISSUED, True),
    ],
)
def test_the_list_leads_to_a_result_once_it_was_told(as_user, coordinator, assessment, status, leads_on):
    factories.make_assessment(agency=assessment.agency, cycle=factories.make_cycle(year=2569, name="รอบก่อน"))
    Assessment.objects.filter(pk=assessment.pk).update(status=status)
    html = as_user(coordinator).get("/assessments/").content.decode()
    assert (f'href="/results/{assessment.pk}/"' in html) is leads_on


def test_opdc_follows_the_season_elsewhere_and_a_stranger_is_told_what_is_missing(as_user, officer):
    assert as_user(officer).get("/assessments/")["Location"].startswith("/reviews/")
    assert "บัญชีนี้ยังไม่มีบทบาท" in as_user(factories.make_user()).get("/assessments/").content.decode()


@pytest.mark.parametrize("years", [1, 8])
def test_the_list_has_a_fixed_number_of_queries(as_user, agency, years, django_assert_max_num_queries):
    coordinator = factories.make_member(agency, "coordinator")
    for year in range(years):
        factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=2560 + year))
        other = factories.make_agency()
        Membership.objects.create(user=coordinator, agency=other, role="viewer")
    client = as_user(coordinator)
    with django_assert_max_num_queries(12):
        assert client.get("/assessments/").status_code == 200


# --- one assessment ---------------------------------------------------------------------------


def test_the_overview_counts_scores_and_says_what_is_next(as_user, coordinator, assessment):
    for code in ("1.1.1.1", "1.1.2.1", "1.1.3.1", "1.1.4.1", "1.1.5.1"):
        answer = factories.answer_of(assessment, code)
        values = {"economy": "ก", "society": "ข"} if code == "1.1.1.1" else {"detail": "ก"}
        type(answer).objects.filter(pk=answer.pk).update(claim="done", values=values)
    html = as_user(coordinator).get(f"/assessments/{assessment.pk}/").content.decode()
    for text in (
        "5/94",
        "5/21",
        "ครบ 5/19 ข้อ",
        "5 จาก 130 ส่วน · 0 จาก 30 ตัวชี้วัด",
        "คะแนนประเมินตนเองเบื้องต้น",
        "หมวด 1 เหลือ 16 รายการ",
        "เหลือ 28 วัน",
        "ลักษณะสำคัญขององค์การ",
    ):
        assert text in html, text


def test_who_writes_one_category_is_shown_that_one(as_user, assessment):
    owner = factories.make_member(assessment.agency, "owner", categories=["2"])
    html = as_user(owner).get(f"/assessments/{assessment.pk}/").content.decode()
    assert "หมวด 2 เหลือ 23 รายการ" in html
    assert "หมวด 1 เหลือ" not in html


def test_a_returned_assessment_shows_the_reason_first(as_user, coordinator, head, officer, agency, cycle):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    factories.hand_over(assessment, by=head)
    assessment.refresh_from_db()
    change_status(lock(assessment), Status.RETURNED, by=officer, note="ลิงก์ใน 1.2.5 เปิดไม่ได้")
    html = as_user(coordinator).get(f"/assessments/{assessment.pk}/").content.decode()
    assert "ลิงก์ใน 1.2.5 เปิดไม่ได้" in html
    assert str(officer) in html


def test_the_last_day_and_an_extension_are_told(as_user, coordinator, assessment):
    now = timezone.now()
    Cycle.objects.filter(pk=assessment.cycle_id).update(closes_at=now - timedelta(minutes=1))
    client = as_user(coordinator)
    assert "ปิดรับแล้ว" in client.get(f"/assessments/{assessment.pk}/").content.decode()
    Assessment.objects.filter(pk=assessment.pk).update(extended_until=now + timedelta(days=2))
    html = client.get(f"/assessments/{assessment.pk}/").content.decode()
    assert "เหลือ 2 วัน" in html
    assert "ขยายเวลา" in html


@pytest.mark.parametrize("complete", [False, True])
def test_the_overview_has_a_fixed_number_of_queries(
    as_user, coordinator, agency, cycle, complete, django_assert_max_num_queries
):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=complete)
    client = as_user(coordinator)
    client.get(f"/assessments/{assessment.pk}/")
    for page in ("", "check/", "submit/"):
        with django_assert_max_num_queries(12):
            assert client.get(f"/assessments/{assessment.pk}/{page}").status_code == 200
