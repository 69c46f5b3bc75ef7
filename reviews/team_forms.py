"""What is typed about teams: conflicts, stepping aside, replacing, dividing the categories."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pmqa.accounts.models import User
from reviews.forms import described
from reviews.team_models import Declaration

NONE, CONFLICT = "none", "conflict"


class DeclareForm(forms.Form):
    """Asked before a case opens: is there a tie to the agency?"""

    declared = forms.ChoiceField(
        label=_("ส่วนได้ส่วนเสียกับหน่วยงานนี้"),
        choices=[
            (NONE, _("ไม่มี และพร้อมตรวจ")),
            (CONFLICT, _("มี ขอไม่ตรวจเรื่องนี้")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("เลือกหนึ่งข้อก่อนเริ่มตรวจ")},
    )
    kind = forms.ChoiceField(
        label=_("เกี่ยวข้องกันแบบใด"),
        choices=[("", _("เลือกแบบ")), *Declaration.Kind.choices],
        required=False,
    )
    words = forms.CharField(
        label=_("บอกสั้น ๆ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("เฉพาะเจ้าหน้าที่ สำนักงาน ก.พ.ร. เห็นข้อความนี้ หน่วยงานและผู้ตรวจคนอื่นไม่เห็น"),
    )


class ReasonForm(forms.Form):
    """Why somebody leaves the team of a case."""

    reason = forms.CharField(
        label=_("เหตุผลที่ขอถอนตัว"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("บอกเหตุผลสั้น ๆ เพื่อให้ผู้ดูแลระบบจัดคนแทน")},
        help_text=_("เฉพาะเจ้าหน้าที่ สำนักงาน ก.พ.ร. เห็นข้อความนี้"),
    )


class ReplaceForm(forms.Form):
    """Who takes the place of a reviewer; any active person may be posted and is checked."""

    successor = forms.ModelChoiceField(
        label=_("คนแทน"),
        queryset=User.objects.filter(is_active=True),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("เลือกคนแทนหนึ่งคน")},
    )
    reason = forms.CharField(
        label=_("เหตุผลที่เปลี่ยนตัว"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, people: list[User], asks_reason: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].choices = [
            (person.pk, described(person)) for person in people if not person.tie
        ]
        if not asks_reason:
            del self.fields["reason"]
