"""Having the report of a sheet printed, and keeping it as a private file."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.files import keep
from pmqa.jobs.models import Job
from pmqa.jobs.services import Progress, enqueue
from results.documents.feedback_report import render_pdf
from results.models import Report, ResultSheet

REPORT_JOB = "feedback_report"


def order(report: Report, *, by: User) -> Job:
    """Send the report to the worker; an order that is under way is the same order."""
    job = enqueue(REPORT_JOB, key=f"report:{report.sheet_id}", by=by, report=report.pk)
    Report.objects.filter(pk=report.pk).update(job=job)
    return job


@transaction.atomic
def retry_report(report: Report, *, by: User) -> None:
    """Order a report again that failed or whose file is gone; one that is there or on its way is left alone.

    Raises PermissionDenied.
    """
    assessment = lock(report.sheet.assessment)
    if not by.has_perm("results.order_report", assessment):
        raise PermissionDenied(_("ผู้สั่งทำรายงานใหม่คือหน่วยงานเจ้าของผลหรือผู้ดูแลระบบ"))
    current = Report.objects.select_related("job").get(pk=report.pk)
    if is_stored(current) or (current.job and not current.job.is_finished):
        return
    order(current, by=by)


def render_report(report: Report, *, progress: Progress | None = None) -> None:
    """Print the report of a sheet from its payload alone, and keep it as a private file.

    Running it twice does no harm: what is stored is left alone, and the same sheet gives the same bytes.
    """
    frozen = ResultSheet.objects.select_related("assessment__agency").get(pk=report.sheet_id)
    stored = Report.objects.get(pk=report.pk)
    if is_stored(stored):
        return
    content = render_pdf(frozen.payload, revision=frozen.revision, digest=frozen.digest, progress=progress)
    name = _file_name(frozen)
    sha256 = keep(name, content)
    with transaction.atomic():
        Report.objects.filter(pk=report.pk).update(file=name, sha256=sha256, rendered_at=timezone.now())
        log.record("report.rendered", stored, by=None, agency=frozen.assessment.agency, sha256=sha256)


def is_stored(report: Report) -> bool:
    """Whether the file of the report is there."""
    return bool(report.file) and report.file.storage.exists(report.file.name)


def _file_name(frozen: ResultSheet) -> str:
    agency, year = frozen.payload["agency"]["code"], frozen.payload["cycle"]["year"]
    return f"reports/{year}/{agency}-r{frozen.revision}-{frozen.digest[:12]}.pdf"
