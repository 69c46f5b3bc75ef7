from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.scoring.numbers import decimal_text, display_percent, display_score, exact, round_half_up


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(3625, 8), "453.13"),
        (Fraction(9875, 24), "411.46"),
        (Fraction(20875, 48), "434.90"),
        (Fraction(29125, 72), "404.51"),
        (Fraction(3875, 8), "484.38"),
        (Fraction(32375, 72), "449.65"),
        (Fraction(12100, 30), "403.33"),
        (Fraction(0), "0.00"),
        (Fraction(5, 1000), "0.01"),
        (Fraction(4999, 1_000_000), "0.00"),
        (Fraction(500), "500.00"),
    ],
)
def test_a_score_is_rounded_half_up_to_two_decimals(value, shown):
    assert display_score(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(8969, 85), "105.5"),
        (Fraction(9830, 100), "98.3"),
        (Fraction(10625, 100), "106.3"),
        (Fraction(-50), "-50.0"),
        (Fraction(-25, 100), "-0.3"),
        (Fraction(-1, 1000), "0.0"),
    ],
)
def test_a_percentage_has_one_decimal_and_no_negative_zero(value, shown):
    assert display_percent(value) == shown


@given(st.fractions(min_value=-600, max_value=600))
def test_rounding_moves_a_value_by_half_a_unit_at_most(value):
    rounded = round_half_up(value, 2)

    assert abs(rounded - value) <= Fraction(1, 200)
    assert Fraction(display_score(value)) == rounded


@given(st.integers(min_value=0, max_value=60_000))
def test_an_exact_half_goes_up(units):
    assert round_half_up(Fraction(2 * units + 1, 200), 2) == Fraction(units + 1, 100)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_decimal_text_is_read_and_written_exactly(value):
    text = format(value, "f")

    assert exact(text) == Fraction(value)
    assert exact(decimal_text(Fraction(value))) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85", 85),
        ("-3.5", Fraction(-7, 2)),
        ("0.10", Fraction(1, 10)),
        ("1e-05", Fraction(1, 100_000)),
        ("2E2", 200),
    ],
)
def test_the_written_forms_of_a_number(text, value):
    assert exact(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 85",
        "85 ",
        "+5",
        ".5",
        "5.",
        "1,000",
        "1_000",
        "0x10",
        "๘๕",
        "NaN",
        "Infinity",
        "abc",
        "1e",
        "1e1.5",
        "1e99999",
        "1e999999999",
        "1e-999999999",
        "9" * 101,
        "0." + "1" * 101,
        "9" * 1_000_000,
        "85\n",
        "--1",
    ],
)
def test_what_is_no_number_is_refused_at_once(text):
    with pytest.raises(ValueError, match=r"not a decimal number|at most 100 digits"):
        exact(text)


def test_a_third_has_no_decimal_text():
    with pytest.raises(ValueError, match="no finite decimal"):
        decimal_text(Fraction(1, 3))
