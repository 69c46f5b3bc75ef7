"""What each kind of blank accepts, and how it is stored. Pure: no Django.

Stored values are JSON: text for one blank, a list of texts for kind "list", a list of rows for "table".
An empty blank is "" or []; it means "no answer", never 0.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from criteria.structure import Field
from pmqa.text import length, normalise
from pmqa.thai import BUDDHIST_ERA_OFFSET, month_names

# Code points of one blank after normalisation; more is refused, never cut.
MAX_LENGTH = 20_000
MAX_ROWS = 200
# Beyond this a figure is a slip of the keyboard; it also bounds what arithmetic has to carry.
MAX_NUMBER = Decimal(10) ** 17
# No figure and no date is written with more characters; what is longer is not even looked at.
MAX_FIGURE = 200

_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# A comma separates thousands only: "12,34" is no figure, rather than 1234 in silence.
_NUMBER = re.compile(r"[+-]?((\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+)")
# Years CE that a date may have; anything else is a slip of the keyboard.
FIRST_YEAR, LAST_YEAR = 1782, 2200
# Units that people write behind a figure although the blank has its own.
_UNITS = re.compile(
    r"^(ร้อยละ)\s*|\s*(บาท|คน|ราย|ครั้ง|เรื่อง|ชิ้นงาน|รางวัล|หน่วยงาน|กระบวนการ|คะแนน|ระดับ|แห่ง|วันทำการ|วัน|%|percent)\.?$",
    re.IGNORECASE,
)
# Words that multiply, with or without the unit of money behind them.
_SCALES = {"พัน": 3, "หมื่น": 4, "แสน": 5, "ล้าน": 6, "พันล้าน": 9, "หมื่นล้าน": 10, "แสนล้าน": 11, "ล้านล้าน": 12}
_SCALED = re.compile(rf"(.*?)\s*({'|'.join(sorted(_SCALES, key=len, reverse=True))})\s*(บาท|คน)?", re.DOTALL)
_MONTHS = {
    name.casefold(): number
    for language in ("th", "en")
    for style in ("full", "short")
    for number, name in enumerate(month_names(style, language), start=1)
}
_WORDED_DATE = re.compile(r"(\d{1,2}) ?([^\d\s]+) ?(?:(พ\.ศ\.|ค\.ศ\.) ?)?(\d{4}|\d{2})")
NONE_WORDS = ("ไม่มี", "-", "–")


@dataclass(frozen=True)
class Fault(ValueError):
    """Why a blank cannot be stored; `code` chooses the sentence, `limit` and `found` fill it."""

    code: str
    limit: int | str = ""
    found: int | str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.limit} {self.found}".strip()


Value = str | list[str] | list[list[str]]


def parse_number(text: str) -> Decimal:
    """A figure as people type it: thousands commas, Thai digits, a trailing unit. Raises Fault("number")."""
    if len(text) > MAX_FIGURE:
        raise Fault("number", found=text[:40])
    plain = _UNITS.sub("", text.translate(_ARABIC).strip()).replace("−", "-").strip()
    if not _NUMBER.fullmatch(plain):
        raise Fault("number", found=text[:40])
    try:
        number = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise Fault("number", found=text[:40]) from None
    if abs(number) >= MAX_NUMBER:
        raise Fault("number_too_large", found=text[:40])
    return number


def parse_amount(text: str) -> Decimal:
    """A figure that may be multiplied by a word: 12.5 ล้านบาท is 12500000. Raises Fault("number").

    Only for blanks whose unit is the plain one; where an indicator counts in ล้านบาท, 12 ล้านบาท is 12.
    """
    match = _SCALED.fullmatch(text.strip()) if len(text) <= MAX_FIGURE else None
    if match is None:
        return parse_number(text)
    try:
        number = parse_number(match[1]).scaleb(_SCALES[match[2]])
    except Fault as fault:
        raise Fault(fault.code, found=text[:40]) from None
    if abs(number) >= MAX_NUMBER:
        raise Fault("number_too_large", found=text[:40])
    return number


def plain_number(number: Decimal) -> str:
    """Without exponent or idle zeros: "0", "89.69", "10049512900"."""
    text = f"{number.normalize():f}"
    return "0" if text in ("-0", "") else text


def parse_date(text: str) -> date:
    """2020-01-15, 15/1/2563, 15 ม.ค. 63, 15 มกราคม ค.ศ. 2020: years from 2400 or of two digits are พ.ศ. unless the
    text says ค.ศ. Raises Fault("date")."""
    plain = " ".join(text.translate(_ARABIC).split()).removeprefix("วันที่").strip()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain):
        year, month, day = (int(group) for group in match.groups())
    elif match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})", plain):
        day, month, year = (int(group) for group in match.groups())
        year += 2500 if len(match[3]) == 2 else 0
    elif (match := _WORDED_DATE.fullmatch(plain)) and match[2].casefold() in _MONTHS:
        day, month, year = int(match[1]), _MONTHS[match[2].casefold()], int(match[4])
        if len(match[4]) == 2:
            year += 2000 if match[3] == "ค.ศ." else 2500
    else:
        raise Fault("date", found=text[:40])
    year -= BUDDHIST_ERA_OFFSET if year >= 2400 else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Fault("date", found=text[:40])
    try:
        return date(year, month, day)
    except ValueError:
        raise Fault("date", found=text[:40]) from None


def _text(raw: str) -> str:
    text = normalise(raw)
    if length(text) > MAX_LENGTH:
        raise Fault("too_long", limit=MAX_LENGTH, found=length(text))
    return text


def clean(field: Field, raw: str | Sequence) -> Value:
    """What is stored for `raw`. Raises Fault; an empty blank is always accepted."""
    if field.kind == "list":
        entries = [entry for entry in (_text(str(entry)) for entry in raw) if entry.strip()]
        if len(entries) > MAX_ROWS:
            raise Fault("too_many_rows", limit=MAX_ROWS, found=len(entries))
        return entries
    if field.kind == "table":
        return _table(field, raw)
    text = _text(str(raw))
    if not text.strip():
        return ""
    if field.kind == "text":
        return text
    text = text.strip()
    if field.kind == "number":
        return text if text in NONE_WORDS else plain_number(parse_amount(text))
    if field.kind == "percent":
        number = parse_number(text)
        if not 0 <= number <= 100:
            raise Fault("percent", found=text[:40])
        return plain_number(number)
    if field.kind == "date":
        return parse_date(text).isoformat()
    if not re.match(r"https?://\S", text, re.IGNORECASE):
        raise Fault("url", found=text[:40])
    return text


def _table(field: Field, raw: Sequence[Sequence[str]]) -> list[list[str]]:
    width = len(field.columns)
    rows = [[_text(str(cell)) for cell in row][:width] for row in raw]
    rows = [row + [""] * (width - len(row)) for row in rows]
    if field.rows:
        # Fixed rows: the first column is the form's, the others are the agency's.
        typed = {row[0]: row[1:] for row in rows}
        rows = [[name, *typed.get(name, [""] * (width - 1))] for name in field.rows]
        return rows if any(cell.strip() for row in rows for cell in row[1:]) else []
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) > MAX_ROWS:
        raise Fault("too_many_rows", limit=MAX_ROWS, found=len(rows))
    return rows


def is_filled(value: Value | None) -> bool:
    """Whether a stored value answers anything."""
    if isinstance(value, str):
        return bool(value.strip())
    return bool(value)
