"""What administrators type about the KPI framework of a cycle, and the filter of its page."""

from dataclasses import asdict
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext_lazy as _

from assessments.forms.evidence import Line
from results.framework.models import KpiComponent
from results.framework.weights import (
    BASES,
    GROUPS,
    MOST_COMPONENTS,
    MOST_KPIS,
    PERFORMANCE,
    POTENTIAL,
    Component,
    Framework,
    plain,
)
from results.framework.words import bases, fault_words
from reviews.citing_forms import bare_helper


def _weight(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"required": _("ระบุน้ำหนัก")},
    )


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        initial=1,
        min_value=1,
        max_value=MOST_KPIS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("ระบุจำนวน")},
    )


class ComponentForm(forms.Form):
    """One line of a framework. A line in which nothing was typed counts for nothing."""

    name = Line(200, missing=_("ระบุชื่อ"))
    name_en = Line(200)
    group = forms.ChoiceField(
        label=_("กลุ่ม"),
        choices=KpiComponent.Group.choices,
        initial=POTENTIAL,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    weight = _weight(_("น้ำหนัก (%)"))
    least = _count(_("ตัวชี้วัดอย่างน้อย"))
    most = _count(_("ตัวชี้วัดไม่เกิน"))
    bases = forms.MultipleChoiceField(
        label=_("ฐาน"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("เลือกอย่างน้อยหนึ่งฐาน")},
    )
    is_pmqa = forms.BooleanField(label=_("คือตัวชี้วัด PMQA 4.0 ของระบบนี้"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("ชื่อองค์ประกอบ")
        self.fields["name"].required = True
        self.fields["name_en"].label = _("ชื่อภาษาอังกฤษ")
        self.fields["bases"].choices = [(base.code, base.name) for base in bases()]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        least, most = data.get("least"), data.get("most")
        if least and most and least > most:
            self.add_error("most", _("ต้องไม่น้อยกว่าจำนวนอย่างน้อย"))
        return data

    @property
    def component(self) -> Component:
        """Of a valid form."""
        given = self.cleaned_data
        chosen = tuple(base for base in BASES if base in given["bases"])
        names = ("group", "name", "name_en", "weight", "least", "most", "is_pmqa")
        return Component(bases=chosen, **{name: given[name] for name in names})

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in the blanks, right or wrong, to be shown once more."""
        return {name: self[name].value() for name in self.fields if name != DELETION_FIELD_NAME}

    @property
    def helper(self) -> FormHelper:
        helper = bare_helper()
        helper.disable_csrf = True
        helper.layout = Layout(
            Div("name", "name_en", css_class="kpi-names"),
            Div("group", "weight", "least", "most", css_class="kpi-figures"),
            Div("bases", css_class="kpi-tags"),
            Div("is_pmqa", DELETION_FIELD_NAME, css_class="kpi-ticks"),
        )
        return helper


class _Rows(forms.BaseFormSet):
    """Lines of a framework. None counts as there already: the service replaces all, so any may be left empty."""

    def initial_form_count(self) -> int:
        return 0

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[DELETION_FIELD_NAME].label = _("นำองค์ประกอบนี้ออก")

    @property
    def kept(self) -> list[ComponentForm]:
        """Lines in which something stands and that are not to be taken out, once they were looked through."""
        return [
            form
            for form in self.forms
            if form.has_changed() and not form.cleaned_data.get(DELETION_FIELD_NAME)
        ]


ComponentRows = forms.formset_factory(
    ComponentForm,
    formset=_Rows,
    extra=0,
    can_delete=True,
    max_num=MOST_COMPONENTS,
    validate_max=True,
    absolute_max=2 * MOST_COMPONENTS,
)


class FrameworkForm(forms.Form):
    """A framework with all of its lines; what cannot be meant is said as a whole."""

    version = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)
    performance = _weight(_("น้ำหนักกลุ่ม Performance base (%)"))
    potential = _weight(_("น้ำหนักกลุ่ม Potential base (%)"))

    def __init__(self, data=None, *, initial: dict[str, Any], lines: list[dict[str, Any]], more: int = 0):
        super().__init__(data, initial=initial)
        self.rows = ComponentRows(data) if data is not None else ComponentRows(initial=lines)
        if data is None:
            self.rows.extra = len(lines) + more

    @classmethod
    def of(cls, data, *, shown: Framework, version: int) -> "FrameworkForm":
        weights = {group: plain(shown.weight_of(group)) for group in GROUPS}
        return cls(data, initial=weights | {"version": version}, lines=_lines(shown))

    def is_valid(self) -> bool:
        return super().is_valid() and self.rows.is_valid()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.rows.is_valid() and all(data.get(group) is not None for group in GROUPS):
            for fault in self.framework.faults():
                self.add_error(None, fault_words(fault))
        return data

    @property
    def framework(self) -> Framework:
        """Of cleaned data."""
        return Framework(
            self.cleaned_data[PERFORMANCE],
            self.cleaned_data[POTENTIAL],
            tuple(row.component for row in self.rows.kept),
        ).in_order()

    def with_one_more(self) -> "FrameworkForm":
        """The same with an empty line at the end: everything typed stays, unjudged, but for lines to be taken out."""
        typed = {name: self[name].value() for name in self.fields}
        self.rows.full_clean()
        return type(self)(initial=typed, lines=[row.typed for row in self.rows.kept], more=1)

    @property
    def helper(self) -> FormHelper:
        helper = bare_helper()
        helper.layout = Layout("version", Div(*GROUPS, css_class="kpi-names"))
        return helper


def _lines(shown: Framework) -> list[dict[str, Any]]:
    """Its components as their blanks start."""
    return [
        asdict(part) | {"weight": plain(part.weight), "bases": list(part.bases)} for part in shown.components
    ]


class BaseFilter(forms.Form):
    """The filter of the list; what means nothing is ignored."""

    base = forms.ChoiceField(
        label=_("ฐาน"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["base"].choices = [("", _("ทุกฐาน")), *((base.code, base.name) for base in bases())]

    @property
    def chosen(self) -> str:
        return self.cleaned_data["base"] if self.is_valid() else ""
