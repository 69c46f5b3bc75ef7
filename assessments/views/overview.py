"""Where an agency starts: its assessments, and one of them at a glance."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.models import EDITABLE, Assessment, Cycle, Status
from assessments.pages import frame
from assessments.presentation import deadline
from assessments.services import answers as services
from assessments.summary import category_rows, part_map, profile_row, tasks_for
from assessments.thread_models import Mention
from assessments.views.common import door, read_state
from pmqa.accounts.models import Agency
from pmqa.errors import Refused

PROVINCE = Agency.Kind.PROVINCE


def is_offered(cycle: Cycle, agency: Agency) -> bool:
    """Provinces have a track of their own; every other agency takes the others (A-104)."""
    return agency.is_active and (cycle.track == PROVINCE) == (agency.kind == PROVINCE)


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
    assessments = list(Assessment.objects.filter(agency__in=agencies).with_places())
    startable = [
        (cycle, agency)
        for cycle in open_cycles()
        for agency in agencies.values()
        if is_offered(cycle, agency)
        and not any(row.cycle_id == cycle.pk and row.agency_id == agency.pk for row in assessments)
    ]
    if len(assessments) == 1 and not startable:
        return redirect("assessments:overview", assessments[0].pk)
    context = {
        "rows": [(assessment, deadline(assessment)) for assessment in assessments],
        "startable": [
            (cycle, agency, user.has_perm("assessments.start", agency)) for cycle, agency in startable
        ],
        "agencies": agencies.values(),
        "editable": EDITABLE,
        "unread_mentions": Mention.objects.unread_of(user).count(),
    }
    return render(request, "assessments/index.html", context)


@login_required
@require_POST
def start(request: HttpRequest, cycle_id: int, agency_id: int) -> HttpResponse:
    """Begin the assessment of one's agency. Beginning twice opens the first one."""
    mine = [membership.agency_id for membership in request.user.current_memberships]
    agency = get_object_or_404(Agency.objects.filter(pk__in=mine), pk=agency_id)
    cycle = get_object_or_404(Cycle.objects.select_related("edition"), pk=cycle_id)
    if not is_offered(cycle, agency):
        raise Http404
    if not request.user.has_perm("assessments.start", agency):
        raise PermissionDenied(_("ผู้เริ่มแบบประเมินคือผู้ประสานงานของหน่วยงาน"))
    try:
        assessment = services.start(cycle, agency, by=request.user)
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
        "rows": category_rows(state),
        "profile": profile_row(state),
        "part_map": part_map(state),
        "tasks": tasks_for(state, request.user),
        "unread_mentions": Mention.objects.unread_of(request.user).count(),
        "has_inside": request.user.has_perm("assessments.look_inside", assessment),
        "returned": assessment.changes.first() if assessment.status == Status.RETURNED else None,
    }
    return render(request, "assessments/overview.html", context)
