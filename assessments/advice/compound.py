"""What is half said in a part of several blanks: pairs, ranked pairs, and costs that are to fall. Pure: no Django.

Sources: the blanks of the form (มาตรการ/ผลการติดตาม, ภารกิจ/ขีดความสามารถ, กระบวนการ/หน่วยงาน, "2 ลำดับแรก"), and
what edition 2565 adds to 6.3: Standard Cost Model, at least 50 per cent off the usual cost.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from criteria.fields import is_filled, plain_number
from criteria.structure import Part

# How the keys of two blanks that belong together begin or end; a number tells one pair of a part from another.
_PAIRS = (("measure", "result"), ("mission", "capability"), ("process", "agencies"))
# "ลดต้นทุนได้ไม่น้อยกว่าร้อยละ 50 ของต้นทุนปกติ": what edition 2565 adds to 6.3 at Significance.
LEAST_CUT = 50
ASKED_CUT = f"ร้อยละ {LEAST_CUT}"
# A cost and its target are told in the first words of their blanks.
_MOST = 300
_RANKED = "2 ลำดับแรก"
_SECOND = re.compile(r"\n|และ|,|;|/|\b2[.)]|๒[.)]")
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_PERCENT = re.compile(r"ร้อยละ\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:%|เปอร์เซ็นต์)")


def half_pairs(part: Part, values: Mapping) -> Iterator[str]:
    """The words of each blank that is empty while the other one of its pair is filled; a required one is a gap
    already."""
    blanks = {blank.key: blank for blank in part.fields}
    for key in blanks:
        for first, second in _PAIRS:
            other = key.replace(first, second)
            if other == key or other not in blanks:
                continue
            open_ones = [one for one in (key, other) if not is_filled(values.get(one))]
            if len(open_ones) == 1 and not blanks[open_ones[0]].required:
                yield _words(blanks[open_ones[0]].label_th)


def alone_in_rank(part: Part, values: Mapping) -> Iterator[str]:
    """The words of each blank that asks for the first two and names one."""
    for blank in part.fields:
        text = values.get(blank.key)
        is_written = _RANKED in blank.label_th and isinstance(text, str) and text.strip()
        if is_written and not _SECOND.search(text.strip()):
            yield _words(blank.label_th)


def short_cuts(part: Part, values: Mapping) -> Iterator[str]:
    """By how many per cent each cost is to fall in the long term (else the short), where that is less than asked."""
    for blank in part.fields:
        if not blank.key.startswith("cost_"):
            continue
        rank = blank.key.removeprefix("cost_")
        cost = _figure(values.get(blank.key, ""))
        targets = [values.get(f"{term}_term_target_{rank}", "") for term in ("long", "short")]
        cut = next((cut for target in targets if (cut := _cut(cost, target)) is not None), None)
        if cut is not None and cut < LEAST_CUT:
            yield plain_number(round(cut, 1))


def _cut(cost: Decimal | None, target: str) -> Decimal | None:
    """The cut in per cent: as it is said ("ลดลงร้อยละ 40"), else from a target in the same unit as the cost."""
    plain = target[:_MOST].translate(_ARABIC)
    if said := _PERCENT.search(plain):
        return Decimal(said[1] or said[2]) if "ลด" in plain else None
    aim = _figure(target)
    if not cost or aim is None or not 0 <= aim <= cost:
        return None
    return (cost - aim) / cost * 100


def _figure(text: str) -> Decimal | None:
    """The only figure of a text; where there are several nobody can tell which is meant."""
    found = _FIGURE.findall(text[:_MOST].translate(_ARABIC))
    return Decimal(found[0].replace(",", "")) if len(found) == 1 else None


def _words(label: str) -> str:
    """A label as the name of what is missing, without the words that lead into the blank."""
    text = label.strip()
    for ending in ("คือ", "ได้แก่"):
        text = text.removesuffix(ending).strip()
    return text.removeprefix("และ").strip()
