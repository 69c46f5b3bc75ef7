"""The exports say what the sheet says, carry its edition and policy, and run no formula."""

import csv
import io
import json

import pytest

from assessments.snapshot import digest_of
from criteria.catalogue import part_ids
from pmqa.cells import safe_cell
from results.exporting import own
from results.models import ResultSheet
from results.sheet import build
from tests import factories as base
from tests.results import factories


def rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+CMD", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-", "--1", "-1e5", "+5"]
)
def test_a_cell_never_runs(cell):
    assert safe_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-20.83", "-3", "0", "89.69", "กรม", "a=b", ""])
def test_a_plain_number_or_text_stays(cell):
    assert safe_cell(cell) == cell


def test_nothing_is_an_empty_cell():
    assert safe_cell(None) == ""


def test_the_table_has_every_number_of_the_sheet(db):
    frozen = factories.make_published()
    head, *rows = rows_of(own.scores_csv(frozen))
    assert len(rows) == 1 + 7 + 24 + 6 + 30
    assert {len(row) for row in rows} == {len(head)}
    numbers = {row[7]: (row[9], row[10]) for row in rows}
    scores = frozen.payload["scores"]
    for claimed, verified in zip(
        scores["claimed"]["categories"], scores["verified"]["categories"], strict=True
    ):
        assert numbers[claimed["code"]] == (claimed["score"], verified["score"])
    assert numbers["total"] == (scores["claimed"]["total"], scores["verified"]["total"])
    assert numbers["7.1.1.1"] == ("400", "400")
    assert {tuple(row[4:6]) for row in rows} == {("pmqa40-2565", "pmqa40-2565 v1")}
    assert {row[2] for row in rows} == {"2570"}


def test_what_an_agency_typed_is_never_a_formula(db):
    agency = base.make_agency(name="=HYPERLINK(1) กรมสมมติ")
    cycle = base.make_cycle()
    assessment = base.make_assessment(agency=agency, cycle=cycle)
    base.add_indicator(
        assessment, part_ids(cycle.edition)["7.1.1"], "7.1.1", 1, name="@SUM(A1:A9)", unit="+บาท"
    )
    payload = build(assessment, at=assessment.cycle.closes_at)
    rows = rows_of(own.scores_csv(ResultSheet(payload=payload, revision=1)))
    assert {row[1] for row in rows[1:]} == {"'=HYPERLINK(1) กรมสมมติ"}
    indicator = next(row for row in rows if row[7] == "7.1.1.1")
    assert (indicator[8], indicator[12]) == ("'@SUM(A1:A9)", "'+บาท")


def test_the_document_can_be_checked_against_its_digest(db):
    frozen = factories.make_published()
    document = json.loads(json.dumps(own.result_json(frozen), ensure_ascii=False))
    assert document["digest"] == digest_of(document["sheet"]) == frozen.digest
    assert document["revision"] == 1
