"""Dates of the Buddhist era, times and numbers as Thai readers expect them, with their English counterparts.

An aware datetime is converted to Bangkok time here, so that no caller can forget it; a naive one is refused.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from zoneinfo import ZoneInfo

Style = Literal["full", "short"]
Language = Literal["th", "en"]

BANGKOK = ZoneInfo("Asia/Bangkok")
BUDDHIST_ERA_OFFSET = 543

_MONTHS = {
    ("th", "full"): "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    ("th", "short"): "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
    (
        "en",
        "full",
    ): "January February March April May June July August September October November December",
    ("en", "short"): "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_MONTH_NAMES = {key: names.split() for key, names in _MONTHS.items()}
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def thai_date(day: dt.date, style: Style = "full", language: Language = "th") -> str:
    """``16 กันยายน 2565``, short ``16 ก.ย. 2565``; in English ``16 September 2022 (B.E. 2565)``.

    ``day`` is a date, or an aware datetime whose day in Bangkok is meant. Raises ValueError for a naive
    datetime and KeyError for a style or language that does not exist.
    """
    if isinstance(day, dt.datetime):
        day = _in_bangkok(day)
    month = _MONTH_NAMES[language, style][day.month - 1]
    buddhist_year = day.year + BUDDHIST_ERA_OFFSET
    if language == "en":
        return f"{day.day} {month} {day.year} (B.E. {buddhist_year})"
    return f"{day.day} {month} {buddhist_year}"


def thai_month(day: dt.date, language: Language = "th") -> str:
    """``กันยายน 2565``; in English ``September 2022 (B.E. 2565)``."""
    month, buddhist_year = _MONTH_NAMES[language, "full"][day.month - 1], day.year + BUDDHIST_ERA_OFFSET
    return f"{month} {day.year} (B.E. {buddhist_year})" if language == "en" else f"{month} {buddhist_year}"


def month_names(style: Style = "full", language: Language = "th") -> tuple[str, ...]:
    """January to December; raises KeyError for a style or language that does not exist."""
    return tuple(_MONTH_NAMES[language, style])


def thai_time(moment: dt.datetime, language: Language = "th") -> str:
    """``14.02 น.``, in English ``14:02``: Bangkok time. Raises ValueError for a naive datetime."""
    moment = _in_bangkok(moment)
    if language == "en":
        return f"{moment.hour:02d}:{moment.minute:02d}"
    return f"{moment.hour:02d}.{moment.minute:02d} น."


def thai_datetime(moment: dt.datetime, style: Style = "short", language: Language = "th") -> str:
    """``16 ก.ย. 2565 14.02 น.``, in English ``16 Sep 2022 (B.E. 2565) 14:02``: Bangkok time.

    Raises ValueError for a naive datetime.
    """
    return f"{thai_date(_in_bangkok(moment), style, language)} {thai_time(moment, language)}"


def thai_moment(moment: dt.datetime, language: Language = "th") -> str:
    """``16 ก.ย. 2565 14.02.07 น.``, in English ``16 Sep 2022 (B.E. 2565) 14:02:07``: where a second decides.

    Raises ValueError for a naive datetime.
    """
    moment = _in_bangkok(moment)
    clock = f"{moment:%H:%M:%S}" if language == "en" else f"{moment:%H.%M.%S} น."
    return f"{thai_date(moment, 'short', language)} {clock}"


def thai_digits(text: str) -> str:
    """The text with its Arabic digits written as Thai ones; everything else stays."""
    return text.translate(_THAI_DIGITS)


def thai_number(value: int | Decimal | str, places: int | None = None) -> str:
    """A number with thousands separators: ``1,284``, with two places ``1,284.50``; alike in both languages.

    ``places`` rounds half up; without it the digits stay as they are. A string is a decimal number as stored
    in a frozen sheet. Raises TypeError for a float (its digits are not the ones that were stored) and
    decimal.InvalidOperation for a string that is no number.
    """
    if isinstance(value, float):
        raise TypeError("thai_number takes int, Decimal or str, not float")
    number = Decimal(value)
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{number:,f}"


_UNITS = ("ศูนย์", "หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า")


def thai_words(number: str) -> str:
    """A decimal from 0 to 999.99… as it is read: ``434.48`` is สี่ร้อยสามสิบสี่จุดสี่แปด.

    Raises ValueError for anything else.
    """
    whole, _point, places = number.partition(".")
    if not (whole + places).isdecimal() or len(whole) > 3:
        raise ValueError(f"{number!r} has no words here")
    hundreds, tens, units = (int(digit) for digit in whole.zfill(3))
    words = f"{_UNITS[hundreds]}ร้อย" if hundreds else ""
    words += {0: "", 1: "สิบ", 2: "ยี่สิบ"}.get(tens, f"{_UNITS[tens]}สิบ")
    if units:
        words += "เอ็ด" if units == 1 and words else _UNITS[units]
    spoken = "".join(_UNITS[int(digit)] for digit in places) if places.strip("0") else ""
    return (words or _UNITS[0]) + (f"จุด{spoken}" if spoken else "")


def _in_bangkok(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no day or hour in Bangkok")
    return moment.astimezone(BANGKOK)
