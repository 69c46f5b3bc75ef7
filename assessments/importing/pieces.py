"""Printed text that grows line by line, and the marks of reviewers beside it."""

import re
from dataclasses import dataclass, field

from assessments.importing.dots import begins_with_dots, ends_with_dots, find_dots
from assessments.importing.rows import Paragraph

PASS, FAIL = "pass", "fail"

_MARK = re.compile(r"^(ไม่\s*)?ผ่าน(?=[\s.…:]|$)[\s:]*(.*)$", re.DOTALL)


# How much of the end of a text is looked at when a line is added.
_TAIL = 250


@dataclass(kw_only=True)
class Piece:
    """Text of many lines, kept in pieces so that a long one costs no more for each line.

    lines: the numbers of the lines it came from. tail: its end. has_dots: a delimiter was met.
    """

    lines: list[int] = field(default_factory=list)
    tail: str = ""
    has_dots: bool = False
    _pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def is_open(self) -> bool:
        """Whether a delimiter was met and the closing one was not."""
        return self.has_dots and not ends_with_dots(self.tail)

    def add(self, text: str, number: int, separator: str = "") -> None:
        self._pieces.append(f"{separator}{text}" if self.tail else text)
        self.tail = f"{self.tail}{self._pieces[-1]}"[-_TAIL:]
        self.has_dots = self.has_dots or find_dots(text) >= 0
        if not self.lines or self.lines[-1] != number:
            self.lines.append(number)


@dataclass(kw_only=True)
class Mark(Piece):
    """A verdict; `text` is the comment as printed, with its dots."""

    verdict: str

    def takes(self, text: str) -> bool:
        """Whether a text in a later line goes on with the comment."""
        return not ends_with_dots(self.tail) if self.tail else begins_with_dots(text)


def read_mark(entry: Paragraph, number: int) -> Mark | None:
    """The verdict that a paragraph of line `number` is, None for any other text.

    The word counts, never the box (a fail is printed with an empty one); but where a sentence follows the
    word, only a box or dots tell a mark from an answer that begins with ผ่าน.
    """
    match = _MARK.match(entry.body)
    if match is None or entry.numbered:
        return None
    negated, comment = match.groups()
    if comment and entry.box is None and not begins_with_dots(comment):
        return None
    mark = Mark(verdict=FAIL if negated else PASS)
    mark.add(comment, number)
    return mark
