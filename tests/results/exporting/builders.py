"""Published results without the road that leads there: a row with an invented payload. And files read back."""

import csv
import io
import json
import zipfile
from typing import Any

from django.core.files.storage import default_storage
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import Cycle, Status
from assessments.snapshot import digest_of
from pmqa.accounts.models import Agency, User
from pmqa.jobs.models import Job
from pmqa.jobs.services import run
from results.exporting import ordering
from results.exporting.dictionary import DICTIONARY, TABLES, Table
from results.exporting.models import Export
from results.models import Report, ResultSheet
from tests import factories
from tests.results import payloads

# Each go prints one report at least.
GOES = 8
ALL = [table.name for table in TABLES]


def issue(
    cycle: Cycle, *, agency: Agency | None = None, payload: dict | None = None, **kept: Any
) -> ResultSheet:
    """A published result of this payload under the agency's own name, its report not printed."""
    agency = agency or factories.make_agency()
    assessment = factories.make_assessment(agency=agency, cycle=cycle)
    type(assessment).objects.filter(pk=assessment.pk).update(status=Status.REPORT_ISSUED)
    payload = payload or payloads.partial_payload()
    payload["agency"] |= {"code": agency.code, "name": agency.name, "ministry": agency.ministry.name}
    payload["cycle"] = {"year": cycle.year, "name": cycle.name}
    return freeze(assessment, payload, **kept)


def freeze(assessment, payload: dict, *, revision: int = 1) -> ResultSheet:
    sheet = ResultSheet.objects.create(
        assessment=assessment,
        revision=revision,
        policy_name=payload["policy"]["name"],
        policy_version=payload["policy"]["version"],
        claimed_total=payload["scores"]["claimed"]["total"],
        verified_total=payload["scores"]["verified"]["total"],
        payload=payload,
        digest=digest_of(payload),
        created_at=timezone.now(),
    )
    Report.objects.create(sheet=sheet, kind=Report.Kind.FEEDBACK)
    return sheet


def order(cycle: Cycle, form: str, *, by: User, tables: list[str] = ALL) -> Export:
    kind = Export.Kind.REPORTS if form == "zip" else Export.Kind.TABLES
    return ordering.order(cycle, kind=kind, form=form, tables=tables, by=by)


def made(cycle: Cycle, form: str, *, by: User, tables: list[str] = ALL) -> Export:
    """Ordered, and made as the worker does it: where the machine is slow, a print takes more than one go."""
    ordered = order(cycle, form, by=by, tables=tables)
    for _go in range(GOES):
        run(ordered.job_id)
        export = Export.objects.select_related("job").get(pk=ordered.pk)
        if export.job.status != Job.Status.QUEUED:
            break
    return export


def content(export: Export) -> bytes:
    with default_storage.open(export.file.name) as file:
        return file.read()


# --- files read back: table -> rows by the names of the dictionary, all values as texts ------------


def tables_of(form: str, data: bytes) -> dict[str, list[dict[str, str]]]:
    return {"xlsx": _of_xlsx, "csv": _of_csv, "json": _of_json}[form](data)


def _of_xlsx(data: bytes) -> dict[str, list[dict[str, str]]]:
    book = load_workbook(io.BytesIO(data), read_only=True)
    found = {}
    for table in (*TABLES, DICTIONARY):
        if table.th in book.sheetnames:
            head, *rows = book[table.th].iter_rows()
            assert [cell.value for cell in head] == [column.th for column in table.columns]
            # Of a row the library gives no empty cells at its end.
            found[table.name] = [
                dict.fromkeys(table.names, "")
                | dict(zip(table.names, (_shown(cell) for cell in row), strict=False))
                for row in rows
            ]
    return found


def _shown(cell) -> str:
    """What Excel shows of a cell, before any rounding that is not in the file."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, bool):
        return "true" if cell.value else "false"
    if cell.number_format == "0.00":
        assert float(f"{cell.value:.2f}") == cell.value
        return f"{cell.value:.2f}"
    return str(cell.value)


def _of_csv(data: bytes) -> dict[str, list[dict[str, str]]]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for table in (*TABLES, DICTIONARY):
            if f"{table.name}.csv" in package.namelist():
                text = package.read(f"{table.name}.csv").decode("utf-8-sig")
                head, *rows = csv.reader(io.StringIO(text, newline=""))
                assert tuple(head) == table.names
                found[table.name] = [_named(table, row) for row in rows]
    return found


def _of_json(data: bytes) -> dict[str, list[dict[str, str]]]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for table in TABLES:
            if f"{table.name}.jsonl" in package.namelist():
                lines = package.read(f"{table.name}.jsonl").decode().splitlines()
                found[table.name] = [_texts(json.loads(line)) for line in lines]
        found["dictionary"] = [_texts(row) for row in json.loads(package.read("dictionary.json"))]
    return found


def _named(table: Table, values: list[str]) -> dict[str, str]:
    return dict(zip(table.names, values, strict=True))


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
