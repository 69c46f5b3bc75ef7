"""Where an agency starts: its assessments, and one of them at a glance."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.models import (
    EDITABLE,
    PRELIMINARY,
    SIGNERS,
    WITH_AGENCY,
    Assessment,
    Cycle,
    Mention,
    Status,
    StatusChange,
    Submission,
)
from assessments.pages.checklist import checklist
from assessments.pages.summary import category_rows, part_map, tasks_for
from assessments.pages.topics import frame
from assessments.pages.waiting import waiting_tasks
from assessments.presentation import deadline
from assessments.services import answers, carrying
from assessments.views.common import door, read_state
from pmqa.accounts.models import Agency
from pmqa.errors import Refused

PROVINCE = Agency.Kind.PROVINCE


def is_offered(cycle: Cycle, agency: Agency) -> bool:
    """Provinces have a track of their own; every other agency takes the others."""
    return agency.is_active and (cycle.track == PROVINCE) == (agency.kind == PROVINCE)


def is_before(assessment: Assessment, cycle: Cycle) -> bool:
    """Whether a cycle could be begun from this assessment, as services.carrying does."""
    return assessment.cycle.track == cycle.track and assessment.cycle.year < cycle.year


@dataclass(frozen=True)
class Startable:
    """A cycle that an agency has not begun; `previous` is its latest assessment before."""

    cycle: Cycle
    agency: Agency
    may_start: bool
    previous: Assessment | None


def open_cycles() -> QuerySet[Cycle]:
    now = timezone.now()
    return Cycle.objects.filter(opens_at__lte=now, closes_at__gte=now).select_related("edition")


@login_required
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The assessments of one's own agencies, and the cycles in which a coordinator may begin one."""
    user = request.user
    agencies = {membership.agency_id: membership.agency for membership in user.current_memberships}
    if not agencies and user.has_perm("assessments.follow"):
        return redirect("reviews:cases")
    late = Submission.objects.filter(assessment=OuterRef("pk"), is_late=True, withdrawn_at=None)
    rows = Assessment.objects.filter(agency__in=agencies).annotate(is_late=Exists(late))
    assessments = list(rows.with_places())
    startable = [
        Startable(
            cycle,
            agency,
            user.has_perm("assessments.start", agency),
            next((row for row in assessments if row.agency_id == agency.pk and is_before(row, cycle)), None),
        )
        for cycle in open_cycles()
        for agency in agencies.values()
        if is_offered(cycle, agency)
        and not any(row.cycle_id == cycle.pk and row.agency_id == agency.pk for row in assessments)
    ]
    if len(assessments) == 1 and not startable:
        return redirect("assessments:overview", assessments[0].pk)
    context = {
        "rows": [(assessment, deadline(assessment)) for assessment in assessments],
        "startable": startable,
        "agencies": agencies.values(),
        "editable": WITH_AGENCY,
        # Of these the agency may read its result.
        "told": (*PRELIMINARY, Status.REPORT_ISSUED),
        "signs_for": {entry.agency_id for entry in user.current_memberships if entry.role in SIGNERS},
        "unread_mentions": Mention.objects.unread_of(user).count(),
    }
    return render(request, "assessments/index.html", context)


@login_required
@require_POST
def start(request: HttpRequest, cycle_id: int, agency_id: int) -> HttpResponse:
    """Begin the assessment of one's agency, empty or from the cycle before. Beginning twice opens the first one."""
    mine = [membership.agency_id for membership in request.user.current_memberships]
    agency = get_object_or_404(Agency.objects.filter(pk__in=mine), pk=agency_id)
    cycle = get_object_or_404(Cycle.objects.select_related("edition"), pk=cycle_id)
    if not is_offered(cycle, agency):
        raise Http404
    if not request.user.has_perm("assessments.start", agency):
        raise PermissionDenied(_("ผู้เริ่มแบบประเมินคือผู้ประสานงานของหน่วยงาน"))
    begin = carrying.start_from_previous if "carry_over" in request.POST else answers.start
    try:
        assessment = begin(cycle, agency, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:index")
    return redirect("assessments:overview", assessment.pk)


@login_required
@never_cache
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """How far one assessment is, what it would score now, and what to do next."""
    assessment = door(request, pk)
    state = read_state(assessment)
    context = frame(state, request.user, here="overview") | {
        "deadline": deadline(assessment),
        "is_editable": assessment.status in EDITABLE,
        "is_with_agency": assessment.status in WITH_AGENCY,
        "is_awaited": assessment.status == Status.AWAITING_HEAD,
        "may_sign": request.user.has_perm("assessments.submit", assessment),
        "rows": category_rows(state),
        "checklist": checklist(state),
        "part_map": part_map(state),
        "tasks": waiting_tasks([assessment], request.user).get(pk, []) + tasks_for(state, request.user),
        "unread_mentions": Mention.objects.unread_of(request.user).count(),
        "has_inside": request.user.has_perm("assessments.look_inside", assessment),
        "returned": _given_back(assessment),
    }
    return render(request, "assessments/overview.html", context)


def _given_back(assessment: Assessment) -> StatusChange | None:
    """Why the agency has it again, by the officer or its own head; until it goes to the head the next time."""
    if assessment.status not in (*EDITABLE, Status.INTERNAL_CHECK):
        return None
    steps = assessment.changes.filter(~Q(note="") | Q(to_status=Status.AWAITING_HEAD))
    last = steps.first()
    return last if last and last.note else None
