"""What the rows of a workbook say of a part or an indicator, cell by cell, and what of it is of no use."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.forms.indicators import NUMBERS
from assessments.services.indicators import FIGURES
from assessments.workbook import words
from assessments.workbook.layout import CLAIM, Cells, names_in
from assessments.workbook.reading import ERROR, FORMULA, TOO_LONG, Row
from criteria.structure import Part
from pmqa.text import normalise

_CLAIM_CODES = {label: code for code, label in words.CLAIMS.items()}
_DIRECTION_CODES = {label: code for code, label in words.DIRECTIONS.items()}


def cells_in(
    part: Part, rows: list[tuple[list[str], Row]], *, has_claim: bool
) -> tuple[Cells, dict[str, str]]:
    """What the workbook says of a part by cell, empty cells included, and where it says nothing usable."""
    cells: Cells = {}
    faults: dict[str, str] = {}
    for rest, row in rows:
        for column, name in enumerate(names_in(part, rest) if rest else ()):
            if name is None:
                continue
            if f"answer.{column}" in row.faults:
                faults[name] = _cell_fault(row.faults[f"answer.{column}"])
            elif f"answer.{column}" in row.texts:
                cells[name] = normalise(row.texts[f"answer.{column}"])
        if has_claim and _is_first(part, rest):
            if CLAIM in row.faults:
                faults[CLAIM] = _cell_fault(row.faults[CLAIM])
            elif CLAIM in row.texts:
                typed = row.texts[CLAIM].strip()
                cells[CLAIM] = _CLAIM_CODES.get(typed, typed)
    return cells, faults


def _is_first(part: Part, rest: list[str]) -> bool:
    """Whether this is the row of a part that has its status."""
    first = part.fields[0].key
    return rest in ([""], [first], [first, "0"])


def figures_in(row: Row) -> tuple[Cells, dict[str, str]]:
    cells = {name: normalise(row.texts[name]) for name in FIGURES if name in row.texts}
    cells |= {name: cells[name].strip() for name in (*NUMBERS, "direction") if name in cells}
    if "direction" in cells:
        cells["direction"] = _DIRECTION_CODES.get(cells["direction"], cells["direction"])
    return cells, {name: _cell_fault(code) for name, code in row.faults.items() if name in FIGURES}


def is_empty(figures: Cells) -> bool:
    """Nothing is said of an indicator; a direction alone says nothing."""
    return not any(text.strip() for name, text in figures.items() if name != "direction")


def _cell_fault(code: str) -> str:
    return {
        FORMULA: _("ช่องนี้เป็นสูตร จึงไม่นำเข้า วางเฉพาะค่าแล้วนำเข้าอีกครั้ง"),
        ERROR: _("ช่องนี้มีค่าผิดพลาดของ Excel แก้ไขแล้วนำเข้าอีกครั้ง"),
        TOO_LONG: _("ข้อความยาวเกินช่องของ Excel ตัดให้สั้นลงแล้วนำเข้าอีกครั้ง"),
    }[code]


def form_data(part: Part, cells: Cells) -> dict[str, Any]:
    """The cells as the page would post them; a blank of which the workbook has no cell is not mentioned."""
    data: dict[str, Any] = {name: text for name, text in cells.items() if name == CLAIM or "." in name}
    for blank in part.fields:
        if blank.kind == "list":
            entries = sorted(
                (int(name.rpartition(".")[2]), name) for name in cells if name.startswith(f"{blank.key}.")
            )
            if entries:
                data[blank.key] = [cells[name] for _number, name in entries]
        elif blank.key in cells:
            data[blank.key] = cells[blank.key]
    return data
