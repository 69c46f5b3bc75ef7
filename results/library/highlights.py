"""The outstanding work of a frozen sheet, one by one. Pure: no Django.

A Feedback Report prints it under three pillars; what stands between blank lines there is one piece of work, as it is
drafted from what reviewers noted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from results.payload import Payload
from results.report_rows import has_text

_BLANK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Highlight:
    """`key` is the same as long as pillar and text are: by it an entry finds its text in a later revision."""

    key: str
    pillar: str
    text: str


def highlights_of(payload: Payload) -> list[Highlight]:
    """In the order of the report, each text once."""
    found = {highlight.key: highlight for highlight in _all(payload)}
    return list(found.values())


def _all(payload: Payload) -> Iterator[Highlight]:
    for entry in (payload.get("feedback") or {}).get("pillars") or ():
        pillar = entry["code"].partition(":")[2]
        for text in map(str.strip, _BLANK.split(entry["text"])):
            if has_text(text):
                yield Highlight(sha256(f"{pillar}\n{text}".encode()).hexdigest()[:32], pillar, text)
