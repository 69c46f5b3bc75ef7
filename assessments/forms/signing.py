"""What the head says: signed, or given back with notes on single parts."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer

# Rows for notes on single parts: for whoever has more to say there is the reason.
NOTES = 3


class SubmitForm(forms.Form):
    """The head's own words, and the digest of what they were shown."""

    confirmed = forms.BooleanField(
        error_messages={"required": _("ทำเครื่องหมายรับรองก่อนส่ง")},
    )
    seen_digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, agency: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].label = _(
            "ข้าพเจ้าได้อ่านแบบประเมินฉบับที่แสดงนี้ และรับรองว่าข้อมูลตรงตามที่ %(agency)s ดำเนินการจริง"
        ) % {"agency": agency}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class DeclineForm(forms.Form):
    """A reason, and up to NOTES parts by their code with what to do there. `answers` are by the code people see."""

    reason = forms.CharField(
        label=_("เหตุผล"),
        widget=forms.Textarea(attrs={"rows": 3, "lang": "th"}),
        error_messages={"required": _("ระบุเหตุผลก่อน เพื่อให้หน่วยงานทราบว่าต้องทำอะไรต่อ")},
    )

    def __init__(self, *args, answers: dict[str, Answer], **kwargs):
        super().__init__(*args, **kwargs)
        self.answers = answers
        for place in range(1, NOTES + 1):
            self.fields[f"code_{place}"] = forms.CharField(label=_("ส่วน"), required=False, max_length=20)
            self.fields[f"note_{place}"] = forms.CharField(label=_("สิ่งที่ให้แก้"), required=False)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"code_{place}"], self[f"note_{place}"]) for place in range(1, NOTES + 1)]

    def clean(self) -> dict:
        cleaned = super().clean()
        for place in range(1, NOTES + 1):
            code, note = cleaned.get(f"code_{place}", ""), cleaned.get(f"note_{place}", "")
            if code and code not in self.answers:
                self.add_error(f"code_{place}", _("ไม่มีส่วนนี้ ใช้รหัสตามแบบฟอร์ม เช่น 1.1.2.1 หรือ 7.1.1.1"))
            elif code and not note:
                self.add_error(f"note_{place}", _("ระบุสิ่งที่ให้แก้ในส่วนนี้"))
            elif note and not code:
                self.add_error(f"code_{place}", _("ระบุรหัสของส่วน เช่น 1.1.2.1"))
        return cleaned

    @property
    def notes(self) -> list[tuple[Answer, str]]:
        """Of a valid form: the answers with what is to be done there."""
        pairs = [
            (self.cleaned_data[f"code_{place}"], self.cleaned_data[f"note_{place}"])
            for place in range(1, NOTES + 1)
        ]
        return [(self.answers[code], note) for code, note in pairs if code]
