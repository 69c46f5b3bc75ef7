"""The forms on paper: ordering a print, how far it is, and its file. Every download is in the audit log."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.prints import PrintForm
from assessments.models import WITH_AGENCY, Assessment, Print, Status
from assessments.pages.topics import frame
from assessments.reading import tree_of
from assessments.services import printing
from assessments.views.common import door, read_state
from assessments.views.prints import PrintPlace
from pmqa.accounts import log

PLACE = PrintPlace("assessments:print", "assessments:print_status", "assessments:print_file")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prints(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what to print; the print that was ordered last stands above, the earlier ones below."""
    assessment = door(request, pk)
    found = _open_prints(assessment)
    form = PrintForm(
        request.POST or None,
        tree=tree_of(assessment),
        submissions=assessment.submissions.defer("content"),
        has_draft=assessment.status in WITH_AGENCY,
        last=PLACE.asked_for(request, found),
    )

    def order() -> Print:
        return printing.order(assessment, form.wanted, submission=form.submission, by=request.user)

    context = frame(read_state(assessment), request.user, here="print") | {
        "is_editable": assessment.status in WITH_AGENCY,
        "has_result": assessment.status == Status.REPORT_ISSUED,
    }
    return PLACE.page(request, assessment, form, found, order, "assessments/print.html", context)


@login_required
@never_cache
@require_safe
def print_status(request: HttpRequest, pk: int, print_id: int) -> JsonResponse:
    """How far a print is, for the script that keeps its place on the page up to date."""
    assessment = door(request, pk)
    return PLACE.status(request, assessment, _open_prints(assessment), print_id)


@login_required
@never_cache
@require_safe
def print_file(request: HttpRequest, pk: int, print_id: int) -> FileResponse:
    """The print as a file to keep; 404 while it is not made."""
    assessment = door(request, pk)
    made = PLACE.ready_or_404(_open_prints(assessment), print_id)
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
    return PLACE.file(assessment, made)


def _open_prints(assessment: Assessment) -> QuerySet[Print]:
    """What may be opened: a draft on paper is the agency's own until it is submitted, and then it is none any more."""
    found = assessment.prints.of_answers().listed()
    return found if assessment.status in WITH_AGENCY else found.of_submissions()
