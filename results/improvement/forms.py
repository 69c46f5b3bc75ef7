"""What is typed into a plan: a card, a card of one's own, a filter, progress and a reply."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.evidence import DateLine, Line
from assessments.presentation import fault_sentence
from criteria.fields import Fault
from criteria.structure import Category
from criteria.templatetags.criteria_text import named
from pmqa.text import length, normalise
from results.improvement.models import LONGEST, Card, Progress, Reply
from results.improvement.services import members_of


class Words(forms.CharField):
    """A text as it is stored; too long a one is refused, never cut."""

    def __init__(self, *, rows: int = 3, **options):
        options = {"required": False, "strip": False} | options
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows, "lang": "th", "class": "form-control"}), **options
        )

    def clean(self, value: Any) -> str:
        text = normalise(super().clean(value) or "").strip()
        if (found := length(text)) > LONGEST:
            raise forms.ValidationError(fault_sentence(Fault("too_long", LONGEST, found)), code="too_long")
        return text


class Choice(forms.ChoiceField):
    def __init__(self, **options):
        super().__init__(widget=forms.Select(attrs={"class": "form-select"}), **options)


class Kept(forms.Form):
    """What is saved by compare and swap. In a conflict `TEXTS` stand side by side, `CHOICES` are chosen again."""

    TEXTS: tuple[str, ...] = ()
    CHOICES: tuple[str, ...] = ()
    # Where a stored row says who wrote it, and when.
    WRITTEN = ("updated_by", "updated_at")

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def values_of(cls, stored: Any) -> dict[str, Any]:
        """As the form shows a stored row."""
        return {name: getattr(stored, name) for name in ("version", *cls.TEXTS, *cls.CHOICES)}

    @classmethod
    def as_typed(cls, stored: Any) -> dict[str, str]:
        """What autosave.js finds in the blanks of a page that shows this row."""
        return cls._in_blanks(cls.values_of(stored))

    @property
    def typed(self) -> dict[str, str]:
        """The same of a valid form."""
        return self._in_blanks(self.cleaned_data)

    @classmethod
    def _in_blanks(cls, values: dict[str, Any]) -> dict[str, str]:
        return {
            name: cls.base_fields[name].prepare_value(values[name]) for name in (*cls.TEXTS, *cls.CHOICES)
        }


# As the card asks for it: whoever sets something aside says why.
STATES = [
    (value, _("ไม่ทำ เพราะ") if value == Card.State.WONT_DO else label) for value, label in Card.State.choices
]


class CardForm(Kept):
    """One card; people of the agency may be responsible."""

    TEXTS = ("measure", "success", "reason", "evidence")
    CHOICES = ("horizon", "owner", "due_on", "state")

    measure = Words(label=_("สิ่งที่จะทำ"), rows=4)
    success = Words(label=_("วัดความสำเร็จอย่างไร"))
    horizon = Choice(
        label=_("ระยะเวลา"), required=False, choices=[("", _("ยังไม่เลือก")), *Card.Horizon.choices]
    )
    owner = Choice(label=_("ผู้รับผิดชอบ"), required=False)
    due_on = DateLine()
    state = Choice(label=_("สถานะ"), choices=STATES)
    reason = Words(label=_("เหตุผลที่ไม่ทำ"), rows=2)
    evidence = Words(label=_("หลักฐาน"), rows=2)

    @classmethod
    def of(cls, card: Card, data=None) -> "CardForm":
        """The form for this card; that of the agency's own has its title, too."""
        return (OwnWordsForm if card.is_own else CardForm)(data, card=card)

    def __init__(self, *args, card: Card, **kwargs):
        kwargs.setdefault("initial", self.values_of(card))
        super().__init__(*args, label_suffix="", auto_id="card-%s", **kwargs)
        people: dict[str, str] = {}
        for row in members_of(card.assessment):
            people.setdefault(str(row.user_id), row.known_as)
        if card.owner_id and str(card.owner_id) not in people:
            people[str(card.owner_id)] = _("%(name)s (พ้นจากหน่วยงานแล้ว)") % {"name": card.owner_name}
        self.fields["owner"].choices = [("", _("ยังไม่ระบุ")), *people.items()]
        self.fields["due_on"].label = _("แล้วเสร็จภายใน")
        self.fields["due_on"].help_text = _("เช่น 30 ก.ย. 2570")
        self.fields["due_on"].widget.attrs["class"] = "form-control"
        self.fields["evidence"].help_text = _("ชื่อเอกสารหรือลิงก์ บรรทัดละรายการ")
        self.fields["reason"].help_text = _("เมื่อเลือก “ไม่ทำ เพราะ”")

    @classmethod
    def values_of(cls, stored: Card) -> dict[str, Any]:
        return super().values_of(stored) | {"owner": str(stored.owner_id or "")}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("state") == Card.State.WONT_DO and not given.get("reason") and "reason" in given:
            self.add_error("reason", _("ระบุเหตุผลที่ไม่ทำ ผู้ตรวจและรอบหน้าจะได้ทราบ"))
        return given

    @property
    def values(self) -> dict[str, Any]:
        """Of a valid form, as the service takes them."""
        given = dict(self.cleaned_data)
        del given["version"]
        owner = given.pop("owner")
        return given | {"owner_id": int(owner) if owner else None}


class TitleLine(Line):
    """What the agency calls a card of its own."""

    def __init__(self):
        super().__init__(300, missing=_("พิมพ์ชื่อเรื่องที่จะพัฒนา"))
        self.label = _("เรื่องที่จะพัฒนา")
        self.widget.attrs |= {"class": "form-control", "lang": "th"}


class OwnWordsForm(CardForm):
    """A card of the agency's own, whose title is its own words."""

    TEXTS = ("title", *CardForm.TEXTS)

    title = TitleLine()


class OwnCardForm(forms.Form):
    """A card that comes from no observation."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    category = Choice(label=_("หมวด"))
    title = TitleLine()

    def __init__(self, *args, categories: Sequence[Category], **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["category"].choices = [
            (category.code, f"{category.code} {named(category)}") for category in categories
        ]


class PlanFilter(forms.Form):
    """The filters of the plan, all of them optional; one that means nothing leaves everything."""

    state = Choice(
        label=_("สถานะ"),
        required=False,
        choices=[
            ("", _("ทุกสถานะ")),
            ("late", _("เกินกำหนด")),
            ("changed", _("แก้หลังอนุมัติ")),
            *Card.State.choices,
        ],
    )
    owner = Choice(label=_("ผู้รับผิดชอบ"), required=False)
    horizon = Choice(label=_("ระยะเวลา"), required=False, choices=[("", _("ทุกระยะ")), *Card.Horizon.choices])
    repeat = Choice(label=_("ข้อสังเกตซ้ำ"), required=False, choices=[("", _("ทั้งหมด")), ("yes", _("เฉพาะที่ซ้ำ"))])

    def offer_owners(self, owners: Sequence[tuple[str, str]]) -> None:
        self.fields["owner"].choices = [
            ("", _("ทุกคน")),
            ("mine", _("ของฉัน")),
            ("none", _("ยังไม่ระบุ")),
            ("left", _("พ้นจากหน่วยงานแล้ว")),
            *owners,
        ]

    @classmethod
    def chosen(cls, data) -> dict[str, str]:
        known = {name: dict(cls.base_fields[name].choices) for name in ("state", "horizon", "repeat")}
        chosen = {name: data.get(name, "") for name in cls.base_fields}
        return {
            name: value if name == "owner" or value in known[name] else "" for name, value in chosen.items()
        }


class ProgressForm(Kept):
    """What the agency says of one card in a follow-up."""

    TEXTS = ("text", "evidence")

    text = Words(label=_("ความคืบหน้า"), rows=4)
    evidence = Words(label=_("หลักฐาน"), rows=2, help_text=_("ชื่อเอกสารหรือลิงก์ บรรทัดละรายการ"))

    @classmethod
    def of(cls, stored: Progress | None, card: Card, data=None) -> "ProgressForm":
        initial = cls.values_of(stored or Progress(version=0))
        return cls(data, initial=initial, label_suffix="", auto_id=f"p{card.pk}-%s")


class ReplyForm(Kept):
    """The reviewers' side on one card."""

    TEXTS = ("comment",)
    CHOICES = ("verdict",)
    WRITTEN = ("written_by", "written_at")

    verdict = forms.ChoiceField(
        label=_("ความเห็น"),
        choices=Reply.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("เลือกว่าเพียงพอหรือยังไม่เพียงพอ")},
    )
    comment = Words(label=_("ข้อเสนอแนะ"))

    @classmethod
    def of(cls, stored: Reply | None, card: Card, data=None) -> "ReplyForm":
        initial = cls.values_of(stored or Reply(version=0))
        return cls(data, initial=initial, label_suffix="", auto_id=f"r{card.pk}-%s")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if (
            given.get("verdict") == Reply.Verdict.NOT_ENOUGH
            and not given.get("comment")
            and "comment" in given
        ):
            self.add_error("comment", _("บอกว่ายังขาดอะไร เพื่อให้หน่วยงานทำต่อได้"))
        return given
