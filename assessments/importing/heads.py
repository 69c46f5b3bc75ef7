"""What both forms print around the answers: form heads, repeated page heads, page numbers."""

import re
from collections.abc import Mapping
from datetime import date

from assessments.importing.likeness import arabic, likeness, skeleton
from assessments.importing.rows import Row
from pmqa.thai import BUDDHIST_ERA_OFFSET, month_names

_FORM = re.compile(r"^\s*แบบฟอร์มที่\s*([34])(?![0-9.])")
_APPLICANT = re.compile(r"^\s*(?:ชื่อ)?ผู้สมัคร(?:ขอรับ)?(?:รางวัล)?\s*[:：]\s*(.*)$")
_PRINTED = re.compile(r"^\s*พิมพ์\s*เมื่อ(?:วันที่)?\s*[:：]?\s*(.*)$")
_PAGE = re.compile(
    r"^\s*(?:หน้า(?:ที่)?\s*\d{1,4}(?:\s*(?:/|จาก)\s*\d{1,4})?|page\s*\d{1,4}(?:\s*of\s*\d{1,4})?|-\s*\d{1,4}\s*-)\s*$",
    re.IGNORECASE,
)
_CATEGORY = re.compile(r"^\s*หมวด(?:ที่)?\s*([1-7])\s*(.*)$")
_DAY = re.compile(r"(\d{1,2})\s*([ก-๙.]+)\s*(?:พ\.ศ\.\s*)?(\d{4}|\d{2})\b")
_NUMERIC_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\b")

# What converters of tables leave between the rows of a table.
_RULE = re.compile(r"[\s|:+=_-]*[-=_]{2,}[\s|:+=_-]*")

_LINES = tuple(
    skeleton(text)
    for text in (
        "ระดับการพัฒนาองค์การสู่การเป็นระบบราชการ 4.0",
        "แบบประเมินสถานะการเป็นระบบราชการ 4.0 ด้วยตนเอง",
        "ยังไม่ได้ดำเนินการ อยู่ระหว่างเริ่มดำเนินการ หัวข้อ",
    )
)
_CELLS = frozenset(skeleton(text) for text in ("ยังไม่ได้ดำเนินการ", "อยู่ระหว่างเริ่มดำเนินการ", "หัวข้อ"))
_LONGEST = 200


def form_number(row: Row) -> int | None:
    """3 or 4 for the first line of a form."""
    if not row.flush or len(row.plain) > _LONGEST:
        return None
    match = _FORM.match(arabic(row.plain))
    return int(match[1]) if match else None


def applicant(row: Row) -> str | None:
    match = _APPLICANT.match(row.plain) if row.flush and len(row.plain) <= 2 * _LONGEST else None
    return match[1].strip() if match else None


def printed_line(row: Row) -> str | None:
    match = _PRINTED.match(row.plain) if row.flush and len(row.plain) <= _LONGEST else None
    return match[1] if match else None


def printed_day(text: str) -> str | None:
    """ "16 กันยายน 2565", "16 ก.ย. 65", "16/09/2565" as 2022-09-16; None where it is no day."""
    text = arabic(text)
    match = _NUMERIC_DAY.search(text)
    if match:
        day, month, year = (int(group) for group in match.groups())
    else:
        match = _DAY.search(text)
        if not match:
            return None
        months = {skeleton(name): number for style in ("full", "short") for number, name in _numbered(style)}
        name = skeleton(match[2])
        month = max(months, key=lambda known: likeness(known, name))
        if likeness(month, name) < 0.7:
            return None
        day, month, year = int(match[1]), months[month], int(match[3])
    if year < 100:
        year += 2500
    try:
        return date(year - BUDDHIST_ERA_OFFSET if year > 2400 else year, month, day).isoformat()
    except ValueError:
        return None


def _numbered(style: str) -> list[tuple[int, str]]:
    return list(enumerate(month_names(style), start=1))


def is_page_head(row: Row, categories: Mapping[str, str]) -> bool:
    """Whether the line is a page number or one of the lines that the form repeats on each page."""
    if len(row.plain) > _LONGEST:
        return False
    plain = arabic(row.plain)
    if _PAGE.match(plain) or (row.tabbed and _RULE.fullmatch(row.raw)):
        return True
    if not row.flush:
        return False
    printed = skeleton(plain)
    category = _CATEGORY.match(plain)
    if category:
        name = skeleton(categories.get(category[1], ""))
        return not category[2] or likeness(printed.removeprefix(skeleton(f"หมวด{category[1]}")), name) >= 0.6
    if any(likeness(printed, line) >= 0.8 for line in _LINES):
        return True
    cells = [skeleton(cell) for cell in row.cells if cell]
    return all(cell in _CELLS for cell in cells)
