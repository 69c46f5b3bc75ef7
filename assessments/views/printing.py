"""The forms on paper: ordering a print, how far it is, and its file. Every download is in the audit log."""

import re

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.prints import PrintForm
from assessments.models import WITH_AGENCY, Assessment, Print
from assessments.pages.topics import frame
from assessments.reading import tree_of
from assessments.services import printing
from assessments.views.common import door, read_state
from pmqa.accounts import log
from pmqa.errors import Refused

# As many earlier prints as a page lists.
LISTED = 12


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prints(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what to print; the print that was ordered last stands above, the earlier ones below."""
    assessment = door(request, pk)
    made = _asked_for(request, assessment)
    form = PrintForm(
        request.POST or None,
        tree=tree_of(assessment),
        submissions=assessment.submissions.defer("content"),
        has_draft=assessment.status in WITH_AGENCY,
        last=made,
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                ordered = printing.order(assessment, form.wanted, submission=form.submission, by=request.user)
            except Refused as refused:
                form.add_error(None, str(refused))
                status = 409
            else:
                return redirect(f"{reverse('assessments:print', args=[pk])}?made={ordered.pk}")
        else:
            status = 422
    context = frame(read_state(assessment), request.user, here="print") | {
        "form": form,
        "made": made,
        "others": [row for row in _open_prints(assessment)[:LISTED] if row != made],
        "is_editable": assessment.status in WITH_AGENCY,
    }
    return render(request, "assessments/print.html", context, status=status)


@login_required
@never_cache
@require_safe
def print_status(request: HttpRequest, pk: int, print_id: int) -> JsonResponse:
    """How far a print is, for the script that keeps its place on the page up to date."""
    assessment, made = _open_or_404(request, pk, print_id)
    html = render_to_string("assessments/_print.html", {"assessment": assessment, "made": made}, request)
    return JsonResponse({"state": made.state.state, "html": html})


@login_required
@never_cache
@require_safe
def print_file(request: HttpRequest, pk: int, print_id: int) -> FileResponse:
    """The print as a file to keep; 404 while it is not made."""
    assessment, made = _open_or_404(request, pk, print_id)
    if not made.state.is_ready:
        raise Http404
    log.record(
        "assessment.downloaded",
        assessment,
        by=request.user,
        agency=assessment.agency,
        file="pdf",
        form=f"{made.form}{made.category}",
        number=made.submission.number if made.submission else 0,
        digest=made.digest,
    )
    return FileResponse(
        made.file.open("rb"),
        as_attachment=True,
        filename=_file_name(assessment, made),
        content_type="application/pdf",
    )


def _file_name(assessment: Assessment, made: Print) -> str:
    draft = "" if made.submission else " " + _("ฉบับร่าง")
    return f"{made.name} {assessment.agency.code} {assessment.cycle.year}{draft}.pdf"


def _open_prints(assessment: Assessment) -> QuerySet[Print]:
    """What may be opened: a draft on paper is the agency's own until it is submitted, and then it is none any more."""
    found = assessment.prints.listed()
    return found if assessment.status in WITH_AGENCY else found.of_submissions()


def _asked_for(request: HttpRequest, assessment: Assessment) -> Print | None:
    """The print that the address names: the one just ordered, or an earlier one that was found again."""
    asked = request.GET.get("made", "")
    return _open_prints(assessment).filter(pk=asked).first() if re.fullmatch(r"[0-9]{1,12}", asked) else None


def _open_or_404(request: HttpRequest, pk: int, print_id: int) -> tuple[Assessment, Print]:
    assessment = door(request, pk)
    return assessment, get_object_or_404(_open_prints(assessment), pk=print_id)
