"""Reading a workbook that came back: texts by row and column, no more. Pure: no Django.

Formulas are never evaluated: a cell that holds one is reported as such, whatever value the file says it had.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from assessments.files.packages import DAMAGED, Unfit
from assessments.workbook.formulas import plain_copy
from assessments.workbook.layout import CELL_LIMIT, IDENTITY, MARK, SCHEMA
from pmqa.numbers import whole

# Our longest sheet has about 300 rows; what stands further down is not ours.
MAX_ROWS, MAX_COLUMNS = 5_000, 40
FORMULA, ERROR, TOO_LONG = "formula", "error", "too_long"
# Excel's own word for a carriage return inside a text.
_CARRIAGE_RETURN = "_x000D_"
# What a file that is a zip of XML, but no workbook, makes the library raise.
_UNREADABLE = (
    *DAMAGED,
    ParseError,
    InvalidFileException,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
)


@dataclass(frozen=True)
class Row:
    """One row with a key. `texts` by name of column; `faults` says of which columns there is no text, and why."""

    key: str
    version: int | None
    fingerprint: str
    texts: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contents:
    """Everything that a workbook says, in JSON-able form."""

    identity: dict[str, str]
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Contents":
        return cls(stored["identity"], tuple(Row(**row) for row in stored["rows"]))


def read(file: IO[bytes]) -> Contents:
    """The workbook in `file`, which `guarding.examine` has let pass. Raises Unfit."""
    try:
        book = load_workbook(plain_copy(file), read_only=True, data_only=False, keep_links=False)
        try:
            contents = _read_sheets(book.worksheets)
        finally:
            book.close()
    except _UNREADABLE as error:
        raise Unfit("damaged") from error
    if not contents.identity or not contents.rows:
        raise Unfit("foreign")
    if contents.identity.get("schema") != SCHEMA:
        raise Unfit("other_schema")
    return contents


def _read_sheets(sheets: Iterable[Any]) -> Contents:
    identity: dict[str, str] = {}
    rows: dict[str, Row] = {}
    for sheet in sheets:
        columns: dict[str, int] = {}
        # Only where there are dimensions does the library look at cells before it is asked for them.
        for cells in sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS):
            if not columns:
                marks = _marks(cells)
                if "key" in marks:
                    columns = marks
                    continue
                identity |= _identity(cells, marks)
                continue
            row = _row(cells, columns)
            if row is None:
                continue
            if row.key in rows and rows[row.key] != row:
                raise Unfit("twice", key=row.key.split("|")[0])
            rows[row.key] = row
    return Contents(identity, tuple(rows.values()))


def _marks(cells: Iterable[Any]) -> dict[str, int]:
    """The names that stand in a row, each with its place."""
    found = {}
    for place, cell in enumerate(cells):
        if cell.data_type == "s" and isinstance(cell.value, str) and cell.value.startswith(MARK):
            found[cell.value.removeprefix(MARK)] = place
    return found


def _identity(cells: Any, marks: dict[str, int]) -> dict[str, str]:
    return {
        name: cell_text(cells[place + 1])[0]
        for name, place in marks.items()
        if name in IDENTITY and place + 1 < len(cells)
    }


def _row(cells: Any, columns: dict[str, int]) -> Row | None:
    """None for a row without a key: a heading, or somebody's own notes."""
    texts: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name, place in columns.items():
        text, fault = cell_text(cells[place]) if place < len(cells) else ("", "")
        if fault:
            faults[name] = fault
        else:
            texts[name] = text
    key = texts.pop("key", "").strip()
    version, mark = texts.pop("version", ""), texts.pop("fingerprint", "")
    if not key:
        return None
    return Row(key, whole(version), mark, texts, faults)


def cell_text(cell: Any) -> tuple[str, str]:
    """What somebody sees in a cell as a text, or else why there is none: "formula", "error" or "too_long"."""
    value, kind = cell.value, cell.data_type
    if kind == "f":
        return "", FORMULA
    if kind == "e":
        return "", ERROR
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, int | float):
        return _number_text(value, cell.number_format), ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes"), ""
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return str(value), ""
    if len(value) > CELL_LIMIT:
        return "", TOO_LONG
    return value.replace(_CARRIAGE_RETURN, "\r"), ""


def _number_text(value: int | float, number_format: str) -> str:
    """The shortest digits that mean this number; 0.5 that is shown as 50% is "50%"."""
    number = Decimal(repr(value))
    if not number.is_finite():
        return str(value)
    is_percent = "%" in number_format
    text = f"{(number * 100 if is_percent else number).normalize():f}"
    return f"{text}%" if is_percent else text
