"""What charts may not do: break a Thai cluster, run a label as markup, draw what is not told."""

import unicodedata
from fractions import Fraction

import pytest
from defusedxml import ElementTree

from results.dashboard import drawing
from results.dashboard.benchmark import spread

TITLE = {"title": "ชื่อ", "description": "คำอธิบาย"}
CHARTS = (
    lambda bars: drawing.columns(bars, **TITLE),
    lambda bars: drawing.rows(bars, greatest=10, **TITLE),
)


@pytest.mark.parametrize("draw", CHARTS)
def test_what_is_not_told_is_a_frame_and_no_bar(draw):
    svg = draw([drawing.Bar("ก", None, "ไม่แสดง"), drawing.Bar("ข", 3, "3")])
    assert svg.count('class="dash-untold"') == 1
    assert svg.count('class="dash-bar"') == 1


@pytest.mark.parametrize("draw", CHARTS)
def test_charts_are_named_and_take_no_markup(draw):
    root = ElementTree.fromstring(draw([drawing.Bar("<b>", 1, "&")]))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "ชื่อ: คำอธิบาย"
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]


@pytest.mark.parametrize("limit", range(3, 40))
def test_a_name_is_cut_between_clusters(limit):
    name = "ผู้รับบริการและผู้มีส่วนได้ส่วนเสียน้ำที่ญูปี่เปิดเผย"
    cut = drawing.fitted(name, limit)
    assert cut == name or cut.endswith("…")
    left, rest = cut.rstrip("…"), name[len(cut.rstrip("…")) :]
    assert name.startswith(left)
    if rest:
        assert unicodedata.category(rest[0]) != "Mn"
        assert rest[0] not in "ะาำๅๆฯ"
        assert left[-1] not in "เแโใไ"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([*range(20)], (475, 950, 1425)),
        ([*range(21)], (500, 1000, 1500)),
        ([7] * 22, (700, 700, 700)),
        ([0] * 6 + [8] * 17, (400, 800, 800)),
    ],
)
def test_quartiles_are_those_of_spreadsheets(scores, expected):
    found = spread({score * 100: scores.count(score) for score in scores})
    assert tuple(int(value * 100) for value in (found.first, found.median, found.third)) == expected
    assert found.mean == Fraction(sum(scores), len(scores))


@pytest.mark.parametrize("known", [0, 3])
def test_a_figure_has_five_unknown_scores_on_each_side(known):
    def told(others: int):
        return spread({400: others + known}, known=known)

    assert told(4) is None
    assert (told(9).mean, told(9).median) == (4, None)
    assert (told(19).median, told(19).first) == (4, None)
    assert (told(20).first, told(20).third) == (4, 4)


def test_nobody_has_no_spread():
    assert spread({}) is None
