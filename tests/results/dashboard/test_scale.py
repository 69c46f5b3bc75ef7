"""Eight thousand agencies, three cycles: the same pages, no more queries, the same numbers as counted one by one."""

import csv
import io
from collections import Counter
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from results.models import ResultSheet
from tests import factories
from tests.results.dashboard import brute
from tests.results.dashboard.nation import make_nation
from tests.results.dashboard.test_views import CEILING, HOME, PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

AGENCIES, WHOLE = 8000, 300


def test_a_nation_is_shown_in_twenty_queries_and_counted_right(as_user):
    cycles = make_nation(agencies=AGENCIES, whole=WHOLE)
    client = as_user(factories.make_official("administrator"))
    for page in PAGES:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HOME + page).status_code == 200
        assert len(queries) <= CEILING, page

    def rows(key: str) -> dict[str, list[str]]:
        reply = client.get(reverse("results:dashboard_csv", args=[key]))
        found = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))[1:]
        return {line[4]: line[5:] for line in found}

    totals, topics, failed, groups = [], {}, Counter(), Counter()
    # One by one: all payloads together would not fit.
    for sheet in ResultSheet.objects.filter(assessment__cycle=cycles[-1]).iterator(200):
        one = brute.Counted({"": sheet.payload})
        totals += one.totals()
        groups[brute.group(one.totals()[0])] += 1
        failed += one.failed()
        for category in sheet.payload["scores"]["verified"]["categories"]:
            for topic in category["topics"]:
                topics.setdefault(topic["code"], []).append(Fraction(topic["score"]))
    assert len(totals) == AGENCIES
    assert [figures[0] for figures in rows("groups").values()] == [
        str(groups[number]) for number in (1, 2, 3, 4)
    ]
    latest = list(rows("trend").values())[-1]
    assert latest[:2] == [str(AGENCIES), brute.shown(brute.mean(totals))]
    assert {name.split(" ")[0]: figures[0] for name, figures in rows("topics").items()} == {
        code: brute.shown(brute.mean(scores)) for code, scores in topics.items()
    }
    assert {name.split(" ")[0]: int(figures[0]) for name, figures in rows("parts").items()} == failed
