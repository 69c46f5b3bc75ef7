"""A spelling to offer where a name or a word is written another way; no text is changed by it. Pure: no Django.

The list is data (fixtures/words/spellings.yaml): what is right, how it is met, and where the right spelling is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from assessments.advice.passages import compact

WORDS = Path(__file__).resolve().parent.parent.parent / "fixtures" / "words" / "spellings.yaml"
# What belongs to the letter before it: a "wrong" word that one of these follows is another word.
_MARK = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"


@dataclass(frozen=True, slots=True)
class Spelling:
    """`wrong` as it is met, `right` as it is offered, `source` where that is written."""

    wrong: str
    right: str
    source: str
    pattern: re.Pattern[str]
    # The same without spaces and in lower case: no pattern runs where this does not stand.
    probe: str


@cache
def spellings() -> tuple[Spelling, ...]:
    """The list, longer ones first: "New GFMS Thai" is met before "New GFMS"."""
    stored = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    found = [
        Spelling(
            wrong,
            entry["right"],
            stored["sources"][entry["source"]],
            _pattern(wrong),
            compact(wrong).casefold(),
        )
        for entry in stored["words"]
        for wrong in entry["wrong"]
    ]
    return tuple(sorted(found, key=lambda spelling: -len(spelling.wrong)))


def misspelt(text: str) -> Iterator[Spelling]:
    """Each spelling of the list that stands in the text; of one `right` word the first that is met."""
    squeezed = compact(text).casefold()
    said = set()
    for spelling in spellings():
        if spelling.right not in said and spelling.probe in squeezed and spelling.pattern.search(text):
            said.add(spelling.right)
            yield spelling


def source_of(right: str) -> str:
    """Where the right spelling is written; "" for a word that is no longer in the list."""
    return next((spelling.source for spelling in spellings() if spelling.right == right), "")


def _pattern(wrong: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in wrong.split())
    return re.compile(rf"(?<![A-Za-z0-9]){words}(?![A-Za-z0-9])(?!{_MARK})", re.IGNORECASE)
