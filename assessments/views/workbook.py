"""The assessment as a workbook: its page, the download, the upload, and the preview before anything is stored."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from assessments.files.bounded import BoundedUpload
from assessments.files.packages import MAX_FILE, Unfit
from assessments.models import Assessment, WorkbookImport
from assessments.pages.incoming import posted_choices
from assessments.pages.topics import frame
from assessments.pages.workbooks import preview_context
from assessments.services import workbook as services
from assessments.services.incoming import Choice, Unsettled
from assessments.views.common import door, read_state
from assessments.workbook.refusals import refusal_sentence
from pmqa.errors import Refused

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@never_cache
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the workbook is downloaded, and where it comes back."""
    return _page(request, door(request, pk))


def _page(request: HttpRequest, assessment: Assessment, error: str = "", status: int = 200) -> HttpResponse:
    may_import = request.user.has_perm("assessments.import_file", assessment)
    waiting = assessment.workbook_imports.filter(by=request.user, applied_at=None).defer("contents").first()
    context = frame(read_state(assessment), request.user, here="overview") | {
        "error": error,
        "may_import": may_import,
        "is_open": assessment.is_open(),
        "waiting": None if waiting is None or waiting.is_expired else waiting,
        "limit": MAX_FILE // 1024 // 1024,
    }
    return render(request, "assessments/workbook.html", context, status=status)


@login_required
@never_cache
@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook, for everybody who may read the assessment; a line in the log, hence a post."""
    assessment = door(request, pk)
    response = HttpResponse(services.export(assessment, by=request.user), content_type=CONTENT_TYPE)
    name = f"pmqa-{assessment.agency.code}-{assessment.cycle.year}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@csrf_exempt
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Bounds the upload, which must happen before the token in it is read; `_upload` then asks for the token."""
    request.upload_handlers.insert(0, BoundedUpload(request))
    return _upload(request, pk)


@csrf_protect
@login_required
@never_cache
@require_POST
def _upload(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = door(request, pk)
    file = request.FILES.get("workbook")
    try:
        if file is None:
            return _page(request, assessment, _("เลือกไฟล์ก่อน แล้วกด ตรวจไฟล์"), status=422)
        pending = services.receive(assessment, file, size=file.size, name=file.name, by=request.user)
    except Unfit as unfit:
        return _page(request, assessment, refusal_sentence(unfit), status=422)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:workbook", pk)
    return redirect("assessments:workbook_import", pk, pending.pk)


@login_required
@never_cache
def preview(request: HttpRequest, pk: int, import_id: int) -> HttpResponse:
    """GET shows every change of one's own upload, POST stores them; afterwards GET says what was stored."""
    assessment = door(request, pk)
    pending = get_object_or_404(assessment.workbook_imports.filter(by=request.user), pk=import_id)
    pending.assessment = assessment
    if request.method == "POST":
        return _apply(request, assessment, pending)
    if pending.applied_at:
        context = frame(read_state(assessment), request.user, here="overview") | {"done": pending}
        return render(request, "assessments/workbook_done.html", context)
    if pending.is_expired:
        messages.warning(request, _("ตัวอย่างนี้หมดอายุแล้ว นำเข้าไฟล์อีกครั้ง"))
        return redirect("assessments:workbook", pk)
    return _show(request, assessment, pending)


def _apply(request: HttpRequest, assessment: Assessment, pending: WorkbookImport) -> HttpResponse:
    choices = posted_choices(request.POST)
    try:
        services.apply(pending, choices=choices, by=request.user)
    except Unsettled as unsettled:
        return _show(request, assessment, pending, choices, unsettled.keys, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:workbook", assessment.pk)
    return redirect("assessments:workbook_import", assessment.pk, pending.pk)


def _show(
    request: HttpRequest,
    assessment: Assessment,
    pending: WorkbookImport,
    choices: dict[str, Choice] | None = None,
    open_keys: frozenset[str] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    state = read_state(assessment)
    plan = services.plan(pending, state.answers, by=request.user)
    context = frame(state, request.user, here="overview") | preview_context(
        pending, plan, choices or {}, open_keys
    )
    return render(request, "assessments/workbook_preview.html", context, status=status)
