"""The form of one indicator of Form 4, and what it shows of what is stored."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.advice.indicators import highest_level
from assessments.models import Answer, Indicator
from assessments.presentation import fault_sentence
from assessments.services.indicators import FIGURES
from criteria.fields import MAX_LENGTH, Fault, parse_number, plain_number
from pmqa.text import length, normalise
from pmqa.thai import thai_number

NUMBERS = ("target", "result_1", "result_2", "result_3", "peer_result")
# As many as are stored; more would be cut without a word.
DECIMAL_PLACES = 6
# What people write on paper where there is no figure: no data, which is not 0.
NO_DATA_WORDS = ("-", "–", "—", "ไม่มี", "ไม่มีข้อมูล")
USUAL_UNITS = (
    "ร้อยละ", "คะแนน", "คน", "ครั้ง", "เรื่อง", "ชิ้นงาน", "รางวัล", "หน่วยงาน", "กระบวนการ", "ระดับ", "บาท", "วันทำการ",
)  # fmt: skip


class TextFigure(forms.Field):
    """A text as it is stored: normalised, without spaces around it; beyond `limit` refused, never cut."""

    def __init__(self, limit: int):
        super().__init__(required=False, widget=forms.TextInput)
        self.limit = limit

    def clean(self, value: Any) -> str:
        text = normalise(value or "").strip()
        if (found := length(text)) > self.limit:
            raise forms.ValidationError(fault_sentence(Fault("too_long", self.limit, found)), code="too_long")
        return text


class NumberFigure(forms.Field):
    """A figure as people type it, Thai digits and commas included. Empty is None: no data."""

    def __init__(self):
        super().__init__(required=False, widget=forms.TextInput)

    def clean(self, value: Any) -> Decimal | None:
        text = normalise(value or "").strip()
        if not text or text in NO_DATA_WORDS:
            return None
        try:
            number = parse_number(text)
        except Fault as fault:
            raise forms.ValidationError(fault_sentence(fault), code=fault.code) from fault
        if -number.normalize().as_tuple().exponent > DECIMAL_PLACES:
            raise forms.ValidationError(
                _("ทศนิยมได้ไม่เกิน %(places)d ตำแหน่ง ปัดเศษแล้วกรอกใหม่"),
                code="places",
                params={"places": DECIMAL_PLACES},
            )
        return number


@dataclass(frozen=True)
class Figure:
    """One blank of an indicator as a page shows it. `value` is what was typed, or else what is stored."""

    name: str
    id: str
    label: str
    value: str
    errors: tuple[str, ...]

    @property
    def error_id(self) -> str:
        return f"{self.id}-error"


class IndicatorForm(forms.Form):
    """All figures of one indicator. Bound it keeps what was typed; what is not posted stays as stored."""

    name = TextFigure(MAX_LENGTH)
    unit = TextFigure(100)
    direction = forms.ChoiceField(
        choices=Indicator.Direction.choices,
        required=False,
        error_messages={"invalid_choice": _("เลือกทิศทางจากสองตัวเลือก")},
    )
    target = NumberFigure()
    result_1 = NumberFigure()
    result_2 = NumberFigure()
    result_3 = NumberFigure()
    target_basis = TextFigure(MAX_LENGTH)
    peer_name = TextFigure(300)
    peer_result = NumberFigure()
    version = forms.IntegerField(min_value=0, required=False)

    def __init__(self, answer: Answer, data=None, *, years: tuple[int, int, int]):
        super().__init__(data)
        self.answer = answer
        self.labels = figure_labels(years)

    def clean(self) -> dict[str, Any]:
        """A level beyond the scale of the unit is refused: no year can have it."""
        data = super().clean()
        posted = self.add_prefix("unit") in self.data
        highest = highest_level(data.get("unit", "") if posted else self.answer.indicator.unit)
        for name in ("target", "result_1", "result_2", "result_3"):
            value = data.get(name)
            if highest is not None and value is not None and not 0 <= value <= highest:
                self.add_error(
                    name,
                    forms.ValidationError(
                        _("ระดับสูงสุดคือ %(highest)d ถ้าใช้มาตรวัดอื่น ระบุในหน่วยนับ เช่น ระดับ (1–10)"),
                        code="level",
                        params={"highest": highest},
                    ),
                )
        return data

    @property
    def figures(self) -> dict[str, Any]:
        """What to store of a valid form."""
        indicator = self.answer.indicator
        return {
            name: self.cleaned_data[name]
            if self.add_prefix(name) in self.data and (name != "direction" or self.cleaned_data[name])
            else getattr(indicator, name)
            for name in FIGURES
        }

    @property
    def seen_version(self) -> int:
        """The version that the person had before them; -1, which is always stale, where it is missing."""
        found = self.cleaned_data.get("version")
        return -1 if found is None else found

    @property
    def blanks(self) -> dict[str, Figure]:
        return {name: self._blank(name) for name in FIGURES}

    def _blank(self, name: str) -> Figure:
        typed = self.data.get(self.add_prefix(name)) if self.is_bound else None
        return Figure(
            name=name,
            id=f"i{self.answer.pk}-{name}",
            label=self.labels[name],
            value=figure_text(getattr(self.answer.indicator, name)) if typed is None else typed,
            errors=tuple(self.errors.get(name, ())) if self.is_bound else (),
        )


def figure_labels(years: tuple[int, int, int]) -> dict[str, str]:
    """What each figure is called; `years` are the fiscal years of the results, oldest first."""
    return {
        "name": _("ชื่อตัวชี้วัด"),
        "unit": _("หน่วยนับ"),
        "direction": _("ทิศทาง"),
        "target": _("เป้าหมาย %(year)d") % {"year": years[-1]},
        **{f"result_{place}": _("ผล %(year)d") % {"year": year} for place, year in enumerate(years, start=1)},
        "target_basis": _("ที่มาของค่าเป้าหมาย"),
        "peer_name": _("คู่เทียบ"),
        "peer_result": _("ผลของคู่เทียบ"),
    }


def figure_text(value: Decimal | str | None) -> str:
    """A stored figure as it stands in its blank, with thousands separators; no data is an empty blank."""
    if value is None:
        return ""
    return thai_number(plain_number(value)) if isinstance(value, Decimal) else value
