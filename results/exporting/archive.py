"""All Feedback Reports of a cycle in one package: the same sheets give the same bytes.

`2569/DEMO-004-r1.pdf` is the report of agency DEMO-004, first edition of its result. `index.csv` and `manifest.json`
say of each file which sheet it was printed from, and its SHA-256.
"""

import io
import json
import time
from collections.abc import Sequence
from typing import BinaryIO

from django.db.models import Prefetch
from django.db.models.fields.json import KT

from pmqa.cells import safe_cell
from pmqa.files import is_there
from pmqa.jobs.services import Progress, Unfinished
from results.documents.making import render_report
from results.exporting import packing
from results.exporting.writing import csv_line
from results.models import Report, ResultSheet

SCHEMA = 1
# Seconds of printing after which other jobs take their turn: one report takes a few.
SLICE = 60

INDEX_COLUMNS = ("file", "agency_code", "agency_name", "year", "revision", "size", "sha256", "sheet_digest")


def print_missing(sheets: Sequence[int], *, progress: Progress) -> None:
    """Print the reports that are not there yet. What is there stays as it is, whoever had it printed.

    Raises Unfinished after SLICE seconds: what was printed by then need not be printed again.
    """
    missing = [report for report in _reports(sheets) if not is_there(report.file)]
    start, stored = time.monotonic(), len(sheets) - len(missing)
    for done, report in enumerate(missing, start=stored):
        progress(done, _steps(sheets))
        render_report(report)
        if time.monotonic() - start > SLICE and report is not missing[-1]:
            raise Unfinished


def pack(file: BinaryIO, sheets: Sequence[int], *, progress: Progress) -> None:
    """Write the package; one report is read at a time."""
    reports = _reports(sheets)
    entries = [_entry(report) for report in reports]
    index = csv_line(INDEX_COLUMNS) + "".join(
        csv_line(safe_cell(entry[name]) for name in INDEX_COLUMNS) for entry in entries
    )
    manifest = {"schema": SCHEMA, "reports": entries}
    with packing.packing(file, compressed=False) as package:
        packing.add(package, "index.csv", io.BytesIO(f"\ufeff{index}".encode()))
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        packing.add(package, "manifest.json", io.BytesIO(f"{text}\n".encode()))
        for done, (report, entry) in enumerate(zip(reports, entries, strict=True), start=len(sheets)):
            progress(done, _steps(sheets))
            with report.file.open("rb") as content:
                packing.add(package, entry["file"], content)
    progress(_steps(sheets), _steps(sheets))


def _steps(sheets: Sequence[int]) -> int:
    """Each report is printed, and packed."""
    return 2 * len(sheets)


def _reports(sheets: Sequence[int]) -> list[Report]:
    """In the order of the sheets, which is that of the agencies' codes; of the payload only the names that it froze."""
    frozen = (
        ResultSheet.objects.filter(pk__in=sheets)
        .defer("payload")
        .annotate(
            agency_code=KT("payload__agency__code"),
            agency_name=KT("payload__agency__name"),
            year=KT("payload__cycle__year"),
        )
    )
    rows = Report.objects.filter(sheet__in=sheets, kind=Report.Kind.FEEDBACK)
    found = {row.sheet_id: row for row in rows.prefetch_related(Prefetch("sheet", frozen))}
    return [found[pk] for pk in sheets]


def _entry(report: Report) -> dict:
    sheet = report.sheet
    return {
        "file": f"{sheet.year}/{sheet.agency_code}-r{sheet.revision}.pdf",
        "agency_code": sheet.agency_code,
        "agency_name": sheet.agency_name,
        "year": int(sheet.year),
        "revision": sheet.revision,
        "size": report.file.size,
        "sha256": report.sha256,
        "sheet_digest": sheet.digest,
    }
