"""What is typed into Form 1."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from assessments.forms.evidence import Line
from assessments.models import Application
from criteria.structure import Category
from criteria.templatetags.criteria_text import named

Award = Application.Award
NO_MAIL = _("ใส่อีเมลแบบ name@agency.example")
LONGEST = 2000


class ApplicationForm(forms.Form):
    """`offered`: the categories for which an award by category is given."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    award = forms.ChoiceField(
        label=_("สมัครรางวัลระดับใด"),
        required=False,
        choices=[("", _("ยังไม่เลือก")), *Award.choices],
        widget=forms.RadioSelect,
    )
    categories = forms.MultipleChoiceField(
        label=_("หมวดที่สมัคร"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("เลือกเมื่อสมัครรายหมวด ผลลัพธ์ในหมวด 7 ใช้ประกอบทุกหมวด"),
    )
    contact_name = Line(200)
    contact_position = Line(200)
    contact_phone = Line(100)
    contact_mail = Line(254)
    remarks = Line(LONGEST)

    LABELS = (
        ("contact_name", _("ชื่อผู้ติดต่อ")),
        ("contact_position", _("ตำแหน่ง")),
        ("contact_phone", _("โทรศัพท์")),
        ("contact_mail", _("อีเมลของหน่วยงาน")),
        ("remarks", _("หมายเหตุ")),
    )

    def __init__(self, *args, stored: Application, offered: Sequence[Category], **kwargs):
        kwargs.setdefault("initial", {name: getattr(stored, name) for name in self.base_fields})
        super().__init__(*args, label_suffix="", auto_id="f-%s", **kwargs)
        self.fields["categories"].choices = [
            (category.code, f"{category.code} {named(category)}") for category in offered
        ]
        for name, label in self.LABELS:
            self.fields[name].label = label
        self.fields["remarks"].widget = forms.Textarea(attrs={"rows": 3, "lang": "th"})
        self.fields["contact_mail"].widget.attrs["inputmode"] = "email"
        self.fields["contact_phone"].widget.attrs["inputmode"] = "tel"

    def clean_contact_mail(self) -> str:
        mail = self.cleaned_data["contact_mail"]
        if mail:
            EmailValidator(message=NO_MAIL)(mail)
        return mail

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("award") != Award.CATEGORIES:
            given["categories"] = []
        elif "categories" in given and not given["categories"]:
            self.add_error("categories", _("เลือกหมวดที่สมัครอย่างน้อยหนึ่งหมวด"))
        return given
