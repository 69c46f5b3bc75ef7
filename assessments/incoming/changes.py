"""The differences that a file would make to what is stored, as people are shown them before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from assessments.models import Answer, Claim, Indicator
from assessments.workbook.layout import CLAIM, Cells
from criteria.structure import PROFILE, Category, Item, Part

# What becomes of a change: CHANGE is written, CONFLICT waits for a choice, the others are not written.
CHANGE, CONFLICT, FAULT, LEFT_OUT = "change", "conflict", "fault", "left_out"
# What to do with a conflict: use the text of the file, keep the stored one, or put the one behind the other.
TAKE, KEEP, BOTH = "take", "keep", "both"
ADDED, CHANGED, DELETED = "added", "changed", "deleted"


@dataclass(frozen=True)
class Line:
    """One cell that differs: what is stored, what the file says, and what is wrong with that."""

    label: str
    old: str
    new: str
    fault: str = ""

    @property
    def verb(self) -> str:
        if not self.old:
            return ADDED
        return CHANGED if self.new else DELETED


@dataclass(frozen=True)
class Change:
    """What the workbook would do to one part or one indicator.

    `key` names it in the form of the preview; `write` is what the service stores: {claim, values} or the figures.
    `answer` is None for a new indicator, which goes into `group`.
    """

    key: str
    code: str
    title: str
    category: Category
    state: str
    lines: tuple[Line, ...]
    answer: Answer | None = None
    group: str = ""
    reason: str = ""
    write: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0

    @property
    def options(self) -> tuple[str, ...]:
        """What may be chosen of it where it is a conflict."""
        return TAKE, KEEP


@dataclass(frozen=True)
class Plan:
    """Everything that a file would change, in form order. `missing` counts parts and indicators that it leaves out."""

    changes: tuple[Change, ...]
    missing: int

    def of(self, *states: str) -> list[Change]:
        return [change for change in self.changes if change.state in states]

    @cached_property
    def by_category(self) -> list[tuple[Category, list[Change]]]:
        found: dict[str, tuple[Category, list[Change]]] = {}
        for change in self.changes:
            found.setdefault(change.category.code, (change.category, []))[1].append(change)
        return list(found.values())


def shown_code(category: Category, item: Item, part: Part) -> str:
    """A question of the profile has no code of its own for people: that of its section."""
    if category.kind == PROFILE:
        return part.code.partition(".")[0]
    return item.code if len(item.parts) == 1 else part.code


# --- from cells to lines ------------------------------------------------------------------------

# What a blank is called, and the columns of a table.
Labels = Mapping[str, tuple[str, tuple[str, ...]]]


def lines_between(before: Cells, after: Cells, faults: Mapping[str, str], labels: Labels) -> tuple[Line, ...]:
    """The cells that differ or cannot be used, in the order of `labels`."""
    order = {name: place for place, name in enumerate(labels)}

    def place(name: str) -> tuple[int, ...]:
        head, *numbers = name.split(".")
        return (order[head], *(int(number) for number in numbers))

    return tuple(
        Line(
            label=_label(name, labels),
            old=_shown(name, before.get(name, "")),
            new=_shown(name, after.get(name, "")),
            fault=faults.get(name, ""),
        )
        for name in sorted({**before, **after, **faults}, key=place)
        if before.get(name, "") != after.get(name, "") or name in faults
    )


def part_labels(part: Part) -> Labels:
    claim = {CLAIM: (_("สถานะการดำเนินการ"), ())}
    return claim | {blank.key: (blank.label_th, blank.columns) for blank in part.fields}


def labels_of_figures(labels: Mapping[str, Any]) -> Labels:
    return {name: (str(label), ()) for name, label in labels.items()}


def _label(name: str, labels: Labels) -> str:
    """A blank by its name, an entry of a list and a cell of a table also by their place."""
    head, *place = name.split(".")
    label, columns = labels[head]
    if not place:
        return label
    row = _("แถว %(n)d") % {"n": int(place[0]) + 1}
    return " · ".join([label, row, *(columns[int(column)] for column in place[1:])])


def _shown(name: str, text: str) -> str:
    """Codes as the words that people choose."""
    if name == CLAIM:
        return str(Claim(text).label) if text in Claim.values else text
    if name == "direction":
        return str(Indicator.Direction(text).label) if text in Indicator.Direction.values else text
    return text


def errors_of(form: Form) -> dict[str, str]:
    return {name: " ".join(errors) for name, errors in form.errors.items()}


def left_out(change: Change, reason: str) -> Change:
    return replace(change, state=LEFT_OUT, reason=reason)
