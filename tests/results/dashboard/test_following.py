"""All of a dashboard follows what is chosen of the criteria: headline, tables, charts and files; or is left out."""

import csv
import html
import io
import re

import pytest
from django.urls import reverse
from django.utils import translation

from criteria.structure import PROCESS
from pmqa.accounts.models import Ministry
from results.dashboard.suppression import LEAST
from results.models import ResultSheet
from tests import factories
from tests.results import payloads
from tests.results.dashboard import brute

pytestmark = pytest.mark.django_db

HOME = "/results/dashboard/"
MINISTRY = "กระทรวงสมมติลำดับ 01"
UNTOLD = "ไม่แสดง"


def cells(reply) -> list[list[str]]:
    assert reply.status_code == 200
    return list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))[1:]


def lines(client, key, filters) -> dict[str, list[str]]:
    """Name -> figures of a table's file."""
    return {
        line[4]: line[5:] for line in cells(client.get(reverse("results:dashboard_csv", args=[key]), filters))
    }


def headline(client, filters, page="") -> dict[str, str]:
    found = client.get(HOME + page, filters).context["headline"]
    return {"about": found.about} | {figure.label: figure.value for figure in found.figures}


def of_ministry(sheet: ResultSheet) -> bool:
    return sheet.payload["agency"]["ministry"] == MINISTRY


@pytest.fixture
def client(nation, as_user, administrator):
    return as_user(administrator)


@pytest.mark.parametrize("code", ["4", "4.2", "7", "7.3"])
def test_the_headline_is_of_what_was_chosen(nation, client, code):
    now = brute.counted(nation[-1], of_ministry)
    name = "topic" if "." in code else "category"
    told = headline(client, {"ministry": MINISTRY, name: code})
    assert f" {code} " in told["about"]
    assert told["หน่วยงานที่ประกาศผลแล้ว"] == str(len(now.payloads))
    assert told["คะแนนจากผู้ตรวจ เฉลี่ย"] == brute.shown(brute.mean(now.score(code)))
    assert told["คะแนนประเมินตนเอง เฉลี่ย"] == brute.shown(brute.mean(now.score(code, "claimed")))


def test_without_a_choice_the_headline_says_that_it_is_the_total(nation, client):
    told = headline(client, {})
    assert told["about"] == "คะแนนรวมทุกหมวด"
    assert told["คะแนนจากผู้ตรวจ เฉลี่ย"] == brute.shown(brute.mean(brute.counted(nation[-1]).totals()))


def test_a_level_an_item_and_a_group_have_a_headline_of_their_own(nation, client):
    now = brute.counted(nation[-1])
    good, whole = now.passed("2")["advance"]
    told = headline(client, {"category": "2", "level": "advance"})
    assert told["ผ่าน / ทั้งหมด"] == f"{good}/{whole}"
    assert told["about"].endswith("Advance")
    item = payloads.edition().topics["2.1"].items[0]
    lost = sum(now.failed()[part.code] for part in item.parts)
    every = len(item.parts) * len(now.payloads)
    told = headline(client, {"item": item.code}, "items/")
    assert told["ผ่าน / ทั้งหมด"] == f"{every - lost}/{every}"
    own = now.indicators("7.1.1")
    told = headline(client, {"item": "7.1.1"}, "indicators/")
    assert told["ตัวชี้วัด"] == str(len(own))
    assert told["คะแนนเฉลี่ย"] == brute.shown(
        brute.Fraction(sum(entry["verified_score"] for entry in own), len(own))
    )


@pytest.mark.parametrize("code", ["4", "4.2"])
def test_tables_that_divide_agencies_are_of_the_chosen_score(nation, client, code):
    filters = {"topic" if "." in code else "category": code}
    years = [brute.counted(cycle) for cycle in nation]
    for figures, year in zip(lines(client, "trend", filters).values(), years, strict=True):
        assert figures[1] == brute.shown(brute.mean(year.score(code)))
    now = years[-1]
    for name, figures in lines(client, "levels", filters).items():
        level = None if name.startswith("ยังไม่ถึง") else name.lower()
        assert figures[0] == str(sum(entry["level"] == level for entry in now.scored(code)))
    here = brute.counted(nation[-1], of_ministry)
    (category,) = (one for one in payloads.edition().categories if one.code == "4")
    topics = [code] if "." in code else [topic.code for topic in category.topics]
    shown = lines(client, "ministries", filters)[MINISTRY]
    assert shown[1] == brute.shown(brute.mean(here.score(code)))
    assert shown[4:] == [brute.shown(brute.mean(here.score(topic))) for topic in topics]
    provinces = brute.counted(
        nation[-1], lambda sheet: int(sheet.payload["agency"]["code"][2:]) % 6 in (3, 4)
    )
    assert lines(client, "kinds", filters)["จังหวัด"][1] == brute.shown(brute.mean(provinces.score(code)))
    # Of totals only, or of all categories.
    for key in ("groups", "categories"):
        assert client.get(reverse("results:dashboard_csv", args=[key]), filters).status_code == 404


def test_parts_follow_topic_item_and_level(nation, client):
    failed = brute.counted(nation[-1]).failed()
    topic = payloads.edition().topics["1.1"]
    basic = {part.code for part in topic.parts if part.level == "basic"}
    rows = lines(client, "parts", {"topic": "1.1", "level": "basic"})
    assert {name.split(" ")[0]: int(figures[0]) for name, figures in rows.items()} == {
        code: failed[code] for code in basic if failed[code]
    }
    rows = lines(client, "items", {"topic": "1.1", "level": "basic"})
    assert {name.split(" ")[0] for name in rows} == {item.code for item in topic.items_at("basic")}
    passed = lines(client, "passed", {"topic": "1.1", "level": "basic"})
    (figures,) = passed.values()
    assert len(figures) == 2
    item = topic.items[0]
    assert {name.split(" ")[0] for name in lines(client, "parts", {"item": item.code})} <= {
        part.code for part in item.parts
    }
    assert [name.split(" ")[0] for name in lines(client, "indicators", {"item": "7.2.3"})] == ["7.2.3"]


@pytest.mark.parametrize("page", ["", "topics/", "items/", "indicators/"])
@pytest.mark.parametrize(
    "filters",
    [{}, {"topic": "3.1", "level": "advance"}, {"category": "7"}],
    ids=lambda filters: "-".join(filters.values()) or "all",
)
def test_each_table_says_what_it_is_of_and_its_file_has_the_same_rows(nation, client, page, filters):
    reply = client.get(HOME + page, filters)
    for table in reply.context["tables"]:
        found = cells(client.get(reverse("results:dashboard_csv", args=[table.key]), filters))
        same = [[cell.replace("−", "-") for cell in row.cells] for row in table.rows]
        assert [[cell.lstrip("'") for cell in line[4:]] for line in found] == same, table.key
        assert bool(table.about) == bool(filters)
        assert all(line[0] == " · ".join(filter(None, ("ทั้งภาครัฐ", table.about))) for line in found)
        if table.about:
            assert f'<p class="fine mb-1">{html.escape(table.about)}</p>' in reply.content.decode()


def test_what_is_not_within_what_is_chosen_above_it_is_left_out(nation, client):
    for given, kept in (
        ({"category": "2", "topic": "1.1", "item": "1.1.1"}, {"category": "2"}),
        ({"topic": "1.1"}, {"category": "1", "topic": "1.1"}),
        ({"item": "7.1.1", "level": "basic"}, {"category": "7", "topic": "7.1", "item": "7.1.1"}),
        ({"category": "OP", "topic": "nowhere", "level": "highest"}, {}),
    ):
        assert client.get(HOME, given).context["choice"].chosen == kept


def test_a_track_has_its_own_cycles(nation, client):
    other = nation[-2]
    type(other).objects.filter(pk=other.pk).update(track="province")
    try:
        page = client.get(HOME, {"track": "province"})
        assert page.context["choice"].cycle == other
        assert re.search(r'<option value="province" selected>จังหวัด', page.content.decode())
    finally:
        type(other).objects.filter(pk=other.pk).update(track=other.track)


def gives_away(failed: list[int], count: int) -> bool:
    return bool(failed) and (len(failed) < 2 or not LEAST <= sum(failed) <= len(failed) * count - LEAST)


def test_shares_that_passed_do_not_give_away_a_part_that_is_not_told(nation, as_user):
    """Neither a topic at a level alone, nor a category less its told topics, nor all less the told categories."""
    client = as_user(factories.make_official("executive"))
    filters = {"ministry": MINISTRY}
    count = int(headline(client, filters)["หน่วยงานที่ประกาศผลแล้ว"])
    failed = brute.counted(nation[-1], of_ministry).failed()
    categories = {name[0]: figures for name, figures in lines(client, "passed", filters).items()}
    topics = {}
    for code in categories:
        for name, figures in lines(client, "passed", filters | {"category": code}).items():
            topics[name.split(" ")[0]] = figures
    hidden = 0
    for place, level in enumerate(brute.LEVELS):
        left = []
        for category in payloads.edition().of_kind(PROCESS):
            unknown = []
            for topic in category.topics:
                counts = [failed[part.code] for part in topic.parts if part.level == level]
                small = [n for n in counts if 0 < n < LEAST or 0 < count - n < LEAST]
                if topics[topic.code][2 * place] == UNTOLD:
                    hidden += 1
                    unknown += small
                else:
                    assert not gives_away(small, count), (topic.code, level)
            if categories[category.code][2 * place] == UNTOLD:
                left += unknown
            else:
                assert not gives_away(unknown, count), (category.code, level)
        if headline(client, filters | {"level": level})["ส่วนที่ผ่าน"] != UNTOLD:
            assert not gives_away(left, count), level
    assert hidden


@pytest.mark.parametrize(
    "key", ["distribution", "levels", "most_failed", "parts", "reached", "opportunities"]
)
def test_no_count_under_five_reaches_an_executive_of_a_topic_either(nation, as_user, key):
    client = as_user(factories.make_official("executive"))
    for filters in ({"topic": "1.1"}, {"topic": "1.1", "level": "basic", "ministry": MINISTRY}):
        for name, figures in lines(client, key, filters).items():
            count = figures[0]
            assert count in (UNTOLD, "0") or int(count) >= LEAST, (name, count)


def test_names_are_english_on_pages_in_english(nation, client):
    Ministry.objects.filter(name=MINISTRY).update(name_en="Ministry of Invention")
    client.cookies["django_language"] = "en"
    # A request leaves its language behind for whatever runs next.
    with translation.override("en"):
        page = client.get(HOME, {"ministry": MINISTRY, "category": "1"}).content.decode()
        topics = lines(client, "topics", {"category": "1"})
    assert "Ministry of Invention · Category 1 Leadership" in page
    assert "การนำ" not in re.sub(r"<svg.*?</svg>", "", page.partition("<main")[2], flags=re.DOTALL)
    assert "1.1 Leadership system that creates sustainability" in topics
