"""The fiscal years that a text tells of, whichever way they are written. Pure: no Django."""

import re

from pmqa.thai import BUDDHIST_ERA_OFFSET, month_names

_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
# 2564; "ปี 64", "ปีงบประมาณ พ.ศ. 64", "15 ม.ค. 63"; "ค.ศ. 2021", "ปี 2021". Other numbers are no years.
_BUDDHIST = re.compile(r"(?<![\d,.])(25\d\d)(?![\d,])(?!\.\d)")
_MONTHS = "|".join(re.escape(name) for style in ("full", "short") for name in month_names(style))
_SHORT = re.compile(rf"(?:ปี(?:งบประมาณ)?|พ\.ศ\.|{_MONTHS})\s*(?:พ\.ศ\.\s*)?['’]?(\d\d)(?![\d,.%])")
_CHRISTIAN = re.compile(r"(?:ปี(?:งบประมาณ)?|ค\.ศ\.)\s*(?:ค\.ศ\.\s*)?(20\d\d)(?!\d)")


def years_told(text: str) -> list[int]:
    """Every year (พ.ศ.) that stands in the text."""
    plain = text.translate(_ARABIC)
    return [
        *(int(year) for year in _BUDDHIST.findall(plain)),
        *(2500 + int(year) for year in _SHORT.findall(plain)),
        *(int(year) + BUDDHIST_ERA_OFFSET for year in _CHRISTIAN.findall(plain)),
    ]
