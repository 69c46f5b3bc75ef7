"""Who sees what: whole groups for executives, everything for those who follow every agency; filters, files, the log."""

import csv
import io
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from assessments.models import Assessment
from criteria import catalogue
from pmqa.accounts.models import Agency, LogEntry
from results.dashboard.suppression import LEAST
from results.models import ResultSheet, SheetSummary
from tests import factories
from tests.results.dashboard.brute import mean, shown

pytestmark = pytest.mark.django_db

HOME = "/results/dashboard/"
PAGES = ("", "topics/", "items/", "indicators/")
# Tables whose second column counts agencies.
COUNTING = (
    "distribution", "groups", "levels", "trend", "kinds", "most_failed", "opportunities", "ministries", "reached",
    "parts", "indicators",
)  # fmt: skip
# The dashboard divides a whole nation in many ways; any other page of the product has twelve.
CEILING = 20
UNTOLD = "ไม่แสดง"


def text(reply) -> str:
    return reply.content.decode()


def lines_of(reply) -> list[list[str]]:
    assert reply.status_code == 200
    return list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))[1:]


def lines(client, key, **filters) -> list[list[str]]:
    """A table as its file has it: four columns that say whose it is, the name, the figures."""
    return lines_of(client.get(reverse("results:dashboard_csv", args=[key]), filters))


@pytest.mark.parametrize("role", ["administrator", "auditor", "executive"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"ministry": "กระทรวงสมมติลำดับ 01", "category": "4"},
        {"kind": "province"},
        {"topic": "4.1", "level": "basic"},
    ],
)
def test_a_dashboard_needs_at_most_twenty_queries(nation, as_user, role, page, filters):
    client = as_user(factories.make_official(role))
    with CaptureQueriesContext(connection) as queries:
        reply = client.get(HOME + page, filters)
    assert reply.status_code == 200
    assert len(queries) <= CEILING, len(queries)


@pytest.mark.parametrize("page", PAGES)
def test_the_first_page_of_a_new_process_needs_no_more(nation, as_user, administrator, page):
    """The criteria are not in memory yet, the names of ministries are asked for besides, and cycles are read once."""
    client = as_user(administrator)
    client.cookies["django_language"] = "en"
    catalogue.published_tree.cache_clear()
    with translation.override("en"), CaptureQueriesContext(connection) as queries:
        assert client.get(HOME + page, {"topic": "4.1", "level": "basic"}).status_code == 200
    assert len(queries) <= CEILING, len(queries)
    cycles = [query for query in queries if 'FROM "assessments_cycle"' in query["sql"]]
    assert len(cycles) == 1, cycles


def test_executives_are_not_told_small_ministries_nor_what_gives_them_away(nation, as_user, executive):
    """Two agencies in the last ministry, six in the one before it."""
    rows = {line[4]: line[5:] for line in lines(as_user(executive), "ministries")}
    small, next_smallest = "กระทรวงสมมติลำดับ 11", "กระทรวงสมมติลำดับ 10"
    assert SheetSummary.objects.filter(ministry=small, cycle=nation[-1]).count() < LEAST
    for name in (small, next_smallest):
        assert rows[name] == [UNTOLD] * 11
    assert UNTOLD not in rows["กระทรวงสมมติลำดับ 01"]


def test_administrators_are_told_everything_and_where_to_keep_it(nation, as_user, administrator):
    client = as_user(administrator)
    rows = {line[4]: line[5:] for line in lines(client, "ministries")}
    assert not [name for name, figures in rows.items() if UNTOLD in figures]
    assert rows["กระทรวงสมมติลำดับ 11"][0] == "2"
    page = text(client.get(HOME))
    assert "น้อยกว่า 5" in page
    assert "กลุ่มที่ใช้คำนวณกลุ่มเช่นนั้นย้อนกลับได้" not in page


def test_a_small_population_is_told_to_administrators_only(nation, as_user, administrator, executive):
    chosen = {"ministry": "กระทรวงสมมติลำดับ 11"}
    page = text(as_user(executive).get(HOME, chosen))
    assert "ไม่แสดง (น้อยกว่า 5)" in page
    assert "dash-table" not in page
    assert (
        as_user(executive).get(reverse("results:dashboard_csv", args=["groups"]), chosen).status_code == 403
    )
    assert "dash-table" in text(as_user(administrator).get(HOME, chosen))


@pytest.mark.parametrize("key", COUNTING)
def test_no_count_under_five_reaches_an_executive(nation, as_user, executive, key):
    for filters in ({}, {"ministry": "กระทรวงสมมติลำดับ 01"}):
        for line in lines(as_user(executive), key, **filters):
            count = line[5]
            assert count == UNTOLD or count == "0" or int(count) >= LEAST, line


def test_filters_stand_in_the_address_and_nonsense_is_left_out(nation, as_user, administrator):
    client = as_user(administrator)
    page = text(client.get(HOME, {"ministry": "กระทรวงสมมติลำดับ 01", "kind": "nonsense", "cycle": "x"}))
    assert "ministry=%E0%B8%81" in page
    assert "kind=nonsense" not in page.partition("<main")[2]
    assert "รอบสมมติ พ.ศ. 2570 · กระทรวงสมมติลำดับ 01" in page
    assert client.get(f"{HOME}nowhere/").status_code == 404
    assert client.get(reverse("results:dashboard_csv", args=["nowhere"])).status_code == 404
    earlier = text(client.get(HOME, {"cycle": nation[0].pk}))
    assert "รอบสมมติ พ.ศ. 2568 · ทั้งภาครัฐ" in earlier


def test_a_file_says_whose_figures_it_has_and_is_in_the_log(nation, as_user, administrator):
    first, *_rest = lines(as_user(administrator), "groups", kind="province")
    assert first[:5] == ["ทั้งภาครัฐ · จังหวัด", "รอบสมมติ พ.ศ. 2570", "pmqa40-2565", "pmqa40-2565", "กลุ่ม 1: 0–299"]
    entry = LogEntry.objects.get(action="result.dashboard_downloaded")
    assert entry.actor == administrator
    assert entry.data == {"table": "groups", "kind": "province"}
    assert entry.object_label == "รอบสมมติ พ.ศ. 2570"


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(nation, as_user, administrator):
    SheetSummary.objects.filter(ministry="กระทรวงสมมติลำดับ 01").update(ministry="=1+1")
    assert "'=1+1" in (line[4] for line in lines(as_user(administrator), "ministries"))


def test_the_numbers_come_from_what_was_frozen(nation, as_user, administrator):
    before = lines(as_user(administrator), "ministries")
    Agency.objects.update(ministry=factories.make_ministry())
    Assessment.objects.update(status="drafting")
    assert lines(as_user(administrator), "ministries") == before


# --- benchmark ---------------------------------------------------------------------------------


def test_one_stands_among_others_of_the_same_kind_without_names(nation, member_of):
    client, case = member_of("N-00000", nation[-1])
    with CaptureQueriesContext(connection) as queries:
        page = text(client.get(reverse("results:benchmark", args=[case.pk])))
    assert len(queries) <= 12
    others = ResultSheet.objects.filter(
        assessment__cycle=nation[-1], assessment__agency__kind=case.agency.kind
    ).exclude(assessment=case)
    assert f"อีก {others.count()} แห่ง" in page
    assert not [
        name for name in others.values_list("assessment__agency__name", flat=True) if f"{name}<" in page
    ]
    scores = [Fraction(sheet.payload["scores"]["verified"]["total"]) for sheet in others]
    assert f'<td class="r">{shown(mean(scores))}</td>' in page
    assert "ต่ำสุด" not in page
    total = case.sheets.get().payload["scores"]["verified"]["total"]
    assert f'<a class="explained" href="/results/{case.pk}/explain/verified/total/">{total}</a>' in page
    assert reverse("results:benchmark", args=[case.pk]) in text(
        client.get(reverse("results:result", args=[case.pk]))
    )
