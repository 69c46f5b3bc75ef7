"""What people wrote, on one line with little room. Pure but for its few words of our own."""

import re

from django.utils.translation import gettext as _

from assessments.texts.words import words

_BULLETS = re.compile(r"(?m)^[\s\-–—•●○■□▪*☐☑☒✓]+")
_CODE = re.compile(r"\d+(?:\.\d+)+\s+")
_LEADING_IN = ("ต่อไปนี้", "ดังนี้", ":")
BETWEEN = " · "
# A cut at a space keeps at least so much of what there is room for.
_KEPT = 0.6


def shortened(text: str, room: int) -> str:
    """The text on one line, cut between phrases or words where it is longer than `room`.

    A list of topics loses their codes, which mean nothing outside the criteria, and the words that only lead in to it;
    it is cut between two topics, and says how many are left.
    """
    lines = [
        line for line in (" ".join(line.split()) for line in _BULLETS.sub("", text).splitlines()) if line
    ]
    first = next((place for place, line in enumerate(lines) if _CODE.match(line)), len(lines))
    names = [_CODE.sub("", line, count=1) for line in lines[first:]]
    if len(names) < 2 or not all(_CODE.match(line) for line in lines[first:]):
        return _cut(" ".join(lines), room)
    lead = [line for line in lines[:first] if not line.endswith(_LEADING_IN)]
    for count in range(len(names), 0, -1):
        left = len(names) - count
        rest = " " + (_("และอีก %(n)d เรื่อง") % {"n": left}).replace(" ", "\u00a0") if left else ""
        line = " ".join([*lead, BETWEEN.join(names[:count])])
        if len(line + rest) <= room:
            break
    return _cut(line, max(room - len(rest), room // 2)) + rest


def _cut(line: str, room: int) -> str:
    if len(line) <= room:
        return line
    cut = line.rfind(" ", 0, room)
    if cut < room * _KEPT:
        cut, end = 0, 0
        for word in words(line[: room * 2]):
            end += len(word)
            if end > room:
                break
            cut = end
    # Not one word fits: a run of signs without a space.
    return f"{line[: cut or room].rstrip()}\u00a0…"
