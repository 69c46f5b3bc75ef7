"""What an administrator proposes: more time for one agency, and why."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Status
from pmqa.names import name_of


class _Assessments(forms.ModelChoiceField):
    def label_from_instance(self, obj: Assessment) -> str:
        return f"{obj.agency.code} {name_of(obj.agency)} · {obj.cycle}"


class ProposeForm(forms.Form):
    """Agencies of the cycles that are not over; a time, or the end of the extension that is in force."""

    assessment = _Assessments(
        label=_("หน่วยงาน"), queryset=Assessment.objects.none(), empty_label=_("เลือกหน่วยงาน")
    )
    until = forms.DateTimeField(
        label=_("ขยายเวลาถึง"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("ปีเป็น ค.ศ. ตามปฏิทินของเครื่อง เวลาเป็นเวลาประเทศไทย"),
        error_messages={"invalid": _("ระบุวันและเวลาให้ครบ")},
    )
    cancels = forms.BooleanField(label=_("ยกเลิกการขยายเวลาที่ให้ไว้เดิม"), required=False)
    reason = forms.CharField(
        label=_("เหตุผล"),
        widget=forms.Textarea(attrs={"rows": 3, "lang": "th"}),
        help_text=_("เมื่อยืนยันแล้ว ทุกหน่วยงานอ่านได้ในบัญชีการขยายเวลา"),
        error_messages={"required": _("ระบุเหตุผลที่ขยายเวลา เพราะทุกหน่วยงานอ่านได้")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assessment"].queryset = (
            Assessment.objects.select_related("agency", "cycle")
            .filter(cycle__review_closes_at__gte=timezone.now())
            .exclude(status=Status.REPORT_ISSUED)
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean(self) -> dict:
        cleaned = super().clean()
        if "until" in self.errors:
            return cleaned
        if cleaned.get("cancels") and cleaned.get("until"):
            self.add_error("cancels", _("เลือกอย่างใดอย่างหนึ่ง: เวลาใหม่ หรือยกเลิกเวลาเดิม"))
        elif not cleaned.get("cancels") and not cleaned.get("until"):
            self.add_error("until", _("ระบุวันและเวลาใหม่"))
        return cleaned
