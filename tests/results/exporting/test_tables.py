"""The figures of a result are the same to the last digit wherever they are read, and come from what is frozen alone."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse
from openpyxl import load_workbook

from assessments.models import Answer, Indicator
from pmqa.accounts.models import Agency
from results.exporting import own, writing
from results.exporting.dictionary import (
    ANSWERS,
    COMMENTS,
    DICTIONARY,
    DOES_NOT_FIT,
    KPI,
    OF_SHEET,
    PUBLIC_TABLES,
    TABLES,
    as_markdown,
)
from results.exporting.models import Export
from results.exporting.rows import Frozen, rows_of
from results.models import ResultSheet
from results.payload import parts_of
from reviews.models import Consensus, FeedbackSection
from tests.results import payloads
from tests.results.exporting import builders
from tests.results.factories import make_published

FORMS = ("xlsx", "csv", "json")
# The published case: its categories, claimed and verified, and what they come to.
CLAIMED = ["500.00"] * 6 + ["423.33"]
VERIFIED = ["411.46", "453.13", "434.90", "404.51", "484.38", "449.65", "403.33"]
TOTALS = ("489.05", "434.48")
RISKY = ("=1+1", "+CMD", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")', "#N/A", "-")


def published_case() -> dict:
    """A whole payload with the published figures of category and total."""
    payload = payloads.payload()
    for side, scores, total in (("claimed", CLAIMED, TOTALS[0]), ("verified", VERIFIED, TOTALS[1])):
        payload["scores"][side]["total"] = total
        for category, score in zip(payload["scores"][side]["categories"], scores, strict=True):
            category["score"] = score
    return payload


def written(form: str, *results: Frozen, tables=TABLES) -> bytes:
    file = io.BytesIO()
    writing.write(file, form, tables, results, about={"schema": 1})
    return file.getvalue()


# --- the dictionary -------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_is_described_and_no_other_is_written(table):
    payload = payloads.payload()
    evidence = {
        "number": 1, "version": 1, "kind": "file", "title": "ก", "source_system": "", "reference": "",
        "name": "ก.pdf", "size": 10, "sha256": "0" * 64, "url": "", "effective_on": None, "cited_by": ["1.1.1.1"],
    }  # fmt: skip
    kpi = dict.fromkeys(set(KPI.names) - {"agency_code", "year", "revision"})
    rows = list(rows_of(table, Frozen(payload, 1, "0" * 64, [evidence], kpi)))
    assert rows
    assert {tuple(sorted(row)) for row in rows} == {tuple(sorted(table.names))}


@pytest.mark.parametrize("table", [*TABLES, *PUBLIC_TABLES, DICTIONARY], ids=lambda table: table.name)
def test_no_meaning_is_empty_and_no_head_is_there_twice(table):
    assert all(column.th.strip() and column.en.strip() and column.type for column in table.columns)
    assert len(set(table.names)) == len({column.th for column in table.columns}) == len(table.columns)


@pytest.mark.parametrize("form", FORMS)
def test_each_file_has_its_dictionary(form):
    words = builders.tables_of(form, written(form, tables=(ANSWERS, COMMENTS)))["dictionary"]
    told = [(row["table"], row["column"]) for row in words]
    assert told == [
        (table.name, column.name) for table in (ANSWERS, COMMENTS, DICTIONARY) for column in table.columns
    ]


def test_the_documentation_has_the_dictionary_as_it_is():
    """`python -c "from results.exporting.dictionary import as_markdown; print(as_markdown())"` prints it."""
    text = (settings.BASE_DIR / "docs" / "exports.md").read_text(encoding="utf-8")
    assert text.partition("## The data dictionary\n\n")[2] == as_markdown()


# --- the same figures everywhere ------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_the_published_figures_come_out_to_the_last_digit(form):
    scores = builders.tables_of(form, written(form, Frozen(published_case(), 1, "")))["scores"]
    categories = [row for row in scores if row["kind"] == "category"]
    assert [row["claimed_score"] for row in categories] == CLAIMED
    assert [row["verified_score"] for row in categories] == VERIFIED
    total = scores[0]
    assert (total["kind"], total["claimed_score"], total["verified_score"]) == ("total", *TOTALS)


def test_the_published_figures_stand_on_the_page_of_the_result(db, as_user, cycle, administrator):
    sheet = builders.issue(cycle, payload=published_case())
    page = as_user(administrator).get(reverse("results:result", args=[sheet.assessment_id]))
    text = page.content.decode()
    assert [score for score in (*TOTALS, *VERIFIED, "423.33") if f">{score}<" not in text] == []


@pytest.mark.django_db
def test_a_whole_case_says_the_same_everywhere_and_keeps_saying_it(as_user, administrator):
    """130 parts and 30 indicators: page, the agency's own files, and the three forms of the export."""
    sheet = make_published(by=administrator)
    cycle, pk = sheet.assessment.cycle, sheet.assessment_id
    client = as_user(administrator)

    def everything() -> dict:
        fresh = ResultSheet.objects.get(pk=sheet.pk)
        found = {
            "own": builders.tables_of("xlsx", own.result_xlsx(fresh)),
            "scores.csv": own.scores_csv(fresh),
            "result.json": own.result_json(fresh),
        }
        for form in FORMS:
            ordered = builders.made(cycle, form, by=administrator)
            found[form] = builders.tables_of(form, builders.content(ordered))
        return found

    before = everything()
    assert before["xlsx"] == before["csv"] == before["json"]
    assert before["xlsx"] == before["csv"] == before["json"]
    words = before["own"].pop("dictionary")
    assert before["own"] == {table.name: before["csv"][table.name] for table in OF_SHEET}
    assert {row["table"] for row in words} == {*before["own"], "dictionary"}
    _is_what_was_frozen(before["csv"], sheet)
    texts = {code: _page(client, "results:topic", pk, code) for code in ("1.1", "7.1")}
    result = _page(client, "results:result", pk)
    for row in before["csv"]["scores"]:
        if row["kind"] != "topic":
            assert f">{row['verified_score']}<" in result
    for row in before["csv"]["indicators"]:
        if row["topic"] == "7.1":
            assert row["name"] in texts["7.1"]
            assert row["result_3"] in texts["7.1"]

    Export.objects.all().delete()
    Answer.objects.update(claim="started", values={"economy": "เปลี่ยนแล้ว"})
    Indicator.objects.update(name="เปลี่ยนแล้ว", target=Decimal(1))
    Consensus.objects.update(outcome="fail", comment="เปลี่ยนแล้ว")
    FeedbackSection.objects.update(text="เปลี่ยนแล้ว")
    Agency.objects.update(name="เปลี่ยนแล้ว", name_en="changed")
    after = everything()
    after["own"].pop("dictionary")
    assert after == before
    # Links carry no text of the agency; the name in the head is that of the sheet.
    assert "เปลี่ยนแล้ว" not in _page(client, "results:result", pk)


def _page(client, name: str, *place) -> str:
    return client.get(reverse(name, args=place)).content.decode()


def _is_what_was_frozen(tables: dict, sheet: ResultSheet) -> None:
    payload = sheet.payload
    parts = list(parts_of(payload))
    assert (
        (len(tables["verdicts"]), len(tables["indicators"]))
        == (130, 30)
        == (len(parts), len(payload["indicators"]))
    )
    for row, part in zip(tables["verdicts"], parts, strict=True):
        assert (row["code"], row["claim"], row["outcome"]) == (part["code"], part["claim"], part["outcome"])
    for row, entry in zip(tables["indicators"], payload["indicators"], strict=True):
        figures = [row["target"], row["result_1"], row["result_2"], row["result_3"], row["percent"]]
        assert figures == [entry["target"], *entry["results"], entry["percent"]]
        assert (row["claimed_score"], row["verified_score"]) == (
            str(entry["score"]),
            str(entry["verified_score"]),
        )
    assert [row["comment"] for row in tables["comments"]] == [
        part["comment"] for part in parts if part["comment"]
    ]
    filled = [part for part in parts if any(blank["value"] for blank in part["fields"])]
    assert {row["code"] for row in tables["answers"]} >= {part["code"] for part in filled}


def test_the_evidence_list_is_that_of_the_submission(db, administrator):
    sheet = make_published(by=administrator)
    submission = sheet.assessment.submissions.get()
    entry = {
        "number": 3, "version": 2, "kind": "link", "title": "=ชื่อ", "source_system": "GFMIS", "reference": "9/2569",
        "name": "", "size": None, "sha256": "", "url": "https://e.example/1", "effective_on": "2026-01-05",
        "cited_by": ["1.1.1.1", "1.1.2.1"],
    }  # fmt: skip
    type(submission).objects.filter(pk=submission.pk).update(
        content=submission.content | {"evidence": [entry]}
    )
    ordered = builders.made(sheet.assessment.cycle, "json", by=administrator, tables=["evidence"])
    (row,) = builders.tables_of("json", builders.content(ordered))["evidence"]
    assert (row["number"], row["title"], row["cited_by"]) == ("3", "=ชื่อ", "1.1.1.1 1.1.2.1")
    assert (row["size"], row["effective_on"]) == ("", "2026-01-05")


# --- never a formula, nothing cut in silence ------------------------------------------------------


def risky_payload(text: str) -> dict:
    payload = payloads.payload()
    payload["agency"]["name"] = text
    part = next(iter(parts_of(payload)))
    part["fields"][0]["value"] = part["comment"] = text
    payload["indicators"][0] |= {"name": text, "unit": text}
    return payload


@pytest.mark.parametrize("text", RISKY)
def test_a_workbook_holds_what_was_typed_as_a_text(text):
    data = written("xlsx", Frozen(risky_payload(text), 1, ""))
    book = load_workbook(io.BytesIO(data))
    marked = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(marked) == 5
    assert {(cell.data_type, cell.quotePrefix, cell.hyperlink) for cell in marked} == {("s", True, None)}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert not [name for name in names if "external" in name.lower() or "hyperlink" in name.lower()]
        sheets = b"".join(package.read(name) for name in names if name.startswith("xl/worksheets/"))
    assert b"<f>" not in sheets


@pytest.mark.parametrize("text", [text for text in RISKY if text != "#N/A"])
def test_a_csv_holds_it_behind_an_apostrophe(text):
    tables = builders.tables_of("csv", written("csv", Frozen(risky_payload(text), 1, "")))
    assert tables["comments"][0]["comment"] == tables["indicators"][0]["name"] == f"'{text}"


def test_a_text_that_no_cell_holds_is_named_and_whole_elsewhere():
    long = "ก" * 40_000
    payload = risky_payload(long)
    assert builders.tables_of("xlsx", written("xlsx", Frozen(payload, 1, "")))["comments"][0]["comment"] == (
        DOES_NOT_FIT
    )
    assert builders.tables_of("csv", written("csv", Frozen(payload, 1, "")))["comments"][0]["comment"] == long


def test_a_figure_that_a_spreadsheet_would_round_stays_a_text():
    payload = payloads.payload()
    payload["indicators"][0]["target"] = "12345678901234567.89"
    tables = builders.tables_of("xlsx", written("xlsx", Frozen(payload, 1, "")))
    assert tables["indicators"][0]["target"] == "12345678901234567.89"


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(writing, "SHEET_ROWS", 100)
    frozen = Frozen(payloads.payload(), 1, "")
    book = load_workbook(io.BytesIO(written("xlsx", frozen, tables=(ANSWERS,))), read_only=True)
    rows = [
        row
        for name in book.sheetnames
        if name.startswith(ANSWERS.th)
        for row in book[name].iter_rows(min_row=2)
    ]
    assert len([name for name in book.sheetnames if name.startswith(ANSWERS.th)]) == 4
    assert [row[-1].value for row in rows] == [row["answer"] for row in rows_of(ANSWERS, frozen)]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_same_results_are_the_same_bytes(form):
    frozen = Frozen(payloads.payload(), 1, "")
    assert written(form, frozen) == written(form, frozen)


def test_a_partial_sheet_leaves_out_what_it_does_not_hold():
    tables = builders.tables_of("json", written("json", Frozen(payloads.partial_payload(), 1, "")))
    (indicator,) = tables["indicators"]
    assert [indicator[f"result_{number}"] for number in (1, 2, 3)] == ["", "", "89.69"]
    assert (tables["feedback"], tables["agencies"][0]["submission_number"]) == ([], "")
