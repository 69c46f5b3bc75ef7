"""The background work of this app. Ids in, services called, nothing else."""

from typing import Any

from pmqa.jobs.services import Progress, register
from results import issuing
from results.documents.making import REPORT_JOB, render_report
from results.models import Report


@register(REPORT_JOB)
def print_report(args: dict[str, Any], progress: Progress) -> None:
    render_report(Report.objects.get(pk=args["report"]), progress=progress)


@register(issuing.ISSUE_JOB)
def issue_reports(args: dict[str, Any], progress: Progress) -> None:
    issuing.issue_all(args, progress)
