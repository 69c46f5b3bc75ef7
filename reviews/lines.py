"""Teams as a table: a line for each person of a case, as it is uploaded, proposed, edited and downloaded. No database.

Columns: code of the agency, e-mail, role, categories. No category named means all of them.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pmqa.cells import safe_cell, typed_cell

REVIEWER, LEAD, MARKING_LEAD = "reviewer", "lead", "marking_lead"
# The file is Thai whatever the language of the page, so that it can be read back by anybody.
ROLE_WORDS = {REVIEWER: "ผู้ตรวจ", LEAD: "หัวหน้าทีม", MARKING_LEAD: "หัวหน้าทีมที่ลงผล"}
HEADER = ("รหัสหน่วยงาน", "อีเมล", "บทบาท", "หมวด")
ALL = "ทุกหมวด"
MAX_LINES = 5000
MAX_BYTES = 1_000_000

_ROLES = {word: role for role, word in ROLE_WORDS.items()} | {role: role for role in ROLE_WORDS}
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_SEPARATORS = str.maketrans(dict.fromkeys(",;/.+|", " "))


class Unreadable(Exception):
    """Not a table of lines at all; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a case. `role` is "" where the word is unknown; `number` is that of the line in the file."""

    number: int
    agency: str
    email: str
    role: str
    categories: tuple[str, ...]
    role_word: str = ""


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8, else the code page in which Thai Excel saves CSV."""
    if len(content) > MAX_BYTES:
        raise Unreadable(_("ไฟล์ใหญ่เกิน 1 MB ตรวจว่าเลือกไฟล์ถูกต้อง"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp874")
        except UnicodeDecodeError as error:
            raise Unreadable(_("อ่านไฟล์ไม่ได้ บันทึกเป็น CSV UTF-8 แล้วเลือกไฟล์อีกครั้ง")) from error


def parse(text: str) -> list[Line]:
    """The lines of a table with commas, semicolons or tabs; empty lines and the header are passed over."""
    if "\0" in text:
        raise Unreadable(_("อ่านไฟล์ไม่ได้ บันทึกเป็น CSV UTF-8 แล้วเลือกไฟล์อีกครั้ง"))
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    lines = []
    try:
        for row in reader:
            cells = [typed_cell(cell) for cell in row]
            if not any(cells) or cells[0] == HEADER[0]:
                continue
            lines.append(_line(reader.line_num, cells))
            if len(lines) > MAX_LINES:
                raise Unreadable(_("รายการเกิน %(n)d บรรทัด แบ่งเป็นหลายไฟล์") % {"n": MAX_LINES})
    except csv.Error as error:
        raise Unreadable(_("อ่านไฟล์ไม่ได้ บันทึกเป็น CSV UTF-8 แล้วเลือกไฟล์อีกครั้ง")) from error
    return lines


def _line(number: int, cells: list[str]) -> Line:
    agency, email, role, categories = (*cells, "", "", "", "")[:4]
    return Line(
        number=number,
        agency=agency,
        email=email.lower(),
        role=_ROLES.get(role, ""),
        categories=_categories(categories),
        role_word=role,
    )


def _categories(text: str) -> tuple[str, ...]:
    if text in ("", ALL):
        return ()
    return tuple(dict.fromkeys(text.translate(_DIGITS).translate(_SEPARATORS).split()))


def written(lines: Iterable[Line], *, with_header: bool = True) -> str:
    """The lines as a table that `parse` reads back and a spreadsheet opens without running anything."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if with_header:
        writer.writerow(HEADER)
    for line in lines:
        cells = (
            line.agency,
            line.email,
            ROLE_WORDS.get(line.role, line.role_word),
            " ".join(line.categories),
        )
        writer.writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
