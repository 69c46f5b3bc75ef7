"""What is worth a second look in the texts of Form 3: facts for writer and reviewer, never a block, never a mark. Pure.

Sources: the hints of the form ("ไม่ควรใส่แค่ชื่อแผน", "ผลเป็นอย่างไร", "แนบลิงค์"), the lessons of past
assessments in the criteria lecture, and the links that items make to the organisational profile.
`part_words` says each in Thai; `indicators` does the same for indicators.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from assessments.advice.passages import Passages, compact
from assessments.progress import PartState
from criteria.fields import is_filled
from criteria.structure import PROCESS, Edition, Item, Part

DONE = "done"
# A name has this many letters at most; whoever writes more has said something about it.
LONGEST_NAME = 60
# Shorter answers are not judged for what they lack besides their name.
SHORTEST_TEXT = 30

# A paragraph that stands everywhere is said with its longest companions, not with all.
MOST_SHARED = 3

_NAME = re.compile("(แผน|โครงการ|ยุทธศาสตร์|นโยบาย|ระบบ|คู่มือ|คำสั่ง|มาตรการ|กิจกรรม)")
_SAYS_MORE = re.compile("ดำเนิน|จัดทำ|ใช้|ส่งเสริม|กำหนด|เพื่อ|โดย|ผลักดัน|ปรับ|ลด|เพิ่ม|สร้าง|เชื่อม|ทำให้|http")
_ASKS_RESULT = re.compile("ผล(?!ิต|ัก)")
_TELLS_RESULT = re.compile(r"[0-9๐-๙]|ลดลง|เพิ่มขึ้น|ร้อยละ|ส่งผล|ทำให้|ผลลัพธ์|ผลคือ|ผลการ|สำเร็จ|รางวัล|บรรลุ")
_ASKS_LINK = re.compile("ลิงก์|ลิงค์|link", re.IGNORECASE)
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
LAST_YEAR_WORDS = "ในรอบปีที่ผ่านมา"
_YEAR = re.compile(r"(?<!\d)25\d\d(?!\d)")
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

# Facts of the profile that answers of an item or a topic are expected to take up.
_EXPECTED = (
    ("customer_unnamed", "OP2.customers", "customers", "3.1"),
    ("competency_unnamed", "OP1.core_competencies", "core_competencies", "5.4.2"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in a part.

    Codes: name_only, no_result, no_link, no_year, old_year, shared (`other` part, `quote`), unchanged (`quote`),
    customer_unnamed, competency_unnamed (`quote`: the fact of the profile).
    """

    code: str
    part: str
    other: str = ""
    quote: str = ""

    @property
    def key(self) -> str:
        """What a reply to this finding is stored under; a new text keeps the replies to the same findings."""
        named = self.quote if self.code.endswith("_unnamed") else ""
        return ":".join(filter(None, (self.code, self.other, named)))[:200]


def find(
    tree: Edition,
    states: Mapping[str, PartState],
    *,
    year: int,
    before: Mapping[str, Mapping] | None = None,
    only: Collection[str] = (),
) -> list[Finding]:
    """All findings in form order, or those of the parts `only`.

    `states` by part code, all of the assessment; `year` is the fiscal year of the cycle (พ.ศ.); `before` holds
    the values of the cycle before.
    """
    process = [part for category in tree.of_kind(PROCESS) for part in category.parts]
    wanted = [part for part in process if part.code in states and (not only or part.code in only)]
    if not wanted:
        return []
    texts = {code: text_of(tree.parts[code], state.values) for code, state in states.items()}
    passages = Passages({part.code: texts.get(part.code, "") for part in process})
    facts = _facts(tree, states, texts)
    found: list[Finding] = []
    for part in wanted:
        _category, _topic, item = tree.place_of_part[part.code]
        found += _own(item, part, states[part.code], texts[part.code], year)
        shared = passages.of(part.code)[:MOST_SHARED]
        found += [Finding("shared", part.code, other, quote) for other, quote in shared]
        if before is not None and (quote := passages.with_text(part.code, _before(part, before))):
            found.append(Finding("unchanged", part.code, quote=quote))
        found += [fact for fact in facts if fact.part == part.code]
    return found


def text_of(part: Part, values: Mapping) -> str:
    """Everything written in a part, one blank or row a line."""
    return "\n".join(_lines(values.get(blank.key) for blank in part.fields))


def _lines(values: Iterable) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            if value.strip():
                yield value
        elif value:
            yield from _lines(value)


def _before(part: Part, before: Mapping[str, Mapping]) -> str:
    return text_of(part, before.get(part.code, {}))


def _own(item: Item, part: Part, state: PartState, text: str, year: int) -> Iterator[Finding]:
    """What can be seen in the part alone. Only where it is claimed as done: a start may be thin."""
    if state.claim != DONE or not text.strip():
        return
    if _is_name_only(part, state.values):
        yield Finding("name_only", part.code)
    elif (
        _ASKS_RESULT.search(item.hint_th)
        and len(compact(text)) >= SHORTEST_TEXT
        and not _TELLS_RESULT.search(text)
    ):
        yield Finding("no_result", part.code)
    has_link_blank = any(blank.kind == "url" for blank in part.fields)
    if (has_link_blank or _ASKS_LINK.search(item.hint_th)) and not _LINK.search(text):
        yield Finding("no_link", part.code)
    if LAST_YEAR_WORDS in item.title_th:
        years = [int(found) for found in _YEAR.findall(text.translate(_ARABIC))]
        if not years:
            yield Finding("no_year", part.code)
        elif max(years) < year - 1:
            yield Finding("old_year", part.code, quote=str(max(years)))


def _is_name_only(part: Part, values: Mapping) -> bool:
    written = [
        values[blank.key].strip()
        for blank in part.fields
        if blank.kind == "text" and is_filled(values.get(blank.key))
    ]
    return bool(written) and all(
        len(text) <= LONGEST_NAME and _NAME.match(text) and not _SAYS_MORE.search(text) for text in written
    )


def _facts(tree: Edition, states: Mapping[str, PartState], texts: Mapping[str, str]) -> list[Finding]:
    """Facts of the profile that no answer of the item or topic takes up, at its first answered part."""
    found = []
    for code, question, key, place in _EXPECTED:
        answered = [
            part
            for part, text in texts.items()
            if part.startswith(f"{place}.") and text and states[part].claim == DONE
        ]
        profile = states.get(question)
        if not answered or profile is None:
            continue
        told = compact("".join(texts[part] for part in answered))
        first = next(part for part in tree.parts if part in answered)
        for row in profile.values.get(key) or ():
            name = (row if isinstance(row, str) else row[0]).strip()
            if name and compact(name) not in told:
                found.append(Finding(code, first, quote=name))
    return found
