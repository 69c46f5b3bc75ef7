"""What is typed on the pages of the evidence register."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.indicators import TextFigure
from assessments.models import Evidence
from assessments.presentation import fault_sentence, language
from assessments.services.evidence import Details
from criteria.fields import Fault, parse_date
from pmqa.text import normalise
from pmqa.thai import thai_date

# On the pages, in this order; also what a form calls its blanks where it gives text back.
LABELS = {
    "title": _("ชื่อหลักฐาน"),
    "url": _("ลิงก์"),
    "source_system": _("ระบบต้นทาง"),
    "reference": _("เลขที่อ้างอิง"),
    "effective_on": _("วันที่มีผล"),
    "note": _("หมายเหตุ"),
    "reason": _("เหตุผลที่ถอน"),
}


class Line(TextFigure):
    """A text as it is stored; empty is refused with `missing`, where that is given."""

    def __init__(self, limit: int, missing: Any = ""):
        super().__init__(limit)
        self.missing = missing

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text and self.missing:
            raise forms.ValidationError(self.missing, code="required")
        return text


class DateLine(forms.Field):
    """A date as people write it, or nothing."""

    def __init__(self):
        super().__init__(required=False, widget=forms.TextInput)

    def prepare_value(self, value: Any) -> str:
        return thai_date(value, "short", language()) if isinstance(value, date) else value or ""

    def clean(self, value: Any) -> date | None:
        text = normalise(value or "").strip()
        try:
            return parse_date(text) if text else None
        except Fault as fault:
            raise forms.ValidationError(fault_sentence(fault), code=fault.code) from fault


class LinkLine(forms.Field):
    """An address of the web, kept as typed: nobody fetches it."""

    LIMIT = 2000

    def __init__(self):
        super().__init__(required=False, widget=forms.TextInput)

    def clean(self, value: Any) -> str:
        text = normalise(value or "").strip()
        host = text.partition("://")[2].partition("/")[0]
        is_web = (
            text.lower().startswith(("https://", "http://")) and host and not set(text) & set(' \t\n\\<>"')
        )
        # A name before the host ("https://good.example@bad.example") only misleads whoever reads the link.
        if not is_web or "@" in host:
            raise forms.ValidationError(fault_sentence(Fault("url")), code="url")
        if len(text) > self.LIMIT:
            raise forms.ValidationError(
                fault_sentence(Fault("too_long", self.LIMIT, len(text))), code="too_long"
            )
        return text


class DetailsForm(forms.Form):
    """What is typed about an entry."""

    title = Line(300, _("ระบุชื่อหลักฐาน ให้ผู้ตรวจเข้าใจได้โดยไม่ต้องเปิด"))
    source_system = Line(120)
    reference = Line(120)
    effective_on = DateLine()
    note = Line(5000)
    version = forms.IntegerField(min_value=0, required=False)

    @property
    def details(self) -> Details:
        return Details(
            **{
                name: self.cleaned_data[name]
                for name in ("title", "source_system", "reference", "effective_on", "note")
            }
        )

    @property
    def seen_version(self) -> int:
        """The version that the person had before them; -1, which is always stale, where it is missing."""
        found = self.cleaned_data.get("version")
        return -1 if found is None else found


class SourceForm(forms.Form):
    """A file or a link. The file itself is an upload: `upload` names the one that is there already."""

    upload = forms.UUIDField(required=False)
    url = LinkLine()
    version = forms.IntegerField(min_value=0, required=False)

    def __init__(self, data=None, *, kind: str = "", **options):
        super().__init__(data, **options)
        # Not `kind`: in a template that is the field of the same name.
        self.source_kind = kind or (data or {}).get("kind", "")
        if self.source_kind != Evidence.Kind.LINK:
            del self.fields["url"]

    seen_version = DetailsForm.seen_version


class EntryForm(DetailsForm, SourceForm):
    """A new entry. `key` is made with the empty form: the same form posted twice makes one entry."""

    kind = forms.ChoiceField(choices=Evidence.Kind.choices)
    key = forms.UUIDField(initial=uuid.uuid4)


class WithdrawForm(forms.Form):
    reason = Line(1000, _("ระบุเหตุผลที่ถอน เหตุผลนี้แสดงคู่กับหลักฐาน"))
    version = forms.IntegerField(min_value=0)


class UploadForm(forms.Form):
    """What a browser tells of a file before it sends the first piece."""

    name = forms.CharField(max_length=1000)
    size = forms.IntegerField(min_value=0, max_value=2**50)
    modified = forms.IntegerField(min_value=0, max_value=2**53, required=False)


class CitationForm(forms.Form):
    """The numbers of the entries that are ticked, or the one whose citation ends."""

    entry = forms.TypedMultipleChoiceField(coerce=int, required=False)
    uncite = forms.IntegerField(min_value=1, required=False)

    def __init__(self, data):
        super().__init__(data)
        # Any number: the service knows the register.
        self.fields["entry"].valid_value = str.isdecimal
