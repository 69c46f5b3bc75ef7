"""The forms of a case on paper, for those who judge it. Every download is in the audit log, in nobody's agency."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.prints import FormChoice
from assessments.models import Assessment, Print
from assessments.reading import tree_of
from assessments.views.prints import PrintPlace
from pmqa.accounts import log
from pmqa.accounts.models import User
from reviews.services import printing
from reviews.views.doors import is_opened, own_case

PLACE = PrintPlace("reviews:print", "reviews:print_status", "reviews:print_file")


def _own_prints(assessment: Assessment, user: User) -> QuerySet[Print]:
    """One's own alone, and only of the submission that is under review."""
    return assessment.prints.listed().filter(reviewer=user, submission=assessment.submissions.first())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prints(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what to print of what was handed in."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return redirect("reviews:queue")
    found = _own_prints(assessment, request.user)
    form = FormChoice(request.POST or None, tree=tree_of(assessment), last=PLACE.asked_for(request, found))

    def order() -> Print:
        return printing.order(assessment, form.wanted, by=request.user)

    context = {"here": "print", "is_marking": any(row.marks for row in rows)}
    return PLACE.page(request, assessment, form, found, order, "reviews/print.html", context)


@login_required
@never_cache
@require_safe
def print_status(request: HttpRequest, pk: int, print_id: int) -> JsonResponse | HttpResponse:
    """How far a print is, for the script that keeps its place on the page up to date."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return redirect("reviews:queue")
    return PLACE.status(request, assessment, _own_prints(assessment, request.user), print_id)


@login_required
@never_cache
@require_safe
def print_file(request: HttpRequest, pk: int, print_id: int) -> FileResponse | HttpResponse:
    """The print as a file to keep; 404 while it is not made."""
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return redirect("reviews:queue")
    made = PLACE.ready_or_404(_own_prints(assessment, request.user), print_id)
    log.record(
        "assessment.downloaded",
        assessment,
        by=request.user,
        file="pdf",
        form=f"{made.form}{made.category}",
        number=made.submission.number,
        digest=made.digest,
    )
    return PLACE.file(assessment, made)
