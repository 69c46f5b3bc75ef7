"""How the sheets look: the colours of the product, a Thai font that Thai offices have."""

from enum import Enum

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

# Where it is missing, Excel and LibreOffice take a Thai font of their own.
FONT = "TH Sarabun New"
SIZE, TITLE_SIZE = 14, 18
INK, INK_2, BRAND, ON_BRAND, RULE = "18222E", "47535F", "1F3F77", "FFFFFF", "DBDED8"
PAPER, SHEET, QUIET, BRAND_TINT = "F3F4F1", "FFFFFF", "F8F9F6", "E9EEF6"

TEXT_FORMAT, NUMBER_FORMAT = "@", "General"


class Look(Enum):
    """What a cell is for. Only ANSWER, NUMBER and CHOICE may be filled in."""

    TITLE = "title"
    HEAD = "head"
    BAND = "band"
    GROUP = "group"
    GUIDE = "guide"
    LABEL = "label"
    LOCKED = "locked"
    ANSWER = "answer"
    NUMBER = "number"
    CHOICE = "choice"


_OPEN = (Look.ANSWER, Look.NUMBER, Look.CHOICE)
_FILLS = {
    Look.HEAD: BRAND,
    Look.BAND: BRAND_TINT,
    Look.GROUP: QUIET,
    Look.GUIDE: QUIET,
    Look.LABEL: PAPER,
    Look.LOCKED: PAPER,
    **dict.fromkeys(_OPEN, SHEET),
}


def _style(look: Look) -> NamedStyle:
    side = Side(style="thin", color=RULE)
    one_line = look in (Look.TITLE, Look.BAND, Look.GROUP)
    style = NamedStyle(
        name=f"pmqa {look.value}",
        font=Font(
            name=FONT,
            size=TITLE_SIZE if look is Look.TITLE else SIZE,
            bold=look in (Look.TITLE, Look.HEAD, Look.BAND, Look.GROUP),
            color={Look.HEAD: ON_BRAND, Look.GUIDE: INK_2}.get(look, INK),
        ),
        alignment=Alignment(
            wrap_text=not one_line,
            vertical="center" if look is Look.HEAD else "top",
            horizontal="right" if look is Look.NUMBER else None,
        ),
        protection=Protection(locked=look not in _OPEN),
        number_format=NUMBER_FORMAT if look is Look.NUMBER else TEXT_FORMAT,
    )
    if look in _FILLS:
        style.fill = PatternFill("solid", start_color=_FILLS[look])
        style.border = Border(left=side, right=side, top=side, bottom=side)
    return style


def add_styles(book: Workbook) -> None:
    for look in Look:
        book.add_named_style(_style(look))


def dress(cell: Cell, look: Look) -> None:
    cell.style = f"pmqa {look.value}"
