"""Agencies as bands against the year before, and what of an approved plan somebody outside is told."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from results.bands import Band, Before
from tests import factories
from tests.results.dashboard.nation import make_nation

pytestmark = pytest.mark.django_db


def sentence(now: tuple[str, str], before: tuple[str, str] | None) -> str:
    total, level = now
    sheet = SimpleNamespace(verified_total=Decimal(total), level=level)
    return Band(sheet, before and Before(Decimal(before[0]), before[1])).sentence


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (("310.40", "basic"), None, "ไม่มีผลของปีก่อนให้เทียบ"),
        (("310.40", "basic"), ("280.00", ""), "ขึ้นจาก ยังไม่ถึง Basic เป็น Basic เพิ่มขึ้นราว 30 คะแนน"),
        (("390.00", "basic"), ("401.00", "advance"), "ลงจาก Advance เป็น Basic ลดลงราว 11 คะแนน"),
        (("420.10", "advance"), ("420.90", "advance"), "คงเดิมที่ Advance คะแนนใกล้เคียงปีก่อน"),
        (("440.00", "advance"), ("420.00", "advance"), "คงเดิมที่ Advance เพิ่มขึ้นราว 20 คะแนน"),
        (("120.00", ""), ("150.60", ""), "คงเดิมที่ ยังไม่ถึง Basic ลดลงราว 31 คะแนน"),
    ],
)
def test_one_sentence_says_what_has_changed(now, before, said):
    assert sentence(now, before) == said


def test_an_executive_begins_with_bands_and_may_have_the_figures(as_user):
    make_nation(agencies=6, years=2, whole=0, ministries=1)
    client = as_user(factories.make_official("executive"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("results:index"))
    assert len(queries) <= 12
    bands = page.context["bands"]
    assert {band.sheet.assessment.cycle.year: band.before is not None for band in bands} == {
        2568: False,
        2569: True,
    }
    for band in bands:
        if band.before:
            last = band.sheet.assessment.agency.assessments.get(cycle__year=2568).sheets.get()
            assert band.before.total == last.verified_total
            assert band.before.level == (last.payload["scores"]["verified"]["level"] or "")
    text = page.content.decode()
    assert reverse("results:minister", args=[bands[0].sheet.assessment_id]) in text
    assert "เปลี่ยนไปอย่างไร" in text
    assert "เปลี่ยนไปอย่างไร" not in client.get(reverse("results:index"), {"view": "scores"}).content.decode()
    administrator = as_user(factories.make_official("administrator"))
    assert "เปลี่ยนไปอย่างไร" not in administrator.get(reverse("results:index")).content.decode()
    assert "เปลี่ยนไปอย่างไร" in administrator.get(reverse("results:index"), {"view": "bands"}).content.decode()
