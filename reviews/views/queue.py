"""A reviewer's own cases, what waits and how much is left; and the agency taking its case back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.models import Assessment, Status
from assessments.views.common import door
from pmqa.errors import Refused
from reviews.abstaining import lacking_codes
from reviews.desk import due
from reviews.loads import work_left
from reviews.models import Assignment
from reviews.notices import notices
from reviews.reading import Case, read_cases
from reviews.rules import is_tied
from reviews.services import withdrawing


@login_required
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """Every case assigned to this person: first what waits for them, the nearest deadline on top, then the rest."""
    cases = [
        case
        for case in read_cases(Assignment.objects.active_for(request.user))
        if not is_tied(request.user, case.assessment.agency)
    ]
    context = {
        "notices": notices(request.user),
        "work": work_left([case for case in cases if case.waits]),
        "waiting": [(case, due(case.assessment)) for case in cases if case.waits],
        "others": [(case, due(case.assessment)) for case in reversed(cases) if not case.waits],
        "short": _short(cases),
        "can_step_aside": [case for case in cases if case.assessment.status == Status.IN_REVIEW],
    }
    return render(request, "reviews/queue.html", context)


def _short(cases: list[Case]) -> list[tuple[Assessment, list[str]]]:
    """Cases that this person leads and the answers there that need another reviewer. A lead who marks learns it after
    the own hand-in, like everybody."""
    led = [case for case in cases if case.leads and case.opened and (case.handed_in_at or not case.marks)]
    led = [case.assessment for case in led if case.assessment.status == Status.IN_REVIEW]
    codes = lacking_codes([assessment.pk for assessment in led]) if led else {}
    return [(assessment, codes[assessment.pk]) for assessment in led if assessment.pk in codes]


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency withdraws what it submitted."""
    assessment = door(request, pk)
    try:
        withdrawing.withdraw(assessment, note=request.POST.get("note", ""), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:receipt", pk)
    messages.success(request, _("ถอนแล้ว แก้ไขและส่งใหม่ได้ก่อนปิดรับ ฉบับที่ถอนยังเก็บไว้ในใบรับ"))
    return redirect("assessments:overview", pk)
