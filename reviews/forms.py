"""What is typed on the pages of the review."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Assessment, Cycle, Status
from assessments.presentation import fault_sentence
from criteria import fields
from criteria.fields import Fault
from pmqa.accounts.models import Appointment, Membership, Ministry, User
from reviews.comments import as_code, is_comment
from reviews.composing import LACKING, compose
from reviews.models import Assignment, Pillar, Verdict
from reviews.reading import Marks
from reviews.rules import DECLARED, tie_to
from reviews.services.texts import COMMENT

# More names than this are found by searching.
CANDIDATES_SHOWN = 60


class CommentField(forms.CharField):
    """Any text of a reviewer, kept as typed but for normalisation; too long is refused, never cut."""

    def __init__(self, **options):
        super().__init__(required=False, strip=False, widget=forms.Textarea, **options)

    def clean(self, value):
        try:
            return fields.clean(COMMENT, value or "")
        except Fault as fault:
            raise forms.ValidationError(fault_sentence(fault), code=fault.code) from fault


class VerdictForm(forms.Form):
    """One mark of one answer, with the versions of the mark and of the answer that were on the screen."""

    version = forms.IntegerField(min_value=0)
    judged_version = forms.IntegerField(min_value=0)
    outcome = forms.ChoiceField(choices=Verdict.Outcome.choices, required=False)
    comment = CommentField()
    internal_note = CommentField()
    strength = CommentField()
    pillar = forms.ChoiceField(choices=[("", ""), *Pillar.choices], required=False)
    own_note = CommentField()
    ground = forms.ChoiceField(choices=[("", ""), *Verdict.Ground.choices], required=False)
    reason = CommentField()

    def __init__(self, answer: Answer, data):
        super().__init__(data)
        self.fields["judged_version"].max_value = answer.version
        self.fields["judged_version"].validators.append(self._not_from_the_future)
        self.answer = answer

    def _not_from_the_future(self, version: int) -> None:
        if version > self.answer.version:
            raise forms.ValidationError(_("เปิดหน้านี้ใหม่ แล้วบันทึกอีกครั้ง"), code="judged_version")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") != Verdict.Outcome.ABSTAIN:
            # The page goes on showing what was typed; only an abstention has it stored.
            cleaned |= {"ground": "", "reason": ""}
        return cleaned


class ComposeForm(forms.Form):
    """What a comment is made of; `known` are the marks of the case, to whose parts it may refer."""

    seen = forms.CharField(required=False, max_length=2000)
    lacking = forms.MultipleChoiceField(required=False, choices=list(LACKING.items()))
    besides = forms.CharField(required=False, max_length=2000)
    references = forms.CharField(required=False, max_length=200)

    def __init__(self, data, *, known: Marks):
        super().__init__(data)
        self.known = {mark.code for mark in known.rows} | {
            mark.code.rpartition(".")[0] for mark in known.rows
        }

    def clean_references(self) -> list[str]:
        codes = [as_code(word) for word in self.cleaned_data["references"].replace(",", " ").split()]
        if unknown := [code for code in codes if code not in self.known]:
            raise forms.ValidationError(_("ไม่มีส่วน %(code)s") % {"code": unknown[0]})
        return codes

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self.text = compose(**cleaned)
            if not self.text or not is_comment(cleaned["besides"] or self.text):
                self.add_error("besides", _("เลือกหรือพิมพ์สิ่งที่ควรแสดงอย่างน้อยหนึ่งอย่าง"))
        return cleaned


def candidates(assessment: Assessment, search: str = "") -> QuerySet[User]:
    """People to choose reviewers from: the team, whoever has reviewed before, people without another role;
    with `search` the team and all whom it finds. Each has `tie` (what forbids it, or ""), `is_in_team` and `load`
    (cases under review that wait for this person).
    """
    own = Assignment.objects.active().filter(reviewer=OuterRef("pk"))
    people = User.objects.filter(is_active=True).annotate(
        tie=tie_to(assessment.agency),
        is_in_team=Exists(own.filter(assessment=assessment)),
        load=Count(
            "assignments__assessment",
            filter=Q(
                assignments__recused_at=None,
                assignments__marks=True,
                assignments__handed_in_at=None,
                assignments__assessment__status=Status.IN_REVIEW,
            )
            # Of this case it would tell who has handed in.
            & ~Q(assignments__assessment=assessment),
            distinct=True,
        ),
    )
    wanted = Q(is_in_team=True)
    if search:
        for word in search.split():
            people = people.filter(
                Q(is_in_team=True)
                | Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
                | Q(email__icontains=word)
            )
        wanted = Q()
    else:
        member = Membership.objects.filter(user=OuterRef("pk"))
        official = Appointment.objects.filter(user=OuterRef("pk"))
        wanted |= Q(Exists(own)) | Q(~Exists(member), ~Exists(official))
    return people.filter(wanted).order_by("-is_in_team", "first_name", "last_name", "email")[
        :CANDIDATES_SHOWN
    ]


class PersonChoices(forms.CheckboxSelectMultiple):
    """People as check boxes; `barred` (primary keys) cannot be chosen, and their label says why."""

    barred: frozenset[int] = frozenset()

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if int(str(value)) in self.barred:
            option["attrs"]["disabled"] = True
        return option


class AssignForm(forms.Form):
    """The team of a whole case. The list shows `people`; any active person may be posted and is checked."""

    reviewers = forms.ModelMultipleChoiceField(
        label=_("ผู้ตรวจประเมิน"),
        queryset=User.objects.filter(is_active=True),
        widget=PersonChoices,
        required=False,
        help_text=_("แต่ละคนตรวจทั้ง 7 หมวดโดยไม่เห็นผลของกัน แบ่งหมวดได้หลังบันทึกทีม"),
    )
    lead = forms.ModelChoiceField(
        label=_("หัวหน้าทีม"),
        queryset=User.objects.filter(is_active=True),
        empty_label=_("เลือกหัวหน้าทีม"),
        error_messages={"required": _("เลือกหัวหน้าทีมหนึ่งคน")},
    )
    lead_marks = forms.BooleanField(label=_("หัวหน้าทีมลงผลการตรวจด้วย"), required=False)

    def __init__(self, *args, people: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        free = [person for person in people if not person.tie]
        self.fields["reviewers"].choices = [(person.pk, described(person)) for person in people]
        self.fields["reviewers"].widget.barred = frozenset(person.pk for person in people if person.tie)
        self.fields["lead"].choices = [
            ("", self.fields["lead"].empty_label),
            *((person.pk, f"{person} ({person.email})") for person in free),
        ]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("reviewers", "lead", "lead_marks")


class LeadForm(forms.Form):
    """Who leads from now on; the list shows `people`, and any active person may be posted and is checked."""

    lead = forms.ModelChoiceField(
        label=_("หัวหน้าทีม"),
        queryset=User.objects.filter(is_active=True),
        empty_label=_("เลือกหัวหน้าทีม"),
        error_messages={"required": _("เลือกหัวหน้าทีมหนึ่งคน")},
    )

    def __init__(self, *args, people: Iterable[User], **kwargs):
        super().__init__(*args, **kwargs)
        free = [(person.pk, f"{person} ({person.email})") for person in people if not person.tie]
        self.fields["lead"].choices = [("", self.fields["lead"].empty_label), *free]
        self.helper = FormHelper()
        self.helper.form_tag = False


def described(person: User) -> str:
    if person.tie:
        why = _("แจ้งส่วนได้ส่วนเสีย") if person.tie == DECLARED else _("มีบทบาทในกระทรวงเดียวกัน")
        return _("%(person)s (%(email)s) · เลือกไม่ได้: %(why)s") % {
            "person": person,
            "email": person.email,
            "why": why,
        }
    return _("%(person)s (%(email)s) · กำลังตรวจ %(load)d เรื่อง") % {
        "person": person,
        "email": person.email,
        "load": person.load,
    }


class SendBackForm(forms.Form):
    note = forms.CharField(
        label=_("สิ่งที่หน่วยงานต้องแก้"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("ระบุเหตุผลก่อน เพื่อให้หน่วยงานทราบว่าต้องทำอะไรต่อ")},
        help_text=_("หน่วยงานเห็นข้อความนี้ ส่งกลับได้จนกว่าผู้ตรวจคนแรกจะเปิดอ่าน"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class CaseFilter(forms.Form):
    """The filters of the list of cases; anything unknown is "all"."""

    MISSED, ABSENT = "missed", "absent"

    q = forms.CharField(label=_("ค้นชื่อหรือรหัสหน่วยงาน"), required=False, max_length=100)
    cycle = forms.ModelChoiceField(
        label=_("รอบ"), queryset=Cycle.objects.all(), required=False, empty_label=None
    )
    ministry = forms.ModelChoiceField(
        label=_("กระทรวง"), queryset=Ministry.objects.all(), required=False, empty_label=_("ทุกกระทรวง")
    )
    status = forms.ChoiceField(
        label=_("สถานะ"),
        required=False,
        choices=[("", _("ทุกสถานะ")), *Status.choices, (MISSED, _("ไม่ส่ง")), (ABSENT, _("ยังไม่เริ่ม"))],
    )
