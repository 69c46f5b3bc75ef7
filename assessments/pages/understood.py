"""What the reader of figures and dates made of what was typed: beside the blank, so that a slip is seen at once."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from assessments.presentation import language
from criteria.fields import NONE_WORDS
from criteria.structure import Field, Part
from pmqa.thai import thai_date, thai_number

_UNIT = re.compile(r"\(([^)]*)\)\s*$")


def understood(part: Part, values: Mapping) -> list[str]:
    """One sentence for each filled blank of a part that holds a figure or a date; of what an import has stored and
    nobody can read so, none."""
    found = []
    for blank in part.fields:
        try:
            found.append(_read(blank, values.get(blank.key)))
        except (ValueError, ArithmeticError):
            continue
    return [_("อ่านได้ว่า %(value)s") % {"value": value} for value in found if value]


def _read(field: Field, value) -> str:
    if not isinstance(value, str) or not value.strip():
        return ""
    if field.kind == "percent":
        return _("ร้อยละ %(number)s") % {"number": thai_number(value)}
    if field.kind == "number":
        if value in NONE_WORDS:
            return _("ไม่มี")
        unit = _UNIT.search(field.label_th)
        return f"{thai_number(value)} {unit[1] if unit else ''}".strip()
    if field.kind == "date":
        day = date.fromisoformat(value)
        if language() == "en":
            return thai_date(day, "full", "en")
        return _("%(day)s (ค.ศ. %(year)d)") % {"day": thai_date(day), "year": day.year}
    return ""
