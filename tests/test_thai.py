import datetime as dt
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmqa.thai import thai_date, thai_datetime, thai_digits, thai_month, thai_number, thai_time, thai_words

DAY = dt.date(2022, 9, 16)
MOMENT = dt.datetime(2022, 9, 16, 7, 2, tzinfo=dt.UTC)
NEW_YEARS_EVE = dt.datetime(2022, 12, 31, 17, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("style", "language", "expected"),
    [
        ("full", "th", "16 กันยายน 2565"),
        ("short", "th", "16 ก.ย. 2565"),
        ("full", "en", "16 September 2022 (B.E. 2565)"),
        ("short", "en", "16 Sep 2022 (B.E. 2565)"),
    ],
)
def test_dates_are_of_the_buddhist_era(style, language, expected):
    assert thai_date(DAY, style, language) == expected


def test_a_month_has_its_year():
    assert thai_month(DAY) == "กันยายน 2565"
    assert thai_month(DAY, "en") == "September 2022 (B.E. 2565)"


def test_a_moment_is_told_in_bangkok_time():
    assert thai_datetime(MOMENT) == "16 ก.ย. 2565 14.02 น."
    assert thai_datetime(MOMENT, "full") == "16 กันยายน 2565 14.02 น."
    assert thai_datetime(MOMENT, language="en") == "16 Sep 2022 (B.E. 2565) 14:02"
    assert thai_time(MOMENT) == "14.02 น."
    assert thai_time(MOMENT, "en") == "14:02"


def test_the_year_turns_in_bangkok():
    assert thai_date(NEW_YEARS_EVE) == "1 มกราคม 2566"
    assert thai_datetime(NEW_YEARS_EVE) == "1 ม.ค. 2566 00.30 น."


@pytest.mark.parametrize("tell", [thai_date, thai_time, thai_datetime])
def test_a_naive_datetime_is_refused(tell):
    with pytest.raises(ValueError, match="naive"):
        tell(MOMENT.replace(tzinfo=None))


def test_digits():
    assert thai_digits("ข้อ 1.1.2 พ.ศ. 2565") == "ข้อ ๑.๑.๒ พ.ศ. ๒๕๖๕"


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (1284, None, "1,284"),
        ("489.05", None, "489.05"),
        ("1234567.80", None, "1,234,567.80"),
        (Decimal("1E+3"), None, "1,000"),
        ("453.125", 2, "453.13"),
        ("-95.485", 2, "-95.49"),
        (0, 2, "0.00"),
    ],
)
def test_numbers(value, places, expected):
    assert thai_number(value, places) == expected


def test_what_is_no_exact_number_is_refused():
    with pytest.raises(TypeError):
        thai_number(0.1)
    with pytest.raises(InvalidOperation):
        thai_number("ร้อยละ")


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2200, 12, 31)))
def test_every_day_has_a_name_of_its_own(day):
    text = thai_date(day)
    number, month, year = text.split(" ")
    assert (int(number), int(year) - 543) == (day.day, day.year)
    assert month in thai_date(day.replace(day=1))


@given(st.integers())
def test_digits_of_a_number_are_all_there(value):
    assert int(thai_number(value).replace(",", "")) == value


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("434.48", "สี่ร้อยสามสิบสี่จุดสี่แปด"),
        ("500.00", "ห้าร้อย"),
        ("0.00", "ศูนย์"),
        ("21.05", "ยี่สิบเอ็ดจุดศูนย์ห้า"),
        ("101", "หนึ่งร้อยเอ็ด"),
        ("10", "สิบ"),
        ("11", "สิบเอ็ด"),
        ("1", "หนึ่ง"),
    ],
)
def test_a_score_in_words(number, words):
    assert thai_words(number) == words


@pytest.mark.parametrize("number", ["", "1000", "-1", "1e3", "๔๓๔.x"])
def test_what_has_no_words(number):
    with pytest.raises(ValueError, match="no words"):
        thai_words(number)
