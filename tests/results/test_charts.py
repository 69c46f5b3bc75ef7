import re
from xml.etree import ElementTree as ET

import pytest

from criteria.scoring import HIGHER_IS_BETTER, LOWER_IS_BETTER
from results.charts import Passed, Score, Words, bars, heat_depth, heat_map, radar, spark_line

SVG = "{http://www.w3.org/2000/svg}"
LONG_NAME = "การให้ความสำคัญกับผู้รับบริการและผู้มีส่วนได้ส่วนเสีย"
SCORES = [
    Score(str(number), f"{LONG_NAME} {number}", "500.00", f"{60 * number}.25", "−1.00")
    for number in range(1, 8)
]
TOPICS = [
    Passed(
        f"{category}.{topic}",
        {"basic": "1", "advance": "1/2", "significance": "0"},
        {"basic": (2, 2), "advance": (1, 2), "significance": (0, 3)},
    )
    for category in range(1, 7)
    for topic in range(1, 5)
]
CHARTS = {
    "radar": radar(SCORES, title="ชื่อ"),
    "bars": bars(SCORES, title="ชื่อ"),
    "heat": heat_map(TOPICS, title="ชื่อ"),
    "spark": spark_line(["80.5", "84", "89.69"], target="85", direction=HIGHER_IS_BETTER, title="ชื่อ"),
    "spark without data": spark_line([None, None, None], target=None, direction=LOWER_IS_BETTER, title="ชื่อ"),
    "radar of nothing": radar([Score(str(number), "หมวด") for number in range(1, 8)], title="ชื่อ"),
}


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 (written by the charts under test)


def texts(svg: str) -> list[str]:
    return [element.text for element in parsed(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("svg", CHARTS.values(), ids=CHARTS)
def test_every_chart_names_itself_first(svg):
    root = parsed(svg)
    assert (root[0].tag, root[0].text) == (f"{SVG}title", "ชื่อ")
    assert (root.get("role"), root.get("aria-label")) == ("img", "ชื่อ")


@pytest.mark.parametrize("svg", CHARTS.values(), ids=CHARTS)
def test_charts_obey_the_content_security_policy(svg):
    assert not re.search(r"style=|<style|<script|href|url\(| on\w+=", svg)


@pytest.mark.parametrize("svg", CHARTS.values(), ids=CHARTS)
def test_nothing_is_drawn_outside_the_view_box(svg):
    root = parsed(svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    for text in root.iter(f"{SVG}text"):
        # Half an em a column is generous for this face; marks take no column.
        wide = (
            sum(not "\u0e31" <= c <= "\u0e4e" or c in "\u0e32\u0e33" for c in text.text)
            * float(text.get("font-size"))
            / 2
        )
        start = float(text.get("x")) - {"start": 0, "middle": wide / 2, "end": wide}[text.get("text-anchor")]
        assert start >= -1, text.text
        assert start + wide <= width + 1, text.text
        assert 8 <= float(text.get("y")) <= height


def test_text_is_escaped():
    name = '<script>alert("1")</script>&'
    for svg in (radar([Score("1", name)] * 7, title=name), bars([Score("1", name)], title=name)):
        assert "<script" not in svg
        assert parsed(svg)[0].text == name


def test_claimed_and_verified_differ_without_colour():
    svg = re.sub("#[0-9a-f]{6}", "", CHARTS["radar"])
    claimed = re.findall('<polygon class="chart-claimed"[^>]*>', svg)
    verified = re.findall('<polygon class="chart-verified"[^>]*>', svg)
    assert len(claimed) == len(verified) == 1
    assert "stroke-dasharray" in claimed[0]
    assert "stroke-dasharray" not in verified[0]
    assert svg.count('<rect class="chart-claimed chart-hollow"') == svg.count("<circle") == 8


def test_scores_are_printed_as_they_were_stored():
    printed = texts(CHARTS["bars"])
    assert all(score.verified in printed for score in SCORES)
    assert printed.count("500.00") == 7
    assert {"300", "400", "500", "Basic", "Advance", "Significance"} <= set(printed)


def test_what_is_none_is_not_drawn_as_zero():
    svg = bars([Score("1", "หมวด", None, None)], title="ชื่อ")
    assert texts(svg).count("–") == 3
    assert svg.count("<circle") == 1, "only the key"
    assert "chart-gap" not in svg
    assert 'class="chart-verified" points' not in CHARTS["radar of nothing"]


def test_heat_map_says_its_counts():
    assert texts(CHARTS["heat"]).count("1/2") == 24
    assert texts(CHARTS["heat"]).count("0/3") == 24


def test_a_level_that_a_topic_lacks_has_no_cell():
    svg = heat_map([Passed("1.1", {"basic": "1"}, {"basic": (1, 1)})], title="ชื่อ")
    assert svg.count("<rect") == 1 + 4, "one cell and the key"


@pytest.mark.parametrize(
    ("share", "depth"), [("0", 0), ("1/9", 1), ("49/100", 1), ("1/2", 2), ("9/10", 2), ("1", 3)]
)
def test_heat_depth(share, depth):
    assert heat_depth(share) == depth


def test_a_missing_result_breaks_the_spark_line():
    whole = spark_line(["1", "2", "3"], target="2", direction=HIGHER_IS_BETTER, title="ชื่อ")
    broken = spark_line(["1", None, "3"], target="2", direction=HIGHER_IS_BETTER, title="ชื่อ")
    assert (whole.count("<circle"), broken.count("<circle")) == (3, 2)
    assert whole.count('<line class="chart-verified"') == 2
    assert '<line class="chart-verified"' not in broken


def test_the_triangle_points_where_better_is():
    def tip(direction: str) -> float:
        svg = spark_line(["1", "2", "3"], target="2", direction=direction, title="ชื่อ")
        first, _, last = re.search(r'<polygon[^>]*points="([^"]*)"', svg)[1].split(" ")
        return float(last.split(",")[1]) - float(first.split(",")[1])

    assert tip(HIGHER_IS_BETTER) < 0 < tip(LOWER_IS_BETTER)


def test_pages_in_another_language_bring_their_words():
    words = Words(claimed="Self", verified="Reviewers", gap="Gap")
    assert {"Self", "Reviewers", "Gap"} <= set(texts(bars(SCORES, title="t", words=words)))
