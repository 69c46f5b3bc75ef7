"""What of stage 2 waits on the page of one's own work: an invitation to answer, a report to write or to submit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.pages.duties import due_of
from assessments.pages.summary import Task
from assessments.rules import Chapter as Right
from pmqa.accounts.models import User
from results.application_report.models import ApplicationReport, ReportEntry
from results.application_report.sections import WRITES

State = ApplicationReport.State

_answers = (
    ReportEntry.objects.filter(report__assessment=OuterRef("assessment"), is_answer=True)
    .order_by()
    .values("report")
    .annotate(answers=Count("pk"))
    .values("answers")
)
_report = "assessment__application_report__"
# What a row of a published result needs to say of its report, for the query that reads all that waits.
COLUMNS = {
    "report_state": F(f"{_report}state"),
    "report_due_on": F(f"{_report}due_on"),
    "report_categories": F(f"{_report}categories"),
    "report_asked": F(f"{_report}asked"),
    "report_answers": Subquery(_answers),
}


def report_task(row: Mapping[str, Any], assessment: Assessment, user: User, today: date) -> Task | None:
    """Of a row with COLUMNS. Nothing after the last day: only OPDC can go on then."""
    state = row["report_state"]
    if state not in (State.INVITED, State.WRITING) or row["report_due_on"] < today:
        return None
    url, due = reverse("results:application_report", args=[assessment.pk]), due_of(row["report_due_on"])
    if state == State.INVITED:
        if not user.has_perm("results.answer_invitation", assessment):
            return None
        return Task(_("ตอบคำเชิญเข้าสู่ขั้นที่ 2"), url, _("รอตอบรับ"), "pen", due)
    categories = (*row["report_categories"], *WRITES.values())
    writes = any(user.has_perm("assessments.edit", Right(assessment, category)) for category in categories)
    if not (writes or user.has_perm("results.submit_application_report", assessment)):
        return None
    how_far = _("เขียนแล้ว %(n)d จาก %(of)d ข้อ") % {"n": row["report_answers"] or 0, "of": row["report_asked"]}
    return Task(_("รายงานผลการดำเนินการพัฒนาองค์การ (ขั้นที่ 2)"), url, how_far, "pencil", due)
