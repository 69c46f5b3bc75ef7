from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.fields import (
    MAX_LENGTH,
    MAX_NUMBER,
    MAX_ROWS,
    Fault,
    clean,
    is_filled,
    parse_date,
    parse_number,
    plain_number,
)
from criteria.structure import Field

TEXT = Field("detail", "รายละเอียด")
FREE_TABLE = Field("suppliers", "ผู้ส่งมอบ", kind="table", columns=("ชื่อ", "ความต้องการ"))
FIXED_TABLE = Field(
    "advantages", "ความได้เปรียบ", kind="table", columns=("ด้าน", "รายละเอียด"), rows=("ด้านพันธกิจ", "ด้านบุคลากร")
)


def blank(kind: str) -> Field:
    return Field("x", "ช่อง", kind=kind)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("89.69", "89.69"),
        (" 1,284.50 ", "1284.5"),
        ("๑๒.๕", "12.5"),
        ("ร้อยละ 50", "50"),
        ("50 %", "50"),
        ("1,000,000 บาท", "1000000"),
        ("120 คน", "120"),
        ("−3.5", "-3.5"),
        ("-0", "0"),
        ("0.000", "0"),
        (".5", "0.5"),
        ("10049512900", "10049512900"),
    ],
)
def test_figures_are_read_as_people_type_them(typed, number):
    assert plain_number(parse_number(typed)) == number


@pytest.mark.parametrize(
    "typed", ["", "มาก", "12-13", "1.2.3", "NaN", "1e5", "50 ร้อยละ", "Infinity", "1,2", "12,34"]
)
def test_what_is_no_figure_is_refused_with_what_was_typed(typed):
    with pytest.raises(Fault) as fault:
        parse_number(typed)
    assert fault.value.code == "number"
    assert fault.value.found == typed


def test_a_slip_of_the_keyboard_is_too_large():
    with pytest.raises(Fault) as fault:
        parse_number(str(MAX_NUMBER))
    assert fault.value.code == "number_too_large"
    assert parse_number(str(MAX_NUMBER - 1)) == MAX_NUMBER - 1


@given(st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, places=6))
def test_a_plain_number_reads_back_as_the_same_number(number):
    assert parse_number(plain_number(number)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "2020-01-15",
        "15/1/2563",
        "15-01-2563",
        "15.1.63",
        "15 ม.ค. 2563",
        "15 มกราคม 63",
        "15 มกราคม พ.ศ. 2563",
        "๑๕/๑/๒๕๖๓",
    ],
)
def test_dates_of_both_eras(typed):
    assert parse_date(typed) == date(2020, 1, 15)


def test_a_leap_day_is_one_of_its_year_ce():
    assert parse_date("29/2/2567") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "typed", ["31/2/2563", "15 ตุล 2563", "เมื่อวาน", "1/13/2563", "2563", "1/1/0000", "1/1/0063"]
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(Fault) as fault:
        parse_date(typed)
    assert fault.value.code == "date"


def test_text_is_kept_as_typed_in_one_code_order():
    pasted = "“หัวข้อ”\r\n\u2022 ข้อหนึ่ง\u00a0ย่อหน้า\x0bบรรทัดต่อ\r\n\r\n๑) เลขไทย  สองช่องว่าง \t"
    assert clean(TEXT, pasted) == "“หัวข้อ”\n\u2022 ข้อหนึ่ง\u00a0ย่อหน้า\nบรรทัดต่อ\n\n๑) เลขไทย  สองช่องว่าง \t"
    assert clean(TEXT, "น\u0e49\u0e4dา") == clean(TEXT, "นํ้า") == "น้ำ"


def test_twenty_thousand_characters_are_kept_whole_and_one_more_is_refused():
    whole = "ก" * MAX_LENGTH
    assert clean(TEXT, whole) == whole
    with pytest.raises(Fault) as fault:
        clean(TEXT, whole + "ก")
    assert (fault.value.code, fault.value.limit, fault.value.found) == ("too_long", 20_000, 20_001)


def test_the_limit_counts_what_is_stored_not_what_travels():
    assert len(clean(TEXT, "ก\r\n" * (MAX_LENGTH // 2))) == MAX_LENGTH


@pytest.mark.parametrize("kind", ["text", "url", "percent", "number", "date"])
def test_an_empty_blank_is_accepted_by_every_kind(kind):
    assert clean(blank(kind), "  \r\n ") == ""


@pytest.mark.parametrize(("typed", "stored"), [("ร้อยละ 50", "50"), ("๑๐๐", "100"), ("0", "0")])
def test_a_percentage_is_stored_as_a_number(typed, stored):
    assert clean(blank("percent"), typed) == stored


@pytest.mark.parametrize("typed", ["120", "-1", "100.01"])
def test_a_percentage_is_between_0_and_100(typed):
    with pytest.raises(Fault) as fault:
        clean(blank("percent"), typed)
    assert (fault.value.code, fault.value.found) == ("percent", typed)


def test_a_number_may_be_none_in_words():
    assert clean(blank("number"), "ไม่มี") == "ไม่มี"
    assert clean(blank("number"), " 1,250 คน ") == "1250"


def test_a_date_is_stored_as_iso():
    assert clean(blank("date"), "15 ม.ค. 2563") == "2020-01-15"


def test_a_link_names_its_protocol():
    assert clean(blank("url"), " https://example.org/ข้อมูล ") == "https://example.org/ข้อมูล"
    for typed in ("example.org", "javascript:alert(1)", "https://", "ftp://example.org"):
        with pytest.raises(Fault) as fault:
            clean(blank("url"), typed)
        assert fault.value.code == "url"


def test_a_list_drops_its_empty_entries_and_keeps_the_order():
    assert clean(blank("list"), ["ข", "", "  ", "ก\r\nต่อ"]) == ["ข", "ก\nต่อ"]


def test_a_list_has_a_largest_number_of_entries():
    assert len(clean(blank("list"), ["ก"] * MAX_ROWS)) == MAX_ROWS
    with pytest.raises(Fault) as fault:
        clean(blank("list"), ["ก"] * (MAX_ROWS + 1))
    assert (fault.value.code, fault.value.found) == ("too_many_rows", MAX_ROWS + 1)


def test_a_table_of_free_rows_drops_empty_rows_and_fills_short_ones():
    assert clean(FREE_TABLE, [["ก"], ["", " "], ["ข", "ค", "เกิน"]]) == [["ก", ""], ["ข", "ค"]]


def test_a_table_of_fixed_rows_keeps_the_rows_of_the_form():
    typed = [["ด้านบุคลากร", "ชำนาญ"], ["แถวที่แต่งขึ้น", "ไม่เก็บ"]]
    assert clean(FIXED_TABLE, typed) == [["ด้านพันธกิจ", ""], ["ด้านบุคลากร", "ชำนาญ"]]
    assert clean(FIXED_TABLE, [["ด้านพันธกิจ", " "]]) == []


def test_a_cell_that_is_too_long_is_refused_too():
    with pytest.raises(Fault) as fault:
        clean(FREE_TABLE, [["ก", "ข" * (MAX_LENGTH + 1)]])
    assert fault.value.code == "too_long"


@pytest.mark.parametrize("value", [None, "", " \n", [], [[]][:0]])
def test_nothing_is_not_filled(value):
    assert not is_filled(value)


@pytest.mark.parametrize("value", ["0", "ก", ["ก"], [["ด้านพันธกิจ", "ก"]]])
def test_something_is_filled_and_nought_is_something(value):
    assert is_filled(value)


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(typed):
    once = clean(TEXT, typed)
    assert clean(TEXT, once) == once


@given(st.text(max_size=40))
def test_every_figure_is_read_or_refused(typed):
    try:
        number, code = parse_number(typed), ""
    except Fault as fault:
        number, code = None, fault.code
    assert isinstance(number, Decimal) or code in ("number", "number_too_large")
