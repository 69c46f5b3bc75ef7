"""What the pages of the organisational profile show: its sections, and each question as rows or one blank."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from assessments.forms.parts import Blank
from assessments.pages.state import State
from assessments.pages.topics import Kept, PartView, part_view
from assessments.presentation import GapLine, gap_lines, language
from assessments.progress import Count
from criteria.fields import is_filled
from criteria.structure import PROFILE, Field, Item, Topic
from pmqa.accounts.models import User
from pmqa.thai import thai_date, thai_number

# Empty rows below the filled ones, for whoever works without script; with it, rows.js keeps what is needed.
SPARE_ROWS = 2
_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class Cell:
    """One input of a row. `id` is set on the first of all: links to the blank lead there."""

    name: str
    value: str
    label: str
    id: str = ""


@dataclass(frozen=True)
class RowView:
    """One row of a list or a table. `title`: its fixed first column; `is_spare`: empty, not yet needed."""

    cells: list[Cell]
    title: str = ""
    is_spare: bool = False


@dataclass(frozen=True)
class Question:
    """One question of the profile or of an old edition: a part with exactly one blank.

    `item`: that of an old edition, whose number and words stand above the blank.
    """

    view: PartView
    item: Item | None = None

    @cached_property
    def blank(self) -> Blank:
        return self.view.form.blanks[0]

    @property
    def field(self) -> Field:
        return self.blank.field

    @property
    def is_rows(self) -> bool:
        return self.field.kind in ("list", "table")

    @property
    def has_fixed_rows(self) -> bool:
        return bool(self.field.rows)

    @property
    def text(self) -> str:
        """The value of a single blank as people read it; what cannot be read so stays as it was typed."""
        return shown_text(self.field, self.blank.value)

    @property
    def rows(self) -> list[RowView]:
        """The rows to edit: the filled ones, then spare ones."""
        if self.has_fixed_rows:
            return [self._fixed_row(index, row) for index, row in enumerate(self.blank.rows)]
        filled = [row for row in self._entries(self.blank.value) if any(cell.strip() for cell in row)]
        empty = [""] * self._width
        rows = [*filled, *[empty] * SPARE_ROWS]
        return [
            RowView(self._cells(index, row, first=0), is_spare=index >= len(filled))
            for index, row in enumerate(rows)
        ]

    @property
    def stored_rows(self) -> list[list[str]]:
        """The stored rows to read, without empty ones."""
        return [row for row in self._entries(self.view.answer.values.get(self.field.key, [])) if any(row)]

    @property
    def stored_text(self) -> str:
        return shown_text(self.field, self.view.answer.values.get(self.field.key, ""))

    @property
    def is_answered(self) -> bool:
        return is_filled(self.view.answer.values.get(self.field.key))

    @property
    def _width(self) -> int:
        return len(self.field.columns) or 1

    def _entries(self, value) -> list[list[str]]:
        return [[entry] if isinstance(entry, str) else list(entry) for entry in value]

    def _cells(self, index: int, row: list[str], *, first: int) -> list[Cell]:
        labels = self.field.column_labels or (self.field.label_th,)
        return [
            Cell(
                name=f"{self.blank.name}.{index}.{column}" if self.field.kind == "table" else self.blank.name,
                value=row[column],
                label=labels[column],
                id=self.blank.id if (index, column) == (0, first) else "",
            )
            for column in range(first, len(labels))
        ]

    def _fixed_row(self, index: int, row: list[str]) -> RowView:
        return RowView(self._cells(index, row, first=1), title=self.field.rows[index])


def shown_text(field: Field, value: str) -> str:
    """A stored number with separators, a stored date in Thai words (as stored for readers of English).

    Both are accepted again as they stand.
    """
    if field.kind == "number" and _PLAIN_NUMBER.fullmatch(value):
        return thai_number(value)
    if field.kind == "date" and language() == "th":
        try:
            return thai_date(date.fromisoformat(value), "short")
        except ValueError:
            return value
    return value


def questions_of(state: State, topic: Topic, viewer: User, kept: Mapping[str, Kept]) -> list[Question]:
    """The questions of one section, in order. `kept` is by part code."""
    category = state.tree.category_of_topic[topic.code]
    mendable = state.mendable(viewer, category.code)
    return [
        Question(
            part_view(
                part,
                state.answers.parts[part.code],
                viewer,
                kind=category.kind,
                kept=kept.get(part.code),
                notes=state.notes_on(part.code),
                is_mendable=part.code in mendable,
            ),
            item=item if item.number else None,
        )
        for item in topic.items
        for part in item.parts
    ]


@dataclass(frozen=True)
class Section:
    """One section of the profile at a glance."""

    topic: Topic
    url: str
    count: Count
    gaps: list[GapLine]


def sections_of(state: State, kind: str = PROFILE) -> list[Section]:
    progress = state.progress
    return [
        Section(
            topic=topic,
            url=reverse("assessments:topic", args=[state.assessment.pk, topic.code]),
            count=progress.topics[topic.code],
            gaps=gap_lines(
                state.assessment,
                state.answers,
                tuple(gap for gap in progress.profile_gaps if gap.topic == topic.code),
            ),
        )
        for category in state.tree.of_kind(kind)
        for topic in category.topics
    ]
