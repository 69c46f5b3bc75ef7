"""Advice on an indicator of category 7: facts for writer and reviewer, never a block, never a mark. Pure.

Sources: the lessons of past assessments in the criteria lecture (advice of category 7) and Form 4.
`indicator_words` says each in Thai.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.advice.spelling import misspelt
from criteria.scoring import HIGHER_IS_BETTER, is_challenging

PERCENT_UNITS = ("ร้อยละ", "%", "percent", "เปอร์เซ็นต์")
WHOLE_UNITS = (
    "คน", "ครั้ง", "เรื่อง", "ชิ้นงาน", "รางวัล", "หน่วยงาน", "กระบวนการ", "โครงการ", "นวัตกรรม", "ราย", "แห่ง", "ฉบับ",
)  # fmt: skip
HIGHEST_LEVEL = 5
# Which finding on an indicator calls for which general recommendation of category 7, by the order of
# the recommendations in the criteria.
ADVICE_FINDINGS: Mapping[int, frozenset[str]] = {
    1: frozenset({"level_of_success", "count"}),
    2: frozenset({"not_challenging"}),
    3: frozenset({"step_only"}),
    4: frozenset({"full_every_year", "constant"}),
    7: frozenset({"short_history"}),
}
_LEVELS = re.compile(r"ระดับ(?:\s*\(?\s*\d+\s*[-–]\s*(\d{1,3})\s*\)?)?")
_STEP_WORDS = re.compile("การประชุม|การอบรม|การจัดทำ|การจัดประชุม|จำนวนครั้ง|การแต่งตั้งคณะ")


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator as typed; results oldest first, None is "no data"."""

    name: str
    unit: str
    direction: str
    target: Decimal | None
    results: Sequence[Decimal | None]
    group_title: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """One finding. Codes: not_challenging, full_every_year, constant, level_of_success, count, step_only,
    zero_or_no_data, short_history, percent_over, not_whole, level_range, spelling (`word` as written, `offered`)."""

    code: str
    last: Decimal | None = None
    mean: Decimal | None = None
    value: Decimal | None = None
    word: str = ""
    offered: str = ""

    @property
    def key(self) -> str:
        """What a reply to this finding is stored under."""
        return ":".join(filter(None, (self.code, self.offered)))[:200]


def advise(row: Row) -> tuple[Advice, ...]:
    """Everything worth a second look in this row, the target first."""
    words = f"{row.name}\n{row.unit}"
    spelling = [Advice("spelling", word=found.wrong, offered=found.right) for found in misspelt(words)]
    return (*_target(row), *_trend(row), *_kind(row), *_unit(row), *spelling)


def _target(row: Row) -> list[Advice]:
    if row.target is None:
        return []
    earlier = row.results[:-1]
    if is_challenging(row.direction, row.target, earlier) is not False:
        return []
    known = [result for result in earlier if result is not None]
    return [Advice("not_challenging", last=earlier[-1], mean=sum(known) / len(known))]


def _trend(row: Row) -> list[Advice]:
    found = []
    known = [result for result in row.results if result is not None]
    if len(known) == len(row.results) and len(set(known)) == 1:
        found.append(Advice("full_every_year" if known[0] == 100 else "constant", value=known[0]))
    # Where less is better a latest result of 0 is the aim; an earlier one may still be a year without data.
    doubtful = row.results if row.direction == HIGHER_IS_BETTER else row.results[:-1]
    if any(result == 0 for result in doubtful if result is not None):
        found.append(Advice("zero_or_no_data"))
    if known and len(known) < len(row.results):
        found.append(Advice("short_history", value=Decimal(len(known))))
    return found


def _kind(row: Row) -> list[Advice]:
    if "ระดับความสำเร็จ" in row.name or "ระดับความสำเร็จ" in row.unit:
        return [Advice("level_of_success")]
    if _STEP_WORDS.search(row.name):
        return [Advice("step_only")]
    # Where the group itself asks for a number (of awards, of innovations), a number is what it gets.
    if row.name.startswith("จำนวน") and "จำนวน" not in row.group_title:
        return [Advice("count")]
    return []


def _unit(row: Row) -> list[Advice]:
    values = [value for value in (row.target, *row.results) if value is not None]
    unit = row.unit.strip()
    if unit.startswith(PERCENT_UNITS):
        over = [value for value in values if value > 100]
        return [Advice("percent_over", value=over[0])] if over else []
    if unit.startswith(WHOLE_UNITS):
        broken = [value for value in values if value != value.to_integral_value()]
        return [Advice("not_whole", value=broken[0])] if broken else []
    highest = highest_level(unit)
    # The form refuses such a level; an import may have stored one.
    over = [value for value in values if highest is not None and value > highest]
    return [Advice("level_range", value=over[0])] if over else []


def highest_level(unit: str) -> int | None:
    """The highest level that a unit of levels has: 5 where it only says ระดับ, else what it says (ระดับ 1–10)."""
    match = _LEVELS.fullmatch(unit.strip())
    return int(match[1] or HIGHEST_LEVEL) if match else None
