"""From the last check to the receipt."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments import snapshot
from assessments.forms import SubmitForm
from assessments.models import EDITABLE, Assessment, Claim, Submission
from assessments.pages import State, frame
from assessments.presentation import carried_lines, deadline, gap_lines
from assessments.receipts import copy_context, receipt_number
from assessments.second_look import advice_lines
from assessments.services import submission as services
from assessments.views.common import door, read_state
from pmqa.accounts import log
from pmqa.accounts.models import Membership
from pmqa.errors import Refused


@login_required
@never_cache
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Every gap that keeps the assessment from being submitted, each a link to its blank."""
    assessment = door(request, pk)
    state = read_state(assessment)
    lines = gap_lines(assessment, state.answers, state.progress.gaps)
    context = frame(state, request.user, here="check") | {
        "deadline": deadline(assessment),
        "is_editable": assessment.status in EDITABLE,
        "total": len(lines),
        "groups": [
            (category, found)
            for category in state.tree.categories
            if (found := [line for line in lines if line.category == category.code])
        ],
        "advice": advice_lines(assessment, state.answers),
        "carried": carried_lines(assessment, state.answers),
        "profile_lines": gap_lines(assessment, state.answers, state.progress.profile_gaps),
    }
    return render(request, "assessments/check.html", context)


@login_required
@never_cache
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what will be handed over and what happens then; POST hands it over."""
    assessment = door(request, pk)
    if request.method != "POST":
        return _confirmation(request, read_state(assessment))
    form = SubmitForm(request.POST, agency=str(assessment.agency))
    if request.user.has_perm("assessments.submit", assessment) and not form.is_valid():
        return _confirmation(request, read_state(assessment), form, status=422)
    try:
        services.submit(assessment, by=request.user, seen_digest=form.data.get("seen_digest", ""))
    except Refused as refused:
        messages.error(request, str(refused))
        if refused.code == "gaps":
            return redirect("assessments:check", pk)
        return _confirmation(request, read_state(door(request, pk)), status=409)
    return redirect("assessments:receipt", pk)


def _confirmation(
    request: HttpRequest, state: State, form: SubmitForm | None = None, status: int = 200
) -> HttpResponse:
    assessment = state.assessment
    claims = [state.answers.parts[part.code].claim for part in state.tree.process_parts]
    heads = Membership.objects.current().filter(
        agency=assessment.agency, role__in=(Membership.Role.HEAD, Membership.Role.ACTING_HEAD)
    )
    digest = snapshot.digest_of(snapshot.build(assessment, state.answers))
    context = frame(state, request.user, here="check") | {
        "deadline": deadline(assessment),
        "is_open": assessment.is_open(),
        "may_submit": request.user.has_perm("assessments.submit", assessment),
        "heads": heads.select_related("user"),
        "done": claims.count(Claim.DONE),
        "digest": digest,
        "form": form or SubmitForm(agency=str(assessment.agency), initial={"seen_digest": digest}),
    }
    return render(request, "assessments/submit.html", context, status=status)


def _submission(request: HttpRequest, assessment: Assessment) -> Submission:
    """The latest submission, or the one that ?number= asks for."""
    number = request.GET.get("number", "")
    found = assessment.submissions.all()
    submission = (found.filter(number=number) if number.isdecimal() else found).first()
    if submission is None:
        raise Http404
    return submission


@login_required
@never_cache
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """What was submitted, when, by whom, and the digest by which a copy can be checked."""
    assessment = door(request, pk)
    submission = _submission(request, assessment)
    state = read_state(assessment)
    context = frame(state, request.user, here="receipt") | {
        "submission": submission,
        "number": receipt_number(submission),
        "earlier": assessment.submissions.exclude(pk=submission.pk).defer("content"),
        "is_editable": assessment.status in EDITABLE,
    }
    return render(request, "assessments/receipt.html", context)


@login_required
@require_POST
def receipt_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of its own with everything that was frozen, to print or keep."""
    return _download(request, pk, "html", "text/html; charset=utf-8")


@login_required
@require_POST
def receipt_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The very bytes whose SHA-256 is on the receipt."""
    return _download(request, pk, "json", "application/json")


def _download(request: HttpRequest, pk: int, ending: str, content_type: str) -> HttpResponse:
    assessment = door(request, pk)
    submission = _submission(request, assessment)
    submission.assessment = assessment
    if ending == "json":
        response = HttpResponse(snapshot.canonical(submission.content), content_type=content_type)
    else:
        response = render(request, "assessments/receipt_copy.html", copy_context(submission))
    name = f"pmqa-{assessment.agency.code}-{assessment.cycle.year}-{submission.number}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    log.record(
        "assessment.downloaded",
        assessment,
        by=request.user,
        agency=assessment.agency,
        file=ending,
        number=submission.number,
        digest=submission.digest,
    )
    return response
