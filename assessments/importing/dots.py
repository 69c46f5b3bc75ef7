"""The dots of the form: `...answer...`, and lines of dots for what is empty."""

import re

from assessments.importing.rows import SEAM, without_marks

_ONLY_DOTS = re.compile(r"[.…\s☐☑✓□]*")
_OPENING = re.compile(r"(?:\.{3,}|…)+")
_CLOSING = re.compile(r"(?:\.{3,}|…)+$")
_DELIMITER = 3
# A run of more dots than two delimiters is the empty line of the form, not the end of an answer.
_FILL = 2 * _DELIMITER


def clean(text: str) -> str:
    """An answer or comment as it was written: without its `...` delimiters, without seams, lines trimmed.

    Dots that belong to the text survive: exactly one delimiter is taken from each end.
    """
    text = text.strip(f" \t\n{SEAM}")
    if _ONLY_DOTS.fullmatch(text):
        return ""
    opening = _OPENING.match(text)
    if opening:
        text = text[_length_of_delimiter(opening[0]) :]
    closing = _CLOSING.search(text[-200:])
    if closing:
        text = text[: len(text) - _length_of_delimiter(closing[0])]
    lines = (line.strip() for line in without_marks(text).split("\n"))
    text = "\n".join(line for line in lines if line)
    return "" if _ONLY_DOTS.fullmatch(text) else text


def _length_of_delimiter(dots: str) -> int:
    if "…" in dots or len(dots) > _FILL:
        return len(dots)
    return _DELIMITER


def begins_with_dots(text: str) -> bool:
    return bool(_OPENING.match(text.lstrip()))


def ends_with_dots(text: str) -> bool:
    return bool(_CLOSING.search(text[-50:].rstrip()))


def find_dots(text: str) -> int:
    """Where the first delimiter stands; -1 where there is none."""
    found = _OPENING.search(text)
    return found.start() if found else -1
