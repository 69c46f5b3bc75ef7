"""Evidence for the reviewers of a case: what was handed in, as it was frozen, withdrawn in the meantime or not."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import EvidenceVersion
from assessments.pages.looking import Addresses, look_at
from assessments.services import looking
from assessments.views.evidence_files import check_served, frozen_version, page_reply, sandboxed, send
from pmqa.accounts import log
from reviews import desk
from reviews.evidence_reading import frozen_content, frozen_evidence
from reviews.reading import read_marks
from reviews.views.doors import is_opened, own_case


@login_required
@never_cache
@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was handed in, with the answers that cite it."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return redirect("reviews:queue")
    places = desk.places(assessment, read_marks(assessment, rows)) | desk.profile_places(assessment)
    context = {
        "here": "evidence",
        "assessment": assessment,
        "is_marking": any(row.marks for row in rows),
        "lines": [
            (entry, [(code, places.get(code, "")) for code in entry.cited_by])
            for entry in frozen_evidence(assessment)
        ],
    }
    return render(request, "reviews/evidence.html", context)


def _version(request: HttpRequest, pk: int, number: int) -> EvidenceVersion | None:
    """The frozen version of entry `number`; None before the reviewer has begun."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return None
    return frozen_version(assessment, frozen_content(assessment), number)


def _record(request: HttpRequest, version: EvidenceVersion, **data: bool) -> None:
    """In nobody's agency: its own log may not tell who reviews it, nor when."""
    log.record("evidence.downloaded", version.evidence, by=request.user, number=version.number, **data)


@login_required
@never_cache
@require_safe
@sandboxed
def download(request: HttpRequest, pk: int, number: int) -> FileResponse | HttpResponse:
    version = _version(request, pk, number)
    if version is None:
        return redirect("reviews:queue")
    response = send(version)
    _record(request, version)
    return response


@login_required
@never_cache
@require_safe
def preview(request: HttpRequest, pk: int, number: int) -> FileResponse | HttpResponse:
    version = _version(request, pk, number)
    if version is None:
        return redirect("reviews:queue")
    response = send(version, preview=True)
    _record(request, version, preview=True)
    return response


@login_required
@never_cache
@require_safe
def look(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The file on a page of ours, or by script beside the answer that cites it: one page of a PDF at a time."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return redirect("reviews:queue")
    version = frozen_version(assessment, frozen_content(assessment), number)
    check_served(version)
    args = [pk, number]
    addresses = Addresses(
        here=reverse("reviews:evidence_look", args=args),
        whole=reverse("reviews:evidence_preview", args=args),
        download=reverse("reviews:evidence_file", args=args),
        page=lambda page: reverse("reviews:evidence_page", args=[*args, page]),
    )
    # In nobody's agency, as a download is.
    looking.record_look(version, agency=None, by=request.user)
    context = {
        "here": "evidence",
        "assessment": assessment,
        "is_marking": any(row.marks for row in rows),
        "look": look_at(version, request.GET.get("page", ""), addresses),
    }
    return render(request, "reviews/evidence_look.html", context)


@login_required
@never_cache
@require_safe
@sandboxed
def page_picture(request: HttpRequest, pk: int, number: int, page: int) -> HttpResponse:
    version = _version(request, pk, number)
    if version is None:
        return redirect("reviews:queue")
    response = page_reply(version, page)
    looking.record_look(version, agency=None, by=request.user)
    return response
