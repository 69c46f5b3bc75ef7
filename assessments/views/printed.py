"""A printed form of a past year: the upload, the preview with the lines that belong nowhere, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from assessments.files.bounded import BoundedUpload
from assessments.files.packages import Unfit
from assessments.forms.printed import PrintForm
from assessments.incoming.refusals import refusal_sentence
from assessments.models import Assessment, PrintImport
from assessments.pages.printed import APPLY, PLACE, decided, posted_lines, preview_context
from assessments.pages.topics import frame
from assessments.services import printed as services
from assessments.services.incoming import Choice, Unsettled
from assessments.views.common import door, read_state
from pmqa.errors import Refused


@login_required
@never_cache
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a print comes in, and what came in before."""
    assessment = door(request, pk)
    return _page(request, assessment, PrintForm(assessment))


def _page(
    request: HttpRequest, assessment: Assessment, form: PrintForm, error: str = "", status: int = 200
) -> HttpResponse:
    mine = assessment.print_imports.filter(by=request.user).defer("contents", "undo")[:20]
    context = frame(read_state(assessment), request.user, here="overview") | {
        "form": form,
        "error": error,
        "may_import": request.user.has_perm("assessments.import_file", assessment),
        "is_open": assessment.is_open(),
        "waiting": next((row for row in mine if not row.applied_at and not row.is_expired), None),
        "imports": [row for row in mine if row.applied_at],
    }
    return render(request, "assessments/printed.html", context, status=status)


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
    form = PrintForm(assessment, request.POST, request.FILES)
    try:
        if not form.is_valid():
            return _page(request, assessment, form, _("เลือกรอบปีของแบบพิมพ์"), status=422)
        file, text = form.cleaned_data["file"], form.cleaned_data["text"]
        pending = services.receive(
            assessment,
            file=file,
            text=text,
            name=file.name if file else "",
            year=form.cleaned_data["print_year"],
            by=request.user,
        )
    except Unfit as unfit:
        return _page(request, assessment, form, refusal_sentence(unfit), status=422)
    except Refused as refused:
        if refused.code == "printed_twice":
            return _page(request, assessment, form, str(refused), status=422)
        messages.error(request, str(refused))
        return redirect("assessments:printed", pk)
    return redirect("assessments:printed_import", pk, pending.pk)


@login_required
@never_cache
def preview(request: HttpRequest, pk: int, import_id: int) -> HttpResponse:
    """GET shows one's own print beside what is stored, POST decides and stores; afterwards GET is its record."""
    assessment = door(request, pk)
    pending = _own(request, assessment, import_id)
    if request.method == "POST":
        return _decide(request, assessment, pending)
    if pending.applied_at:
        context = frame(read_state(assessment), request.user, here="overview") | {
            "done": pending,
            "is_open": assessment.is_open(),
        }
        return render(request, "assessments/printed_done.html", context)
    if pending.is_expired:
        messages.warning(request, _("ตัวอย่างนี้หมดอายุแล้ว นำเข้าแบบพิมพ์อีกครั้ง"))
        return redirect("assessments:printed", pk)
    return _show(request, assessment, pending)


def _own(request: HttpRequest, assessment: Assessment, import_id: int) -> PrintImport:
    pending = get_object_or_404(assessment.print_imports.filter(by=request.user), pk=import_id)
    pending.assessment = assessment
    return pending


def _decide(request: HttpRequest, assessment: Assessment, pending: PrintImport) -> HttpResponse:
    if pending.applied_at:
        return redirect("assessments:printed_import", assessment.pk, pending.pk)
    if request.POST.get("do") == PLACE and not (request.POST.get("target") and request.POST.getlist("line")):
        messages.error(request, _("เลือกบรรทัดและส่วนที่จะวาง แล้วกด วางในส่วนนี้"))
    place = f"{reverse('assessments:printed_import', args=[assessment.pk, pending.pk])}#unplaced"
    try:
        lines = posted_lines(request.POST, pending)
        pending = services.decide(
            pending, lines=lines, choices=_choices(request, assessment, pending), by=request.user
        )
        if request.POST.get("do") != APPLY:
            return HttpResponseRedirect(place)
        services.apply(pending, by=request.user)
    except Unsettled as unsettled:
        return _show(request, assessment, pending, unsettled.keys, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        if refused.code in ("lines", "place"):
            return HttpResponseRedirect(place)
        return redirect("assessments:printed", assessment.pk)
    return redirect("assessments:printed_import", assessment.pk, pending.pk)


def _choices(request: HttpRequest, assessment: Assessment, pending: PrintImport) -> dict[str, Choice]:
    plan = services.plan(pending, read_state(assessment).answers, by=request.user)
    return decided(request.POST, plan)


def _show(
    request: HttpRequest,
    assessment: Assessment,
    pending: PrintImport,
    open_keys: frozenset[str] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    pending.assessment = assessment
    state = read_state(assessment)
    plan = services.plan(pending, state.answers, by=request.user)
    context = frame(state, request.user, here="overview") | preview_context(
        state, pending, plan, open_keys, request.user
    )
    return render(request, "assessments/printed_preview.html", context, status=status)


@login_required
@never_cache
@require_POST
def undo(request: HttpRequest, pk: int, import_id: int) -> HttpResponse:
    """Every answer as it was before, but for those that were changed since."""
    assessment = door(request, pk)
    pending = _own(request, assessment, import_id)
    try:
        pending = services.undo(pending, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if kept := len(pending.summary.get("not_undone", ())):
            messages.warning(
                request,
                ngettext("มี %(n)d ส่วนที่แก้ไขต่อแล้ว จึงคงไว้", "มี %(n)d ส่วนที่แก้ไขต่อแล้ว จึงคงไว้", kept) % {"n": kept},
            )
    return redirect("assessments:printed_import", pk, import_id)
