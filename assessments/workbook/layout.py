"""Which cell of a workbook is which blank of an assessment. Pure: no Django, no file.

A row carries a key that stays the same whoever moves or sorts it: `1.1.1.1|economy`, `OP1.mission|mission|2` (entry of
a list or row of a table), `indicator|12|7.1.1`, `new|7.1.1|1`. A cell is named as its input on the page is:
`economy`, `mission.2`, `suppliers.0.1`, and `claim`; in the indicators as the figure.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from criteria.fields import MAX_ROWS, plain_number
from criteria.structure import Edition, Field, Part, Topic
from pmqa.text import normalise

# Of the way in which cells are found; a workbook of another number is refused.
SCHEMA = "1"
# Before every name that the reader looks for, so that no text of a person is taken for one.
MARK = "pmqa:"
IDENTITY = ("schema", "assessment", "edition", "exported_at", "digest", "agency", "cycle")
INDICATOR, NEW = "indicator", "new"
CLAIM = "claim"

# Empty rows below the entries of a list or a table.
SPARE_ROWS = 5
# What one cell of Excel can hold, in UTF-16 units; a longer text would be cut.
CELL_LIMIT = 32_767
# Written as such these would come back as another character: Excel's own escapes.
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_|x005F_")

Cells = dict[str, str]


@dataclass(frozen=True)
class StoredPart:
    """What is stored for a part."""

    version: int = 0
    claim: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredIndicator:
    """What is stored for an indicator; `code` is shown, `figures` are texts, numbers, or None."""

    id: int
    code: str
    version: int
    figures: Mapping[str, str | Decimal | None]


@dataclass(frozen=True)
class Source:
    """Everything that a workbook is made of. `identity` is read back by name."""

    edition: Edition
    identity: Mapping[str, str]
    heading: tuple[tuple[str, str], ...]
    years: tuple[int, int, int]
    parts: Mapping[str, StoredPart]
    indicators: Mapping[str, list[StoredIndicator]]


def fits(text: str) -> bool:
    """Whether a cell gives the text back as it is; what does not fit is edited on the page."""
    return len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT and not _ESCAPE.search(text)


# --- the blanks of a part -----------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One row of a part in the workbook: `cells` are the names of its cells by column, None where nothing is filled in.

    A blank that does not fit has one line without cells: it stays out of the file as a whole, lest an entry that is
    missing there were taken for a deleted one.
    """

    field: Field
    row: int | None
    cells: tuple[str | None, ...]
    texts: tuple[str, ...]

    @property
    def is_left_out(self) -> bool:
        return not self.cells


def lines_of(part: Part, values: Mapping[str, Any]) -> Iterator[Line]:
    """The rows of a part, in form order: a blank, an entry or a row of a table each."""
    for blank in part.fields:
        rows = _rows(blank, values.get(blank.key))
        if not all(fits(text) for row in rows for text in row):
            yield Line(blank, None, (), ())
            continue
        is_single = blank.kind not in ("list", "table")
        for number, row in enumerate(rows):
            place = None if is_single else number
            yield Line(blank, place, _names(blank, place), tuple(row))


def _rows(blank: Field, value: Any) -> list[list[str]]:
    """The texts of a blank, with empty rows to go on in."""
    if blank.kind not in ("list", "table"):
        return [[value or ""]]
    rows = [[entry] if isinstance(entry, str) else list(entry) for entry in value or ()]
    width = len(blank.columns) or 1
    if blank.rows:
        typed = {row[0]: row for row in rows}
        return [typed.get(name, [name, *[""] * (width - 1)]) for name in blank.rows]
    return rows + [[""] * width for _ in range(min(SPARE_ROWS, MAX_ROWS - len(rows)))]


def _names(blank: Field, row: int | None) -> tuple[str | None, ...]:
    """The cells of a row by column; the first column of prescribed rows is the form's."""
    if row is None:
        return (blank.key,)
    if blank.kind == "list":
        return (f"{blank.key}.{row}",)
    return tuple(
        None if blank.rows and column == 0 else f"{blank.key}.{row}.{column}"
        for column in range(len(blank.columns))
    )


def cells_of(part: Part, stored: StoredPart) -> Cells:
    """What stands in the cells of a part, without the empty ones and those whose text does not fit."""
    cells = {CLAIM: stored.claim} if stored.claim else {}
    for line in lines_of(part, stored.values):
        cells |= {
            name: text for name, text in zip(line.cells, line.texts, strict=True) if name and text.strip()
        }
    return cells


def row_key(part: Part, line: Line) -> str:
    """A blank that is left out has no key but that of its part, for the status beside it."""
    if line.is_left_out:
        return f"{part.code}|"
    return "|".join([part.code, line.field.key, *([] if line.row is None else [str(line.row)])])


def names_in(part: Part, key: Sequence[str]) -> tuple[str | None, ...]:
    """The cells of a row that was read, by column; `key` is what follows the part's code. Empty for a strange one."""
    blank = next((blank for blank in part.fields if blank.key == key[0]), None)
    is_single = len(key) == 1
    if blank is None or is_single == (blank.kind in ("list", "table")):
        return ()
    if is_single:
        return _names(blank, None)
    row = key[1] if len(key) == 2 and re.fullmatch(r"\d{1,3}", key[1], re.ASCII) else ""
    return _names(blank, int(row)) if row else ()


def fingerprint(cells: Mapping[str, str]) -> str:
    """Tells whether cells were changed; empty cells do not count, nor do code orders that look alike."""
    filled = {name: normalise(text) for name, text in cells.items() if text.strip()}
    canonical = json.dumps(filled, ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(canonical).hexdigest()[:16]


# --- the indicators -----------------------------------------------------------------------------


def figure_cells(figures: Mapping[str, str | Decimal | None]) -> Cells:
    return {
        name: plain_number(value) if isinstance(value, Decimal) else value or ""
        for name, value in figures.items()
    }


def spare_indicators(topic: Topic, group: Part, present: Mapping[str, int]) -> int:
    """How many more indicators the rules of Form 4 leave room for in a group."""
    room = group.max_answers - present.get(group.code, 0)
    if topic.answers_required is not None:
        room = min(room, topic.answers_required - sum(present.get(part.code, 0) for part in topic.parts))
    return max(room, 0)
