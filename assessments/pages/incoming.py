"""How the preview of a file shows a change, and what it posts back."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.safestring import SafeString

from assessments.incoming.changes import BOTH, CHANGE, CONFLICT, KEEP, TAKE, Change, Line
from assessments.pages.conflicts import side_by_side
from assessments.services.incoming import Choice
from assessments.texts.comparing import compare
from pmqa.numbers import whole

# Longer texts are folded, so that a page with many of them can be looked through.
FOLDED_FROM = 1200
# Beyond this the differing words are not marked: comparing many long texts would keep a person waiting.
MARKED_UP_TO = 3000


@dataclass(frozen=True)
class LineView:
    """One cell in both versions, the differing words marked where the versions have words in common."""

    line: Line
    old: SafeString | str
    new: SafeString | str

    @property
    def length(self) -> int:
        return max(len(self.line.old), len(self.line.new))

    @property
    def is_long(self) -> bool:
        return self.length > FOLDED_FROM

    @property
    def has_texts(self) -> bool:
        """A cell without a usable text has nothing to be compared with."""
        return not self.line.fault or self.line.old != self.line.new


def line_view(line: Line) -> LineView:
    if not (line.old and line.new) or len(line.old) + len(line.new) > MARKED_UP_TO:
        return LineView(line, line.old, line.new)
    if all(differs for _text, differs in compare(line.new, line.old).mine):
        return LineView(line, line.old, line.new)
    texts = side_by_side("", line.label, line.new, line.old, empty="")
    return LineView(line, texts.theirs, texts.mine)


@dataclass(frozen=True)
class ChangeView:
    """A change as a row of the preview, with what was chosen. `is_open`: it was posted, and came back."""

    change: Change
    lines: tuple[LineView, ...]
    keep: str
    is_open: bool

    @property
    def is_conflict(self) -> bool:
        return self.change.state == CONFLICT

    @property
    def is_written(self) -> bool:
        return self.change.state in (CHANGE, CONFLICT)


def view_of(change: Change, choices: Mapping[str, Choice], open_keys: frozenset[str]) -> ChangeView:
    choice = choices.get(change.key)
    is_current = choice is not None and choice.seen == change.version
    return ChangeView(
        change=change,
        lines=tuple(line_view(line) for line in change.lines),
        keep=choice.keep if is_current else "",
        is_open=change.key in open_keys,
    )


def posted_choices(data: QueryDict) -> dict[str, Choice]:
    """By key of the change: `seen-<key>` is the version that was shown, `choice-<key>` what was chosen."""
    choices = {}
    for name, seen in data.items():
        if name.startswith("seen-") and (version := whole(seen)) is not None:
            key = name.removeprefix("seen-")
            keep = data.get(f"choice-{key}", "")
            choices[key] = Choice(version, keep if keep in (KEEP, TAKE, BOTH) else "")
    return choices
