"""Exact numbers in, rounded texts out. Everywhere else scores are Fractions; here they become texts."""

import math
import re
from collections.abc import Sequence
from fractions import Fraction

# Far beyond any budget or headcount, and small enough that arithmetic on a hostile document stays instant.
MAX_DIGITS = 100

# Decimals of what one of many leaves gives to a number.
_SHARE_PLACES = 5
_SHARE_UNITS = 10**_SHARE_PLACES

_DECIMAL = re.compile(r"-?(?P<whole>\d+)(?:\.(?P<part>\d+))?(?:[eE](?P<exponent>[+-]?\d{1,4}))?", re.ASCII)


def exact(text: str) -> Fraction:
    """The value of a decimal text such as "89.69", "-3" or "1e-05", without any rounding.

    Raises ValueError, saying what is wrong, for anything else: signs other than a leading minus, spaces,
    thousands separators, Thai digits, NaN, and more than MAX_DIGITS digits before or after the point.
    """
    if len(text) > 2 * MAX_DIGITS + 10:
        raise ValueError(f"a number may have at most {MAX_DIGITS} digits before and after the point")
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError(f'not a decimal number such as "89.69": {text!r}')
    exponent = int(match["exponent"] or 0)
    if (
        len(match["whole"].lstrip("0")) + exponent > MAX_DIGITS
        or len(match["part"] or "") - exponent > MAX_DIGITS
    ):
        raise ValueError(f"a number may have at most {MAX_DIGITS} digits before and after the point")
    return Fraction(text)


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Round to `places` decimals, a half away from zero (453.125 -> 453.13), as people round on paper."""
    scale = 10**places
    units = (2 * abs(value) * scale + 1) // 2
    return Fraction(units if value >= 0 else -units, scale)


def _decimals(value: Fraction, places: int) -> str:
    scale = 10**places
    units = int(round_half_up(value, places) * scale)
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), scale)
    return f"{sign}{whole}.{part:0{places}d}"


def display_score(value: Fraction) -> str:
    """Points with two decimals, half up: the only place where a score is rounded."""
    return _decimals(value, 2)


def display_share_of_points(value: Fraction) -> str:
    """What one of many leaves gives: two to five decimals."""
    shown = _decimals(value, _SHARE_PLACES)
    whole, _, part = shown.partition(".")
    return f"{whole}.{part.rstrip('0'):0<2}"


def display_shares_of_points(values: Sequence[Fraction]) -> list[str]:
    """What each of the leaves of one number gives, so written that what is printed sums to the printed number.

    Each is rounded up or down to five decimals: rounded for itself, 22 leaves of 484.375 (printed 484.38) would sum to
    484.37499.
    """
    units = [math.floor(value * _SHARE_UNITS) for value in values]
    missing = math.floor(sum(values, Fraction(0)) * _SHARE_UNITS) - sum(units)
    largest_rest_first = sorted(
        range(len(values)), key=lambda place: units[place] - values[place] * _SHARE_UNITS
    )
    for place in largest_rest_first[:missing]:
        units[place] += 1
    return [display_share_of_points(Fraction(count, _SHARE_UNITS)) for count in units]


def display_percent(value: Fraction) -> str:
    """A percentage with one decimal, half up, without the sign %: 105.517… -> "105.5"."""
    return _decimals(value, 1)


def fraction_text(value: Fraction) -> str:
    """The exact value: "1", "0", "1/3", "3625/8"."""
    return str(value)


def decimal_text(value: Fraction) -> str:
    """The exact value of a number that was written as a decimal: "0.5", "105", "-3.25"."""
    for places in range(MAX_DIGITS + 1):
        units = value * 10**places
        if units.denominator == 1:
            return _decimals(value, places) if places else str(units)
    raise ValueError(f"{value} has no finite decimal text")
