"""The background work of this app. Ids in, services called, nothing else."""

from typing import Any

from pmqa.jobs.services import Progress, register
from results import issuing
from results.application_report import printing as application_reports
from results.application_report.services import INVITED_JOB, PRINT_JOB
from results.application_report.telling import tell_of_invitation
from results.documents.making import REPORT_JOB, render_report
from results.exporting import making as exports
from results.exporting import open_data
from results.exporting.ordering import EXPORT_JOB
from results.models import ApplicationReport, Report


@register(REPORT_JOB)
def print_report(args: dict[str, Any], progress: Progress) -> None:
    render_report(Report.objects.get(pk=args["report"]), progress=progress)


@register(issuing.ISSUE_JOB)
def issue_reports(args: dict[str, Any], progress: Progress) -> None:
    issuing.issue_all(args, progress)


@register(EXPORT_JOB)
def make_export(args: dict[str, Any], progress: Progress) -> None:
    exports.make(args["export"], progress=progress)


@register(open_data.OPEN_JOB)
def make_open_data(args: dict[str, Any], progress: Progress) -> None:
    open_data.make(args["opened"], progress=progress)


@register(PRINT_JOB)
def print_application_report(args: dict[str, Any], progress: Progress) -> None:
    application_reports.keep_print(ApplicationReport.objects.get(pk=args["report"]), progress=progress)


@register(INVITED_JOB)
def tell_who_is_invited(args: dict[str, Any], progress: Progress) -> None:
    tell_of_invitation(ApplicationReport.objects.select_related("assessment").get(pk=args["report"]))
