"""The form by which a printed form of a past year comes in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.files.packages import MAX_FILE
from assessments.models import Assessment
from assessments.services.printed import OLDEST


class PrintForm(forms.Form):
    """A file or a text that was pasted, and the round that the print is of."""

    print_year = forms.TypedChoiceField(coerce=int, error_messages={"required": _("เลือกรอบปีของแบบพิมพ์")})
    file = forms.FileField(required=False, allow_empty_file=True)
    text = forms.CharField(required=False, strip=False)

    limit = MAX_FILE // 1024 // 1024

    def __init__(self, assessment: Assessment, *args, **kwargs):
        super().__init__(*args, **kwargs)
        year = assessment.cycle.year
        self.fields["print_year"].choices = [(year - back, str(year - back)) for back in range(OLDEST + 1)]
        self.fields["print_year"].initial = year - 1

    @property
    def year(self) -> str:
        """The year that is chosen on the page."""
        return str(self["print_year"].value())
