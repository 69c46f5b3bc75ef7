"""Figures and dates as people type them, and what is shown beside the blank of what was understood.

Proves the reader on Thai digits, commas, amounts in words, per cent, both eras; and that the sentence comes with the
page, with the save of the script, and in English.
"""

import pytest
from django.urls import reverse

from assessments.pages.understood import understood
from criteria.fields import Fault, clean
from criteria.structure import Field
from tests import factories
from tests.criteria import edition_2565

PARTS = edition_2565().parts
JSON = {"headers": {"Accept": "application/json"}}


def blank(kind: str) -> Field:
    return Field("x", "ช่อง", kind=kind)


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("number", "๑๐,๐๔๙,๕๑๒,๙๐๐ บาท", "10049512900"),
        ("number", "10,049.5129 ล้านบาท", "10049512900"),
        ("number", "๒ พันล้านบาท", "2000000000"),
        ("number", "3 แสน", "300000"),
        ("number", "1,250 คน", "1250"),
        ("number", "12 ครั้ง", "12"),
        ("number", "ไม่มี", "ไม่มี"),
        ("percent", "ร้อยละ ๙๘.๓", "98.3"),
        ("percent", "98.30%", "98.3"),
        ("date", "15 ม.ค. 63", "2020-01-15"),
        ("date", "๑๕ มกราคม พ.ศ. ๒๕๖๓", "2020-01-15"),
        ("date", "วันที่ 15 มกราคม 2563", "2020-01-15"),
        ("date", "15 มกราคม ค.ศ. 2020", "2020-01-15"),
        ("date", "15 ม.ค. ค.ศ. 20", "2020-01-15"),
        ("date", "15 January 2020", "2020-01-15"),
        ("date", "15/1/2563", "2020-01-15"),
        ("date", "15ม.ค.63", "2020-01-15"),
    ],
)
def test_what_people_type_is_read(kind, typed, stored):
    assert clean(blank(kind), typed) == stored
    assert clean(blank(kind), stored) == stored


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("number", "ล้านบาท", "number"),
        ("number", "12 ล้านล้านล้านบาท", "number"),
        ("number", "999,999,999 ล้านล้านบาท", "number_too_large"),
        ("date", "15 มกรา 2563", "date"),
        ("date", "31 ก.พ. 2563", "date"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_was_typed(kind, typed, code):
    with pytest.raises(Fault) as fault:
        clean(blank(kind), typed)
    assert (fault.value.code, fault.value.found) == (code, typed)


@pytest.mark.parametrize("kind", ["number", "percent", "date"])
def test_what_is_longer_than_any_figure_is_not_looked_at(kind):
    with pytest.raises(Fault):
        clean(blank(kind), f"1{' ' * 19_000}x")


@pytest.mark.parametrize(
    ("part", "key", "value", "sentence"),
    [
        ("OP1.budget", "budget", "10049512900", "อ่านได้ว่า 10,049,512,900 บาท"),
        ("OP1.budget", "budget", "ไม่มี", "อ่านได้ว่า ไม่มี"),
        ("OP1.headcount", "headcount", "1250", "อ่านได้ว่า 1,250 คน"),
        ("OP1.headcount_date", "headcount_date", "2020-01-15", "อ่านได้ว่า 15 มกราคม 2563 (ค.ศ. 2020)"),
        ("6.1.3.1", "percent", "98.3", "อ่านได้ว่า ร้อยละ 98.3"),
        ("OP1.budget", "budget", "", None),
        ("OP1.budget", "budget", "ตามที่พิมพ์ไว้ปีก่อน", None),
        ("OP1.vision", "vision", "ข้อความ", None),
    ],
)
def test_what_was_understood_is_said(part, key, value, sentence):
    assert understood(PARTS[part], {key: value}) == ([sentence] if sentence else [])


@pytest.fixture
def assessment(agency, cycle):
    return factories.make_assessment(agency=agency, cycle=cycle)


def test_it_comes_with_the_save_and_stands_on_the_page_without_script(assessment, coordinator, as_user):
    browser = as_user(coordinator)
    url = reverse("assessments:save_part", args=[assessment.pk, "OP1.budget"])
    reply = browser.post(url, {"version": 0, "budget": "๑๐,๐๔๙,๕๑๒,๙๐๐ บาท"}, **JSON).json()
    sentence = "อ่านได้ว่า 10,049,512,900 บาท"
    assert sentence in reply["fragments"]["understood-OP1.budget"]
    page = browser.get(reverse("assessments:topic", args=[assessment.pk, "OP1"])).content.decode()
    assert sentence in page
    assert 'id="understood-OP1.budget"' in page
    form3 = browser.get(reverse("assessments:topic", args=[assessment.pk, "6.1"])).content.decode()
    assert 'id="understood-6.1.3.1"' in form3
