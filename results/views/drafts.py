"""The report as it will look, for who writes it: a page, whose pieces a script brings beside each text."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from results.documents.preview import previews
from reviews.views.settled import frame, settled_case


@login_required
@require_safe
def draft_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The texts as printed, for the team and the auditor; `only` is the code of one section."""
    assessment = settled_case(request, pk)
    context = frame(request, assessment, here="feedback") | {
        "previews": previews(assessment, request.GET.get("only", "")[:32]),
    }
    return render(request, "results/draft_report.html", context)
