"""Form 3 as this product prints it: every part stands under its own code, so nothing has to be recognised by its words.

The text is that of a PDF in rows (`pdf.as_rows`): headings begin at the margin, answers are set in.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assessments.importing.answers import split, value_of
from assessments.importing.document import HEADING, PART, UNPLACED, PrintedPart
from assessments.importing.form3 import Form3Reader
from assessments.importing.rows import SEAM, Row, join_lines, without_marks
from assessments.importing.wording import PartWording
from criteria.structure import Part

MARK = "เอกสารนี้พิมพ์จากระบบ PMQA 4.0"
_FOOT = re.compile(rf"^\s*{re.escape(MARK)} .* หน้า \d+/\d+\s*$")
_RUNNING_HEAD = re.compile(r"^\s*(แบบฟอร์มที่ 1|แบบฟอร์มที่ 3|แบบฟอร์มที่ 4|ลักษณะสำคัญขององค์การ|สรุปท้ายเอกสาร) · ")
_ENDS = ("แบบฟอร์มที่ 1", "ลักษณะสำคัญขององค์การ", "สรุปท้ายเอกสาร")
_CLAIM = re.compile(
    r"^\s*[●○□–]\s*(ดำเนินการแล้ว|อยู่ระหว่างเริ่มดำเนินการ|ยังไม่ได้ดำเนินการ|ยังไม่เลือกสถานะ)\s+"
    r"([1-6](?:\.\d{1,2}){3})(?:\s+(?:Basic|Advance|Significance))?\s*$"
)
_STATUS = {
    "ดำเนินการแล้ว": "done",
    "อยู่ระหว่างเริ่มดำเนินการ": "started",
    "ยังไม่ได้ดำเนินการ": "not_started",
    "ยังไม่เลือกสถานะ": "not_started",
}
# What stands on the first page of a form, above its first heading.
_TITLES = re.compile(
    rf"^\s*(?:{re.escape(MARK)}|รอบการประเมิน\s*:|ฉบับ\s*:|แบบฟอร์มที่\s*[34]\s*$|แบบประเมินสถานะ|ตัวชี้วัดหมวด 7|\* กลุ่มที่ต้องมี"
    r"|□ ยังไม่ได้ดำเนินการ\s+○)"
)
# The seal stands on that page too; its last line ends with the short digest, and it takes a few lines.
_SEAL_BEGINS = re.compile(r"^\s*(?:ตรวจสอบเอกสารนี้|เอกสารนี้เป็นฉบับร่าง)")
_SEAL_ENDS = re.compile(r"รหัสย่อ\s+[0-9a-f]{12}\s*$")
_SEAL_LINES = 8
_LEVEL = re.compile(r"\s+(?:Basic|Advance|Significance)$")
_EMPTY = "–"


@dataclass(frozen=True)
class Furniture:
    """The lines that the product prints around the forms; in `ends` a part of the document begins that is no form."""

    lines: frozenset[int]
    ends: frozenset[int]


def furniture(rows: Sequence[Row | None]) -> Furniture | None:
    """None for a print that is not ours. A running head may take several lines, the last of which names the form."""
    if not any(row and row.raw.strip().startswith(MARK) for row in rows[:40]):
        return None
    lines = _seals(rows)
    ends: set[int] = set()
    above: list[int] | None = []
    for row in rows:
        if row is None or row.number in lines:
            continue
        text = row.raw.replace("\t", " ")
        if match := _RUNNING_HEAD.match(text):
            lines |= {*(above or ()), row.number}
            above = None
            if match[1] in _ENDS:
                ends.add(row.number)
        elif _FOOT.match(text):
            lines.add(row.number)
            above = []
        elif _TITLES.match(text):
            lines.add(row.number)
        elif above is not None:
            above.append(row.number)
    return Furniture(frozenset(lines), frozenset(ends))


def _seals(rows: Sequence[Row | None]) -> set[int]:
    """The lines of the seals, on the first page and on the last."""
    lines: set[int] = set()
    for place, row in enumerate(rows):
        if row and _SEAL_BEGINS.match(row.raw):
            block = [below for below in rows[place : place + _SEAL_LINES] if below]
            ends = [count for count, below in enumerate(block, start=1) if _SEAL_ENDS.search(below.raw)]
            lines |= {below.number for below in block[: ends[0]]} if ends else set()
    return lines


@dataclass
class _OpenPart:
    wording: PartWording
    status: str
    line: int
    rows: list[Row] = field(default_factory=list)


class OwnForm3Reader(Form3Reader):
    """Reads the rows of one file as `Form3Reader` does, by the codes."""

    part: _OpenPart | None = None

    def read(self, rows: Sequence[Row], index: int, *, after_break: bool, after_blank: bool) -> None:
        row = rows[index]
        claim = _CLAIM.match(row.raw.replace("\t", " "))
        wording = self._wording(claim[2]) if claim else None
        if wording:
            self._close()
            self.part = _OpenPart(wording, _STATUS[claim[1]], row.number)
            self.places[row.number] = PART
        elif row.flush and self._heading(row, after_break):
            self._close()
        elif self.part:
            self.part.rows.append(row)
            self.places[row.number] = PART
        else:
            # A heading goes on until the status of its part.
            self.places[row.number] = HEADING if self.topic else UNPLACED

    def _heading(self, row: Row, after_break: bool) -> bool:
        without_level = tuple(_LEVEL.sub("", cell) for cell in row.cells)
        found = super()._heading(replace(row, cells=without_level), after_break)
        self.item = None
        return found

    def finish(self) -> None:
        self._close()

    def _wording(self, code: str) -> PartWording | None:
        item = self.wording.items.get(code.rpartition(".")[0])
        return next((part for part in item.parts if part.part.code == code), None) if item else None

    def _close(self) -> None:
        part, self.part = self.part, None
        if part is None:
            return
        text = self._text(part.rows)
        found = _by_leads(part.wording, text)
        answer = split(part.wording, text) if found is None else None
        self.parts.append(
            (
                part.line,
                PrintedPart(
                    code=part.wording.part.code,
                    status=part.status,
                    fields=answer.fields if answer else found,
                    unsplit=bool(answer and answer.unsplit),
                    verdict=None,
                    comment="",
                ),
            )
        )

    def _text(self, rows: Sequence[Row]) -> str:
        text = ""
        for row in rows:
            line = row.raw.replace("\t", " ").strip()
            text += (join_lines(text, line) if row.continues else "\n") + line
        return text.replace(SEAM, "").strip()


def _by_leads(wording: PartWording, text: str) -> dict[str, str] | None:
    """The blanks by the very words that are printed before them; None where one of those is not there."""
    fields = wording.part.fields
    places: list[tuple[int, int]] = []
    begin = 0
    for asked in fields:
        words = asked.label_th if places else _first_words(wording.part)
        match = _printed(words).search(text, begin) if words else None
        if match is None and words and not places:
            # Nothing but the prompt stands before it, which may have run into it.
            match = _printed(words, anywhere=True).search(text)
        if match is None:
            return None
        places.append(match.span())
        begin = match.end()
    ends = [start for start, _end in places[1:]] + [len(text)]
    answers = {
        asked.key: value_of(asked.kind, without_marks(text[after:end]).strip())
        for asked, (_start, after), end in zip(fields, places, ends, strict=True)
    }
    return {key: answer for key, answer in answers.items() if answer and answer != _EMPTY}


def _first_words(part: Part) -> str:
    """What stands before the first blank: its label, or the prompt where that names it."""
    first = part.fields[0]
    names_it = first.required and (len(part.fields) == 1 or first.label_th in part.prompt_th)
    return part.prompt_th if part.prompt_th and names_it else first.label_th or part.prompt_th


def _printed(words: str, *, anywhere: bool = False) -> re.Pattern[str]:
    """Words as a print has them: broken anywhere, at the beginning of a line or behind its number."""
    letters = r"\s*".join(re.escape(letter) for letter in words if not letter.isspace())
    return re.compile(letters if anywhere else rf"(?:^|(?<=\n)|(?<= )){letters}")
