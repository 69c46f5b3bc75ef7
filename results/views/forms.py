"""The forms on paper with the marks of a published result; every download is in the audit log."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.prints import FormChoice
from assessments.models import Form, Print
from assessments.reading import tree_of
from assessments.views.prints import PrintPlace
from pmqa.accounts import log
from results.documents import form_prints
from results.naming import in_language
from results.views.common import published_or_refuse

PLACE = PrintPlace("results:forms", "results:form_status", "results:form_file")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def forms(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which form to print with what came of it; nobody judges the application and the profile."""
    assessment, sheet = published_or_refuse(request, pk)
    found = form_prints.prints_of(sheet)
    form = FormChoice(
        request.POST or None,
        tree=tree_of(assessment),
        last=PLACE.asked_for(request, found),
        left_out=(Form.FORM1, Form.PROFILE),
    )

    def order() -> Print:
        return form_prints.order(sheet, form.wanted, by=request.user)

    context = {
        "payload": in_language(sheet.payload),
        "has_submission": sheet.payload["submission"] is not None,
    }
    return PLACE.page(request, assessment, form, found, order, "results/forms.html", context)


@login_required
@require_safe
def form_status(request: HttpRequest, pk: int, print_id: int) -> JsonResponse:
    """How far a print is, for the script that keeps its place on the page up to date."""
    assessment, sheet = published_or_refuse(request, pk)
    return PLACE.status(request, assessment, form_prints.prints_of(sheet), print_id)


@login_required
@require_safe
def form_file(request: HttpRequest, pk: int, print_id: int) -> FileResponse:
    """The print as a file to keep; 404 while it is not made."""
    assessment, sheet = published_or_refuse(request, pk)
    made = PLACE.ready_or_404(form_prints.prints_of(sheet), print_id)
    log.record(
        "result.downloaded",
        sheet,
        by=request.user,
        agency=assessment.agency,
        format="pdf",
        form=f"{made.form}{made.category}",
        revision=sheet.revision,
    )
    return PLACE.file(assessment, made)
