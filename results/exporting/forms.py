"""What can be ordered from a cycle's results, and what of it is opened to everybody."""

from django import forms
from django.utils.translation import gettext_lazy as _

from results.exporting.dictionary import TABLES
from results.exporting.models import Export

Kind, Format = Export.Kind, Export.Format
TABLE_FORMATS = (Format.XLSX, Format.CSV, Format.JSON)


class ExportForm(forms.Form):
    """Tables in a format, or all reports in one package."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    tables = forms.MultipleChoiceField(
        label=_("ตาราง"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(table.name, table.th) for table in TABLES],
    )
    form = forms.ChoiceField(
        label=_("รูปแบบ"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(chosen, chosen.label) for chosen in TABLE_FORMATS],
    )

    def __init__(self, data=None):
        first = {"tables": [table.name for table in TABLES], "form": Format.XLSX}
        super().__init__(data, initial=first)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == Kind.REPORTS:
            return cleaned | {"tables": [], "form": Format.ZIP}
        if not cleaned.get("tables") and "tables" not in self.errors:
            self.add_error("tables", _("เลือกอย่างน้อยหนึ่งตาราง"))
        if not cleaned.get("form") and "form" not in self.errors:
            self.add_error("form", _("เลือกรูปแบบของไฟล์"))
        return cleaned


class OpeningForm(forms.Form):
    """What of the results is opened. `confirmed` comes from the second page, which says what that means."""

    with_agencies = forms.BooleanField(
        label=_("เปิดเผยคะแนนรายหน่วยงานด้วย"),
        help_text=_("รหัสและชื่อหน่วยงาน คะแนนรวม คะแนนรายหมวดจากผู้ตรวจ และระดับ"),
        required=False,
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
