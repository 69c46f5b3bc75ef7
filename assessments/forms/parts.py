"""One form for one part: its status and its blanks, whatever their kind."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Claim
from assessments.presentation import fault_sentence
from criteria import fields
from criteria.fields import Fault, Value
from criteria.structure import Field, Part

# How the cells of one row are kept apart where a table is written as lines.
CELL_MARK = " | "


class BlankWidget(forms.Widget):
    """Reads a blank from posted data: `key`, repeated `key` (list), or `key.<row>.<column>` (table).

    None means that the data do not mention the blank, which is not the same as leaving it empty.
    """

    def __init__(self, blank: Field):
        super().__init__()
        self.blank = blank

    def value_from_datadict(self, data, files, name) -> Any:
        if self.blank.kind == "table":
            return self._table(data, name)
        if name not in data:
            return None
        if self.blank.kind == "list":
            return data.getlist(name) if hasattr(data, "getlist") else data[name]
        return data[name]

    def _table(self, data, name) -> list[list[str]] | None:
        cell = re.compile(rf"{re.escape(name)}\.(\d{{1,4}})\.(\d{{1,2}})")
        rows: dict[int, dict[int, str]] = {}
        for key in data:
            if match := cell.fullmatch(key):
                rows.setdefault(int(match[1]), {})[int(match[2])] = data[key]
        if not rows:
            return None
        table = []
        for number in sorted(rows):
            row = [rows[number].get(column, "") for column in range(len(self.blank.columns))]
            if self.blank.rows:
                if number >= len(self.blank.rows):
                    continue
                row[0] = self.blank.rows[number]
            table.append(row)
        return table


class BlankField(forms.Field):
    """A blank of the criteria as a form field. What is not posted stays as it is stored."""

    def __init__(self, blank: Field, stored: Value):
        super().__init__(required=False, label=blank.label_th, widget=BlankWidget(blank), initial=stored)
        self.blank = blank

    def clean(self, value: Any) -> Value:
        if value is None:
            return self.initial
        try:
            return fields.clean(self.blank, value)
        except Fault as fault:
            raise forms.ValidationError(fault_sentence(fault), code=fault.code) from fault


@dataclass(frozen=True)
class Blank:
    """A blank as a page shows it. `value` is what was typed, or else what is stored."""

    field: Field
    name: str
    id: str
    value: Value
    errors: tuple[str, ...]

    @property
    def error_id(self) -> str:
        return f"{self.id}-error"

    @property
    def rows(self) -> list[list[str]]:
        """The rows of a table, those that the form prescribes even while they are empty."""
        if self.value or not self.field.rows:
            return list(self.value)
        return [[name, *[""] * (len(self.field.columns) - 1)] for name in self.field.rows]


class AnswerForm(forms.Form):
    """Status and blanks of one part, built from the criteria.

    Unbound it shows what is stored; bound it keeps what was typed, whatever is wrong with it. `prefix` reads
    "prefix-economy" instead of "economy".
    """

    claim = forms.ChoiceField(
        choices=Claim.choices,
        required=False,
        error_messages={"invalid_choice": _("เลือกสถานะจากสามตัวเลือก")},
    )
    version = forms.IntegerField(min_value=0, required=False)

    def __init__(self, part: Part, answer: Answer, data=None, *, prefix: str | None = None):
        super().__init__(data, prefix=prefix)
        self.part = part
        self.answer = answer
        for blank in part.fields:
            empty = [] if blank.kind in ("list", "table") else ""
            self.fields[blank.key] = BlankField(blank, answer.values.get(blank.key, empty))

    @property
    def chosen_claim(self) -> str:
        """The status that is ticked: as posted, else as stored."""
        return (self["claim"].data if self.is_bound else None) or self.answer.claim

    @property
    def values(self) -> dict[str, Value]:
        """What to store of a valid form: the filled blanks only."""
        cleaned = {blank.key: self.cleaned_data[blank.key] for blank in self.part.fields}
        return {key: value for key, value in cleaned.items() if fields.is_filled(value)}

    @property
    def seen_version(self) -> int:
        """The version that the person had before them; -1, which is always stale, where it is missing."""
        found = self.cleaned_data.get("version")
        return -1 if found is None else found

    @property
    def blanks(self) -> list[Blank]:
        return [self._blank(blank) for blank in self.part.fields]

    def _blank(self, blank: Field) -> Blank:
        bound = self[blank.key]
        typed = bound.data if self.is_bound else None
        return Blank(
            field=blank,
            name=self.add_prefix(blank.key),
            id=f"f-{self.part.code}-{blank.key}",
            value=bound.initial if typed is None else typed,
            errors=tuple(self.errors.get(blank.key, ())) if self.is_bound else (),
        )


class ReasonForm(forms.Form):
    """Why a finding stays as it is; empty takes the reason back."""

    reason = forms.CharField(
        max_length=1000,
        required=False,
        error_messages={"max_length": _("เหตุผลยาวได้ 1,000 อักษร ตัดให้สั้นลงแล้วบันทึกอีกครั้ง")},
    )


def as_lines(value: Value) -> str:
    """Any value as plain text: an entry of a list or a row of a table is a line."""
    if isinstance(value, str):
        return value
    return "\n".join(entry if isinstance(entry, str) else CELL_MARK.join(entry) for entry in value)


def from_lines(blank: Field, text: str) -> Value:
    """The reverse of `as_lines`, after a person has edited the lines."""
    if blank.kind == "list":
        return text.splitlines()
    if blank.kind == "table":
        return [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    return text
