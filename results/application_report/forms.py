"""What is typed into an Application Report, and what OPDC says of an invitation."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.evidence import DateLine, Line
from assessments.forms.indicators import NumberFigure, TextFigure
from assessments.models import Indicator
from criteria.fields import MAX_LENGTH, plain_number
from results.application_report.sections import CHECK, FIGURES, INDICATOR, Section, Values

# Characters of one element of ADLI, a remark on an indicator, or a reason: a few sentences.
SHORT = 2000
LINES = {"name": MAX_LENGTH, "unit": 100, "peer_name": 300}
ELEMENT_ROWS, TEXT_ROWS = 2, 6


class LongText(TextFigure):
    def __init__(self, limit: int, *, rows: int, **options):
        super().__init__(limit)
        attrs = {"rows": rows, "lang": "th", "class": "form-control"}
        self.widget = forms.Textarea(attrs | ({"data-count": ""} if limit == MAX_LENGTH else {}))
        self.label, self.help_text = options.get("label"), options.get("help_text", "")


INDICATOR_LABELS = {
    "name": _("ชื่อตัวชี้วัด"),
    "unit": _("หน่วยนับ"),
    "direction": _("ทิศทาง"),
    "target": _("ค่าเป้าหมายปีล่าสุด"),
    "peer_name": _("คู่เทียบ"),
    "peer_result": _("ผลปีล่าสุดของคู่เทียบ"),
    "integration": _("การบูรณาการ (I)"),
    "reason": _("เหตุผลที่ข้อมูลไม่ครบ 3 ปี"),
}
INDICATOR_HELP = {
    "integration": _("ตัวชี้วัดนี้ตอบความต้องการ แผน หรือกระบวนการสำคัญใด"),
    "reason": _("จำเป็นเมื่อมีผลไม่ครบ 3 ปี"),
}


class SectionForm(forms.Form):
    """One section, saved by compare and swap."""

    WRITTEN = ("updated_by", "updated_at")

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data=None, *, section: Section, values: Values, version: int):
        initial = {"version": version} | {key: values.get(key, "") for key in section.keys}
        super().__init__(data, initial=initial, label_suffix="", auto_id=f"{section.code}-%s")
        self.section = section
        self.fields |= _blanks(section)
        for name, blank in self.fields.items():
            blank.widget.attrs.setdefault("class", "form-control")
            if name in FIGURES:
                blank.widget.attrs["inputmode"] = "decimal"
        self.CHOICES = tuple(key for key in section.keys if key == "direction")
        self.TEXTS = tuple(key for key in section.keys if key not in self.CHOICES)

    @property
    def typed(self) -> dict[str, str]:
        """What a valid form says, as it is stored."""
        return {key: self._stored(key) for key in self.section.keys}

    def _stored(self, key: str) -> str:
        value = self.cleaned_data[key]
        if key in FIGURES:
            return "" if value is None else plain_number(value)
        return value

    def as_typed(self, stored: Any) -> dict[str, str]:
        """What a stored entry puts into the blanks; one that is not stored yet what was copied."""
        values = stored.values if stored.pk else self.section.initial
        return {key: values.get(key, "") for key in self.section.keys}


def _blanks(section: Section) -> dict[str, forms.Field]:
    if section.kind == CHECK:
        pairs = zip(section.keys, section.elements, strict=True)
        return {key: LongText(SHORT, rows=ELEMENT_ROWS, label=name) for key, name in pairs}
    if section.kind == INDICATOR:
        return _figures(section)
    text = LongText(MAX_LENGTH, rows=TEXT_ROWS, label=section.title, help_text=_lines_help(section))
    return {"text": text}


def _lines_help(section: Section) -> Any:
    kinds = {"list": _("บรรทัดละรายการ"), "table": _("บรรทัดละแถว คั่นช่องด้วยเครื่องหมาย |")}
    return kinds.get(section.more.get("kind", ""), "")


def _figures(section: Section) -> dict[str, forms.Field]:
    labels = dict(INDICATOR_LABELS)
    for number, year in enumerate(section.more["years"], start=1):
        labels[f"result_{number}"] = _("ผลปี %(year)d") % {"year": year}
    blanks: dict[str, forms.Field] = {}
    for key in section.keys:
        if key in FIGURES:
            blanks[key] = NumberFigure()
        elif key == "direction":
            blanks[key] = forms.ChoiceField(
                choices=Indicator.Direction.choices, widget=forms.Select(attrs={"class": "form-select"})
            )
        elif key in ("integration", "reason"):
            blanks[key] = LongText(SHORT, rows=2)
        else:
            blanks[key] = TextFigure(LINES[key])
        blanks[key].label, blanks[key].help_text = labels[key], INDICATOR_HELP.get(key, "")
    return blanks


class DeclineForm(forms.Form):
    """Why an agency does not take part."""

    reason = Line(SHORT, missing=_("ระบุเหตุผลที่ไม่เข้าร่วม"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", auto_id="decline-%s", **kwargs)
        self.fields["reason"].label = _("เหตุผลที่ไม่เข้าร่วม")
        self.fields["reason"].widget = forms.Textarea(
            attrs={"rows": 2, "lang": "th", "class": "form-control"}
        )


class DueForm(forms.Form):
    """The last day of a report."""

    due_on = DateLine()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", auto_id="due-%s", **kwargs)
        self.fields["due_on"].label = _("ส่งรายงานภายในวันที่")
        self.fields["due_on"].help_text = _("เช่น 30 ก.ย. 2570 ส่งได้ถึงสิ้นวัน")
        self.fields["due_on"].widget.attrs["class"] = "form-control"

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day is None:
            raise forms.ValidationError(_("ใส่วันที่ต้องส่งรายงาน"), code="required")
        return day


class Candidates(forms.Form):
    """Which agencies the page of invitations lists; what means nothing leaves everybody."""

    award = forms.ChoiceField(
        label=_("สมัครรางวัล"),
        required=False,
        choices=[("", _("ทุกระดับ")), ("whole", _("ทั้งรางวัล (ดีเด่น)")), ("categories", _("รายหมวด"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    least = NumberFigure()

    def __init__(self, data: Mapping[str, Any]):
        super().__init__(data, label_suffix="", auto_id="filter-%s")
        self.fields["least"].label = _("คะแนนขั้นที่ 1 ตั้งแต่")
        self.fields["least"].widget.attrs |= {"class": "form-control", "inputmode": "decimal"}

    @property
    def chosen(self) -> dict[str, Any]:
        given = self.cleaned_data if self.is_valid() else {}
        return {"award": given.get("award", ""), "least": given.get("least")}
