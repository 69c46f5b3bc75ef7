"""What is typed about the people of an agency and their work."""

from collections.abc import Collection, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.evidence import DateLine, Line
from assessments.models.duties import MAX_NOTE
from assessments.presentation import fault_sentence
from assessments.services.people import Term
from criteria.fields import Fault
from criteria.structure import Edition
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import NAME_LENGTH, Membership, User
from pmqa.text import length, normalise

Role = Membership.Role


class TermMixin:
    """Categories that an edition has, as boxes to tick."""

    def offer_categories(self, edition: Edition | None) -> None:
        known = edition.categories if edition else ()
        self.fields["categories"].choices = [
            (category.code, f"{category.code} {named(category)}") for category in known
        ]


class AddForm(TermMixin, forms.Form):
    """A person by e-mail, and what they are to be. `roles` are those that whoever looks may give."""

    email = forms.EmailField(
        label=_("อีเมล"),
        error_messages={"required": _("พิมพ์อีเมลของบุคคล"), "invalid": _("พิมพ์อีเมลให้ครบ เช่น name@agency.go.th")},
    )
    called = Line(NAME_LENGTH, missing=_("พิมพ์ชื่อและนามสกุล"))
    role = forms.ChoiceField(
        label=_("บทบาท"), widget=forms.RadioSelect, error_messages={"required": _("เลือกบทบาท")}
    )
    categories = forms.MultipleChoiceField(
        label=_("หมวดที่เป็นเจ้าภาพ"), required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = DateLine()
    ends_on = DateLine()
    order_reference = Line(200)

    def __init__(self, *args, roles: Collection[str], edition: Edition | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [choice for choice in Role.choices if choice[0] in roles]
        self.offer_categories(edition)
        for name, label in (
            ("called", _("ชื่อและนามสกุล")),
            ("starts_on", _("ตั้งแต่วันที่")),
            ("ends_on", _("ถึงวันที่")),
            ("order_reference", _("เลขที่คำสั่ง")),
        ):
            self.fields[name].label = label
        self.fields["starts_on"].help_text = _("เช่น 15 ม.ค. 2569 เว้นว่างคือวันนี้")
        self.fields["ends_on"].help_text = _("เว้นว่างคือไม่กำหนด")
        self.fields["order_reference"].help_text = _("เฉพาะรักษาการหัวหน้า ต้องระบุพร้อมวันเริ่มและวันสิ้นสุด")

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("role") == Role.OWNER and not cleaned.get("categories"):
            self.add_error("categories", _("เลือกหมวดอย่างน้อยหนึ่งหมวด"))
        return cleaned

    @property
    def term(self) -> Term:
        """Of a valid form."""
        given = self.cleaned_data
        return Term(
            role=given["role"],
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            categories=tuple(sorted(given["categories"])),
            order_reference=given["order_reference"],
        )


class MemberForm(TermMixin, forms.Form):
    """The categories of an owner, and the last day of any role."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    categories = forms.MultipleChoiceField(
        label=_("หมวดที่เป็นเจ้าภาพ"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ends_on = DateLine()

    def __init__(self, *args, is_owner: bool, edition: Edition | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_owner = is_owner
        self.fields["ends_on"].label = _("วันสุดท้าย")
        self.fields["ends_on"].help_text = _("เช่น 15 ม.ค. 2569 เว้นว่างคือไม่กำหนด")
        if is_owner:
            self.offer_categories(edition)
        else:
            del self.fields["categories"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.is_owner and not cleaned.get("categories"):
            self.add_error("categories", _("เลือกหมวดอย่างน้อยหนึ่งหมวด"))
        return cleaned


class DutyForm(forms.Form):
    """A note to whoever is asked, and a day."""

    note = forms.CharField(
        label=_("หมายเหตุถึงผู้เขียน"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "th"}),
    )
    due_on = DateLine()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].label = _("ส่งภายใน")
        self.fields["due_on"].help_text = _("เช่น 15 ม.ค. 2569 เลยวันแล้วยังเขียนต่อได้")

    def clean_note(self) -> str:
        text = normalise(self.cleaned_data["note"]).strip()
        if (found := length(text)) > MAX_NOTE:
            fault = Fault("too_long", MAX_NOTE, found)
            raise forms.ValidationError(fault_sentence(fault), code="too_long")
        return text


class AskForm(DutyForm):
    """Items for one person. `items` are those that may be asked for, by code; `writers` by key."""

    person = forms.TypedChoiceField(
        label=_("ผู้เขียน"),
        coerce=int,
        error_messages={"required": _("เลือกผู้เขียน"), "invalid_choice": _("เลือกผู้เขียนจากรายชื่อ")},
    )
    items = forms.MultipleChoiceField(
        label=_("ข้อที่ขอให้เขียน"),
        error_messages={"required": _("เลือกอย่างน้อยหนึ่งข้อ"), "invalid_choice": _("เลือกข้อจากรายการ")},
    )

    def __init__(self, *args, writers: Mapping[User, str], items: Collection[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.writers = {person.pk: person for person in writers}
        named = [(person.pk, label) for person, label in writers.items()]
        self.fields["person"].choices = [("", _("เลือก")), *named]
        self.fields["items"].choices = [(code, code) for code in items]

    @property
    def ticked(self) -> set[str]:
        return set(self["items"].value() or ())


class AskedForm(DutyForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DueForm(forms.Form):
    """The day of a category; empty takes it away."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    due_on = DateLine()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].label = _("ส่งภายใน")
        self.fields["due_on"].help_text = _("เช่น 15 ม.ค. 2569 เว้นว่างคือไม่กำหนด เลยวันแล้วยังเขียนต่อได้")


class HandOverForm(forms.Form):
    """Who takes over, and from which day."""

    successor = forms.TypedChoiceField(
        label=_("ผู้รับงาน"),
        coerce=int,
        error_messages={"required": _("เลือกผู้รับงาน"), "invalid_choice": _("เลือกผู้รับงานจากรายชื่อ")},
    )
    from_day = DateLine()

    def __init__(self, *args, successors: Mapping[User, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {person.pk: person for person in successors}
        named = [(person.pk, label) for person, label in successors.items()]
        self.fields["successor"].choices = [("", _("เลือก")), *named]
        self.fields["from_day"].label = _("ตั้งแต่วันที่")
        self.fields["from_day"].help_text = _("เช่น 15 ม.ค. 2569 เว้นว่างคือวันนี้ทันที")

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["successor"]]
