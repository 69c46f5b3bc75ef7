"""The list of published results: filters, order, pages, and a query ceiling whatever its length."""

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Status
from results.dashboard import summaries
from results.models import ResultSheet
from results.publishing import correct
from reviews.models import Consensus
from tests import factories as base
from tests.results import factories, payloads
from tests.results.exporting import builders
from tests.results.standing.rows import publish_row

QUERIES = 12


@pytest.fixture
def frozen(administrator) -> ResultSheet:
    return factories.make_published(by=administrator)


@pytest.fixture
def executive_client(as_user):
    return as_user(base.make_official("executive"))


def many_sheets(frozen: ResultSheet, count: int) -> None:
    """So many further published results: rows only, which is all that a list reads."""
    for _number in range(count):
        assessment = base.make_assessment(agency=base.make_agency(), cycle=frozen.assessment.cycle)
        factories.move(assessment, Status.REPORT_ISSUED)
        ResultSheet.objects.create(
            assessment=assessment,
            revision=1,
            policy_name="pmqa40-2565",
            policy_version=1,
            claimed_total="480.00",
            verified_total=f"{300 + _number}.00",
            payload={"scores": {"verified": {"level": "basic"}}},
            digest="0" * 64,
            created_at=timezone.now(),
        )


def test_a_total_below_every_level_stands_without_one(executive_client):
    """The level comes from the summary: SQLite reads a null inside JSON as a word."""
    payload = payloads.partial_payload()
    payload["scores"]["verified"] |= {"total": "125.00", "level": None}
    summaries.replace(builders.issue(base.make_cycle(year=2571), payload=payload))
    page = executive_client.get(reverse("results:index"))
    assert page.status_code == 200
    (row,) = page.context["rows"]
    assert not row["sheet"].level


@pytest.mark.parametrize("role", ["administrator", "executive"])
def test_the_list_keeps_the_query_ceiling_and_pages(
    frozen, as_user, django_assert_max_num_queries, monkeypatch, role
):
    client = as_user(base.make_official(role))
    with django_assert_max_num_queries(QUERIES):
        client.get(reverse("results:index"))
    many_sheets(frozen, 6)
    monkeypatch.setattr("results.views.pages.PAGE_SIZE", 5)
    with django_assert_max_num_queries(QUERIES):
        first = client.get(reverse("results:index"), {"order": "verified"})
    assert [str(row["sheet"].verified_total) for row in first.context["rows"]] == [
        str(frozen.verified_total),
        "305.00",
        "304.00",
        "303.00",
        "302.00",
    ]
    assert len(client.get(reverse("results:index"), {"page": 2}).context["rows"]) == 2


def test_the_list_filters_by_cycle_ministry_and_name(frozen, executive_client):
    agency = frozen.assessment.agency
    other = factories.make_published(cycle=factories.make_cycle_of(2569))
    index = reverse("results:index")

    def listed(**query):
        return [row["sheet"].pk for row in executive_client.get(index, query).context["rows"]]

    assert listed() == [frozen.pk, other.pk]
    assert listed(cycle=other.assessment.cycle_id) == [other.pk]
    assert listed(ministry=agency.ministry_id) == [frozen.pk]
    assert listed(q=agency.code) == [frozen.pk]
    assert listed(cycle="not a number") == [frozen.pk, other.pk]
    assert listed(q="ไม่มีหน่วยงานนี้") == []


def test_the_list_shows_the_latest_revision_once(frozen, administrator, executive_client):
    Consensus.objects.filter(answer__part__code="4.2.2.1").update(outcome="pass", comment="")
    correct(frozen.assessment, reason="ผิด", by=administrator)
    rows = executive_client.get(reverse("results:index")).context["rows"]
    assert [row["sheet"].revision for row in rows] == [2]


@pytest.mark.parametrize("years", [(2569, 2570), (2570, 2569)])
@pytest.mark.parametrize("order", ["verified", "gap"])
def test_equal_scores_of_one_agency_stand_by_year_whichever_was_stored_first(executive_client, years, order):
    """Pages of a list that leaves them to chance would show one twice and the other never."""
    agency = base.make_agency()
    for year in years:
        publish_row(agency, factories.make_cycle_of(year), "345.00")
    page = executive_client.get(reverse("results:index"), {"order": order})
    assert [row["sheet"].assessment.cycle.year for row in page.context["rows"]] == [2570, 2569]
