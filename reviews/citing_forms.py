"""Words that rest on evidence which was submitted: what agencies add and ask after the hand-in."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _


def bare_helper() -> FormHelper:
    """Fields without a form around them: the templates have their own, with their buttons."""
    helper = FormHelper()
    helper.form_tag = False
    return helper


class CitingForm(forms.Form):
    """`entries`: the frozen register; what answer `code` cites comes first. Without entries nothing can be cited."""

    evidence = forms.TypedMultipleChoiceField(
        label=_("หลักฐานที่อ้าง"),
        help_text=_("เลือกได้เฉพาะหลักฐานที่ส่งไว้แล้ว เพิ่มหลักฐานใหม่ในขั้นนี้ไม่ได้"),
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
        return bare_helper()
