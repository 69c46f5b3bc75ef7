"""Files of the register on their way out: to keep, or to look at; each asked for by somebody who may."""

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Assessment, EvidenceVersion
from assessments.pages.evidence import visible_versions
from assessments.views.common import door
from pmqa.accounts import log

# A file runs nothing in our name, whatever a browser makes of it.
sandboxed = csp_update({"sandbox": True})


def send(version: EvidenceVersion, *, preview: bool = False) -> FileResponse:
    """The file as an attachment; of the kinds that run nothing, with `preview`, for the browser's own window.

    Raises PermissionDenied for a file that the scanner has not cleared, Http404 where there is none.
    """
    if not version.file or (preview and not version.file_kind.previews):
        raise Http404
    if not version.is_served:
        if version.scan == EvidenceVersion.Scan.SUSPICIOUS:
            raise PermissionDenied(_("ไฟล์นี้ตรวจพบสิ่งต้องสงสัย จึงเปิดไม่ได้ ขอให้หน่วยงานตรวจไฟล์แล้วแทนที่ด้วยฉบับใหม่"))
        raise PermissionDenied(_("ไฟล์นี้รอตรวจไวรัส ลองอีกครั้งในอีกไม่กี่นาที"))
    try:
        content = version.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content, as_attachment=not preview, filename=version.name, content_type=version.content_type
    )


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
