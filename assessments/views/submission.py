"""From the last check to the receipt."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments import snapshot
from assessments.advice.remarks import advice_lines
from assessments.forms.signing import DeclineForm, SubmitForm
from assessments.models import EDITABLE, WITH_AGENCY, Assessment, Status, Submission
from assessments.pages.checklist import profile_advice
from assessments.pages.checks import sent_back_lines
from assessments.pages.receipts import copy_context, receipt_number, seal_of_submission
from assessments.pages.signing import answers_by_code, summary_context
from assessments.pages.topics import frame
from assessments.presentation import carried_lines, deadline, gap_lines
from assessments.services import checking
from assessments.services import submission as services
from assessments.views.common import door, read_state
from criteria.structure import PROFILE
from pmqa.accounts import log
from pmqa.errors import Refused
from pmqa.names import name_of
from pmqa.numbers import whole


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
        # What has no category is of Form 1.
        "application_lines": [line for line in lines if not line.category],
        "groups": [
            (category, found)
            for category in state.tree.categories
            if (found := [line for line in lines if line.category == category.code])
        ],
        "profile_kind": PROFILE,
        "advice": [
            *gap_lines(assessment, state.answers, state.progress.open_questions),
            *advice_lines(assessment, state.answers),
        ],
        "carried": carried_lines(assessment, state.answers),
        "profile_lines": profile_advice(state),
        "may_check": request.user.has_perm("assessments.check", assessment),
        "sent_back": sent_back_lines(state, internal=False),
    }
    return render(request, "assessments/check.html", context)


def _signing_door(request: HttpRequest, pk: int) -> Assessment:
    """The door; whoever was acting head by an order that is over is told so, not that there is nothing."""
    try:
        return door(request, pk)
    except Http404:
        assessment = Assessment.objects.with_places().filter(pk=pk).first()
        order = assessment and services.order_out_of_force(request.user, assessment)
        if not order:
            raise
        if request.method == "POST":
            services.submit(assessment, by=request.user)
        raise PermissionDenied(services.out_of_force(order)) from None


@login_required
@never_cache
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET is the summary that the head reads; POST signs it, once the password has been entered again."""
    assessment = _signing_door(request, pk)
    if request.method != "POST":
        return _summary(request, assessment)
    form = SubmitForm(request.POST, agency=name_of(assessment.agency))
    if request.user.has_perm("assessments.submit", assessment):
        if not form.is_valid():
            return _summary(request, assessment, form=form, status=422)
        if assessment.status in WITH_AGENCY:
            return _sign(request, assessment, form)
    return _hand_over(request, assessment, form)


@reauthentication_required
def _sign(request: HttpRequest, assessment: Assessment, form: SubmitForm) -> HttpResponse:
    """Only behind a password or second factor entered again of late; what was posted waits there meanwhile."""
    return _hand_over(request, assessment, form)


def _hand_over(request: HttpRequest, assessment: Assessment, form: SubmitForm) -> HttpResponse:
    seen = form.data.get("seen_digest", "")
    try:
        services.submit(assessment, by=request.user, seen_digest=seen)
    except Refused as refused:
        messages.error(request, str(refused))
        if refused.code == "gaps":
            return redirect("assessments:check", assessment.pk)
        return _summary(request, door(request, assessment.pk), seen=seen, status=409)
    return redirect("assessments:receipt", assessment.pk)


def _summary(
    request: HttpRequest,
    assessment: Assessment,
    *,
    form: SubmitForm | None = None,
    decline_form: DeclineForm | None = None,
    seen: str = "",
    status: int = 200,
) -> HttpResponse:
    state = read_state(assessment)
    signs = request.user.has_perm("assessments.submit", assessment)
    context = frame(state, request.user, here="check")
    context |= summary_context(state, signs=signs, seen_digest=seen)
    answers = answers_by_code(state)
    context |= {
        "deadline": deadline(assessment),
        "may_submit": signs,
        "may_check": request.user.has_perm("assessments.check", assessment),
        "is_editable": assessment.status in EDITABLE,
        "form": form
        or SubmitForm(agency=name_of(assessment.agency), initial={"seen_digest": context["digest"]}),
        "decline_form": decline_form or DeclineForm(answers=answers),
        "codes": answers,
    }
    return render(request, "assessments/submit.html", context, status=status)


@login_required
@never_cache
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """The head gives it back; what was typed comes back where it was not stored."""
    assessment = door(request, pk)
    if not request.user.has_perm("assessments.submit", assessment):
        raise PermissionDenied(_("ผู้ส่งกลับในขั้นนี้คือหัวหน้าส่วนราชการหรือผู้รักษาการ"))
    form = DeclineForm(request.POST, answers=answers_by_code(read_state(assessment)))
    if not form.is_valid():
        return _summary(request, assessment, decline_form=form, status=422)
    try:
        checking.decline(assessment, reason=form.cleaned_data["reason"], notes=form.notes, by=request.user)
    except Refused as refused:
        form.add_error("reason", str(refused))
        return _summary(request, door(request, pk), decline_form=form, status=409)
    messages.success(request, _("ส่งกลับให้แก้ไขแล้ว ผู้ประสานงานและผู้เขียนเห็นเหตุผลของท่าน"))
    return redirect("assessments:overview", pk)


def _submission(request: HttpRequest, assessment: Assessment) -> Submission:
    """The latest submission, or the one that ?number= asks for."""
    number = whole(request.GET.get("number"))
    found = assessment.submissions.all()
    submission = (found if number is None else found.filter(number=number)).first()
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
        "seal": seal_of_submission(submission),
        "earlier": assessment.submissions.exclude(pk=submission.pk).defer("content"),
        "is_with_agency": assessment.status in WITH_AGENCY,
        "may_withdraw": assessment.status in (Status.SUBMITTED, Status.IN_REVIEW)
        and timezone.now() <= assessment.due_at
        and request.user.has_perm("assessments.withdraw", assessment),
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
