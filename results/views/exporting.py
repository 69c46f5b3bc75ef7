"""Files of all published results of a cycle: ordering them, how far they are, and handing them out."""

import re

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Cycle
from assessments.views.workbook import CONTENT_TYPE as WORKBOOK_TYPE
from pmqa.errors import Refused
from results.exporting import ordering
from results.exporting.dictionary import TABLES
from results.exporting.forms import ExportForm, Kind
from results.exporting.models import Export
from results.exporting.published import published_in, unpublished_in

# As many files as the page lists.
LISTED = 30


def _cycle(request: HttpRequest, pk: int) -> Cycle:
    if not request.user.has_perm("results.export"):
        raise PermissionDenied(_("หน้านี้สำหรับผู้ดูแลระบบและผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    return get_object_or_404(Cycle.objects.select_related("edition"), pk=pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be ordered, what was ordered, and what it is worth to whom: the data dictionary."""
    cycle = _cycle(request, pk)
    form, status = ExportForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = ordering.order(cycle, **form.cleaned_data, by=request.user)
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                return redirect(f"{reverse('results:exports', args=[pk])}?made={made.pk}")
    found = list(cycle.exports.select_related("job").defer("sheets", "kpi")[:LISTED])
    context = {
        "cycle": cycle,
        "cycles": Cycle.objects.exclude(pk=pk),
        "form": form,
        "is_about_reports": form.data.get("kind") == Kind.REPORTS,
        "rows": found,
        "asked_for": _asked_for(request, found),
        "published": published_in(cycle).count(),
        "unpublished": unpublished_in(cycle),
        "dictionary": TABLES,
    }
    return render(request, "results/exporting/exports.html", context, status=status)


@login_required
@require_safe
def export_status(request: HttpRequest, pk: int, export: int) -> JsonResponse:
    """How far a file is, for the script that keeps its place on the page up to date."""
    cycle = _cycle(request, pk)
    made = get_object_or_404(cycle.exports.select_related("job"), pk=export)
    html = render_to_string("results/exporting/_state.html", {"cycle": cycle, "row": made}, request)
    return JsonResponse(
        {"state": made.state.state, "done": made.state.done, "total": made.state.total, "html": html}
    )


@login_required
@require_safe
def export_file(request: HttpRequest, pk: int, export: int) -> FileResponse:
    """The file, once it is whole; each taking is in the audit log."""
    cycle = _cycle(request, pk)
    made = get_object_or_404(cycle.exports.select_related("job"), pk=export)
    if not made.state.is_ready:
        raise Http404
    ordering.take(made, by=request.user)
    return FileResponse(
        made.file.open("rb"),
        as_attachment=True,
        filename=_file_name(made, cycle),
        content_type=WORKBOOK_TYPE if made.form == "xlsx" else "application/zip",
    )


def _asked_for(request: HttpRequest, found: list[Export]) -> Export | None:
    """The file that the address names: the one just ordered."""
    asked = request.GET.get("made", "")
    if not re.fullmatch(r"[0-9]{1,12}", asked):
        return None
    return next((made for made in found if made.pk == int(asked)), None)


def _file_name(made: Export, cycle: Cycle) -> str:
    what = _("รายงานป้อนกลับ") if made.kind == Kind.REPORTS else _("ข้อมูลผลการประเมิน")
    form = made.form.upper() + " " if made.form in ("csv", "json") else ""
    return f"{what} {cycle.year} {form}{made.pk}{made.file.name[made.file.name.rindex('.') :]}"
