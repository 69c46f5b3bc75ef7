"""The tables as a workbook, as CSV or as JSON Lines, one result after the other. No Django.

Whatever a text begins with, no cell of ours is a formula, a link or an error: a workbook has texts as texts, CSV has
them as `pmqa.cells.safe_cell` writes them, JSON as they are.
"""

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from assessments.workbook.layout import fits
from assessments.workbook.styles import BRAND, ON_BRAND
from assessments.workbook.writing import RISKY_STARTS
from pmqa.cells import exact_number, safe_cell
from results.exporting import packing
from results.exporting.dictionary import (
    ABOUT,
    DICTIONARY,
    DOES_NOT_FIT,
    FIGURES,
    SCORE,
    Column,
    Table,
    described,
)
from results.exporting.rows import Frozen, Row, rows_of

XLSX, CSV, JSON = "xlsx", "csv", "json"
ENDINGS = {XLSX: "xlsx", CSV: "zip", JSON: "zip"}
# The most rows of a sheet of Excel, with its head.
SHEET_ROWS = 1_048_576
_WIDTHS = {
    "agency_name": 34,
    "name": 34,
    "title": 34,
    "text": 80,
    "answer": 80,
    "comment": 80,
    "question": 60,
}
_WIDTH = 16

About = Mapping[str, Any]


def write(
    file: BinaryIO, form: str, tables: Sequence[Table], results: Iterable[Frozen], *, about: About
) -> None:
    """Write the tables of all `results` into `file`. `about` says what the file is: names and texts or numbers."""
    _WRITERS[form](file, tables, results, about)


def plain(value: Any) -> Any:
    """A value as CSV has it: true and false by name, the rest as it is."""
    return ("true" if value else "false") if isinstance(value, bool) else value


# --- workbook -----------------------------------------------------------------------------------


def _write_xlsx(file: BinaryIO, tables: Sequence[Table], results: Iterable[Frozen], about: About) -> None:
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.title = "PMQA 4.0"
    try:
        _fill(book, tables, results, about)
        book.save(file)
    except BaseException:
        # Each sheet holds a file open until it is closed.
        for sheet in book.worksheets:
            sheet.close()
        raise


def _fill(book: Workbook, tables: Sequence[Table], results: Iterable[Frozen], about: About) -> None:
    first = book.create_sheet(ABOUT)
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 24, 90
    for name, value in about.items():
        first.append([name, _as_text(first, value) if isinstance(value, str) else value])
    sheets = [_Sheet(book, table) for table in tables]
    for frozen in results:
        for sheet in sheets:
            sheet.add(rows_of(sheet.table, frozen))
    words = _Sheet(book, DICTIONARY)
    words.add(described((*tables, DICTIONARY)))


class _Sheet:
    """One table; where it is longer than a sheet of Excel it goes on in the next: "คำตอบ", "คำตอบ 2"."""

    def __init__(self, book: Workbook, table: Table):
        self.book, self.table = book, table
        self.number = 0
        self._begin()

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self.row == SHEET_ROWS:
                self._begin()
            self.sheet.append([self._cell(column, row[column.name]) for column in self.table.columns])
            self.row += 1

    def _begin(self) -> None:
        self.number += 1
        title = self.table.th if self.number == 1 else f"{self.table.th} {self.number}"
        self.sheet = self.book.create_sheet(title)
        self.sheet.freeze_panes = "A2"
        for place, column in enumerate(self.table.columns, start=1):
            letter = get_column_letter(place)
            self.sheet.column_dimensions[letter].width = _WIDTHS.get(column.name, _WIDTH)
        self.sheet.append([self._head(column) for column in self.table.columns])
        self.row = 1
        # One object serves its column: each row is written before the next one comes.
        self.scores = {
            column.name: WriteOnlyCell(self.sheet) for column in self.table.columns if column.type == SCORE
        }
        for cell in self.scores.values():
            cell.number_format = "0.00"

    def _head(self, column: Column) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet, value=column.th)
        cell.font = Font(bold=True, color=ON_BRAND)
        cell.fill = PatternFill("solid", start_color=BRAND)
        return cell

    def _cell(self, column: Column, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if column.type not in FIGURES or (number := exact_number(Decimal(value))) is None:
            return _as_text(self.sheet, value)
        if cell := self.scores.get(column.name):
            cell.value = number
            return cell
        return number


def _as_text(sheet: WriteOnlyWorksheet, text: str) -> Any:
    """The text, marked as one where the library or the office program would take it for something else."""
    if not fits(text):
        return DOES_NOT_FIT
    if not text.startswith(RISKY_STARTS) and text not in ERROR_CODES:
        return text
    cell = WriteOnlyCell(sheet)
    cell.value, cell.data_type, cell.quotePrefix = text, "s", True
    return cell


# --- text files in a package --------------------------------------------------------------------


def _write_csv(file: BinaryIO, tables: Sequence[Table], results: Iterable[Frozen], about: About) -> None:
    def line(table: Table, row: Row) -> str:
        return csv_line(safe_cell(plain(row[name])) for name in table.names)

    def head(table: Table) -> str:
        # The byte order mark tells Excel that the file is UTF-8.
        return f"\ufeff{csv_line(table.names)}"

    words = (*tables, DICTIONARY)
    said = "\ufeff" + "".join(csv_line([name, safe_cell(value)]) for name, value in about.items())
    ends = {
        "about.csv": said,
        "dictionary.csv": head(DICTIONARY) + "".join(line(DICTIONARY, row) for row in described(words)),
    }
    _package(file, tables, results, "csv", head, line, ends)


def _write_json(file: BinaryIO, tables: Sequence[Table], results: Iterable[Frozen], about: About) -> None:
    def line(table: Table, row: Row) -> str:
        return json.dumps({name: row[name] for name in table.names}, ensure_ascii=False) + "\n"

    words = described((*tables, DICTIONARY))
    ends = {
        "about.json": json.dumps(about, ensure_ascii=False, indent=1) + "\n",
        "dictionary.json": json.dumps(words, ensure_ascii=False, indent=1) + "\n",
    }
    _package(file, tables, results, "jsonl", lambda table: "", line, ends)


def csv_line(cells: Iterable[Any]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _package(
    file: BinaryIO,
    tables: Sequence[Table],
    results: Iterable[Frozen],
    ending: str,
    head: Callable[[Table], str],
    line: Callable[[Table, Row], str],
    ends: Mapping[str, str],
) -> None:
    """A file for every table, filled side by side in files without a name, then packed."""
    with ExitStack() as opened:
        parts = {table: opened.enter_context(tempfile.TemporaryFile()) for table in tables}
        for table, part in parts.items():
            part.write(head(table).encode())
        for frozen in results:
            for table, part in parts.items():
                part.writelines(_encoded(line(table, row) for row in rows_of(table, frozen)))
        with packing.packing(file, compressed=True) as package:
            for name, text in ends.items():
                packing.add(package, name, io.BytesIO(text.encode()))
            for table, part in parts.items():
                packing.add(package, f"{table.name}.{ending}", part)


def _encoded(lines: Iterable[str]) -> Iterator[bytes]:
    return (line.encode() for line in lines)


_WRITERS = {XLSX: _write_xlsx, CSV: _write_csv, JSON: _write_json}
