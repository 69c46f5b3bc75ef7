"""The report and the exports of a published result; every download is in the audit log."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.views.workbook import CONTENT_TYPE as WORKBOOK_TYPE
from results.documents import making
from results.exporting import own
from results.reading import report_of, report_state
from results.views.common import csv_file, file_name, printed_file, published_or_refuse, record_download


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> FileResponse:
    """The Feedback Report as a file to keep; 404 while it is not printed."""
    _assessment, sheet = published_or_refuse(request, pk)
    return printed_file(request, sheet, report_of(sheet))


@login_required
@never_cache
@require_safe
def report_status(request: HttpRequest, pk: int) -> JsonResponse:
    """How far the report is, for the script that keeps its place on the page up to date."""
    assessment, sheet = published_or_refuse(request, pk)
    found = report_of(sheet)
    state = report_state(found)
    context = {
        "assessment": assessment,
        "report": found,
        "state": state,
        "may_order": request.user.has_perm("results.order_report", assessment),
    }
    return JsonResponse(
        {
            "state": state.state,
            "done": state.done,
            "total": state.total,
            "size": state.size,
            "html": render_to_string("results/_report.html", context, request),
        }
    )


@login_required
@require_POST
def retry_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Print a report again that failed."""
    _assessment, sheet = published_or_refuse(request, pk)
    making.retry_report(report_of(sheet), by=request.user)
    messages.success(request, _("สั่งจัดทำรายงานแล้ว"))
    return redirect("results:result", pk=pk)


@login_required
@require_safe
def scores_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every score of the sheet as a table."""
    _assessment, sheet = published_or_refuse(request, pk)
    record_download(request, sheet, "csv")
    return csv_file(own.scores_csv(sheet), file_name(sheet, _("คะแนน"), "csv"))


@login_required
@require_safe
def result_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole sheet as a workbook, with its data dictionary."""
    _assessment, sheet = published_or_refuse(request, pk)
    record_download(request, sheet, "xlsx")
    name = file_name(sheet, _("ผลการประเมิน"), "xlsx")
    return HttpResponse(
        own.result_xlsx(sheet),
        content_type=WORKBOOK_TYPE,
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )


@login_required
@require_safe
def result_json(request: HttpRequest, pk: int) -> JsonResponse:
    """The whole sheet as it was frozen."""
    _assessment, sheet = published_or_refuse(request, pk)
    record_download(request, sheet, "json")
    name = file_name(sheet, _("ผลการประเมิน"), "json")
    return JsonResponse(
        own.result_json(sheet),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )
