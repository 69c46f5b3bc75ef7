"""Printed text that grows line by line, and the marks of reviewers beside it."""

import re
from dataclasses import dataclass, field

from reviews.importing.dots import begins_with_dots, ends_with_dots
from reviews.importing.rows import Paragraph

PASS, FAIL = "pass", "fail"

_MARK = re.compile(r"^(ไม่\s*)?ผ่าน(?=[\s.…:]|$)[\s:]*(.*)$", re.DOTALL)


@dataclass
class Piece:
    """`lines` are the numbers of the lines that `text` came from."""

    text: str = ""
    lines: list[int] = field(default_factory=list)

    def add(self, text: str, number: int, separator: str) -> None:
        self.text = f"{self.text}{separator}{text}" if self.text else text
        if not self.lines or self.lines[-1] != number:
            self.lines.append(number)


@dataclass(kw_only=True)
class Mark(Piece):
    """A verdict; `text` is the comment as printed, with its dots."""

    verdict: str

    def takes(self, text: str) -> bool:
        """Whether a text in a later line goes on with the comment."""
        if not self.text:
            return begins_with_dots(text)
        return not ends_with_dots(self.text)


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
    return Mark(text=comment, lines=[number], verdict=FAIL if negated else PASS)
