"""The table of targets, attainment and weight: what the page of the cycle says, kept as it was when it was ordered."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse

from pmqa.accounts.models import Agency
from pmqa.jobs.services import run
from results.exporting.dictionary import KPI, OF_ORDER, SHEET
from results.framework.services import store
from results.standing.groups import NOTHING
from results.standing.services import choose_type
from tests import factories
from tests.results import payloads
from tests.results.exporting import builders
from tests.results.exporting.test_tables import FORMS
from tests.results.factories import make_cycle_of
from tests.results.framework.frameworks import weighing
from tests.results.standing.rows import publish_row

pytestmark = pytest.mark.django_db

# Column of the table -> column of the page's own file.
ON_THE_PAGE = {
    "year": "ปีงบประมาณ พ.ศ.", "agency_code": "รหัสหน่วยงาน", "last_score": "คะแนนปีก่อน",
    "last_group": "กลุ่มคะแนนปีก่อน", "kpi_type": "ประเภท", "chosen_because": "เหตุผล",
    "target_50": "ค่าเป้าหมาย 50", "target_75": "ค่าเป้าหมาย 75", "target_100": "ค่าเป้าหมาย 100",
    "verified_total": "คะแนนรอบนี้", "attainment": "ร้อยละการบรรลุ", "weight": "น้ำหนักในกรอบตัวชี้วัด",
    "points": "คะแนนในกรอบตัวชี้วัด",
}  # fmt: skip


def issue(cycle, agency: Agency, total: str) -> None:
    payload = payloads.partial_payload()
    payload["scores"]["verified"]["total"] = total
    builders.issue(cycle, agency=agency, payload=payload)


@pytest.fixture
def agencies():
    return [factories.make_agency(code=f"K-{number}", name=f"กรมสมมติ {number}") for number in range(1, 5)]


@pytest.fixture
def last_year():
    return make_cycle_of(2569)


@pytest.fixture
def cycle(agencies, last_year, administrator):
    """Types 1 and 2 by last year's total, 3 chosen, one without; a weight for every type, another for provinces."""
    cycle = make_cycle_of(2570)
    for agency, last in zip(agencies, ("320.15", "360.55", None, None), strict=True):
        if last:
            publish_row(agency, last_year, last)
    for kind, weight, digital in (("", "15", "15"), ("province", "17.50", "12.50")):
        framework = weighing(weight, digital=digital)
        store(cycle, kind, version=0, framework=framework, by=administrator)
    reason = "=หน่วยงานตั้งใหม่ปีนี้"
    choose_type(
        cycle, agencies[2], version=0, kpi_type=3, base=Decimal("410.00"), reason=reason, by=administrator
    )
    for agency, total in zip(agencies, ("301.23", "371.07", "414.99", "350.00"), strict=True):
        issue(cycle, agency, total)
    return cycle


def rows_of(export, form: str) -> list[dict[str, str]]:
    return builders.tables_of(form, builders.content(export))["kpi"]


def test_page_and_export_say_the_same_to_the_last_digit(cycle, administrator, as_user):
    answer = as_user(administrator).get(reverse("results:groups_csv", args=[cycle.pk]))
    page = {row["รหัสหน่วยงาน"]: row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}
    files = [rows_of(builders.made(cycle, form, by=administrator, tables=["kpi"]), form) for form in FORMS]
    bare = [[row | {"chosen_because": row["chosen_because"].lstrip("'")} for row in rows] for rows in files]
    assert bare[0] == bare[1] == bare[2]
    assert [row["agency_code"] for row in bare[0]] == ["K-1", "K-2", "K-3", "K-4"]
    for row in bare[0]:
        shown = page[row["agency_code"]]
        for ours, theirs in ON_THE_PAGE.items():
            said = shown[theirs].lstrip("'")
            assert row[ours] == ("" if said in (NOTHING, "ยังไม่กำหนด") else said), (row["agency_code"], ours)
    second = bare[0][1]
    assert (second["target_75"], second["target_100"], second["attainment"], second["points"]) == (
        "360.55",
        "389.39",
        "84.12",
        "12.62",
    )


def test_a_file_keeps_what_was_so_when_it_was_ordered_and_a_change_is_another_file(
    cycle, last_year, agencies, administrator
):
    waiting = builders.order(cycle, "json", by=administrator, tables=["kpi"])
    scores = builders.made(cycle, "json", by=administrator, tables=["scores"])
    Agency.objects.filter(pk=agencies[0].pk).update(kind=Agency.Kind.PROVINCE)
    publish_row(agencies[1], last_year, "365.00", revision=2)
    run(waiting.job_id)
    waiting.refresh_from_db()
    before, after = (
        rows_of(export, "json")
        for export in (waiting, builders.made(cycle, "json", by=administrator, tables=["kpi"]))
    )
    told = ("agency_kind", "weight", "last_score")
    assert [tuple(row[name] for name in told) for row in before[:2]] == [
        ("department", "15", "320.15"),
        ("department", "15", "360.55"),
    ]
    assert [tuple(row[name] for name in told) for row in after[:2]] == [
        ("province", "17.5", "320.15"),
        ("department", "15", "365.00"),
    ]
    assert before[2:] == after[2:]
    # What is frozen is the same order still.
    assert builders.order(cycle, "json", by=administrator, tables=["scores"]) == scores


def test_the_dictionary_says_of_every_column_of_which_day_it_is(cycle, administrator):
    export = builders.made(cycle, "csv", by=administrator, tables=["kpi"])
    words = builders.tables_of("csv", builders.content(export))["dictionary"]
    sources = {row["column"]: row["source"] for row in words if row["table"] == KPI.name}
    frozen = {"agency_code", "year", "revision", "verified_total"}
    assert sources == {name: SHEET if name in frozen else OF_ORDER for name in KPI.names}
