"""What a reviewer asks an agency, and what the agency adds."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.citing_forms import CitingForm, bare_helper


class QuestionForm(forms.Form):
    question = forms.CharField(
        label=_("คำถามถึงหน่วยงาน"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "th"}),
        help_text=_("หน่วยงานเห็นคำถาม แต่ไม่เห็นว่าใครถาม ถามได้ส่วนละครั้งเดียว"),
    )

    @property
    def helper(self) -> FormHelper:
        return bare_helper()


class AdditionForm(CitingForm):
    """What the agency adds."""

    field_order = ["addition", "evidence"]
    addition = forms.CharField(
        label=_("คำชี้แจง"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "th"}),
        help_text=_("เป็นส่วนเพิ่มของคำตอบ คำตอบที่ส่งไว้ไม่เปลี่ยน ส่งได้ครั้งเดียว"),
    )


class WeighForm(forms.Form):
    counted = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda word: word == "yes")
