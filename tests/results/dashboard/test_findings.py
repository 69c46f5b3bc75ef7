"""The sentence above a chart: true of all rows where all are told, of the told ones where not, and silent of nobody."""

from fractions import Fraction

import pytest

from results.dashboard import findings, pages
from tests import factories


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("ก", 3), ("ข", 7)], "มากที่สุด: ข 7 จาก 10 หน่วยงาน (ร้อยละ 70.0)"),
        ([("ก", 5), ("ข", 5)], "มากที่สุด: ก 5 จาก 10 หน่วยงาน (ร้อยละ 50.0) และอีก 1 รายการเท่ากัน"),
        ([("ก", None), ("ข", 6)], "ในรายการที่แสดง มากที่สุด: ข 6 จาก 10 หน่วยงาน (ร้อยละ 60.0)"),
        ([("ก", None), ("ข", 0)], ""),
        ([("ก", None), ("ข", None)], ""),
        ([], ""),
    ],
)
def test_where_most_of_them_are(rows, sentence):
    assert findings.most_agencies(rows, 10) == sentence


def test_points_and_shares():
    rows = [("ก", Fraction(400)), ("ข", Fraction(901, 3))]
    assert findings.highest_and_lowest(rows) == "สูงที่สุด: ก 400.00 คะแนน · ต่ำที่สุด: ข 300.33 คะแนน"
    assert findings.lowest_points(rows) == "ต่ำที่สุด: ข 300.33 คะแนน"
    assert findings.lowest_points([*rows, ("ค", None)]).startswith("ในรายการที่แสดง ")
    assert findings.least_passed([("ก", Fraction(2, 3)), ("ข", Fraction(1))]) == "ผ่านน้อยที่สุด: ก ร้อยละ 66.7"
    assert (
        findings.highest_and_lowest(rows[:1]) == findings.lowest_points([]) == findings.least_passed([]) == ""
    )


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (None, ""),
        (Fraction(0), " เพิ่มขึ้น 400.00 จากปีก่อน"),
        (Fraction(390), " เพิ่มขึ้น 10.00 จากปีก่อน"),
        (Fraction(410), " ลดลง 10.00 จากปีก่อน"),
        (Fraction(400001, 1000), " เท่ากับปีก่อน"),
    ],
)
def test_a_year_against_the_year_before(before, sentence):
    assert findings.change_of_year("2570", Fraction(400), before) == f"พ.ศ. 2570 เฉลี่ย 400.00 คะแนน{sentence}"


@pytest.mark.django_db
@pytest.mark.parametrize("page", pages.TITLES)
def test_a_finding_names_only_what_is_told(nation, as_user, page):
    """Of a ministry, where much is not told; and every chart says what it measures and of how many."""
    client = as_user(factories.make_official("executive"))
    address = "/results/dashboard/" + ("" if page == pages.OVERVIEW else f"{page}/")
    tables = client.get(address, {"ministry": "กระทรวงสมมติลำดับ 01"}).context["tables"]
    for table in tables:
        untold = [row.cells[0] for row in table.rows if row.is_untold and row.cells[1] == "ไม่แสดง"]
        assert not [name for name in untold if f": {name} " in table.finding], table.finding
        assert table.unit.endswith("หน่วยงาน")
    assert any(table.finding for table in tables)
