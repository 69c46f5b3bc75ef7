"""What the lead types: decisions and the texts of the report; and the reason of a reopening."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.appeal_models import Appeal
from reviews.forms import CommentField
from reviews.models import Consensus, FeedbackSection, Outcome


class SourcesField(forms.TypedMultipleChoiceField):
    """Opinions that were ticked, by primary key; the service knows which of them there are."""

    def __init__(self):
        super().__init__(coerce=int, required=False)

    def valid_value(self, value: str) -> bool:
        return True


class DecisionForm(forms.Form):
    """The lead's word on one answer. What is missing is said by the service, beside its field."""

    version = forms.IntegerField(min_value=0)
    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)
    comment = CommentField()
    reason = CommentField()
    sources = SourcesField()

    @property
    def chosen(self) -> frozenset[str]:
        """The ticked opinions as the page writes them."""
        return frozenset(str(key) for key in self["sources"].value() or ())

    @classmethod
    def of(cls, stored: Consensus | None) -> "DecisionForm":
        """Unbound, as decided so far."""
        stored = stored or Consensus(version=0)
        return cls(initial={name: getattr(stored, name) for name in cls.base_fields})


class SectionForm(forms.Form):
    """The text of one section of the report, and whether it is printed."""

    version = forms.IntegerField(min_value=0)
    text = CommentField()
    included = forms.BooleanField(required=False)

    @classmethod
    def of(cls, section: FeedbackSection) -> "SectionForm":
        return cls(initial={name: getattr(section, name) for name in cls.base_fields})


class ReopenForm(forms.Form):
    note = forms.CharField(
        label=_("เหตุผล"),
        help_text=_("หัวหน้าทีมเห็นข้อความนี้ บอกว่าต้องแก้ส่วนใด"),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "th"}),
        error_messages={"required": _("ระบุเหตุผล เพื่อให้หัวหน้าทีมทราบว่าต้องแก้ส่วนใด")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.add_input(Submit("reopen", _("เปิดอีกครั้ง")))


class AppealDecisionForm(forms.Form):
    """What becomes of a request for a second look. What is missing is said by the service, beside its field."""

    decision = forms.ChoiceField(choices=Appeal.Decision.choices, required=False)
    reason = CommentField()
    comment = CommentField()
