"""A PDF as text, read by Poppler's pdftotext: another process, which gets little time and memory.

Its layout keeps the columns of the form apart by spaces; `as_rows` gives them back the tabs that the reader knows.
"""

import re
import tempfile
import unicodedata
from typing import IO

from assessments.files import poppler
from assessments.files.packages import Unfit
from assessments.files.poppler import Unreadable
from assessments.importing.rows import CONTINUES, begins_list_item

SIGNATURE = b"%PDF-"
# A full print has some sixty pages and takes a tenth of a second and thirty megabytes.
_SECONDS, _MEMORY = 10, 512 * 1024 * 1024
MAX_PAGES = 400

_COLUMNS = "ยังไม่ได้ดำเนินการ\tอยู่ระหว่างเริ่มดำเนินการ\tหัวข้อ"
_HEADS = re.compile(r"\s*ยังไม่ได้(?:ดำเนินการ)?\s+อยู่ระหว่าง(?:เริ่ม)?(?:ดำเนินการ)?(?:\s+หัวข้อ)?\s*")
_PIECES_OF_HEADS = re.compile(r"(?:\s*(?:ยังไม่ได้|อยู่ระหว่าง|เริ่ม|ดำเนิน|การ|หัวข้อ))+\s*")
_GAP = re.compile(r" {3,}")
# Answers stand in the third column of the form, hence behind two empty cells.
_ANSWER = "\t\t"
_BEGINS = re.compile(r"[\[☐☑□✓✔<.…●○]|(?:ไม่)?ผ่าน(?:\s|$)")
# A line breaks at the last word that fits, so it is seldom quite full.
_FULL = 0.8
_INDENT = re.compile(r"^ {2,}(?=\S)")


def layout_of(file: IO[bytes]) -> str:
    """The text layer, with its columns kept apart by spaces. Raises Unfit: encrypted_pdf, damaged_pdf, heavy_pdf."""
    file.seek(0)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
        while piece := file.read(1024 * 1024):
            copy.write(piece)
        copy.flush()
        last = str(MAX_PAGES + 1)
        command = ("pdftotext", "-layout", "-enc", "UTF-8", "-l", last, copy.name, "-")
        try:
            text = poppler.run(*command, seconds=_SECONDS, memory=_MEMORY).decode("utf-8", errors="replace")
        except Unreadable as fault:
            raise Unfit("heavy_pdf" if fault.code == "busy" else f"{fault.code}_pdf") from fault
    if text.count("\f") > MAX_PAGES:
        raise Unfit("heavy_pdf")
    return text


def as_rows(text: str) -> str:
    """Lines of a layout with the gaps between their columns as tabs; as many lines as before.

    A line behind one that reaches the margin goes on with it, unless it begins a list, an answer or a mark.
    """
    rows = [_row(line) for line in _with_whole_heads(text.split("\n"))]
    widths = [_width(row) if row.startswith(_ANSWER) else 0 for row in rows]
    filled = sorted(width for width in widths if width)
    margin = filled[len(filled) * 9 // 10] if filled else 0
    for index in range(1, len(rows)):
        answer = rows[index].removeprefix(_ANSWER)
        is_full = widths[index - 1] > _FULL * margin
        if widths[index] and is_full and not begins_list_item(answer) and not _BEGINS.match(answer):
            rows[index] = f"{_ANSWER}{CONTINUES}{answer}"
    return "\n".join(rows)


def _with_whole_heads(lines: list[str]) -> list[str]:
    """The heads of the three columns in one line each time; narrow columns break them over several."""
    whole = list(lines)
    for index, line in enumerate(lines):
        if _HEADS.fullmatch(line) and whole[index]:
            whole[index] = ("\f" if line.startswith("\f") else "") + _COLUMNS
            for below in range(index + 1, min(index + 5, len(lines))):
                if not _PIECES_OF_HEADS.fullmatch(lines[below]):
                    break
                whole[below] = ""
    return whole


def _width(row: str) -> int:
    """Signs side by side; what stands above or below another takes no room."""
    return sum(unicodedata.category(sign) != "Mn" for sign in row)


def _row(line: str) -> str:
    page = "\f" if line.startswith("\f") else ""
    line = line.lstrip("\f")
    if _INDENT.match(line):
        return f"{page}{_ANSWER}" + _GAP.sub("\t", line.strip())
    return page + _GAP.sub("\t", line.rstrip())
