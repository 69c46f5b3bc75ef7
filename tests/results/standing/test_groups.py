"""Score groups: the boundaries of the published table, and what a group looks like from outside."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from results.standing.groups import GROUPS, group_of, spread, spreads


@pytest.mark.parametrize(
    ("score", "number"),
    [
        ("0", 1),
        ("298.75", 1),
        ("299.49", 1),
        ("299.50", 2),
        ("299.97", 2),
        ("349.28", 2),
        ("350.49", 2),
        ("350.50", 3),
        ("350.58", 3),
        ("395.19", 3),
        ("399.49", 3),
        ("399.50", 4),
        ("400.26", 4),
        ("500", 4),
    ],
)
def test_a_group_is_decided_on_the_score_rounded_to_an_integer(score, number):
    assert group_of(Decimal(score)) == number


def test_the_groups_touch_each_other_without_a_hole():
    assert [group.number for group in GROUPS] == [1, 2, 3, 4]
    for below, above in pairwise(GROUPS):
        assert above.low == below.high + 1


def test_a_score_below_zero_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="below 0"):
        group_of(-1)


def test_least_greatest_and_mean_have_two_decimals_half_up():
    found = spread(GROUPS[0], [Decimal(0), Decimal("298.75")])
    assert (found.count, found.least, found.greatest, found.mean) == (2, "0.00", "298.75", "149.38")


def test_an_empty_group_shows_dashes():
    found = spread(GROUPS[2], [])
    assert (found.count, found.least, found.greatest, found.mean) == (0, "–", "–", "–")


def test_the_mean_is_exact_before_it_is_rounded():
    """The mean of thirds is not the mean of their rounded texts."""
    assert spread(GROUPS[1], [Fraction(1000, 3)] * 3).mean == "333.33"
    assert spread(GROUPS[1], [Fraction("300.01"), Fraction("300.02")]).mean == "300.02"


def test_the_table_has_every_score_once():
    table = spreads(map(Decimal, ["299.97", "349.28", "434.48", "120"]))
    assert [row.count for row in table] == [1, 2, 0, 1]
    assert table[1].mean == "324.63"
