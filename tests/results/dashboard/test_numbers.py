"""Every number of the dashboards against a recomputation from the payloads, for several populations."""

import csv
import io

import pytest
from django.urls import reverse

from criteria.structure import PROCESS
from pmqa.accounts.models import Agency
from pmqa.cells import typed_cell
from results.models import ResultSheet
from tests.results import payloads
from tests.results.dashboard import brute

pytestmark = pytest.mark.django_db

MINISTRY = "กระทรวงสมมติลำดับ 01"
FILTERS = ({}, {"ministry": MINISTRY}, {"kind": "province"}, {"ministry": MINISTRY, "kind": "department"})
LEVEL_NAMES = ("Basic", "Advance", "Significance")
# What stands before the columns of a table in its file.
LEADING = 4


def wanted(filters):
    kinds = dict(Agency.objects.values_list("code", "kind"))

    def is_wanted(sheet: ResultSheet) -> bool:
        agency = sheet.payload["agency"]
        return (filters.get("ministry", agency["ministry"]) == agency["ministry"]) and (
            filters.get("kind", kinds[agency["code"]]) == kinds[agency["code"]]
        )

    return is_wanted


@pytest.fixture(scope="module", params=FILTERS, ids=lambda filters: "-".join(filters) or "everybody")
def population(nation, request, django_db_blocker):
    """The filters, what brute force counts now, and what it counts of the two cycles before."""
    with django_db_blocker.unblock():
        is_wanted = wanted(request.param)
        before, last, now = (brute.counted(cycle, is_wanted) for cycle in nation)
    assert now.payloads
    return request.param, now, last, before


@pytest.fixture
def read(nation, as_user, administrator):
    """The rows of a table as a file has them: name -> its figures."""
    client = as_user(administrator)

    def rows(key, filters):
        reply = client.get(reverse("results:dashboard_csv", args=[key]), filters | {"cycle": nation[-1].pk})
        assert reply.status_code == 200, key
        _head, *found = csv.reader(io.StringIO(reply.content.decode("utf-8-sig")))
        return {typed_cell(row[LEADING]): [typed_cell(cell) for cell in row[LEADING + 1 :]] for row in found}

    return rows


def code(name: str) -> str:
    return name.split(" ", maxsplit=1)[0]


def gap(own, checked) -> str:
    """Verified less claimed with its sign, as files write it."""
    difference = brute.mean(checked) - brute.mean(own)
    text = brute.shown(difference)
    return text if text == "0.00" else f"{'-' if difference < 0 else '+'}{text}"


def test_groups_levels_and_histogram(population, read):
    filters, now, *_before = population
    totals = now.totals()
    for index, (name, figures) in enumerate(read("groups", filters).items(), start=1):
        own = [score for score in totals if brute.group(score) == index]
        assert figures[0] == str(len(own)), name
        expected = (
            [brute.shown(min(own)), brute.shown(brute.mean(own)), brute.shown(max(own))] if own else ["–"] * 3
        )
        assert figures[2:] == expected
    for name, figures in read("levels", filters).items():
        level = name.lower() if name in LEVEL_NAMES else None
        assert figures[0] == str(
            sum(told["scores"]["verified"]["level"] == level for told in now.payloads.values())
        )
    steps = [int(figures[0]) for figures in read("distribution", filters).values()]
    assert steps == [sum(min(int(score // 25), 19) == step for score in totals) for step in range(20)]


def test_years(population, read):
    filters, now, last, before = population
    rows = list(read("trend", filters).values())
    for figures, year in zip(rows, (before, last, now), strict=True):
        own, checked = year.totals("claimed"), year.totals()
        assert figures[:4] == [
            str(len(checked)), brute.shown(brute.mean(checked)), brute.shown(brute.mean(own)), gap(own, checked),
        ]  # fmt: skip
    assert rows[2][4] == gap(last.totals(), now.totals())


def test_categories_and_topics(population, read):
    filters, now, last, before = population
    for table in ("categories", "topics", "weakest"):
        rows = read(table, filters)
        assert len(rows) == {"categories": 7, "topics": 30, "weakest": 10}[table]
        for name, figures in rows.items():
            own, checked = now.score(code(name), "claimed"), now.score(code(name))
            assert figures[:3] == [
                brute.shown(brute.mean(checked)),
                brute.shown(brute.mean(own)),
                gap(own, checked),
            ]
            if table == "categories":
                earlier = [brute.shown(brute.mean(year.score(code(name)))) for year in (before, last)]
                assert figures[3:] == earlier
    means = [float(figures[0]) for figures in read("weakest", filters).values()]
    every = sorted(float(figures[0]) for figures in read("topics", filters).values())
    assert means == every[:10]


def test_levels_reached_and_parts_passed(population, read):
    filters, now, *_before = population
    for name, figures in read("reached", filters).items():
        reached = [entry["level"] for entry in now.scored(code(name))]
        assert figures == [str(reached.count(level)) for level in (None, *brute.LEVELS)]
    for name, figures in read("passed", filters).items():
        assert figures[1::2] == [f"{good}/{whole}" for good, whole in now.passed(code(name)).values()]


def test_parts_and_items(population, read):
    filters, now, *_before = population
    failed, count = now.failed(), len(now.payloads)
    rows = read("parts", filters)
    assert {code(name): int(figures[0]) for name, figures in rows.items()} == failed
    most = [int(figures[0]) for figures in read("most_failed", filters).values()]
    assert most == sorted(failed.values(), reverse=True)[:10]
    topics = [topic for category in payloads.edition().of_kind(PROCESS) for topic in category.topics]
    items = {item.code: item for topic in topics for item in topic.items}
    rows = read("items", filters)
    assert {code(name) for name in rows} == set(items)
    for name, figures in rows.items():
        parts = items[code(name)].parts
        lost = sum(failed[part.code] for part in parts)
        assert figures[1] == f"{len(parts) * count - lost}/{len(parts) * count}"


def test_opportunities_that_come_again(population, read):
    filters, now, last, _before = population
    here, earlier = now.opportunities(), last.opportunities()
    rows = read("opportunities", filters)
    assert {code(name) for name in rows} == {topic for topics in here.values() for topic in topics}
    for name, figures in rows.items():
        having = [agency for agency, topics in here.items() if code(name) in topics]
        again = [agency for agency in having if code(name) in earlier.get(agency, ())]
        assert (figures[0], figures[2]) == (str(len(having)), str(len(again)))


def test_indicator_groups(population, read):
    filters, now, *_before = population
    rows = read("indicators", filters)
    assert len(rows) == 30
    for name, figures in rows.items():
        own = now.indicators(code(name))
        passed = sum(entry["outcome"] == "pass" for entry in own)
        points = brute.Fraction(sum(entry["verified_score"] for entry in own), len(own))
        assert figures[1] == str(len(own))
        assert float(figures[2]) == pytest.approx(100 * passed / len(own), abs=0.05)
        assert figures[3] == brute.shown(points)


@pytest.mark.parametrize("kind", ["", "province"])
def test_ministries_by_category_and_kinds(nation, read, kind):
    filters = {"kind": kind} if kind else {}
    now = brute.counted(nation[-1], wanted(filters))
    rows = read("ministries", filters)
    assert set(rows) == {told["agency"]["ministry"] for told in now.payloads.values()}
    for name, figures in rows.items():
        of_it = brute.Counted(
            {key: told for key, told in now.payloads.items() if told["agency"]["ministry"] == name}
        )
        assert figures[:2] == [str(len(of_it.payloads)), brute.shown(brute.mean(of_it.totals()))]
        assert figures[4:] == [brute.shown(brute.mean(of_it.score(category))) for category in "1234567"]
    if not kind:
        labels = {str(label): value for value, label in Agency.Kind.choices}
        for name, figures in read("kinds", {}).items():
            own = brute.counted(nation[-1], wanted({"kind": labels[name]}))
            assert figures[:2] == [str(len(own.payloads)), brute.shown(brute.mean(own.totals()))]


def test_a_chosen_category_narrows_what_is_of_categories(nation, read):
    filters = {"category": "4"}
    now = brute.counted(nation[-1])
    scores = now.score("4")
    steps = [int(figures[0]) for figures in read("distribution", filters).values()]
    assert steps == [sum(min(int(score // 25), 19) == step for score in scores) for step in range(20)]
    for table in ("topics", "weakest", "parts", "items", "opportunities", "reached"):
        assert {code(name)[0] for name in read(table, filters)} == {"4"}
