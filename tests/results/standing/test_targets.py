"""KPI types, targets and attainment: every example that was announced, and what must hold for any score."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from criteria.scoring import display_score
from results.standing.targets import Rules, Targets, attainment, fits, is_overlapping, targets, type_of

RULES = Rules()


def shown(goal: Targets) -> list[str]:
    return ["–" if value is None else display_score(value) for value in (goal.half, goal.standard, goal.full)]


def attained(last: str, now: str) -> str:
    score = Decimal(last)
    return display_score(attainment(targets(RULES, type_of(RULES, score), score), Decimal(now)))


@pytest.mark.parametrize(
    ("last", "kpi_type"),
    [
        ("0.01", 1),
        ("345", 1),
        ("349.99", 1),
        ("350", 2),
        ("399.50", 2),
        ("399.99", 2),
        ("400", 3),
        ("500", 3),
    ],
)
def test_the_type_follows_half_open_intervals(last, kpi_type):
    assert type_of(RULES, Decimal(last)) == kpi_type
    assert fits(RULES, kpi_type, Decimal(last))


@pytest.mark.parametrize("last", [None, 0, Decimal("0.00")])
def test_without_a_score_no_type_is_guessed(last):
    """0 is a form that was not submitted."""
    assert type_of(RULES, last) is None


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("345", ["240.00", "–", "350.00"]),
        ("360", ["325.00", "360.00", "388.80"]),
        ("434.48", ["370.00", "434.48", "443.17"]),
        ("498", ["370.00", "498.00", "500.00"]),
        ("500", ["370.00", "500.00", "500.00"]),
    ],
)
def test_targets_of_each_type_and_never_one_above_500(last, expected):
    score = Decimal(last)
    assert shown(targets(RULES, type_of(RULES, score), score)) == expected


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        ("345", "350", "100.00"),
        ("345", "240", "50.00"),
        ("345", "300", "77.27"),
        ("345", "239.99", "0.00"),
        ("360", "360", "75.00"),
        ("360", "374.4", "87.50"),
        ("360", "325", "50.00"),
        ("360", "388.80", "100.00"),
        ("360", "500", "100.00"),
        ("434.48", "443.17", "100.00"),
        ("434.48", "434.48", "75.00"),
        ("434.48", "0", "0.00"),
        ("500", "500", "100.00"),
    ],
)
def test_attainment_runs_straight_between_the_targets(last, now, expected):
    assert attained(last, now) == expected


def test_attainment_is_exact():
    assert attainment(targets(RULES, 1, Decimal(345)), 300) == 50 + Fraction(50 * 60, 110)


@pytest.mark.parametrize("kpi_type", [2, 3])
def test_types_two_and_three_rest_on_last_years_score(kpi_type):
    with pytest.raises(ValueError, match="last year"):
        targets(RULES, kpi_type, None)


def test_type_one_needs_none():
    assert shown(targets(RULES, 1, None)) == ["240.00", "–", "350.00"]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ("349.40", False),
        ("349.99", False),
        ("350.00", True),
        ("350.49", True),
        ("350.58", False),
        ("375", False),
        ("399", False),
        ("399.20", True),
        ("399.50", True),
        ("400", False),
        ("434.48", False),
    ],
)
def test_a_score_where_the_published_tables_disagree_is_noted(score, expected):
    assert is_overlapping(RULES, Decimal(score)) is expected


def test_attainment_never_falls_when_the_score_rises():
    """Any rules that can be meant, any last score, any two scores."""
    pick = random.Random(2564)
    for _ in range(300):
        rules = replace(
            RULES,
            half_1=Decimal(pick.randint(1, 349)),
            half_2=Decimal(pick.randint(1, 349)),
            half_3=Decimal(pick.randint(1, 399)),
            growth_2=Decimal(pick.randint(1, 10_000)) / 100,
            growth_3=Decimal(pick.randint(1, 10_000)) / 100,
        )
        assert rules.faults() == []
        last = Decimal(pick.randint(1, 50_000)) / 100
        goal = targets(rules, type_of(rules, last), last)
        scores = sorted(Fraction(pick.randint(0, 50_000), 100) for _ in range(20))
        found = [attainment(goal, score) for score in scores]
        assert found == sorted(found)
        assert all(0 <= value <= 100 for value in found)
        assert all(attainment(goal, score) >= step for step, score in goal.anchors)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"from_2": Decimal(400)}, "boundaries"),
        ({"half_1": Decimal(350)}, "type_1"),
        ({"half_2": Decimal(350)}, "type_2"),
        ({"half_3": Decimal(400)}, "type_3"),
        ({"growth_2": Decimal(0)}, "growth"),
        ({"full_1": Decimal(501)}, "out_of_range"),
    ],
)
def test_rules_that_cannot_be_meant_are_named(change, fault):
    assert fault in replace(RULES, **change).faults()


def test_the_announced_rules_can_be_used():
    assert RULES.faults() == []
