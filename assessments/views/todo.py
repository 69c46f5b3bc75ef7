"""One page of a person's own work."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from assessments.pages.todo import desks_of


@login_required
@never_cache
def todo(request: HttpRequest) -> HttpResponse:
    """Kept apart by agency; empty for whoever belongs to none."""
    return render(request, "assessments/todo.html", {"desks": desks_of(request.user)})
