"""A cycle begun from the one before: answers as drafts, indicators a year further, marked until somebody saves them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.models import Answer, Indicator
from assessments.presentation import carried_lines
from assessments.reading import read_answers
from assessments.services import answers as services
from assessments.services import carrying, indicators
from pmqa.accounts.models import LogEntry
from tests import factories

CARRIED = "ยกมาจากรอบก่อน ยังไม่ได้ปรับปรุง"


@pytest.fixture
def before(agency):
    return factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=2569), complete=True)


@pytest.fixture
def begun(before, agency, cycle, coordinator):
    return carrying.start_from_previous(cycle, agency, by=coordinator)


def test_every_answer_comes_along_as_a_draft_that_nobody_has_looked_at(before, begun):
    assert begun.previous == before
    old, new = read_answers(before), read_answers(begun)
    assert {code: (row.claim, row.values) for code, row in new.parts.items()} == {
        code: (row.claim, row.values) for code, row in old.parts.items()
    }
    assert all(row.carried_over for row in [*new.parts.values(), *new.all_indicators])
    assert all(row.revisions.count() == 1 for row in new.indicators["7.1.1"])
    assert LogEntry.objects.filter(action="assessment.carried_over").count() == 1
    assert len(carried_lines(begun, new)) == begun.answers.count()


def test_results_of_an_indicator_move_on_and_its_target_is_set_anew(before, begun):
    """A-422: 2567, 2568 and 2569 become the last two; the new year and the target are empty, which is not 0."""
    indicator = read_answers(begun).indicators["7.1.1"][0].indicator
    assert indicator.name == read_answers(before).indicators["7.1.1"][0].indicator.name
    assert indicator.results == (Decimal("84.32"), Decimal("89.69"), None)
    assert indicator.target is None


@pytest.mark.parametrize(
    ("years", "results"), [(1, (2, 3, None)), (2, (3, None, None)), (3, (None,) * 3), (5, (None,) * 3)]
)
def test_results_move_by_the_years_between_the_cycles(years, results):
    moved = carrying.shifted(Indicator(result_1=1, result_2=2, result_3=3), years)
    assert tuple(moved.values()) == results


def test_beginning_twice_carries_once_and_never_over_what_was_written(begun, agency, cycle, coordinator):
    count = Answer.objects.count()
    answer = factories.answer_of(begun, "1.1.2.1")
    services.save_answer(
        answer, version=1, claim="started", values={"detail": "ใหม่"}, category="1", by=coordinator
    )
    assert carrying.start_from_previous(cycle, agency, by=coordinator) == begun
    assert Answer.objects.count() == count
    assert factories.answer_of(begun, "1.1.2.1").values == {"detail": "ใหม่"}


def test_without_an_earlier_cycle_the_form_is_empty(agency, cycle, coordinator):
    begun = carrying.start_from_previous(cycle, agency, by=coordinator)
    assert begun.previous is None
    assert not begun.answers.filter(version__gt=0).exists()


def test_empty_answers_of_the_cycle_before_are_not_marked(agency, cycle, coordinator):
    factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=2569))
    begun = carrying.start_from_previous(cycle, agency, by=coordinator)
    assert begun.previous is not None
    assert not begun.answers.filter(carried_over=True).exists()


def test_another_agency_and_another_track_are_nothing_to_begin_from(cycle, coordinator, agency):
    factories.make_assessment(cycle=factories.make_cycle(year=2569), complete=True)
    province = factories.make_cycle(year=2568, track="province")
    factories.make_assessment(agency=agency, cycle=province, complete=True)
    assert carrying.start_from_previous(cycle, agency, by=coordinator).previous is None


def test_saving_a_part_unchanged_says_that_it_still_holds(begun, coordinator):
    answer = factories.answer_of(begun, "1.1.2.1")
    saved = services.save_answer(
        answer, version=1, claim=answer.claim, values=answer.values, category="1", by=coordinator
    )
    assert (saved.carried_over, saved.version) == (False, 2)
    again = services.save_answer(
        saved, version=2, claim=answer.claim, values=answer.values, category="1", by=coordinator
    )
    assert again.version == 2


def test_saving_an_indicator_takes_its_mark_away(begun, coordinator):
    answer = read_answers(begun).indicators["7.1.1"][0]
    figures = {name: getattr(answer.indicator, name) for name in indicators.FIGURES}
    saved = indicators.save_indicator(answer, version=1, category="7", by=coordinator, **figures)
    assert not saved.carried_over


def test_the_coordinator_chooses_and_sees_what_is_still_as_it_was(
    before, agency, cycle, coordinator, as_user
):
    browser = as_user(coordinator)
    page = browser.get(reverse("assessments:index")).content.decode()
    assert "เริ่มจากคำตอบรอบ 2569" in page
    assert "เริ่มจากแบบเปล่า" in page
    response = browser.post(reverse("assessments:start", args=[cycle.pk, agency.pk]), {"carry_over": "1"})
    begun = agency.assessments.get(cycle=cycle)
    assert response.url == reverse("assessments:overview", args=[begun.pk])
    topic = browser.get(reverse("assessments:topic", args=[begun.pk, "1.1"])).content.decode()
    assert topic.count(CARRIED) == 5
    assert reverse("results:last_year", args=[begun.pk, "1.1"]) in topic
    check = browser.get(reverse("assessments:check", args=[begun.pk]))
    assert len(check.context["carried"]) == begun.answers.count()


def test_an_empty_start_is_still_there(before, agency, cycle, coordinator, as_user):
    as_user(coordinator).post(reverse("assessments:start", args=[cycle.pk, agency.pk]))
    begun = agency.assessments.get(cycle=cycle)
    assert begun.previous == before
    assert not begun.answers.filter(version__gt=0).exists()
