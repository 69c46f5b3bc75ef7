"""What is typed to give teams to many cases at once."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Cycle
from reviews.lines import MAX_BYTES

MOST = 5
SEEDS = 10_000


class ProposeForm(forms.Form):
    """How the teams of all cases without one are to be proposed."""

    cycle = forms.ModelChoiceField(queryset=Cycle.objects.select_related("edition"), widget=forms.HiddenInput)
    at_least = forms.IntegerField(label=_("ผู้ลงผลอย่างน้อยต่อหมวด"), min_value=1, max_value=MOST, initial=2)
    lead_marks = forms.BooleanField(label=_("หัวหน้าทีมลงผลการตรวจด้วย"), required=False)
    seed = forms.IntegerField(
        label=_("เลขสุ่ม"),
        min_value=0,
        max_value=2**31,
        required=False,
        help_text=_("เลขเดิมกับข้อมูลเดิมได้ทีมเดิม ใช้ตัดสินระหว่างคนที่ภาระเท่ากัน เว้นว่างได้"),
    )

    def clean_seed(self) -> int:
        seed = self.cleaned_data["seed"]
        return secrets.randbelow(SEEDS) if seed is None else seed


class SampleForm(forms.Form):
    """By which number the sample of single reviewers is drawn, and what of it the page has shown."""

    seed = forms.IntegerField(
        label=_("เลขสุ่ม"),
        min_value=0,
        max_value=2**31,
        required=False,
        help_text=_("เลขเดิมกับข้อมูลเดิมได้ตัวอย่างเดิม เว้นว่างได้"),
    )
    seen = forms.CharField(required=False, max_length=64)
    shown = forms.CharField(required=False, max_length=64)

    clean_seed = ProposeForm.clean_seed


class LinesForm(forms.Form):
    """Teams as lines: from a file, or as text on the page of the preview."""

    cycle = forms.ModelChoiceField(queryset=Cycle.objects.select_related("edition"), widget=forms.HiddenInput)
    file = forms.FileField(label=_("ไฟล์ CSV"), required=False, allow_empty_file=True)
    text = forms.CharField(required=False, strip=False, max_length=MAX_BYTES)
    seen = forms.CharField(required=False, max_length=64)
    shown = forms.CharField(required=False, max_length=64)
