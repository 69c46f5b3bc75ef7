"""What of stage 2 waits on the page of one's own work: an invitation to answer, a report to write or to submit."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.pages.duties import due_of
from assessments.pages.summary import Task
from assessments.rules import Chapter as Right
from pmqa.accounts.models import User
from results.application_report.models import ApplicationReport, with_answers
from results.application_report.sections import WRITES

State = ApplicationReport.State


def waiting_tasks(assessments: Sequence[Assessment], user: User) -> dict[int, list[Task]]:
    """By key of the assessment; at most one query. Nothing after the last day: only OPDC can go on then."""
    cases = {assessment.pk: assessment for assessment in assessments}
    rows = ApplicationReport.objects.filter(
        assessment__in=cases, state__in=(State.INVITED, State.WRITING), due_on__gte=timezone.localdate()
    )
    tasks: dict[int, list[Task]] = {}
    for report in with_answers(rows.defer("criteria", "base")):
        if task := _task(report, cases[report.assessment_id], user):
            tasks[report.assessment_id] = [task]
    return tasks


def _task(report: ApplicationReport, assessment: Assessment, user: User) -> Task | None:
    url, due = reverse("results:application_report", args=[assessment.pk]), due_of(report.due_on)
    if report.state == State.INVITED:
        if not user.has_perm("results.answer_invitation", assessment):
            return None
        return Task(_("ตอบคำเชิญเข้าสู่ขั้นที่ 2"), url, _("รอตอบรับ"), "pen", due)
    categories = (*report.categories, *WRITES.values())
    writes = any(user.has_perm("assessments.edit", Right(assessment, category)) for category in categories)
    if not (writes or user.has_perm("results.submit_application_report", assessment)):
        return None
    how_far = _("เขียนแล้ว %(n)d จาก %(of)d ข้อ") % {"n": report.answers, "of": report.asked}
    return Task(_("รายงานผลการดำเนินการพัฒนาองค์การ (ขั้นที่ 2)"), url, how_far, "pencil", due)
