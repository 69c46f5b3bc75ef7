"""Files of the register on their way out: to keep, or to look at; each asked for by somebody who may."""

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.files.poppler import MAX_PAGES, Unreadable
from assessments.models import Assessment, EvidenceVersion
from assessments.pages.evidence import visible_versions
from assessments.pages.looking import Addresses, look_at
from assessments.pages.topics import frame
from assessments.services import looking
from assessments.views.common import door, read_state
from pmqa.accounts import log

# A file runs nothing in our name, whatever a browser makes of it.
sandboxed = csp_update({"sandbox": True})


def send(version: EvidenceVersion, *, preview: bool = False) -> FileResponse:
    """The file as an attachment; of the kinds that run nothing, with `preview`, for the browser's own window.

    Raises PermissionDenied for a file that the scanner has not cleared, Http404 where there is none.
    """
    check_served(version)
    if preview and not version.file_kind.previews:
        raise Http404
    try:
        content = version.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content, as_attachment=not preview, filename=version.name, content_type=version.content_type
    )


def check_served(version: EvidenceVersion) -> None:
    """Raises Http404 for what has no file, PermissionDenied with the reason for one that may not leave."""
    if not version.file:
        raise Http404
    if not version.is_served:
        if version.scan == EvidenceVersion.Scan.SUSPICIOUS:
            raise PermissionDenied(_("ไฟล์นี้ตรวจพบสิ่งต้องสงสัย จึงเปิดไม่ได้ ขอให้หน่วยงานตรวจไฟล์แล้วแทนที่ด้วยฉบับใหม่"))
        raise PermissionDenied(_("ไฟล์นี้รอตรวจไวรัส ลองอีกครั้งในอีกไม่กี่นาที"))


def page_reply(version: EvidenceVersion, page: int) -> HttpResponse:
    """One page of a PDF as a picture. Raises Http404 for a page that there is not or that cannot be drawn."""
    check_served(version)
    try:
        if version.file_kind.name != "pdf" or not 1 <= page <= min(looking.page_count(version), MAX_PAGES):
            raise Http404
        picture = looking.page_picture(version, page)
    except Unreadable as fault:
        if fault.code == "busy":
            return HttpResponse(status=503)
        raise Http404 from fault
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(picture, content_type="image/jpeg")


def frozen_version(assessment: Assessment, frozen: list[dict], number: int) -> EvidenceVersion:
    """The version of entry `number` that a frozen copy names, withdrawn in the meantime or not."""
    entry = next((entry for entry in frozen if entry["number"] == number), None)
    if entry is None:
        raise Http404
    return get_object_or_404(
        EvidenceVersion.objects.select_related("evidence"),
        evidence__assessment=assessment,
        evidence__number=number,
        number=entry["version"],
    )


def record(request: HttpRequest, assessment: Assessment, version: EvidenceVersion, **data) -> None:
    log.record(
        "evidence.downloaded",
        version.evidence,
        by=request.user,
        agency=assessment.agency,
        number=version.number,
        **data,
    )


@login_required
@never_cache
@require_safe
def look(request: HttpRequest, pk: int, number: int, version: int) -> HttpResponse:
    """The file on a page of ours: one page of a PDF at a time, as a picture that the server draws."""
    state = read_state(door(request, pk))
    assessment = state.assessment
    found = _version(request, assessment, number, version)
    check_served(found)
    args = [pk, number, version]
    addresses = Addresses(
        here=reverse("assessments:evidence_look", args=args),
        whole=reverse("assessments:evidence_preview", args=args),
        download=reverse("assessments:evidence_file", args=args),
        page=lambda page: reverse("assessments:evidence_page", args=[*args, page]),
    )
    looking.record_look(found, agency=assessment.agency, by=request.user)
    context = frame(state, request.user, here="evidence") | {
        "entry": found.evidence,
        "look": look_at(found, request.GET.get("page", ""), addresses),
    }
    return render(request, "assessments/evidence_look.html", context)


@login_required
@never_cache
@require_safe
@sandboxed
def page_picture(request: HttpRequest, pk: int, number: int, version: int, page: int) -> HttpResponse:
    assessment = door(request, pk)
    found = _version(request, assessment, number, version)
    response = page_reply(found, page)
    looking.record_look(found, agency=assessment.agency, by=request.user)
    return response


def _version(request: HttpRequest, assessment: Assessment, number: int, version: int) -> EvidenceVersion:
    return get_object_or_404(
        visible_versions(request.user, assessment).select_related("evidence"),
        evidence__number=number,
        number=version,
    )


@login_required
@never_cache
@require_safe
@sandboxed
def download(request: HttpRequest, pk: int, number: int, version: int) -> FileResponse:
    assessment = door(request, pk)
    found = _version(request, assessment, number, version)
    response = send(found)
    record(request, assessment, found)
    return response


@login_required
@never_cache
@require_safe
def preview(request: HttpRequest, pk: int, number: int, version: int) -> FileResponse:
    """A PDF or a picture in a window of its own. No sandbox: it would shut out the browser's own PDF reader."""
    assessment = door(request, pk)
    found = _version(request, assessment, number, version)
    response = send(found, preview=True)
    record(request, assessment, found, preview=True)
    return response


@login_required
@never_cache
@require_safe
@sandboxed
def download_frozen(request: HttpRequest, pk: int, submission: int, number: int) -> FileResponse:
    """The file as it was handed in with that submission, for whoever may read the frozen copy."""
    assessment = door(request, pk)
    contents = assessment.submissions.filter(number=submission)
    frozen = contents.values_list("content__evidence", flat=True).first()
    found = frozen_version(assessment, frozen or [], number)
    response = send(found)
    record(request, assessment, found, submission=submission)
    return response
