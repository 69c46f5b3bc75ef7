"""Form 4 (แบบฟอร์มที่ 4, category 7): rows to indicators with their numbers, verdicts and comments."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assessments.importing.document import HEAD, HEADING, INDICATOR, UNPLACED, PrintedIndicator
from assessments.importing.dots import clean
from assessments.importing.likeness import arabic, beginning_likeness, likeness, skeleton
from assessments.importing.pieces import Mark, Piece, read_mark
from assessments.importing.rows import Row, join_lines, without_marks
from criteria.scoring import HIGHER_IS_BETTER, LOWER_IS_BETTER
from criteria.structure import Edition, Item, Topic

_TOPIC = re.compile(r"^\s*(7)\s*\.\s*(\d)(?=\D)\s*(.*)$")
_GROUP = re.compile(r"^\s*([1-9])\s*[.)]\s*(?!\d)(.*)$")
_INDICATOR = re.compile(
    r"^\s*([1-9])\s*\.\s*(\d{1,2})(?=[\s\[(]|[^\d.]|$)\s*(?:[\[(]\s*([^\])]*?)\s*[\])])?\s*(.*)$", re.DOTALL
)
_NUMBER = re.compile(r"-?[0-9๐-๙][0-9๐-๙,]*(?:\.[0-9๐-๙]+)?")
_NUMBERS_BEHIND = re.compile(
    rf"^(?P<name>.*?)\s+(?P<target>{_NUMBER.pattern})\s*(?P<unit>\D*?)\s+(?P<numbers>(?:(?:{_NUMBER.pattern}|-)\s+){{4}}{_NUMBER.pattern})$"
)
_YEAR = re.compile(r"(?:พ\.?ศ\.?|ปี)?\s*25\d\d")

_HIGHER, _LOWER = skeleton("มากที่สุด"), skeleton("น้อยที่สุด")
_TABLE_HEADS = tuple(
    skeleton(text)
    for text in (
        "ตัวชี้วัด",
        "ค่าเป้าหมาย",
        "ค่าเป้าหมาย ปีล่าสุด",
        "ปีล่าสุด",
        "ผลการดำเนินงาน",
        "ผลการดำเนินงานย้อนหลัง 3 ปีงบประมาณ",
        "ความสำเร็จ",
        "% ความสำเร็จ",
        "คะแนน",
        "หน่วยนับ",
    )
)
_NO_INDICATOR = skeleton("ไม่มีตัวชี้วัดในกลุ่มนี้")

# The units that the form suggests; a unit that the print tore from its target is looked for among these.
_UNITS = ("ร้อยละ", "คะแนน", "คน", "ครั้ง", "เรื่อง", "ชิ้นงาน", "รางวัล", "หน่วยงาน", "กระบวนการ", "ระดับ", "โครงการ")

_SAME = 0.7
_PIECE = 4
_RESULTS = 3
_VALUES = _RESULTS + 3


@dataclass(kw_only=True)
class _OpenIndicator(Piece):
    """`text` is the name; `values` target with unit, three results, percent, score."""

    topic: str
    group: int
    number: int
    tag: str
    values: list[str] = field(default_factory=list)
    mark: Mark | None = None

    def printed(self) -> PrintedIndicator:
        values = [value.strip() for value in self.values] + [""] * (_VALUES - len(self.values))
        target, unit = _target(values[0])
        return PrintedIndicator(
            topic=self.topic,
            group=self.group,
            name=" ".join(without_marks(self.text).split()),
            direction=LOWER_IS_BETTER if likeness(skeleton(self.tag), _LOWER) >= _SAME else HIGHER_IS_BETTER,
            unit=unit,
            target=target,
            results=tuple(value if _NUMBER.search(value) else None for value in values[1 : 1 + _RESULTS]),
            percent=values[4].rstrip("% "),
            score=values[5],
            verdict=self.mark.verdict if self.mark else None,
            comment=clean(self.mark.text) if self.mark else "",
        )


@dataclass(frozen=True)
class _Passage:
    """A text that the form prints over several lines; any of its lines is recognised by its letters."""

    letters: str
    pieces: frozenset[str]

    @staticmethod
    def of(text: str) -> "_Passage":
        letters = skeleton(text)
        return _Passage(letters, frozenset(_pieces(letters)))

    def holds(self, printed: str) -> bool:
        if len(printed) >= _PIECE and printed in self.letters:
            return True
        pieces = list(_pieces(printed))
        return len(pieces) >= _PIECE and 4 * sum(piece in self.pieces for piece in pieces) >= 3 * len(pieces)


def _pieces(letters: str) -> Iterator[str]:
    return (letters[index : index + _PIECE] for index in range(len(letters) - _PIECE + 1))


class ResultsWording:
    """Everything printed in Form 4 of an edition."""

    def __init__(self, edition: Edition):
        topics = dict.fromkeys(edition.place_of_part[group.code][1].code for group in edition.groups)
        self.topics: dict[str, Topic] = {code: edition.topics[code] for code in topics}
        self.introductions = [
            _Passage.of(f"{topic.name_th} {topic.guide.description_th}") for topic in self.topics.values()
        ]
        self.definitions = {
            item.code: _Passage.of(f"{item.title_th} {item.description_th}")
            for topic in self.topics.values()
            for item in topic.items
        }

    def group(self, topic: str, number: int) -> Item | None:
        return next((item for item in self.topics[topic].items if item.code == f"{topic}.{number}"), None)


class Form4Reader:
    """Reads the rows of one file into `indicators`; `places` accounts for every line."""

    def __init__(self, wording: ResultsWording, places: dict[int, str]):
        self.wording = wording
        self.places = places
        self.indicators: list[_OpenIndicator] = []
        self.topic = ""
        self.group = 0
        self.open: _OpenIndicator | None = None

    def read(self, rows: Sequence[Row], index: int, *, after_break: bool, after_blank: bool) -> None:
        """Takes row `index`."""
        row = rows[index]
        self.places[row.number] = self._place(row, after_break)

    def finish(self) -> None:
        self.open = None

    def _place(self, row: Row, after_break: bool) -> str:
        if _is_table_head(row):
            return HEAD
        if self._topic(row) or (self.topic and self._group(row)):
            return HEADING
        if not self.topic:
            return UNPLACED
        if self._indicator(row):
            return INDICATOR
        mark = read_mark(row.paragraphs[0], row.number) if row.paragraphs else None
        if mark:
            return INDICATOR if self._give(mark, row) else UNPLACED
        if self.open is None:
            return HEADING if self._describes(row) else UNPLACED
        return INDICATOR if self._continue(self.open, row, after_break) else UNPLACED

    def _topic(self, row: Row) -> bool:
        match = _TOPIC.match(arabic(row.plain))
        code = f"{match[1]}.{match[2]}" if match else ""
        if code not in self.wording.topics:
            return False
        printed, name = skeleton(match[3]), skeleton(self.wording.topics[code].name_th)
        if max(likeness(printed, name), beginning_likeness(printed, name) if printed else 0) < _SAME:
            return False
        self.topic, self.group, self.open = code, 0, None
        return True

    def _group(self, row: Row) -> bool:
        match = _GROUP.match(arabic(row.plain))
        item = self.wording.group(self.topic, int(match[1])) if match else None
        printed = skeleton(match[2]) if match else ""
        if item is None or not printed:
            return False
        title = skeleton(item.title_th)
        if max(likeness(printed, title), beginning_likeness(printed, title)) < _SAME:
            return False
        self.group, self.open = int(match[1]), None
        return True

    def _describes(self, row: Row) -> bool:
        # The form prints a line break of one definition as the two letters \n.
        printed = skeleton(row.plain.replace("\\n", " "))
        if printed == _NO_INDICATOR:
            return True
        definition = self.wording.definitions.get(f"{self.topic}.{self.group}")
        passages = [definition] if definition else self.wording.introductions
        return bool(printed) and any(passage.holds(printed) for passage in passages)

    def _indicator(self, row: Row) -> bool:
        first = next((index for index, cell in enumerate(row.cells) if cell), 0)
        match = _INDICATOR.match(arabic(row.cells[first]))
        if match is None:
            return False
        group, number, tag = int(match[1]), int(match[2]), match[3] or ""
        name = row.cells[first][match.start(4) :]
        values = list(row.cells[first + 1 :])
        if not any(values):
            apart = _NUMBERS_BEHIND.match(name)
            values = _values_behind(apart) if apart else []
            name = apart["name"] if apart else name
        known_tag = likeness(skeleton(tag), _HIGHER) >= _SAME or likeness(skeleton(tag), _LOWER) >= _SAME
        if not known_tag and len(values) < _VALUES - 1:
            return False
        if self.wording.group(self.topic, group) is None:
            return False
        if tag and not known_tag:
            name = row.cells[first][match.end(2) :].strip()
            tag = ""
        self.group = group
        self.open = _OpenIndicator(topic=self.topic, group=group, number=number, tag=tag, values=values)
        self.open.add(name.strip(), row.number)
        self.indicators.append(self.open)
        return True

    def _give(self, mark: Mark, row: Row) -> bool:
        """Gives a mark to the indicator before it; a second mark, or one before any indicator, is a stray."""
        if self.open is None or self.open.mark:
            return False
        for entry in row.paragraphs[1:]:
            mark.add(entry.text, row.number, "\n")
        self.open.mark = mark
        return True

    def _continue(self, indicator: _OpenIndicator, row: Row, after_break: bool) -> bool:
        """A name or comment that the print broke over lines; numbers may stand in the second line."""
        mark = indicator.mark
        if mark:
            if mark.takes(row.text):
                mark.add(row.text, row.number, join_lines(mark.tail, row.text))
                return True
            return False
        name = row.plain
        if not any(indicator.values) and len(row.cells) >= _VALUES and any(row.cells[1:]):
            name, indicator.values = row.cells[0], list(row.cells[1:])
        broken = join_lines(indicator.tail, name, spaced=row.spaced_before)
        indicator.add(name, row.number, broken if after_break else " ")
        return True


def _is_table_head(row: Row) -> bool:
    cells = [cell for cell in row.cells if cell]
    if not cells or len(row.plain) > 200:
        return False
    names = 0
    for cell in cells:
        printed = skeleton(cell)
        if not printed or _YEAR.fullmatch(arabic(cell)):
            continue
        if max(likeness(printed, head) for head in _TABLE_HEADS) < 0.85:
            return False
        names += 1
    years = sum(bool(_YEAR.fullmatch(arabic(cell))) for cell in cells)
    signs = sum(cell == "%" for cell in cells)
    return bool(names or years == _RESULTS or signs == len(cells))


def _values_behind(match: re.Match[str]) -> list[str]:
    return [f"{match['target']} {match['unit']}", *match["numbers"].split()]


def _target(cell: str) -> tuple[str, str]:
    """ "100 ร้อยละ" or "ร้อยละ 100" as number and unit."""
    match = _NUMBER.search(cell)
    if match is None:
        return "", cell.strip()
    unit = f"{cell[: match.start()]} {cell[match.end() :]}"
    return match[0], " ".join(unit.split())


def with_torn_units(indicators: Sequence[PrintedIndicator]) -> dict[int, tuple[str, str]]:
    """For rows without a unit whose name holds one on its own: index to (name, unit).

    A print that breaks the target cell sets its second line, the unit, in the middle of the name.
    """
    units = {entry.unit for entry in indicators if entry.unit} | set(_UNITS)
    repaired = {}
    for index, entry in enumerate(indicators):
        if entry.unit:
            continue
        words = entry.name.split(" ")
        place = next((place for place, word in enumerate(words) if place and word in units), None)
        if place is not None:
            repaired[index] = (" ".join(words[:place] + words[place + 1 :]), words[place])
    return repaired
