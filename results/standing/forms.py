"""What administrators type about the KPI of a cycle, and the filter of its table."""

from collections.abc import Iterable
from decimal import Decimal

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.standing.models import TargetRules
from results.standing.reading import Line
from results.standing.targets import RULES, TYPES, Rules
from reviews.citing_forms import bare_helper

NO_TYPE, CHOSEN, OVERLAPPING = "none", "chosen", "overlap"


def fault_words() -> dict[str, str]:
    """Code of `Rules.faults` -> what to do."""
    return {
        "out_of_range": _("คะแนนต้องมากกว่า 0 และไม่เกิน 500"),
        "boundaries": _("ประเภทที่ 3 ต้องเริ่มที่คะแนนสูงกว่าประเภทที่ 2"),
        "type_1": _("ประเภทที่ 1: ค่าเป้าหมาย 50 ต้องต่ำกว่าค่าเป้าหมาย 100"),
        "type_2": _("ประเภทที่ 2: ค่าเป้าหมาย 50 ต้องต่ำกว่าคะแนนที่ประเภทนี้เริ่ม"),
        "type_3": _("ประเภทที่ 3: ค่าเป้าหมาย 50 ต้องต่ำกว่าคะแนนที่ประเภทนี้เริ่ม"),
        "growth": _("ร้อยละที่สูงกว่าปีก่อนต้องมากกว่า 0 และไม่เกิน 100"),
    }


class RulesForm(forms.Form):
    """The anchors and boundaries of a cycle."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, stored: TargetRules, **kwargs):
        shown = {name: getattr(stored.rules, name) for name in RULES}
        super().__init__(*args, initial=shown | {"version": stored.version}, **kwargs)
        for name in RULES:
            label = TargetRules._meta.get_field(name).verbose_name
            self.fields[name] = forms.DecimalField(
                label=label,
                max_digits=5,
                decimal_places=2,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )

    @property
    def rules(self) -> Rules:
        return Rules(**{name: self.cleaned_data[name] for name in RULES})

    def clean(self):
        data = super().clean()
        if all(data.get(name) is not None for name in RULES):
            words = fault_words()
            for fault in self.rules.faults():
                self.add_error(None, words[fault])
        return data

    @property
    def helper(self) -> FormHelper:
        return bare_helper()


class TypeForm(forms.Form):
    """The type of an agency without a score of last year, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kpi_type = forms.TypedChoiceField(
        label=gettext_lazy("ประเภท"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("เลือกประเภท")},
    )
    base = forms.DecimalField(
        label=gettext_lazy("คะแนนฐาน"),
        help_text=gettext_lazy("เฉพาะประเภทที่ 2 และ 3 ใช้แทนคะแนนปีก่อนในการคิดค่าเป้าหมาย 75 และ 100"),
        required=False,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("เหตุผล"),
        help_text=gettext_lazy("หน่วยงานเห็นเหตุผลนี้"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "th"}),
        error_messages={"required": gettext_lazy("ระบุเหตุผลที่กำหนดประเภทนี้")},
    )

    def __init__(self, *args, rules: Rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kpi_type"].choices = [(number, range_words(rules, number)) for number in TYPES]

    @property
    def helper(self) -> FormHelper:
        return bare_helper()


def range_words(rules: Rules, kpi_type: int) -> str:
    """A type with the scores of last year that give it."""
    low, high = rules.begins(kpi_type), rules.ends(kpi_type)
    figures = {"type": kpi_type, "low": _plain(low), "high": high and _plain(high)}
    if kpi_type == 1:
        return _("ประเภทที่ %(type)d คะแนนปีก่อนต่ำกว่า %(high)s") % figures
    if high is None:
        return _("ประเภทที่ %(type)d คะแนนปีก่อนตั้งแต่ %(low)s") % figures
    return _("ประเภทที่ %(type)d คะแนนปีก่อนตั้งแต่ %(low)s แต่ต่ำกว่า %(high)s") % figures


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


class LineFilter(forms.Form):
    """The filter of the table of a cycle; what means nothing is ignored."""

    q = forms.CharField(
        label=gettext_lazy("หน่วยงาน"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
    type = forms.ChoiceField(
        label=gettext_lazy("ประเภท"),
        required=False,
        choices=[
            ("", gettext_lazy("ทุกประเภท")),
            *((str(number), str(number)) for number in TYPES),
            (NO_TYPE, gettext_lazy("ยังไม่กำหนด")),
            (CHOSEN, gettext_lazy("ผู้ดูแลระบบกำหนด")),
            (OVERLAPPING, gettext_lazy("ช่วงคาบเกี่ยว")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def left(self, lines: Iterable[Line]) -> list[Line]:
        chosen = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        text, wanted = chosen.get("q", "").casefold(), chosen.get("type", "")
        return [line for line in lines if _is_wanted(line, wanted) and _is_named(line, text)]


def _is_named(line: Line, text: str) -> bool:
    agency = line.agency
    return not text or text in f"{agency.code} {agency.name} {agency.ministry.name}".casefold()


def _is_wanted(line: Line, wanted: str) -> bool:
    if wanted == NO_TYPE:
        return line.kpi.kpi_type is None
    if wanted == CHOSEN:
        return line.kpi.is_chosen
    if wanted == OVERLAPPING:
        return line.kpi.is_overlapping
    return not wanted or line.kpi.kpi_type == int(wanted)
