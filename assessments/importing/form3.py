"""Form 3 (แบบฟอร์มที่ 3, categories 1-6): rows to parts with their status, answers, verdicts and comments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.importing.answers import split
from assessments.importing.document import HEADING, PART, PROMPT, UNPLACED, PrintedPart
from assessments.importing.dots import begins_with_dots, clean, ends_with_dots, find_dots
from assessments.importing.labels import opening_likeness
from assessments.importing.likeness import MIN_FUZZY, arabic, skeleton
from assessments.importing.pieces import Mark, Piece, read_mark
from assessments.importing.rows import (
    SEAM,
    Paragraph,
    Row,
    begins_list_item,
    boxes_inside,
    join_lines,
    join_paragraphs,
    paragraph,
)
from assessments.importing.wording import FormWording, ItemWording, PartWording

_CODE = re.compile(r"^\s*([1-7])\s*\.\s*(\d{1,2})(?:\s*\.\s*(\d{1,2}))?(?:\s*\.)?(?=\D)\s*(.*)$", re.DOTALL)

_SAME_HEADING = 0.75
# A heading of the expected code in a row of its own is one even when the words are of another year.
_SAME_HEADING_IN_ORDER = 0.4
_SAME_OPENING = 0.7
_SURE_OPENING = 0.85
# How many boxes inside a line are looked behind, and how far; a real line has one for each part of its item.
_MAX_BOXES, _BEHIND_BOX = 100, 1_000


@dataclass(kw_only=True)
class _OpenPart(Piece):
    wording: PartWording
    box: bool | None = None
    left: str | None = None
    mark: Mark | None = None

    def printed(self) -> PrintedPart:
        answer = split(self.wording, self.text)
        if self.left:
            status = self.left
        elif answer.fields or (self.wording.is_tick_only and self.box):
            status = "done"
        else:
            status = "not_started"
        return PrintedPart(
            code=self.wording.part.code,
            status=status,
            fields=answer.fields,
            unsplit=answer.unsplit,
            verdict=self.mark.verdict if self.mark else None,
            comment=clean(self.mark.text) if self.mark else "",
        )


class _OpenItem:
    """The item whose rows are being read. Events are its parts and marks, as they were printed."""

    def __init__(self, wording: ItemWording, heading: str, left: str | None):
        self.wording = wording
        self.heading = heading
        self.left = left
        self.events: list[_OpenPart | Mark] = []

    @property
    def parts(self) -> list[_OpenPart]:
        return [event for event in self.events if isinstance(event, _OpenPart)]

    @property
    def last(self) -> "_OpenPart | Mark | None":
        return self.events[-1] if self.events else None

    @property
    def unopened(self) -> list[PartWording]:
        opened = {part.wording.part.code for part in self.parts}
        return [wording for wording in self.wording.parts if wording.part.code not in opened]

    def best_unopened(self, body: str) -> tuple[PartWording | None, float]:
        rated = [(opening_likeness(wording, body), wording) for wording in self.unopened]
        if not rated:
            return None, 0.0
        best = max(rated, key=lambda entry: entry[0])
        return (best[1], best[0]) if best[0] >= _SAME_OPENING else (self.unopened[0], 0.0)

    def give_marks(self) -> list[Mark]:
        """Gives each run of marks to the parts printed before it; returns the marks that have no part."""
        stray: list[Mark] = []
        parts: list[_OpenPart] = []
        marks: list[Mark] = []

        def pair() -> None:
            receivers = parts[-len(marks) :] if len(marks) <= len(parts) else parts
            for part, mark in zip(receivers, marks, strict=False):
                part.mark = mark
            stray.extend(marks[len(receivers) :])

        for event in self.events:
            if isinstance(event, _OpenPart):
                if marks:
                    pair()
                    parts, marks = [], []
                parts.append(event)
            else:
                marks.append(event)
        if marks:
            pair()
        return stray


class Form3Reader:
    """Reads the rows of one file; after `finish`, `parts` are complete.

    `places` says what became of each line.
    """

    def __init__(self, wording: FormWording, places: dict[int, str]):
        self.wording = wording
        self.places = places
        self.parts: list[tuple[int, PrintedPart]] = []
        self.item: _OpenItem | None = None
        self.last_item = -1
        self.topic_heading = ""
        self.topic = ""
        self.pending_box: bool | None = None
        self.pending_left: str | None = None
        self.last_row: Row | None = None

    def read(self, rows: Sequence[Row], index: int, *, after_break: bool, after_blank: bool) -> None:
        """Takes row `index`; the rows behind it are only looked at."""
        row = rows[index]
        if not self._heading(row, after_break) and not self._rest_of_heading(row):
            self._content(rows, index, after_break, after_blank)
        self.last_row = row

    def finish(self) -> None:
        """Closes the open item; a form or file ends here."""
        if self.item:
            self._close_item(self.item)
        self.item = None
        self.pending_box = self.pending_left = None

    def _close_item(self, item: _OpenItem) -> None:
        if not item.parts:
            marks = [event for event in item.events if isinstance(event, Mark)]
            needed = len(item.wording.parts)
            if item.left or self.pending_left or len(marks) == needed:
                left = item.left or self.pending_left
                item.events = [
                    _OpenPart(wording=wording, left=left) for wording in item.wording.parts
                ] + marks
        for mark in item.give_marks():
            for number in mark.lines:
                self.places[number] = UNPLACED
        for part in item.parts:
            part.left = part.left or item.left
            line = min([*part.lines, *(part.mark.lines if part.mark else ())], default=0)
            self.parts.append((line, part.printed()))

    # headings

    def _heading(self, row: Row, after_break: bool) -> bool:
        match = _CODE.match(arabic(row.plain)) if row.plain[:1].isdigit() else None
        if not match:
            return False
        printed = row.plain[match.start(4) :]
        if match[3] is None:
            return self._topic(f"{match[1]}.{match[2]}", printed, row)
        return self._item(f"{match[1]}.{match[2]}.{match[3]}", printed, row, after_break)

    def _topic(self, code: str, printed: str, row: Row) -> bool:
        wording = self.wording.topics.get(code)
        if wording is None or wording.heading_likeness(skeleton(printed)) < _SAME_HEADING:
            return False
        self.finish()
        self.topic, self.topic_heading = code, printed
        self.places[row.number] = HEADING
        return True

    def _item(self, code: str, printed: str, row: Row, after_break: bool) -> bool:
        wording = self.wording.items.get(code)
        if wording is None:
            return False
        heading, rest = _cut_heading(wording, printed)
        alike = wording.heading_likeness(skeleton(heading))
        in_order = self.wording.order[code] == self.last_item + 1 and row.flush and row.tabbed
        if alike < (_SAME_HEADING_IN_ORDER if in_order else _SAME_HEADING):
            return False
        if self.item and self.item.wording is wording and after_break:
            # The form repeated the heading at the top of a page.
            self.places[row.number] = HEADING
            return True
        self.finish()
        self.last_item = self.wording.order[code]
        self.item = _OpenItem(wording, heading, row.left)
        self.places[row.number] = HEADING
        if rest:
            self._open(row, paragraph(rest), self.item, rest)
        return True

    def _rest_of_heading(self, row: Row) -> bool:
        """A heading that the print broke over two lines."""
        if not row.flush or any(entry.box is not None for entry in row.paragraphs):
            return False
        if self.item is None:
            wording = self.wording.topics.get(self.topic)
            whole = skeleton(f"{self.topic_heading}{row.plain}")
            if not wording or wording.heading_likeness(whole) < _SURE_OPENING:
                return False
            self.topic_heading += row.plain
        else:
            whole = skeleton(f"{self.item.heading}{row.plain}")
            if self.item.events or self.item.wording.heading_likeness(whole) < _SURE_OPENING:
                return False
            self.item.heading += row.plain
        self.places[row.number] = HEADING
        return True

    # answers and marks

    def _content(self, rows: Sequence[Row], index: int, after_break: bool, after_blank: bool) -> None:
        row, item = rows[index], self.item
        if item is None:
            self.places[row.number] = UNPLACED
            return
        if not row.paragraphs:
            self._boxes_alone(row, item)
            return
        placed = False
        for number, entry in enumerate(_cut_at_boxes(row, item)):
            mark = read_mark(entry, row.number)
            if mark and entry.box is None and (number or self._goes_on(rows, index, item)):
                mark = None
            if mark:
                item.events.append(mark)
                placed = True
            elif self._opens(entry, row, item, _head(entry, rows, index), in_row=number > 0):
                self._open(row, entry, item, _head(entry, rows, index))
                placed = True
            else:
                placed = self._continue(entry, row, item, number, after_break, after_blank) or placed
        self.places[row.number] = PART if placed else UNPLACED

    def _boxes_alone(self, row: Row, item: _OpenItem) -> None:
        if row.left and item.unopened:
            self.pending_left = row.left
        elif row.left and isinstance(item.last, _OpenPart):
            item.last.left = item.last.left or row.left
        self.places[row.number] = PROMPT

    def _opens(self, entry: Paragraph, row: Row, item: _OpenItem, head: str, *, in_row: bool) -> bool:
        """Whether a part begins here that was not printed yet."""
        if not item.unopened:
            return False
        if not item.parts:
            return True
        boxed = entry.box is not None or entry.numbered
        _, rated = item.best_unopened(head)
        if boxed:
            return rated >= _SAME_OPENING or isinstance(item.last, Mark)
        if rated >= _SURE_OPENING:
            return True
        return (
            isinstance(item.last, Mark) and not in_row and not row.flush and not item.last.takes(entry.text)
        )

    def _open(self, row: Row, entry: Paragraph, item: _OpenItem, head: str) -> None:
        if not entry.body and entry.box is not None:
            self.pending_box = bool(self.pending_box) or entry.box
            return
        wording, _ = item.best_unopened(head)
        box = entry.box if self.pending_box is None else self.pending_box or bool(entry.box)
        part = _OpenPart(wording=wording or item.unopened[0], box=box, left=row.left or self.pending_left)
        part.add(entry.body, row.number)
        self.pending_box = self.pending_left = None
        item.events.append(part)

    def _continue(
        self, entry: Paragraph, row: Row, item: _OpenItem, number: int, after_break: bool, after_blank: bool
    ) -> bool:
        """Adds the text to the open answer or comment; False when neither takes it."""
        last = item.last
        if last is None or (isinstance(last, Mark) and not number and not last.takes(entry.text)):
            return False
        if number:
            separator = join_paragraphs(last.tail)
        else:
            separator = self._separator(last.tail, entry.text, row, after_break, after_blank)
        last.add(entry.text, row.number, separator)
        if isinstance(last, _OpenPart):
            last.left = last.left or row.left
        return True

    def _separator(self, before: str, text: str, row: Row, after_break: bool, after_blank: bool) -> str:
        is_broken = after_break or (row.continues and not after_blank)
        if not is_broken and (not row.flush or after_blank or begins_list_item(text)):
            return "\n"
        if begins_with_dots(text) or ends_with_dots(before):
            return "\n"
        spaced = row.spaced_before or bool(self.last_row and self.last_row.spaced_after)
        return join_lines(before, text, spaced=spaced)

    def _goes_on(self, rows: Sequence[Row], index: int, item: _OpenItem) -> bool:
        """Whether a line with nothing but the word of a verdict stands inside an answer that goes on."""
        if not isinstance(item.last, _OpenPart) or not item.last.is_open or index + 1 >= len(rows):
            return False
        following = rows[index + 1]
        if not following.paragraphs or self._is_code(following):
            return False
        entry = following.paragraphs[0]
        if read_mark(entry, following.number):
            return True
        if entry.box is not None or entry.numbered or begins_with_dots(entry.body):
            return False
        return item.best_unopened(entry.body)[1] < _SAME_OPENING

    def _is_code(self, row: Row) -> bool:
        match = _CODE.match(arabic(row.plain))
        if not match:
            return False
        code = ".".join(group for group in match.groups()[:3] if group)
        return code in self.wording.items or code in self.wording.topics


def _head(entry: Paragraph, rows: Sequence[Row], index: int) -> str:
    """The text in which the opening of a part is looked for; the print may break it, too."""
    whole = entry is rows[index].paragraphs[-1] and index + 1 < len(rows) and find_dots(entry.body) < 0
    if not whole or not rows[index + 1].paragraphs or rows[index + 1].flush:
        return entry.body
    return f"{entry.body}{SEAM}{rows[index + 1].paragraphs[0].text}"


def _cut_heading(wording: ItemWording, printed: str) -> tuple[str, str]:
    """The heading, and what a print without rows put behind it in the same line."""
    dots = find_dots(printed)
    if dots >= 0:
        return printed[:dots], printed[dots:]
    longest = max(len(heading) for heading in wording.headings)
    if len(skeleton(printed)) <= longest * 1.3 + MIN_FUZZY:
        return printed, ""
    best, cut = 0.0, len(printed)
    for space in re.finditer(r"\s+|$", printed[: 3 * longest]):
        rated = wording.title_likeness(skeleton(printed[: space.start()]))
        if rated >= best and rated >= _SURE_OPENING:
            best, cut = rated, space.start()
    return printed[:cut], printed[cut:].strip()


def _cut_at_boxes(row: Row, item: _OpenItem) -> list[Paragraph]:
    """The paragraphs of a row, cut where a box inside one begins the next part or a mark."""
    entries: list[Paragraph] = []
    for entry in row.paragraphs:
        begin = 0
        for place in boxes_inside(entry.raw)[:_MAX_BOXES]:
            behind = paragraph(entry.raw[place : place + _BEHIND_BOX])
            mark = read_mark(behind, row.number)
            if (mark and not skeleton(mark.text)) or (
                len(item.wording.parts) > 1 and item.best_unopened(behind.body)[1] >= _SAME_OPENING
            ):
                entries.append(paragraph(entry.raw[begin:place]))
                begin = place
        entries.append(paragraph(entry.raw[begin:]) if begin else entry)
    return entries
