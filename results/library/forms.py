"""Choosing in the library, and sharing an entry."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from criteria.structure import Category
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import Agency
from pmqa.text import normalise
from results.improvement.forms import Choice, Words
from results.library.models import LibraryEntry
from results.library.searching import LONGEST
from results.library.services import WRITTEN
from reviews.models import Pillar


class LibraryFilter(forms.Form):
    """The filters of the address, all of them optional."""

    q = forms.CharField(
        label=_("คำค้น"),
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search", "maxlength": LONGEST}),
    )
    pillar = Choice(label=_("ด้าน"), required=False, choices=[("", _("ทุกด้าน")), *Pillar.choices])
    category = Choice(label=_("หมวด"), required=False)
    topic = Choice(label=_("หัวข้อ"), required=False)
    kind = Choice(
        label=_("ประเภทหน่วยงาน"), required=False, choices=[("", _("ทุกประเภท")), *Agency.Kind.choices]
    )
    year = Choice(label=_("ปี"), required=False)

    def __init__(self, data: Mapping[str, str], *, categories: Sequence[Category], years: Sequence[int]):
        super().__init__(data, label_suffix="", auto_id="filter-%s")
        self.fields["category"].choices = [
            ("", _("ทุกหมวด")),
            *((row.code, f"{row.code} {named(row)}") for row in categories),
        ]
        self.fields["topic"].choices = [
            ("", _("ทุกหัวข้อ")),
            *((topic.code, f"{topic.code} {named(topic)}") for row in categories for topic in row.topics),
        ]
        self.fields["year"].choices = [("", _("ทุกปี")), *((str(year), str(year)) for year in years)]

    @property
    def chosen(self) -> dict[str, Any]:
        """A filter that means nothing is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Line(forms.CharField):
    """One line as it is stored."""

    def __init__(self, **options):
        super().__init__(widget=forms.TextInput(attrs={"class": "form-control", "lang": "th"}), **options)

    def clean(self, value: Any) -> str:
        return " ".join(normalise(super().clean(value) or "").split())


class ShareForm(forms.Form):
    """What the agency says of a highlight that it shares; the text of the report itself is not to be edited."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    title = Line(
        label=_("ชื่อแนวปฏิบัติ"),
        max_length=200,
        help_text=_("สั้น และบอกว่าทำอะไรได้ผลอย่างไร"),
        error_messages={"required": _("ตั้งชื่อแนวปฏิบัติ เพื่อให้หน่วยงานอื่นค้นพบ")},
    )
    topics = forms.MultipleChoiceField(
        label=_("หัวข้อที่เกี่ยวข้อง"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("เลือกหัวข้อที่เกี่ยวข้องอย่างน้อยหนึ่งหัวข้อ")},
    )
    approach = Words(label=_("ทำอย่างไร"), rows=4)
    factors = Words(label=_("ปัจจัยแห่งความสำเร็จ"))
    future = Words(label=_("แผนต่อไป"))
    contact = Line(
        label=_("หน่วยงานที่ติดต่อได้"),
        required=False,
        max_length=200,
        help_text=_("ชื่อกองหรือกลุ่มงาน และหมายเลขกลาง ไม่ใส่ข้อมูลส่วนบุคคล"),
    )
    link = forms.URLField(
        label=_("ลิงก์"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "form-control"}),
        error_messages={"invalid": _("ลิงก์ต้องขึ้นต้นด้วย https:// หรือ http://")},
    )
    agreed = forms.BooleanField(
        label=_("หน่วยงานยินยอมให้ส่วนราชการอื่นและ สำนักงาน ก.พ.ร. อ่านรายการนี้ ถอนความยินยอมได้ทุกเมื่อ"),
        error_messages={"required": _("ยืนยันความยินยอมก่อนแบ่งปัน")},
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    # Texts stand side by side in a conflict.
    TEXTS = WRITTEN

    def __init__(self, *args, categories: Sequence[Category], entry: LibraryEntry | None, **kwargs):
        kwargs.setdefault("initial", self.values_of(entry) if entry else {"version": 0})
        super().__init__(*args, label_suffix="", auto_id="share-%s", **kwargs)
        self.fields["topics"].choices = [
            (
                f"{row.code} {named(row)}",
                [(topic.code, f"{topic.code} {named(topic)}") for topic in row.topics],
            )
            for row in categories
        ]
        if entry and entry.is_shared:
            del self.fields["agreed"]

    @classmethod
    def values_of(cls, entry: LibraryEntry) -> dict[str, Any]:
        """As the form shows them."""
        texts = {name: getattr(entry, name) for name in cls.TEXTS}
        return {"version": entry.version, "topics": [tag.topic for tag in entry.tags.all()], **texts}

    @property
    def topic_groups(self) -> list[tuple[str, list[tuple[str, str, bool]], bool]]:
        """The categories with their topics as (code, name, chosen), and whether any of them is."""
        chosen = set(self["topics"].value() or ())
        return [
            (
                name,
                [(code, label, code in chosen) for code, label in topics],
                any(code in chosen for code, _l in topics),
            )
            for name, topics in self.fields["topics"].choices
        ]

    @property
    def values(self) -> dict[str, Any]:
        """Of a valid form, as the service takes them."""
        return {name: self.cleaned_data[name] for name in self.TEXTS}
