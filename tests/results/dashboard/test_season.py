"""How far a cycle is: who is told, in which states, and nothing of drafts or scores to those who may not know them."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from assessments.models import Assessment, Status
from pmqa.accounts.models import Agency
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/results/dashboard/season/"


@pytest.fixture
def cases(db):
    """Two ministries, four agencies of theirs, one province; a cycle that the province is not for."""
    ministries = [
        factories.make_ministry(name=f"กระทรวงสมมติที่ {n}", name_en=f"Ministry of Invention {n}")
        for n in (1, 2)
    ]
    agencies = [factories.make_agency(ministry=ministries[n % 2]) for n in range(4)]
    factories.make_agency(ministry=ministries[0], kind=Agency.Kind.PROVINCE)
    cycle = factories.make_cycle(name="รอบปัจจุบันสมมติ")
    for agency, status in zip(
        agencies, (Status.DRAFTING, Status.IN_REVIEW, Status.CONSENSUS_DONE), strict=False
    ):
        Assessment.objects.create(agency=agency, cycle=cycle, status=status)
    return cycle


def lines(client, key, **filters) -> dict[str, list[str]]:
    reply = client.get(reverse("results:dashboard_csv", args=[key]), filters)
    assert reply.status_code == 200
    found = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))[1:]
    return {line[4]: line[5:] for line in found}


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_those_who_follow_all_are_told_every_state(cases, as_user, role):
    client = as_user(factories.make_official(role))
    counts = {name: figures[0] for name, figures in lines(client, "season").items()}
    assert counts == {"ยังไม่เริ่ม": "1", "กำลังจัดทำ": "1", "อยู่ระหว่างตรวจ": "1", "ได้ผลฉันทามติแล้ว รอประกาศ": "1"}
    assert lines(client, "season_ministries") == {
        "กระทรวงสมมติที่ 1": ["2", "0", "1", "1", "0", "0"],
        "กระทรวงสมมติที่ 2": ["2", "1", "0", "1", "0", "0"],
    }


def test_an_officer_is_told_of_cases_that_were_handed_over(cases, as_user, officer):
    client = as_user(officer)
    counts = {name: figures[0] for name, figures in lines(client, "season").items()}
    assert counts == {"ยังไม่ส่ง": "2", "อยู่ระหว่างตรวจ": "1", "ได้ผลฉันทามติแล้ว รอประกาศ": "1"}
    assert lines(client, "season_ministries") == {
        "กระทรวงสมมติที่ 1": ["2", "1", "1", "0", "0"],
        "กระทรวงสมมติที่ 2": ["2", "1", "1", "0", "0"],
    }
    page = client.get(ADDRESS).content.decode()
    assert "กำลังจัดทำ" not in page
    assert reverse("results:season") in page
    assert client.get("/results/dashboard/").status_code == 403
    assert client.get(reverse("results:dashboard_csv", args=["trend"])).status_code == 403


def test_the_season_follows_its_filters(cases, as_user, administrator):
    client = as_user(administrator)
    chosen = {"ministry": "กระทรวงสมมติที่ 2"}
    assert sum(int(figures[0]) for figures in lines(client, "season", **chosen).values()) == 2
    assert list(lines(client, "season_ministries", **chosen)) == ["กระทรวงสมมติที่ 2"]
    page = client.get(ADDRESS, chosen | {"kind": "nonsense"}).content.decode()
    assert "รอบปัจจุบันสมมติ · กระทรวงสมมติที่ 2" in page


def test_a_province_counts_where_it_has_a_case(cases, as_user, administrator):
    province = Agency.objects.get(kind=Agency.Kind.PROVINCE)
    assert not lines(as_user(administrator), "season", kind="province")
    Assessment.objects.create(agency=province, cycle=cases)
    assert lines(as_user(administrator), "season", kind="province") == {"กำลังจัดทำ": ["1", "100.0"]}


def test_executives_and_agencies_are_not_told(cases, as_user, executive):
    for person in (executive, factories.make_member(Agency.objects.first(), "coordinator")):
        client = as_user(person)
        assert client.get(ADDRESS).status_code == 403
        assert client.get(reverse("results:dashboard_csv", args=["season"])).status_code == 403


def test_the_page_is_short_in_queries_and_speaks_english(cases, as_user, officer):
    client = as_user(officer)
    client.cookies["django_language"] = "en"
    # A request leaves its language behind for whatever runs next.
    with translation.override("en"), CaptureQueriesContext(connection) as queries:
        page = client.get(ADDRESS).content.decode()
    assert len(queries) <= 12
    assert "Ministry of Invention 1" in page


def test_before_the_first_cycle_opens_the_page_says_so(as_user, administrator):
    client = as_user(administrator)
    assert "ยังไม่มีรอบที่เปิด" in client.get(ADDRESS).content.decode()
    assert client.get(reverse("results:dashboard_csv", args=["season"])).status_code == 404
