from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.scoring import (
    POLICIES,
    Indicator,
    group_faults,
    indicator_result,
    indicator_verified,
    policy_from,
)
from criteria.scoring.indicators import Finding, numbered
from tests.criteria import edition_2565

OFFICIAL = POLICIES["pmqa40-2565"]
SLIDE = POLICIES["slide"]
HIGHER, LOWER = "higher_is_better", "lower_is_better"

amounts = st.decimals(min_value=-10_000, max_value=10_000, places=2, allow_nan=False)


def row(target, *results, policy=OFFICIAL, direction=HIGHER):
    """The result of one row; numbers as people type them."""
    return indicator_result(
        policy,
        direction,
        None if target is None else Decimal(target),
        [None if result is None else Decimal(result) for result in results],
        place="7.1.1.1",
    )


def codes(result):
    return [finding.code for finding in result.findings]


@pytest.mark.parametrize(
    ("target", "results", "percent", "score", "challenging"),
    [
        ("85", ("88.32", "80.55", "89.69"), "105.5", 400, True),
        ("80", (None, None, "78.64"), "98.3", 200, None),
        ("5", ("0", "0", "9"), "180.0", 500, True),
        ("5", ("0", "5", "0"), "0.0", 200, True),
        ("200", ("100", "238", "217"), "108.5", 400, True),
        ("10", (None, None, "11"), "110.0", 500, None),
        ("80", ("100", "100", "100"), "125.0", 500, False),
        ("10", ("10", "12", "11"), "110.0", 500, False),
        ("375", ("300", "450", "400"), "106.7", 400, True),
        ("100", ("100", "100", "100"), "100.0", 300, True),
    ],
)
def test_known_rows_of_form_4(target, results, percent, score, challenging):
    result = row(target, *results)

    assert (result.percent_display, result.score, result.challenging) == (percent, score, challenging)
    assert codes(result) == ([] if challenging is not False else ["not_challenging"])


@pytest.mark.parametrize(
    ("latest", "score"),
    [
        ("99.999", 200),
        ("100", 300),
        ("104.999", 300),
        ("105", 400),
        ("109.999", 400),
        ("110", 500),
        ("0", 200),
    ],
)
def test_the_edges_of_the_bands(latest, score):
    assert row("100", None, None, latest).score == score


def test_the_percentage_is_compared_unrounded_unless_the_policy_says_as_shown():
    as_shown = policy_from("pmqa40-2565", {"percent_compared": "as_shown"})

    assert (row("100", None, None, "109.96").percent_display, row("100", None, None, "109.96").score) == (
        "110.0",
        400,
    )
    assert row("100", None, None, "109.96", policy=as_shown).score == 500
    assert row("100", None, None, "109.94", policy=as_shown).score == 400


@pytest.mark.parametrize(
    ("case", "official", "slide"),
    [
        (("450", "300", "450", "400"), 200, 300),
        (("375", "300", "450", "400"), 400, 400),
        (("300", "300", "450", "400"), 500, 0),
    ],
)
def test_the_three_cases_of_the_lecture(case, official, slide):
    assert row(*case).score == official
    assert row(*case, policy=SLIDE).score == slide


def test_the_slide_preset_says_why_a_row_scores_nothing():
    result = row("300", "300", "450", "400", policy=SLIDE)

    assert (result.percent_display, result.how, result.challenging) == ("133.3", "not_challenging", False)


def test_the_slide_preset_needs_something_to_compare_with():
    assert row("80", None, None, "100", policy=SLIDE).score == 500


def test_both_formulas_of_lower_is_better():
    ratio = policy_from("pmqa40-2565", {"lower_is_better": "target_over_result"})

    assert row("10", None, None, "8", direction=LOWER).percent_display == "120.0"
    assert row("10", None, None, "8", direction=LOWER, policy=ratio).percent_display == "125.0"
    assert row("10", None, None, "0", direction=LOWER).percent_display == "200.0"


def test_a_result_of_zero_has_no_ratio_and_is_the_best_there_is():
    ratio = policy_from("pmqa40-2565", {"lower_is_better": "target_over_result"})
    result = row("10", None, None, "0", direction=LOWER, policy=ratio)

    assert (result.percent, result.score, result.scorable, codes(result)) == (
        None,
        500,
        True,
        ["result_zero"],
    )


def test_more_than_twice_a_target_that_should_be_low_is_negative_and_shown():
    result = row("10", None, None, "25", direction=LOWER)

    assert (result.percent_display, result.score) == ("-50.0", 200)


@pytest.mark.parametrize(
    ("target", "results", "code"),
    [
        ("0", ("1", "2", "3"), "target_zero"),
        (None, ("1", "2", "3"), "no_target"),
        ("5", ("1", "2", None), "no_result"),
        ("5", ("2", "3"), "results_not_three"),
        ("5", (), "results_not_three"),
        ("5", ("1", "2", "3", "4"), "results_not_three"),
    ],
)
def test_a_row_without_percentage_is_not_scorable_and_blocks(target, results, code):
    result = row(target, *results)

    assert (result.percent, result.percent_display, result.score, result.scorable) == (None, None, 0, False)
    assert codes(result) == [code]
    assert result.findings[0].blocking


def test_zero_is_a_value_and_empty_is_not():
    with_zero = row("200", "0", "238", "217")
    without = row("200", None, "238", "217")

    assert with_zero.challenging is True
    assert without.challenging is False


@pytest.mark.parametrize(
    ("target", "earlier", "challenging"),
    [
        ("10", ("10", "12"), True),
        ("11", ("10", "12"), True),
        ("12", ("10", "12"), True),
        ("13", ("10", "12"), False),
        ("12", ("12", "10"), False),
        ("11", ("12", "10"), True),
        ("13", ("12", None), False),
        ("10", (None, None), None),
    ],
)
def test_a_target_that_should_be_low_is_challenging_when_it_is_not_above(target, earlier, challenging):
    assert row(target, *earlier, "9", direction=LOWER).challenging is challenging


def test_last_year_unknown_leaves_the_year_before_as_the_mean():
    assert row("10", "11", None, "12").challenging is False
    assert row("11", "11", None, "12").challenging is True


def test_a_target_below_zero_is_pointed_out():
    assert codes(row("-5", None, None, "-4")) == ["target_negative"]


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="direction must be one of"):
        row("1", "1", "1", "1", direction="up")


def test_a_verdict_decides_what_the_row_scores():
    keep = policy_from("pmqa40-2565", {"failed_indicator": "keep"})
    claimed = row("80", None, None, "100")

    assert (claimed.score, claimed.how) == (500, "band")
    assert indicator_verified(OFFICIAL, claimed, "pass") == claimed
    failed = indicator_verified(OFFICIAL, claimed, "fail")
    assert (failed.score, failed.how, failed.percent_display) == (0, "failed", "125.0")
    assert indicator_verified(keep, claimed, "fail") == claimed
    for policy in (OFFICIAL, keep):
        unjudged = indicator_verified(policy, claimed, None)
        assert (unjudged.score, unjudged.how) == (0, "not_judged")
    with pytest.raises(ValueError, match="verdict must be one of"):
        indicator_verified(OFFICIAL, claimed, "unsure")


@pytest.mark.parametrize("verdict", ["pass", "fail", None])
def test_no_verdict_makes_a_row_scorable(verdict):
    result = indicator_verified(OFFICIAL, row("0", "1", "2", "3"), verdict)

    assert (result.score, result.how) == (0, "not_scorable")


@pytest.mark.parametrize(
    ("counts", "faults"),
    [
        ((1, 1, 2, 0, 1), []),
        ((3, 2, 0, 0, 0), []),
        ((1, 1, 2, 1, 1), [("topic_too_many", "7.3", 6, 5)]),
        ((0, 2, 1, 1, 1), [("group_too_few", "7.3.1", 0, 1)]),
        ((4, 1, 0, 0, 0), [("group_too_many", "7.3.1", 4, 3)]),
        ((1, 0, 0, 0, 0), [("topic_too_few", "7.3", 1, 5), ("group_too_few", "7.3.2", 0, 1)]),
    ],
)
def test_the_counts_of_a_topic(counts, faults):
    topic = edition_2565().topics["7.3"]
    by_group = {f"7.3.{number}": count for number, count in enumerate(counts, start=1) if count}

    found = group_faults(topic, by_group)

    assert [(fault.code, fault.place, fault.have, fault.need) for fault in found] == faults
    assert all(fault.blocking for fault in found)


def test_findings_read_as_place_and_text():
    assert Finding("topic_too_few", "7.1", have=1, need=5).text == "7.1: needs 5 indicators, has 1"
    assert Finding("target_zero", "7.1.1.1").text == "7.1.1.1: target 0, so there is no percentage"


def test_indicators_are_numbered_inside_their_group():
    rows = [Indicator("7.3", group, HIGHER, 1, (1, 1, 1)) for group in (3, 1, 3)]

    assert [code for code, _ in numbered(rows)] == ["7.3.3.1", "7.3.1.1", "7.3.3.2"]


@given(
    target=amounts,
    results=st.lists(st.none() | amounts, max_size=4),
    direction=st.sampled_from([HIGHER, LOWER]),
)
def test_every_row_scores_within_the_bands_or_not_at_all(target, results, direction):
    for policy in POLICIES.values():
        result = indicator_result(policy, direction, target, results)

        assert result.score in {0, 200, 300, 400, 500}
        assert (result.percent is None) == (not result.scorable)
        assert result.scorable == (target != 0 and len(results) == 3 and results[-1] is not None)


@given(target=st.integers(1, 1000), low=st.integers(0, 2000), more=st.integers(0, 1000))
def test_a_better_result_never_scores_less(target, low, more):
    worse, better = ([None, None, Fraction(low)], [None, None, Fraction(low + more)])
    for policy in (OFFICIAL, SLIDE, policy_from("pmqa40-2565", {"lower_is_better": "target_over_result"})):
        up = [indicator_result(policy, HIGHER, target, results).score for results in (worse, better)]
        down = [indicator_result(policy, LOWER, target, results).score for results in (better, worse)]

        assert up == sorted(up)
        assert down == sorted(down)
