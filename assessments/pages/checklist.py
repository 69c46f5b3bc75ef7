"""The four forms of an assessment at a glance: how far each is, and whether the cycle asks for it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.pages.state import State
from assessments.pages.topics import forms_of
from assessments.presentation import GapLine, gap_lines
from assessments.progress import Count


@dataclass(frozen=True)
class FormLine:
    """One form. `unit` says what `count` counts, `advice` when it is filled although nobody asks for it, `note` what
    there is to say of its content."""

    number: str
    name: str
    url: str
    count: Count
    unit: str
    is_required: bool
    advice: str = ""
    note: str = ""

    @property
    def tone(self) -> str:
        """Class and glyph of its state."""
        if self.count.is_complete:
            return "done"
        return "started" if self.count.ready else "empty"


def checklist(state: State) -> list[FormLine]:
    """Forms 1 to 4, those that the edition has. No query where the assessment comes with its places."""
    assessment, progress, cycle = state.assessment, state.progress, state.assessment.cycle
    addresses = forms_of(state)
    applied = state.application
    lines = [
        FormLine(
            "1",
            _("ใบสมัคร"),
            reverse("assessments:application", args=[assessment.pk]),
            progress.application,
            _("รายการ"),
            cycle.requires_application,
            _("กรอกเมื่อสมัครรางวัล ไม่ขวางการส่ง"),
            applied.words if applied else "",
        )
    ]
    if "profile" in addresses:
        lines.append(
            FormLine(
                "2",
                _("ลักษณะสำคัญขององค์การ"),
                addresses["profile"],
                progress.profile,
                pgettext("many", "ข้อ"),
                cycle.requires_profile,
                _("แนะนำให้กรอก ไม่ขวางการส่ง"),
            )
        )
    if "form3" in addresses:
        name = (
            _("ประเมินสถานะการเป็นระบบราชการ 4.0 ด้วยตนเอง") if state.tree.has_levels else _("คำถามตามเกณฑ์เดิม")
        )
        lines.append(FormLine("3", name, addresses["form3"], progress.parts, pgettext("many", "ส่วน"), True))
    if "form4" in addresses:
        lines.append(
            FormLine(
                "4",
                _("ตัวชี้วัดหมวด 7"),
                addresses["form4"],
                progress.indicators,
                pgettext("count", "ตัวชี้วัด"),
                True,
            )
        )
    return lines


def profile_advice(state: State) -> list[GapLine]:
    """What is open in the profile where that does not block; else it stands among the gaps."""
    if state.assessment.cycle.requires_profile:
        return []
    return gap_lines(state.assessment, state.answers, state.progress.profile_gaps)
