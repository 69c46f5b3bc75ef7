"""The line of sight for the reviewers of a case: what the profile and the plans name, and where it is taken up."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from assessments.pages.sight import sight_of
from assessments.reading import read_answers
from reviews import desk
from reviews.reading import read_marks
from reviews.views.doors import is_opened, own_case


@login_required
@never_cache
def sight(request: HttpRequest, pk: int) -> HttpResponse:
    assessment, rows = own_case(request, pk)
    if not is_opened(rows):
        return redirect("reviews:queue")
    places = desk.places(assessment, read_marks(assessment, rows))
    profile = reverse("reviews:profile", args=[pk])
    context = {
        "here": "sight",
        "assessment": assessment,
        "is_marking": any(row.marks for row in rows),
        "sight": sight_of(assessment, read_answers(assessment), lambda code: places.get(code, profile)),
    }
    return render(request, "reviews/sight.html", context)
