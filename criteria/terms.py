"""Where the defined terms of a topic stand in its texts. Pure: no Django."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BRACKETS = re.compile(r"\s*\(([^)]*)\)\s*")
# Shorter spellings stand inside too many other words.
MIN_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text; `meaning` is set where it is a defined term."""

    text: str
    term: str = ""
    meaning: str = ""


def spellings(term: str) -> list[str]:
    """แนวปฏิบัติที่ดี (Best Practice) is also written แนวปฏิบัติที่ดี, and Best Practice."""
    found = [term, _BRACKETS.sub("", term), *_BRACKETS.findall(term)]
    return [text for text in dict.fromkeys(text.strip() for text in found) if len(text) >= MIN_LENGTH]


def mark(text: str, definitions: Sequence[tuple[str, str]]) -> list[Run]:
    """Cut `text` at the first place of every defined term; longer spellings win over shorter ones."""
    known = {spelling: pair for pair in definitions for spelling in spellings(pair[0])}
    if not known:
        return [Run(text)]
    pattern = re.compile(
        "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True)), re.IGNORECASE
    )
    folded = {spelling.casefold(): pair for spelling, pair in known.items()}
    runs, seen, end = [], set(), 0
    for match in pattern.finditer(text):
        term, meaning = folded[match[0].casefold()]
        if term in seen:
            continue
        seen.add(term)
        if match.start() > end:
            runs.append(Run(text[end : match.start()]))
        runs.append(Run(match[0], term, meaning))
        end = match.end()
    if end < len(text):
        runs.append(Run(text[end:]))
    return runs
