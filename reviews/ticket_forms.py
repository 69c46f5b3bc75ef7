"""What a reviewer asks an agency, and what the agency adds."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("คำถามถึงหน่วยงาน"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "th"}),
        help_text=_("หน่วยงานเห็นคำถาม แต่ไม่เห็นว่าใครถาม ถามได้ส่วนละครั้งเดียว"),
    )

    @property
    def helper(self) -> FormHelper:
        return _bare_helper()


class AdditionForm(forms.Form):
    """What the agency adds. `entries`: the frozen register; what answer `code` cites comes first."""

    addition = forms.CharField(
        label=_("คำชี้แจง"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "th"}),
        help_text=_("เป็นส่วนเพิ่มของคำตอบ คำตอบที่ส่งไว้ไม่เปลี่ยน ส่งได้ครั้งเดียว"),
    )
    evidence = forms.TypedMultipleChoiceField(
        label=_("หลักฐานที่อ้าง"),
        help_text=_("เลือกได้เฉพาะหลักฐานที่ส่งไว้แล้ว"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, entries, code: str, **kwargs):
        super().__init__(*args, **kwargs)
        ordered = sorted(entries, key=lambda entry: (code not in entry.cited_by, entry.number))
        self.fields["evidence"].choices = [
            (entry.number, f"{entry.number}. {entry.title}") for entry in ordered
        ]
        if not ordered:
            del self.fields["evidence"]

    def clean(self):
        return {"evidence": [], **super().clean()}

    @property
    def helper(self) -> FormHelper:
        return _bare_helper()


class WeighForm(forms.Form):
    counted = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda word: word == "yes")


def _bare_helper() -> FormHelper:
    """Fields without a form around them: the templates have their own, with their buttons."""
    helper = FormHelper()
    helper.form_tag = False
    return helper
