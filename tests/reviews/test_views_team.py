import pytest

from assessments.models import Status
from reviews.models import Assignment
from reviews.services import assigning, marking, replacing
from reviews.team_models import Departure
from tests import factories
from tests.pages import text_of
from tests.reviews import cases


@pytest.fixture
def case(team, lead):
    return cases.open_case(*team, lead=lead)


@pytest.fixture
def browser(as_user, administrator):
    return as_user(administrator)


def url_of(case, name: str) -> str:
    return f"/reviews/cases/{case.pk}/{name}"


def test_the_grid_divides_the_categories(agency, cycle, browser, team, lead, administrator):
    case = cases.submitted_case(agency=agency, cycle=cycle)
    assigning.assign(case, reviewers=team, lead=lead, lead_marks=False, by=administrator)
    first, second = (person.pk for person in team)
    ticked = {f"c-{first}-{code}": "on" for code in "123"} | {f"c-{second}-{code}": "on" for code in "4567"}
    assert browser.post(url_of(case, "categories/"), ticked).status_code == 302
    mine = Assignment.objects.active().filter(assessment=case, reviewer=first)
    assert set(mine.values_list("category__code", flat=True)) == set("123")
    page = text_of(browser.get(url_of(case, "")))
    assert "หมวด 1, 2, 3" in page
    # Each category has one marker: said, and not refused.
    assert "ผู้ตรวจรายเดียว" in page
    idle = browser.post(url_of(case, "categories/"), {f"c-{first}-{code}": "on" for code in "1234567"})
    assert (idle.status_code, str(team[1]) in text_of(idle)) == (422, True)


def test_an_open_review_loses_no_category_by_the_grid(case, browser, team):
    refused = browser.post(url_of(case, "categories/"), {f"c-{person.pk}-1": "on" for person in team})
    assert refused.status_code == 422
    assert Assignment.objects.active().filter(assessment=case, reviewer=team[0]).count() == 7


def test_a_replacement_is_chosen_on_its_page(case, browser, team):
    third, tied = factories.make_user(), factories.make_member(case.agency, "viewer")
    place = url_of(case, f"replace/{team[0].pk}/")
    page = text_of(browser.get(place))
    assert f'value="{third.pk}"' in page
    assert f'value="{team[0].pk}"' not in page
    assert browser.post(place).status_code == 422
    refused = browser.post(place, {"successor": tied.pk})
    assert (refused.status_code, "ข้อ 1" in text_of(refused)) == (422, True)
    told = text_of(browser.post(place, {"successor": third.pk, "reason": "ย้ายงาน"}, follow=True))
    assert "ย้ายงาน" in told
    assert Departure.objects.get().successor == third
    assert browser.get(place).status_code == 404


def test_nobody_is_found_and_the_case_goes_on(case, browser, team):
    for person in team:
        cases.mark_everything(case, by=person)
    marking.hand_in(case, by=team[0])
    replacing.recuse(case, reviewer=team[1], reason="ลาป่วย", by=team[1])
    assert "หาผู้ตรวจแทน" in text_of(browser.get("/reviews/cases/"))
    browser.post(url_of(case, f"waive/{team[1].pk}/"))
    assert cases.status_of(case) == Status.CONSENSUS
    assert browser.post(url_of(case, f"waive/{team[1].pk}/")).status_code == 404


def test_only_an_auditor_who_does_not_judge_reads_what_is_set_aside(case, as_user, browser, team):
    cases.mark(
        factories.answer_of(case, "1.1.1.1"),
        by=team[0],
        outcome="fail",
        comment="ความเห็นที่ตั้งไว้",
        note="บันทึกที่ตั้งไว้",
    )
    auditor = factories.make_official("auditor")
    assert "ความเห็นที่ตั้งไว้" not in text_of(as_user(auditor).get(url_of(case, "set-aside/")))
    replacing.recuse(case, reviewer=team[0], reason="ลาป่วย", by=team[0])
    page = text_of(as_user(auditor).get(url_of(case, "set-aside/")))
    assert ("ความเห็นที่ตั้งไว้" in page, "บันทึกที่ตั้งไว้" in page) == (True, True)
    factories.Appointment.objects.create(user=team[1], role="auditor")
    assert as_user(team[1]).get(url_of(case, "set-aside/")).status_code == 403
    assert browser.get(url_of(case, "set-aside/")).status_code == 403


def test_what_is_to_read_is_counted_again_when_the_review_opens(agency, cycle, team, lead, administrator):
    case = cases.submitted_case(agency=agency, cycle=cycle)
    assigning.assign(case, reviewers=team, lead=lead, lead_marks=False, by=administrator)
    before = Assignment.objects.filter(category__code="1").first().words
    answer = factories.answer_of(case, "1.1.1.1")
    type(answer).objects.filter(pk=answer.pk).update(values={"answer": "ข้อความที่เพิ่มขึ้น " * 400})
    assigning.open_review(case, by=administrator)
    assert set(Assignment.objects.filter(category__code="1").values_list("words", flat=True)).pop() > before
