"""Documents that are made on request, earlier editions, and the page for the minister; downloads are in the log."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from results.documents import making
from results.documents.one_page import one_page
from results.improvement.promised import promised
from results.last_year import frozen_before
from results.models import Report
from results.naming import in_language
from results.reading import documents_of
from results.stage_two.showing import shown_stage_two
from results.views.common import printed_file, published_or_refuse


@login_required
@require_safe
def document(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """The slides or the one page of the latest edition as a file to keep; 404 while it is not made."""
    _assessment, sheet = published_or_refuse(request, pk)
    return printed_file(request, sheet, documents_of(sheet)[kind].report)


@login_required
@require_safe
def document_status(request: HttpRequest, pk: int, kind: str) -> JsonResponse:
    """How far the document is, for the script that keeps its place on the page up to date."""
    assessment, sheet = published_or_refuse(request, pk)
    found = documents_of(sheet)[kind]
    context = {
        "assessment": assessment,
        "document": found,
        "may_order": making.may_order(request.user, kind, assessment),
    }
    html = render_to_string("results/_document.html", context, request)
    return JsonResponse({"state": found.state.state, "html": html})


@login_required
@require_POST
def order(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Have the document made; one that is there or on its way is left alone."""
    _assessment, sheet = published_or_refuse(request, pk)
    making.request(sheet, kind, by=request.user)
    messages.success(request, _("สั่งจัดทำ%(what)sแล้ว") % {"what": Report.Kind(kind).label})
    return redirect("results:minister" if "from_page" in request.POST else "results:result", pk=pk)


@login_required
@require_safe
def edition(request: HttpRequest, pk: int, revision: int, kind: str) -> FileResponse:
    """A document of any edition of the result, also one that a correction has replaced."""
    assessment, _latest = published_or_refuse(request, pk)
    found = Report.objects.select_related("sheet", "job").filter(
        sheet__assessment=assessment, sheet__revision=revision, kind=kind
    )
    report = found.first()
    if report is None:
        raise Http404
    report.sheet.assessment = assessment
    return printed_file(request, report.sheet, report)


@login_required
@require_safe
def minister(request: HttpRequest, pk: int) -> HttpResponse:
    """The result in plain words on one page, from the same frozen sheets as the printed one."""
    assessment, sheet = published_or_refuse(request, pk)
    earlier = frozen_before(sheet)
    payload, before = in_language(sheet.payload), earlier and in_language(earlier.payload)
    context = {
        "assessment": assessment,
        "sheet": sheet,
        "payload": payload,
        "page": one_page(payload, before, revision=sheet.revision),
        "stage_two": shown_stage_two(payload),
        "document": documents_of(sheet)[Report.Kind.MINISTER],
        "may_order": making.may_order(request.user, Report.Kind.MINISTER, assessment),
        "promised": promised(assessment)
        if request.user.has_perm("results.read_promises", assessment)
        else None,
    }
    return render(request, "results/minister.html", context)
