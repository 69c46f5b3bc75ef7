"""What somebody who may not know single agencies could work out from all that they are told."""

import csv
import io
from decimal import Decimal
from itertools import count

import pytest
from django.urls import reverse

from assessments.models import Assessment, Cycle, Status
from pmqa.accounts.models import Membership
from results.dashboard.suppression import LEAST
from results.models import Report, ResultSheet, ScoreSummary, SheetSummary
from results.standing.groups import group_of
from tests import factories
from tests.results import payloads

pytestmark = pytest.mark.django_db

HOME = "/results/dashboard/"
UNTOLD = "ไม่แสดง"
NUMBERS = count(1)


def publish(cycle: Cycle, ministry: str, kind: str, points: str, *, agency=None, **scores) -> SheetSummary:
    """A published result as dashboards count it; `scores` are of the topic 1.1."""
    total = Decimal(points)
    agency = agency or factories.make_agency(kind=kind, name=f"หน่วยงานสมมติ {next(NUMBERS)}")
    case = Assessment.objects.create(cycle=cycle, agency=agency, status=Status.REPORT_ISSUED)
    sheet = ResultSheet.objects.create(
        assessment=case,
        revision=1,
        policy_name="pmqa40-2565",
        policy_version=1,
        claimed_total=500,
        verified_total=total,
        payload={},
        digest=f"{case.pk:064d}",
        created_at=cycle.opens_at,
    )
    summary = SheetSummary.objects.create(
        assessment=case,
        sheet=sheet,
        cycle=cycle,
        agency=agency,
        ministry=ministry,
        claimed=50000,
        verified=int(total * 100),
        group=group_of(total),
        level="basic" if total >= 300 else "",
    )
    if scores:
        ScoreSummary.objects.create(summary=summary, code="1.1", claimed=50000, **scores)
    return summary


@pytest.fixture
def cycle(db) -> Cycle:
    return factories.make_cycle(year=2570)


def lines(client, key, **filters) -> dict[str, list[str]]:
    reply = client.get(reverse("results:dashboard_csv", args=[key]), filters)
    assert reply.status_code == 200
    rows = list(csv.reader(io.StringIO(reply.content.decode("utf-8-sig"))))
    return {row[4]: row[5:] for row in rows}


def test_the_extremes_of_groups_do_not_name_the_only_agency_of_a_ministry(
    cycle, as_user, executive, administrator
):
    """Its score is the least of all, and of no ministry that is told: so it was known to the last digit."""
    publish(cycle, "ก", "department", "123.45")
    for ministry, size in (("ข", 5), ("ค", 8), ("ง", 9)):
        for place in range(size):
            publish(cycle, ministry, "department", f"{200 + place}.00")
    assert not any("123.45" in figures for figures in lines(as_user(executive), "groups").values())
    assert lines(as_user(executive), "groups")["กลุ่มคะแนน"] == ["หน่วยงาน", "ร้อยละ"]
    assert "123.45" in lines(as_user(administrator), "groups")["กลุ่ม 1: 0–299"]


def test_groups_less_the_steps_of_the_histogram_are_nobody_in_particular(cycle, as_user, executive):
    """Nine of the third group: six from 375 on, so the three below it were the difference."""
    for points, size in ((210, 8), (310, 6), (360, 3), (380, 6), (410, 7), (440, 3)):
        for _agency in range(size):
            publish(cycle, "ก", "department", f"{points}.00")
    client = as_user(executive)
    groups, steps = lines(client, "groups"), lines(client, "distribution")
    assert groups["กลุ่ม 3: 351–399"][0] == "9"
    assert steps["350–374.99"][0] == UNTOLD
    assert steps["375–399.99"][0] == UNTOLD


def test_nobody_below_basic_is_told_by_the_lowest_group(cycle, as_user, executive):
    """299.50 is in the second group and not yet Basic: two levels and two groups that differ by one agency."""
    for points, size in (("280.00", 9), ("299.60", 1), ("340.00", 9)):
        for _agency in range(size):
            publish(cycle, "ก", "department", points)
    client = as_user(executive)
    groups, levels = lines(client, "groups"), lines(client, "levels")
    assert groups["กลุ่ม 1: 0–299"][0] == "9"
    assert levels["ยังไม่ถึง Basic"][0] == UNTOLD
    assert levels["Basic"][0] == UNTOLD


def test_what_few_had_the_year_before_is_not_told_by_what_comes_again(
    cycle, as_user, executive, administrator
):
    """All twelve have an observation now; two were there last year, and none has it again: so neither had one."""
    last = factories.make_cycle(year=2569)
    for place in range(12):
        now = publish(cycle, "ก", "department", "400.00", has_ofi=True, verified=40000)
        if place < 2:
            publish(last, "ก", "department", "400.00", agency=now.agency, has_ofi=False, verified=50000)
    name, figures = list(lines(as_user(executive), "opportunities").items())[1]
    assert name.startswith("1.1 ")
    assert figures == [UNTOLD] * 4
    assert lines(as_user(administrator), "opportunities")[name] == ["12", "100.0", "0", "0.0"]


def test_without_a_year_before_nothing_comes_again(cycle, as_user, executive):
    for _agency in range(6):
        publish(cycle, "ก", "department", "400.00", has_ofi=True, verified=40000)
    assert list(lines(as_user(executive), "opportunities").values())[1] == ["6", "100.0", "–", "–"]


# --- benchmark --------------------------------------------------------------------------------


def benchmark_of(client, case):
    return client.get(reverse("results:benchmark", args=[case.pk])).context["benchmark"]


@pytest.fixture
def reader_of(as_user):
    """A browser of somebody who belongs to the agencies of these results."""

    def sign_in(*results: SheetSummary):
        first = results[0]
        ResultSheet.objects.filter(pk=first.sheet_id).update(payload=payloads.payload())
        Report.objects.create(sheet=first.sheet, kind="feedback")
        person = factories.make_member(first.agency, "viewer")
        for other in results[1:]:
            Membership.objects.create(user=person, agency=other.agency, role="viewer")
        return as_user(person)

    return sign_in


@pytest.mark.parametrize(
    ("others", "heads"),
    [
        (4, ()),
        (5, ("เฉลี่ย",)),
        (10, ("เฉลี่ย", "ค่ากลาง")),
        (20, ("เฉลี่ย", "ควอร์ไทล์ 1", "ค่ากลาง", "ควอร์ไทล์ 3")),
    ],
)
def test_among_few_others_no_figure_is_the_score_of_one(cycle, reader_of, others, heads):
    """Of five the least, the quartiles and five times the mean were the scores of all of them."""
    mine = publish(cycle, "ก", "department", "400.00")
    for place in range(others):
        publish(cycle, "ก", "department", f"{300 + place}.00")
    found = benchmark_of(reader_of(mine), mine.assessment)
    assert found.heads == heads
    assert bool(found.lines) == bool(heads)
    if heads:
        assert "300.00" not in found.lines[0].others


def test_whoever_belongs_to_several_agencies_is_told_of_five_that_they_do_not_know(cycle, reader_of):
    """Six others, of which two are the reader's own too: the mean would be that of four."""
    results = [publish(cycle, "ก", "department", f"{300 + place}.00") for place in range(3 + LEAST - 1)]
    assert not benchmark_of(reader_of(*results[:3]), results[0].assessment).is_told
