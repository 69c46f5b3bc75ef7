"""The report and the exports of a published result; every download is in the audit log."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from pmqa.accounts import log
from results import exports
from results.documents import making
from results.models import Report, ResultSheet
from results.reading import report_of, report_state
from results.views.common import published_or_refuse


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> FileResponse:
    """The Feedback Report as a file to keep; 404 while it is not printed."""
    _assessment, sheet = published_or_refuse(request, pk)
    found = report_of(sheet)
    if not report_state(found).is_ready:
        raise Http404
    return send_report(request, sheet, found)


def send_report(request: HttpRequest, sheet: ResultSheet, found: Report) -> FileResponse:
    """A report that is ready, with its line in the log."""
    _record(request, sheet, "pdf")
    return FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=_file_name(sheet, _("รายงานป้อนกลับ"), "pdf"),
        content_type="application/pdf",
    )


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
    _record(request, sheet, "csv")
    name = _file_name(sheet, _("คะแนน"), "csv")
    return HttpResponse(
        exports.scores_csv(sheet),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )


@login_required
@require_safe
def result_json(request: HttpRequest, pk: int) -> JsonResponse:
    """The whole sheet as it was frozen."""
    _assessment, sheet = published_or_refuse(request, pk)
    _record(request, sheet, "json")
    name = _file_name(sheet, _("ผลการประเมิน"), "json")
    return JsonResponse(
        exports.result_json(sheet),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )


def _record(request: HttpRequest, sheet: ResultSheet, kind: str) -> None:
    agency = sheet.assessment.agency
    log.record(
        "result.downloaded", sheet, by=request.user, agency=agency, format=kind, revision=sheet.revision
    )


def _file_name(sheet: ResultSheet, what: str, ending: str) -> str:
    agency, year = sheet.payload["agency"], sheet.payload["cycle"]["year"]
    revision = f" {sheet.revision}" if sheet.revision > 1 else ""
    return f"{what} {agency['code']} {year}{revision}.{ending}"
