"""The last published result beside the answers of now."""

import pytest
from django.urls import reverse

from assessments.reading import read_answers
from assessments.services import answers as services
from assessments.services import carrying
from results.last_year import sheet_before, topic_before
from tests import factories as base
from tests.results import factories

PART = "4.2.2.1"


@pytest.fixture
def sheet(agency, administrator):
    return factories.make_published(agency=agency, cycle=base.make_cycle(year=2569), by=administrator)


@pytest.fixture
def begun(sheet, agency, cycle, coordinator):
    return carrying.start_from_previous(cycle, agency, by=coordinator)


def address(assessment, code="4.2"):
    return reverse("results:last_year", args=[assessment.pk, code])


def of_part(sheet, assessment, code=PART):
    found = topic_before(sheet, read_answers(assessment), code.rsplit(".", 2)[0])
    return next(entry for entry in found.parts if entry.part["code"] == code)


def test_verdict_comment_and_opportunity_of_the_same_part(sheet, begun, coordinator, as_user):
    page = as_user(coordinator).get(address(begun))
    text = page.content.decode()
    assert factories.COMMENT in text
    assert factories.TEXTS["ofi:4.2"] in text
    before = page.context["before"]
    assert (before.year, before.failed, before.passed) == (2569, 1, 3)
    assert (before.opportunity.answered, before.opportunity.total) == (0, 1)


def test_an_opportunity_is_answered_when_its_part_is_rewritten(sheet, begun, coordinator):
    assert of_part(sheet, begun).since == "same"
    answer = base.answer_of(begun, PART)
    values = {key: f"{value} และผลใหม่" for key, value in answer.values.items()}
    services.save_answer(answer, version=1, claim=answer.claim, values=values, category="4", by=coordinator)
    assert of_part(sheet, begun).since == "changed"
    opportunity = topic_before(sheet, read_answers(begun), "4.2").opportunity
    assert (opportunity.answered, opportunity.total) == (1, 1)


def test_another_status_is_another_answer(sheet, begun, coordinator):
    answer = base.answer_of(begun, PART)
    services.save_answer(
        answer, version=1, claim="started", values=answer.values, category="4", by=coordinator
    )
    assert of_part(sheet, begun).since == "changed"


def test_an_empty_form_has_answered_nothing(sheet, agency, cycle, coordinator):
    empty = services.start(cycle, agency, by=coordinator)
    assert of_part(sheet, empty).since == "empty"


def test_indicators_of_the_last_result(begun, coordinator, as_user):
    page = as_user(coordinator).get(address(begun, "7.1"))
    assert len(page.context["before"].indicators) == 5
    assert "105.5" in page.content.decode()


def test_without_a_published_result_the_page_says_so(agency, cycle, coordinator, as_user):
    base.make_assessment(agency=agency, cycle=base.make_cycle(year=2569), complete=True)
    begun = carrying.start_from_previous(cycle, agency, by=coordinator)
    assert "ยังไม่มีผลของรอบก่อน" in as_user(coordinator).get(address(begun)).content.decode()


def test_only_earlier_results_of_the_same_agency(sheet, begun, cycle):
    other = base.make_assessment(cycle=cycle)
    assert sheet_before(other) is None
    assert sheet_before(sheet.assessment) is None
    assert sheet_before(begun) == sheet


@pytest.mark.parametrize("code", ["9.9", "OP1", "4"])
def test_what_is_no_topic_of_a_result_is_not_there(begun, coordinator, as_user, code):
    assert as_user(coordinator).get(address(begun, code)).status_code == 404


def test_another_agency_sees_nothing(begun, as_user):
    stranger = base.make_member(base.make_agency(), "coordinator")
    assert as_user(stranger).get(address(begun)).status_code == 404


def test_the_page_costs_twelve_queries_at_most(begun, coordinator, as_user, django_assert_max_num_queries):
    browser = as_user(coordinator)
    for code in ("4.2", "7.1"):
        with django_assert_max_num_queries(12):
            assert browser.get(address(begun, code)).status_code == 200
