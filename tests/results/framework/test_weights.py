"""Weights of the yearly assessment: the announced examples, and what must hold of any framework."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from criteria.scoring import display_score
from results.framework.weights import (
    BASES,
    POTENTIAL,
    Component,
    Framework,
    Share,
    as_data,
    contribution,
    from_data,
    plain,
    standard,
)
from results.framework.words import fault_words
from tests.results.framework.frameworks import weighing


def said(framework: Framework) -> list[str]:
    return [fault_words(fault) for fault in framework.faults()]


def test_an_attainment_of_80_with_weight_15_gives_12_points():
    share = Share(Decimal("15.00"), Fraction(80))
    assert share.points == 12
    assert (share.points_words, share.sum_words) == ("12.00", "80.00 × 15 % = 12.00")


def test_weights_that_sum_to_95_name_the_missing_5():
    words = said(weighing("10"))
    assert words[0] == "น้ำหนักรวม 95 ขาดอีก 5"
    assert "องค์ประกอบรวม 25 ขาดอีก 5 จึงครบ 30" in words[1]
    assert len(words) == 2


def test_too_much_is_named_as_well_and_so_are_groups_that_do_not_make_100():
    assert said(weighing("17.50"))[0] == "น้ำหนักรวม 102.5 เกิน 2.5"
    assert "น้ำหนักของสองกลุ่มรวม 95 ขาดอีก 5" in said(weighing("15", potential="25"))


def test_the_announced_framework_is_70_and_30_with_15_for_pmqa():
    framework = standard()
    assert framework.faults() == []
    assert (framework.performance, framework.potential) == (70, 30)
    (mission,) = framework.of_group("performance")
    assert (mission.weight, mission.least, mission.most) == (70, 3, 5)
    assert [part.weight for part in framework.of_group(POTENTIAL)] == [15, 15]
    assert framework.pmqa.name == "PMQA 4.0"


def test_pmqa_is_tagged_potential_and_not_area():
    assert "potential" in standard().pmqa.bases
    assert "area" not in standard().pmqa.bases


def test_thirds_with_two_decimals_make_exactly_100():
    parts = [
        Component(POTENTIAL, f"ตัวชี้วัด {n}", Decimal(weight), ("potential",), is_pmqa=n == 0)
        for n, weight in enumerate(("33.33", "33.33", "33.33"))
    ]
    mission = replace(standard().components[0], weight=Decimal("0.01"))
    assert Framework(Decimal("0.01"), Decimal("99.99"), (mission, *parts)).faults() == []


def with_last(**changes) -> Framework:
    """The announced framework with another last component, which is PMQA 4.0."""
    framework = standard()
    *others, last = framework.components
    return replace(framework, components=(*others, replace(last, **changes)))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_pmqa": False}, "pmqa"),
        ({"most": 2}, "pmqa_counts"),
        ({"least": 0}, "counts"),
        ({"least": 2}, "counts"),
        ({"bases": ()}, "bases"),
        ({"bases": ("planet",)}, "bases"),
        ({"name": ""}, "names"),
        ({"name": "การพัฒนาองค์การสู่ดิจิทัล"}, "same_name"),
        ({"weight": Decimal(-15)}, "range"),
    ],
)
def test_what_cannot_be_meant_has_its_own_fault_and_words(changes, code):
    framework = with_last(**changes)
    assert code in [fault.code for fault in framework.faults()]
    assert all(said(framework))


def test_points_are_rounded_when_printed_only_and_half_up():
    assert Share(Decimal("0.01"), Fraction(50)).points_words == "0.01"
    shares = [Share(Decimal(15), Fraction(7727, 100) + Fraction(n, 300)) for n in range(3)]
    exact = sum(share.points for share in shares)
    assert exact == Fraction(15, 100) * (3 * Fraction(7727, 100) + Fraction(1, 100))
    assert display_score(exact) == "34.77"


def test_without_attainment_nothing_is_made_up():
    share = Share(Decimal(15), None)
    assert (share.points, share.points_words, share.sum_words) == (None, "", "")


def random_framework(rng: random.Random) -> Framework:
    cuts = sorted(rng.sample(range(1, 10_000), rng.randint(2, 8)))
    pieces = [Decimal(high - low) / 100 for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    split = rng.randint(1, len(pieces) - 1)
    parts = tuple(
        Component(
            "performance" if place < split else "potential",
            f"ตัวชี้วัด {place}",
            weight,
            (rng.choice(BASES),),
            is_pmqa=place == 0,
        )
        for place, weight in enumerate(pieces)
    )
    performance = sum(pieces[:split], Decimal(0))
    return Framework(performance, 100 - performance, parts)


@pytest.mark.parametrize("seed", range(40))
def test_contributions_come_to_at_most_the_weights_and_to_all_of_them_at_full_attainment(seed):
    rng = random.Random(seed)
    framework = random_framework(rng)
    assert framework.faults() == []
    attained = [Fraction(rng.randint(0, 10_000), 100) for _part in framework.components]
    points = [contribution(a, part.weight) for a, part in zip(attained, framework.components, strict=True)]
    weights = sum(Fraction(part.weight) for part in framework.components)
    assert weights == 100
    assert 0 <= sum(points) <= weights
    assert all(point <= part.weight for point, part in zip(points, framework.components, strict=True))
    assert sum(contribution(Fraction(100), part.weight) for part in framework.components) == weights
    assert from_data(as_data(framework)) == framework


@pytest.mark.parametrize(
    ("weight", "words"), [("15.00", "15"), ("12.50", "12.5"), ("100", "100"), ("0.01", "0.01")]
)
def test_a_weight_is_written_without_needless_zeros(weight, words):
    assert plain(Decimal(weight)) == words
