"""The next best part and the next band: exact, ordered, and together the whole way to 500."""

from dataclasses import replace
from fractions import Fraction

import pytest

from criteria.scoring import CLAIMED, VERIFIED, display_score
from results.standing.gains import NEEDS_CHALLENGE, NEEDS_FIGURES, NEEDS_PASS, next_bands, next_best
from tests.results.standing.marks import make, scattered


def test_one_failed_part_adds_what_the_published_case_says():
    marks = make().with_statuses({"1.2.2.1": "fail"})
    (gain,) = next_best(marks)
    assert (gain.code, gain.status, gain.total) == ("1.2.2.1", "fail", Fraction(625, 168))
    assert display_score(gain.total) == "3.72"
    assert gain.after == 500


def test_nothing_is_left_when_everything_counts():
    assert next_best(make()) == ()
    assert next_bands(make()) == ()


def test_the_part_that_adds_most_stands_first_and_ties_in_form_order():
    gains = next_best(make(full=False))
    order = {part.code: place for place, part in enumerate(make().tree.process_parts)}
    keys = [(-gain.total, order[gain.code]) for gain in gains]
    assert len(gains) == len(order)
    assert keys == sorted(keys)


@pytest.mark.parametrize("policy", ["pmqa40-2565", "ladder", "slide"])
@pytest.mark.parametrize("basis", [CLAIMED, VERIFIED])
@pytest.mark.parametrize("seed", range(3))
def test_each_gain_is_that_of_scoring_everything_again(policy, basis, seed):
    marks = scattered(seed, policy=policy, basis=basis)
    for gain in next_best(marks)[::9]:
        again = marks.with_statuses({gain.code: marks.full})
        assert gain.total == again.score.total - marks.score.total


@pytest.mark.parametrize("policy", ["pmqa40-2565", "ladder", "slide"])
@pytest.mark.parametrize("seed", range(4))
def test_claiming_everything_in_this_order_comes_to_500(policy, seed):
    gains = next_best(scattered(seed, policy=policy, basis=CLAIMED))
    assert gains[-1].after == 500
    assert [gain.after for gain in gains] == sorted(gain.after for gain in gains)


@pytest.mark.parametrize("seed", range(4))
def test_without_gates_the_gains_add_up_to_what_is_missing(seed):
    marks = scattered(seed)
    assert marks.score.total + sum(gain.total for gain in next_best(marks)) == 500


def test_behind_a_gate_a_part_waits_and_opening_the_gate_counts_what_is_behind_it():
    tree = make().tree
    topic = tree.topics["1.1"]
    basic = [part.code for part in topic.parts if part.level == "basic"]
    advance = [part.code for part in topic.parts if part.level == "advance"]
    marks = make(policy="ladder").with_statuses({basic[0]: "fail", advance[0]: "fail"})
    found = {gain.code: gain for gain in next_best(marks)}
    assert found[advance[0]].waits
    assert found[advance[0]].total == 0
    assert not found[basic[0]].waits
    assert next_best(marks)[0].code == basic[0]
    only_basic = make(policy="ladder").with_statuses({basic[0]: "fail"})
    assert next_best(only_basic)[0].total == 500 - only_basic.score.total


@pytest.mark.parametrize("seed", [1, 2])
def test_a_started_part_adds_only_what_its_credit_leaves(seed):
    marks = scattered(seed, basis=CLAIMED)
    half = replace(marks.policy, parameters=replace(marks.policy.parameters, started_credit=Fraction(1, 2)))
    begun = next(gain for gain in next_best(marks) if gain.status == "started")
    eased = next(gain for gain in next_best(replace(marks, policy=half)) if gain.code == begun.code)
    assert eased.total == begun.total / 2


@pytest.mark.parametrize(
    ("figures", "needs", "score"),
    [
        ({"target": 85, "latest": "84"}, "85", 300),
        ({"target": 85, "latest": "85"}, "89.25", 400),
        ({"target": 85, "latest": "89.69"}, "93.5", 500),
        ({"target": 200, "latest": "217"}, "220", 500),
        ({"target": 10, "latest": "10", "direction": "lower_is_better"}, "9.5", 400),
        ({"target": 10, "latest": "12", "direction": "lower_is_better"}, "10", 300),
    ],
)
def test_what_an_indicator_needs_reaches_its_next_band_and_a_little_less_does_not(figures, needs, score):
    marks = make(basis=CLAIMED, **figures)
    reach = next_bands(marks)[0]
    assert (reach.code, reach.needs, reach.score) == ("7.1.1.1", Fraction(needs), score)
    indicator = marks.by_code[reach.code]
    step = Fraction(1, 100) * (1 if indicator.direction == "lower_is_better" else -1)
    short = replace(indicator, results=(*indicator.results[:-1], reach.needs + step))
    assert marks.with_indicators({reach.code: short}).score.indicators[0].result.score < score
    enough = replace(indicator, results=(*indicator.results[:-1], reach.needs))
    again = marks.with_indicators({reach.code: enough})
    assert again.score.total - marks.score.total == reach.total > 0


def test_the_other_formula_for_lower_is_better_rounds_to_the_side_that_reaches():
    marks = make(basis=CLAIMED, target=10, latest="10", direction="lower_is_better")
    other = replace(marks.policy.parameters, lower_is_better="target_over_result")
    reach = next_bands(replace(marks, policy=replace(marks.policy, parameters=other)))[0]
    assert (reach.needs, reach.score) == (Fraction("9.52"), 400)


def test_a_failed_indicator_needs_its_pass_first():
    marks = make(verdict="fail")
    reach = next_bands(marks)[0]
    assert (reach.instead, reach.needs, reach.score) == (NEEDS_PASS, None, 500)
    assert reach.total == Fraction(500, 5 * 6 * 7)


def test_a_target_that_is_no_challenge_or_figures_that_are_missing_are_named():
    easy = make(policy="slide", basis=CLAIMED, target=70, latest="70")
    assert next_bands(easy)[0].instead == NEEDS_CHALLENGE
    empty = make(basis=CLAIMED, target=0)
    assert next_bands(empty)[0].instead == NEEDS_FIGURES
