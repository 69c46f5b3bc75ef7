"""What a printed form says, as plain data; `as_json` is the document of `manage.py import_form`."""

from dataclasses import asdict, dataclass, field
from typing import Any

from pmqa.errors import Refused

__all__ = [
    "Document",
    "Line",
    "NotAForm",
    "PrintedForm",
    "PrintedIndicator",
    "PrintedPart",
    "Refused",
    "StrayLine",
]

# What became of a line that is not blank.
HEAD, HEADING, PROMPT, PART, INDICATOR, UNPLACED = (
    "head",
    "heading",
    "prompt",
    "part",
    "indicator",
    "unplaced",
)


class NotAForm(ValueError):
    """The bytes or the text hold neither Form 3 nor Form 4."""


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form head. `form` is 3 or 4; `printed` the day of printing as YYYY-MM-DD, None without one."""

    file: str
    form: int
    applicant: str
    printed: str | None


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """One part of Form 3.

    status: not_started, started or done. fields: the filled blanks, by the criteria's keys.
    unsplit: some text of the part stood in no blank of ours and is in the first field.
    verdict: the mark printed beside it, pass or fail; None where no word is printed.
    """

    code: str
    status: str
    fields: dict[str, str]
    unsplit: bool
    verdict: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class PrintedIndicator:
    """One row of Form 4. Numbers are texts as printed; `results` the oldest first, None for no result."""

    topic: str
    group: int
    name: str
    direction: str
    unit: str
    target: str
    results: tuple[str | None, ...]
    percent: str
    score: str
    verdict: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class StrayLine:
    """A line that belongs nowhere. `line` counts from 1, by line feeds."""

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line: `place` is head, heading, prompt, part, indicator or unplaced."""

    file: str
    line: int
    place: str


@dataclass(frozen=True, slots=True)
class Document:
    """The union of the files of one call, in form order.

    `lines` has every line that is not blank, once: the account that nothing was lost. It is not in the JSON.
    """

    forms: tuple[PrintedForm, ...]
    parts: tuple[PrintedPart, ...]
    indicators: tuple[PrintedIndicator, ...]
    findings: tuple[str, ...]
    unplaced: tuple[StrayLine, ...]
    lines: tuple[Line, ...] = field(default=(), repr=False)

    def as_json(self) -> dict[str, Any]:
        """The shape that docs and scripts rely on, ready for `json.dumps`."""
        content = {name: getattr(self, name) for name in ("forms", "parts", "indicators", "unplaced")}
        document = {name: [asdict(entry) for entry in entries] for name, entries in content.items()}
        for indicator in document["indicators"]:
            indicator["results"] = list(indicator["results"])
        return {
            "forms": document["forms"],
            "parts": document["parts"],
            "indicators": document["indicators"],
            "findings": list(self.findings),
            "unplaced": document["unplaced"],
        }
