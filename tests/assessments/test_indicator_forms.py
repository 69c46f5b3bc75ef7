"""What the blanks of an indicator accept, keep and refuse."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from assessments.forms.indicators import IndicatorForm
from assessments.models import Answer, Indicator

YEARS = (2567, 2568, 2569)


def answer(**figures) -> Answer:
    stored = Answer(pk=1)
    stored.indicator = Indicator(answer=stored, **figures)
    return stored


def form(data: dict[str, str], **figures) -> IndicatorForm:
    posted = QueryDict(mutable=True)
    posted.update(data)
    return IndicatorForm(answer(**figures), posted, years=YEARS)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("89.69", Decimal("89.69")),
        ("๘๙.๖๙", Decimal("89.69")),
        ("10,049,512,900", Decimal(10049512900)),
        ("-3.5", Decimal("-3.5")),
        ("0.123456", Decimal("0.123456")),
        ("0", Decimal(0)),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, stored):
    checked = form({"result_3": typed})
    assert checked.is_valid()
    assert checked.figures["result_3"] == stored


@pytest.mark.parametrize("typed", ["", "  ", "-", "–", "ไม่มี", "ไม่มีข้อมูล"])
def test_no_data_is_none_and_not_zero(typed):
    checked = form({"result_1": typed}, result_1=Decimal(5))
    assert checked.is_valid()
    assert checked.figures["result_1"] is None


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("มาก", "number", "กรอกเป็นตัวเลข เช่น 89.69"),
        ("1.2.3", "number", "กรอกเป็นตัวเลข เช่น 89.69"),
        ("1e5", "number", "กรอกเป็นตัวเลข เช่น 89.69"),
        ("9" * 18, "number_too_large", "หลักมากเกินไป"),
        ("0.1234567", "places", "ไม่เกิน 6 ตำแหน่ง"),
    ],
)
def test_what_is_no_number_is_refused_at_its_blank_and_stays_there(typed, code, words):
    checked = form({"target": typed, "name": "ร้อยละสมมติ"})
    assert not checked.is_valid()
    assert checked.errors.as_data()["target"][0].code == code
    assert words in checked.blanks["target"].errors[0]
    assert checked.blanks["target"].value == typed
    assert checked.blanks["name"].value == "ร้อยละสมมติ"
    assert checked.blanks["name"].errors == ()


def test_idle_zeros_are_no_decimals():
    checked = form({"target": "85.10000000"})
    assert checked.is_valid()


def test_text_is_normalised_and_too_much_of_it_refused():
    checked = form({"name": "  นํ้าสะอาด  ", "unit": "ก" * 101})
    assert not checked.is_valid()
    assert checked.cleaned_data["name"] == "น้ำสะอาด"
    assert "101" in checked.errors["unit"][0]


def test_what_is_not_posted_stays_as_it_is_stored():
    checked = form(
        {"target": "90"}, name="ชื่อเดิม", unit="คน", direction="lower_is_better", peer_name="คู่เทียบเดิม"
    )
    assert checked.is_valid()
    assert checked.figures["name"] == "ชื่อเดิม"
    assert checked.figures["direction"] == "lower_is_better"
    assert checked.figures["peer_name"] == "คู่เทียบเดิม"
    assert checked.figures["target"] == 90


def test_an_unknown_direction_is_refused():
    assert "direction" in form({"direction": "sideways"}).errors


def test_a_missing_version_is_stale():
    checked = form({})
    assert checked.is_valid()
    assert checked.seen_version == -1


def test_stored_figures_are_shown_with_separators_and_no_data_as_nothing():
    shown = IndicatorForm(
        answer(target=Decimal("1234567.500000"), result_1=None, result_2=Decimal(0)), years=YEARS
    )
    assert shown.blanks["target"].value == "1,234,567.5"
    assert shown.blanks["result_1"].value == ""
    assert shown.blanks["result_2"].value == "0"


def test_labels_carry_the_fiscal_years():
    blanks = IndicatorForm(answer(), years=YEARS).blanks
    assert [blanks[name].label for name in ("target", "result_1", "result_3")] == [
        "เป้าหมาย 2569",
        "ผล 2567",
        "ผล 2569",
    ]


def test_links_of_gaps_find_their_blanks():
    assert IndicatorForm(answer(), years=YEARS).blanks["result_3"].id == "i1-result_3"
