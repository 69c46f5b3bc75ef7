"""What somebody says in a thread, as it is typed."""

import uuid
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models.threads import MAX_COMMENT
from assessments.presentation import fault_sentence
from criteria.fields import Fault
from pmqa.accounts.models import User
from pmqa.text import length, normalise


class TextForm(forms.Form):
    """A text as it is stored: normalised, not empty; too long a one is refused, never cut."""

    text = forms.CharField(
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("พิมพ์ความเห็นก่อนส่ง")},
    )

    def clean_text(self) -> str:
        text = normalise(self.cleaned_data["text"]).strip()
        if not text:
            raise forms.ValidationError(_("พิมพ์ความเห็นก่อนส่ง"), code="required")
        if (found := length(text)) > MAX_COMMENT:
            raise forms.ValidationError(
                fault_sentence(Fault("too_long", MAX_COMMENT, found)), code="too_long"
            )
        return text


class CommentForm(TextForm):
    """`members` are those whose attention may be asked for, with their roles."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    mentions = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        error_messages={"invalid_choice": _("เลือกผู้ที่กล่าวถึงจากรายชื่อ บางคนอาจไม่อยู่ในหน่วยงานแล้ว")},
    )

    def __init__(self, *args, members: Mapping[User, list[str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {person.pk: person for person in members}
        self.fields["mentions"].choices = [
            (person.pk, f"{person} · {', '.join(roles)}") for person, roles in members.items()
        ]

    @property
    def chosen(self) -> list[User]:
        return [self.members[pk] for pk in self.cleaned_data["mentions"]]

    @property
    def people(self) -> list[tuple[int, str, bool]]:
        """(key, name with roles, ticked) of everybody to choose from."""
        ticked = set(self.data.getlist("mentions")) if self.is_bound else set()
        return [(pk, label, str(pk) in ticked) for pk, label in self.fields["mentions"].choices]


class EditForm(TextForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
