"""Cells of a table that a spreadsheet opens. Pure: no Django."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

# Spreadsheets run a cell that begins so as a formula; an apostrophe before it makes it a text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def safe_cell(value: Any) -> str:
    """The value as a spreadsheet must show it: never run. Plain numbers, also negative ones, stay numbers."""
    text = "" if value is None else str(value)
    if text.startswith(_FORMULA) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_table(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """Safe cells as CSV. UTF-8 with a byte order mark, by which Excel knows that it is UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in (head, *rows):
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def typed_cell(text: str) -> str:
    """What somebody meant by a cell: without the apostrophe of `safe_cell` and the space around it."""
    text = text.strip()
    return text[1:].strip() if text.startswith("'") else text


def exact_number(value: Decimal) -> int | float | None:
    """The number of a cell that is exactly `value`; None where a spreadsheet would round it."""
    if Decimal(repr(float(value))) != value:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
