"""Choosing results in the list, and the reason for a correction."""

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Cycle
from pmqa.accounts.models import Ministry
from pmqa.names import name_of
from results.models import ResultSheet
from results.publishing import CORRECTIONS
from reviews.citing_forms import CitingForm, bare_helper

# To the last row: what were left to chance could stand on two pages of the list, or on none.
_AGENCY = ("assessment__agency__code", "-assessment__cycle__year", "-pk")
ORDERS = {
    "": ("-assessment__cycle__year", *_AGENCY),
    "verified": ("-verified_total", *_AGENCY),
    "gap": (F("verified_total") - F("claimed_total"), *_AGENCY),
}


class FilterForm(forms.Form):
    """The filters of the list, all of them optional; offers only what the list has."""

    q = forms.CharField(
        label=_("หน่วยงาน"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(), label=_("รอบการประเมิน"), required=False, empty_label=_("ทุกรอบ")
    )
    ministry = forms.ModelChoiceField(
        Ministry.objects.none(), label=_("กระทรวง"), required=False, empty_label=_("ทุกกระทรวง")
    )
    order = forms.ChoiceField(
        label=_("เรียงตาม"),
        required=False,
        choices=[
            ("", _("ปี และรหัสหน่วยงาน")),
            ("verified", _("คะแนนจากผู้ตรวจ")),
            ("gap", _("ส่วนต่างมากที่สุด")),
        ],
    )

    def __init__(self, data, sheets: QuerySet[ResultSheet]):
        super().__init__(data, label_suffix="")
        self.sheets = sheets
        self.fields["cycle"].queryset = Cycle.objects.filter(
            pk__in=sheets.order_by().values("assessment__cycle")
        )
        self.fields["ministry"].queryset = Ministry.objects.filter(
            pk__in=sheets.order_by().values("assessment__agency__ministry")
        )
        self.fields["ministry"].label_from_instance = name_of
        for name in ("cycle", "ministry", "order"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def results(self) -> QuerySet[ResultSheet]:
        """The sheets that the filters leave, in the chosen order; a filter that means nothing is ignored."""
        chosen = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        sheets = self.sheets
        if text := chosen.get("q"):
            sheets = sheets.filter(
                Q(assessment__agency__name__icontains=text) | Q(assessment__agency__code__icontains=text)
            )
        if cycle := chosen.get("cycle"):
            sheets = sheets.filter(assessment__cycle=cycle)
        if ministry := chosen.get("ministry"):
            sheets = sheets.filter(assessment__agency__ministry=ministry)
        return sheets.order_by(*ORDERS[chosen.get("order", "")])


class CorrectionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("แก้เพราะเหตุใด"),
        choices=[(kind.value, kind.label) for kind in CORRECTIONS],
        widget=forms.RadioSelect,
        error_messages={"required": _("เลือกว่าแก้เพราะคำนวณผิด หรือบันทึกหรือพิมพ์ผิด")},
    )
    reason = forms.CharField(
        label=_("เหตุผลของการแก้ไข"),
        help_text=_("แสดงต่อหน่วยงานพร้อมผลครั้งใหม่ ผลครั้งก่อนยังเก็บไว้"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @property
    def helper(self) -> FormHelper:
        return bare_helper()


class AppealForm(CitingForm):
    """Why one mark should be looked at again."""

    field_order = ["reason", "evidence"]
    reason = forms.CharField(
        label=_("เหตุผลที่ขอทบทวน"),
        help_text=_("บอกว่าคำตอบหรือหลักฐานที่ส่งแล้วแสดงสิ่งที่ผู้ตรวจถามถึงไว้ตรงไหน"),
        error_messages={"required": _("ระบุเหตุผล บอกว่าคำตอบหรือหลักฐานที่ส่งแล้วแสดงสิ่งที่ถามไว้ตรงไหน")},
        widget=forms.Textarea(attrs={"rows": 6, "lang": "th"}),
    )


class ReleaseForm(forms.Form):
    left_out = forms.CharField(
        label=_("เหตุผลที่ไม่รอเรื่องที่ยังตรวจไม่เสร็จ"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "th"}),
    )

    def __init__(self, *args, is_needed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_needed:
            self.fields["left_out"].widget = forms.HiddenInput()

    @property
    def helper(self) -> FormHelper:
        return bare_helper()


class IssueAtForm(forms.Form):
    at = forms.DateTimeField(
        label=_("วันและเวลาออกรายงาน"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
        ),
        help_text=_("ปีเป็น ค.ศ. ตามปฏิทินของเครื่อง เวลาเป็นเวลาประเทศไทย"),
        error_messages={"required": _("ระบุวันและเวลาให้ครบ"), "invalid": _("ระบุวันและเวลาให้ครบ")},
    )
