"""Every topic, its state and its owner on one page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from assessments.models import WITH_AGENCY
from assessments.pages.grid import grid_of, tally
from assessments.pages.topics import frame
from assessments.views.common import read_state
from assessments.views.inside import inside_door


@login_required
@never_cache
def grid(request: HttpRequest, pk: int) -> HttpResponse:
    state = read_state(inside_door(request, pk))
    groups = grid_of(state, request.user)
    context = frame(state, request.user, here="overview") | {
        "groups": groups,
        "tally": tally(groups),
        "is_with_agency": state.assessment.status in WITH_AGENCY,
    }
    return render(request, "assessments/grid.html", context)
