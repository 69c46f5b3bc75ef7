"""What can be asked for on paper: which form, of which content, in which digits."""

from collections.abc import Collection, Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Form, Print, Submission
from assessments.paper.content import Wanted
from assessments.presentation import language
from criteria.structure import PROCESS, Edition
from criteria.templatetags.criteria_text import named
from pmqa.thai import thai_datetime

DRAFT = "draft"
_MARK = ":"


class FormChoice(forms.Form):
    """Which form, in which digits. `last` is where one goes on from; `left_out` are not to be had."""

    what = forms.ChoiceField(label=_("เอกสาร"), widget=forms.RadioSelect, initial=Form.ALL)
    digits = forms.ChoiceField(
        label=_("ตัวเลข"),
        widget=forms.RadioSelect,
        choices=[("arabic", _("เลขอารบิก 1 2 3")), ("thai", _("เลขไทย ๑ ๒ ๓"))],
        initial="arabic",
    )

    def __init__(
        self, data=None, *, tree: Edition, last: Print | None = None, left_out: Collection[Form] = ()
    ):
        super().__init__(data, initial=_choices_of(last) if last else None)
        self._forms = [choice for choice in Form.choices if choice[0] not in left_out]
        self.fields["what"].choices = [
            *self._forms,
            *(
                (f"{Form.FORM3}{_MARK}{category.code}", f"{category.code} {named(category)}")
                for category in tree.of_kind(PROCESS)
            ),
        ]

    @property
    def whole_forms(self):
        return self["what"][: len(self._forms)]

    @property
    def categories(self):
        return self["what"][len(self._forms) :]

    @property
    def wanted(self) -> Wanted:
        """Of a valid form."""
        form, _mark, category = self.cleaned_data["what"].partition(_MARK)
        return Wanted(form, category, thai_digits=self.cleaned_data["digits"] == "thai")


class PrintForm(FormChoice):
    """`submissions` newest first; without `has_draft` only they can be chosen."""

    source = forms.ChoiceField(label=_("ฉบับ"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, submissions: Iterable[Submission], has_draft: bool, **options):
        super().__init__(data, **options)
        self._submissions = {str(submission.number): submission for submission in submissions}
        sources = [(DRAFT, _("ฉบับร่างขณะนี้"))] if has_draft else []
        sources += [(number, _sent(submission)) for number, submission in self._submissions.items()]
        self.fields["source"].choices = sources
        self.fields["source"].initial = sources[0][0] if sources else None

    @property
    def submission(self) -> Submission | None:
        """Of a valid form; None for the draft."""
        return self._submissions.get(self.cleaned_data["source"])


def _choices_of(row: Print) -> dict[str, str]:
    return {
        "what": f"{row.form}{_MARK}{row.category}" if row.category else row.form,
        "source": str(row.submission.number) if row.submission else DRAFT,
        "digits": "thai" if row.thai_digits else "arabic",
    }


def _sent(submission: Submission) -> str:
    when = thai_datetime(submission.submitted_at, "short", language())
    return _("ฉบับที่ส่งครั้งที่ %(n)d ส่งเมื่อ %(when)s") % {"n": submission.number, "when": when}
