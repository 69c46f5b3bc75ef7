"""Who of OPDC has opened what the agency wrote."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.pages.topics import frame
from assessments.services.readings import readings_of
from assessments.views.common import read_state
from assessments.views.inside import inside_door
from pmqa.accounts.rules import Office

PER_PAGE = 50


@login_required
@never_cache
@require_safe
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """One line for each person and day, the latest first."""
    state = read_state(inside_door(request, pk))
    rows = readings_of(state.assessment, viewer=request.user)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = frame(state, request.user, here="overview") | {
        "page": page,
        "lines": [(row, [Office(code).label for code in row.offices]) for row in page],
    }
    return render(request, "assessments/readings.html", context)
