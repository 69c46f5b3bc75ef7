"""Form 4 as one agency filled it: what its thirty rows are asked about, and what they score.

Proves that a target below last year and below the mean of the two years before is pointed out, that 100 in every year,
levels of success, counts and zeros are, that no data is not 0, how units are asked about, and how rows become scores.
"""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.advice.indicators import advise
from assessments.forms.indicators import IndicatorForm
from criteria.catalogue import part_ids
from criteria.scoring import POLICIES, claimed, display_score, verified
from tests import factories
from tests.assessments.form4_rows import ROWS, SCORES, indicators
from tests.criteria import edition_2565

OFFICIAL = POLICIES["pmqa40-2565"]
YEARS = (2567, 2568, 2569)


def with_finding(code: str, rows=ROWS) -> list[str]:
    return [place for place, row in rows.items() if code in [advice.code for advice in advise(row)]]


@pytest.mark.parametrize(
    ("finding", "places"),
    [
        ("not_challenging", ["7.1.3.1", "7.3.5.1"]),
        ("full_every_year", ["7.1.1.1", "7.1.2.1", "7.1.3.1", "7.2.3.1", "7.3.3.2", "7.4.2.1", "7.5.1.1", "7.5.2.1",
                             "7.5.3.1", "7.5.5.1", "7.6.4.1"]),
        ("constant", ["7.2.4.1", "7.3.2.1", "7.6.1.1", "7.6.3.1", "7.6.5.1"]),
        ("level_of_success", ["7.1.4.1", "7.2.4.1", "7.6.3.1", "7.6.5.1"]),
        ("zero_or_no_data", ["7.1.4.1", "7.2.5.1", "7.3.1.1", "7.3.3.1", "7.4.1.1", "7.4.3.1", "7.4.3.2", "7.4.5.1",
                             "7.5.4.1", "7.6.2.1"]),
    ],
)  # fmt: skip
def test_the_rows_that_each_finding_names_and_no_others(finding, places):
    assert with_finding(finding) == places


def test_sixteen_rows_never_move_and_eleven_of_them_stand_at_100():
    constant, full = with_finding("constant"), with_finding("full_every_year")
    assert (len(full), len(constant) + len(full)) == (11, 16)


def test_with_zeros_as_no_data_two_more_targets_are_too_low():
    """A typed 0 counts as 0; left empty, the year before is compared with what there is."""
    empty = {
        code: replace(row, results=tuple(result or None for result in row.results))
        for code, row in ROWS.items()
    }
    assert with_finding("not_challenging", empty) == ["7.1.3.1", "7.3.3.1", "7.3.5.1", "7.5.4.1"]


def test_where_less_is_better_a_latest_zero_is_the_aim():
    row = replace(ROWS["7.2.5.1"], direction="lower_is_better", results=(Decimal(4), Decimal(2), Decimal(0)))
    assert "zero_or_no_data" not in [advice.code for advice in advise(row)]
    earlier = replace(row, results=(Decimal(0), Decimal(2), Decimal(1)))
    assert "zero_or_no_data" in [advice.code for advice in advise(earlier)]


def test_each_row_its_topic_and_the_category_score_as_published():
    score = claimed(edition_2565(), OFFICIAL, {}, indicators())
    found = {row.code: row.result.score for topic in score.topics.values() for row in topic.indicators or ()}
    assert found == SCORES
    topics = [display_score(score.topics[f"7.{number}"].score) for number in range(1, 7)]
    assert topics == ["360.00", "320.00", "340.00", "260.00", "340.00", "300.00"]
    assert display_score(score.by_category["7"].score) == "320.00"


def test_what_reviewers_fail_counts_nothing_unless_the_policy_keeps_it():
    zero = verified(edition_2565(), OFFICIAL, {}, indicators())
    keeps = replace(OFFICIAL, parameters=replace(OFFICIAL.parameters, failed_indicator="keep"))
    keep = verified(edition_2565(), keeps, {}, indicators())
    assert display_score(zero.by_category["7"].score) == "283.33"
    assert display_score(keep.by_category["7"].score) == "320.00"


# --- what the form asks about a figure and its unit, and what it refuses -----------------------


@pytest.fixture
def answer(agency, cycle):
    assessment = factories.make_assessment(agency=agency, cycle=cycle)
    return factories.add_indicator(assessment, part_ids(cycle.edition)["7.1.1"], "7.1.1", 1)


@pytest.mark.parametrize(
    ("unit", "target", "refused", "asked"),
    [
        ("ร้อยละ", "238", False, "percent_over"),
        ("คน", "217.5", False, "not_whole"),
        ("ระดับ", "5", False, ""),
        ("ระดับ", "6", True, ""),
        ("ระดับ 1–5", "6", True, ""),
        ("ระดับ (1-10)", "6", False, ""),
        ("ระดับ (1-10)", "๑๑", True, ""),
        ("ระดับความสำเร็จ", "6", False, ""),
        ("คะแนน", "238", False, ""),
    ],
)
def test_a_unit_asks_about_its_figure_and_a_scale_refuses_what_is_beyond_it(
    answer, unit, target, refused, asked
):
    typed = {"version": 1, "name": "ร้อยละของงาน", "unit": unit, "target": target}
    typed |= {"result_1": "1", "result_2": "2", "result_3": "3"}
    form = IndicatorForm(answer, typed, years=YEARS)
    assert form.is_valid() is not refused
    if refused:
        assert "ระดับสูงสุดคือ" in str(form.errors["target"])
        assert form.blanks["target"].value == target
        return
    for name, value in form.figures.items():
        setattr(answer.indicator, name, value)
    row = replace(
        ROWS["7.1.1.1"], unit=unit, target=answer.indicator.target, results=answer.indicator.results
    )
    codes = [advice.code for advice in advise(row)]
    assert ("percent_over" in codes, "not_whole" in codes) == (asked == "percent_over", asked == "not_whole")


def test_a_scale_is_kept_when_only_a_figure_is_posted(answer):
    answer.indicator.unit = "ระดับ"
    form = IndicatorForm(answer, {"version": 1, "result_2": "7"}, years=YEARS)
    assert not form.is_valid()
    assert list(form.errors) == ["result_2"]


def test_the_chart_stands_beside_its_figures_in_words(answer, agency, as_user):
    """7.3.5.1: 10, 12, 11 with target 10 is one time fewer than the year before."""
    row = ROWS["7.3.5.1"]
    indicator = answer.indicator
    indicator.unit, indicator.target = row.unit, row.target
    indicator.result_1, indicator.result_2, indicator.result_3 = row.results
    indicator.save()
    coordinator = factories.make_member(agency, "coordinator")
    page = as_user(coordinator).get(reverse("assessments:topic", args=[answer.assessment_id, "7.1"]))
    html = page.content.decode()
    assert "ต่ำกว่าปีก่อน 1 ครั้ง (ด้อยลง)" in html
    assert (
        html.count("10 ปี 2568: 12 ปี 2569: 11 เป้าหมาย 10") == 2
    )  # the chart's label, and the words beside it
