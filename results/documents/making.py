"""Having a document of a sheet printed, and keeping it as a private file.

`Report.Kind` names the documents; each is printed from frozen sheets alone.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.files import is_there, keep
from pmqa.jobs.models import Job
from pmqa.jobs.services import Progress, enqueue
from results.documents import deck, feedback_report, minister
from results.last_year import frozen_before
from results.models import Report, ResultSheet

REPORT_JOB = "feedback_report"


def may_order(user: User, kind: str, assessment: Assessment) -> bool:
    """The one page is also for executives, who order nothing else."""
    right = "results.order_page" if kind == Report.Kind.MINISTER else "results.order_report"
    return user.has_perm(right, assessment)


def _refuse_unless_may_order(user: User, kind: str, assessment: Assessment) -> None:
    if not may_order(user, kind, assessment):
        raise PermissionDenied(_("ผู้สั่งทำรายงานใหม่คือหน่วยงานเจ้าของผลหรือผู้ดูแลระบบ"))


def order(report: Report, *, by: User) -> Job:
    """Send the report to the worker; an order that is under way is the same order."""
    kind = "" if report.kind == Report.Kind.FEEDBACK else f":{report.kind}"
    job = enqueue(REPORT_JOB, key=f"report:{report.sheet_id}{kind}", by=by, report=report.pk)
    Report.objects.filter(pk=report.pk).update(job=job)
    return job


@transaction.atomic
def request(sheet: ResultSheet, kind: str, *, by: User) -> None:
    """Order a document that was never made, that failed or whose file is gone; one that is there or on its way is
    left alone.

    Raises PermissionDenied.
    """
    _refuse_unless_may_order(by, kind, lock(sheet.assessment))
    retry_report(Report.objects.get_or_create(sheet=sheet, kind=kind)[0], by=by)


@transaction.atomic
def retry_report(report: Report, *, by: User) -> None:
    """Order a report again that failed or whose file is gone; one that is there or on its way is left alone.

    Raises PermissionDenied.
    """
    _refuse_unless_may_order(by, report.kind, lock(report.sheet.assessment))
    current = Report.objects.select_related("job").get(pk=report.pk)
    if is_there(current.file) or (current.job and not current.job.is_finished):
        return
    order(current, by=by)


def render_report(report: Report, *, progress: Progress | None = None) -> None:
    """Print the report of a sheet from its payload alone, and keep it as a private file.

    Running it twice does no harm: what is stored is left alone, and the same sheet gives the same bytes.
    """
    frozen = ResultSheet.objects.select_related("assessment__agency", "assessment__cycle").get(
        pk=report.sheet_id
    )
    stored = Report.objects.get(pk=report.pk)
    if is_there(stored.file):
        return
    content = _printed(frozen, stored.kind, progress)
    name = _file_name(frozen, stored.kind)
    sha256 = keep(name, content)
    with transaction.atomic():
        Report.objects.filter(pk=report.pk).update(file=name, sha256=sha256, rendered_at=timezone.now())
        log.record("report.rendered", stored, by=None, agency=frozen.assessment.agency, sha256=sha256)


def _printed(frozen: ResultSheet, kind: str, progress: Progress | None) -> bytes:
    about = {"revision": frozen.revision, "digest": frozen.digest, "progress": progress}
    if kind == Report.Kind.DECK:
        return deck.render_pdf(frozen.payload, **about)
    if kind == Report.Kind.MINISTER:
        earlier = frozen_before(frozen)
        return minister.render_pdf(frozen.payload, before=earlier and earlier.payload, **about)
    return feedback_report.render_pdf(frozen.payload, **about)


def _file_name(frozen: ResultSheet, kind: str) -> str:
    agency, year = frozen.payload["agency"]["code"], frozen.payload["cycle"]["year"]
    which = "" if kind == Report.Kind.FEEDBACK else f"-{kind}"
    return f"reports/{year}/{agency}-r{frozen.revision}-{frozen.digest[:12]}{which}.pdf"
