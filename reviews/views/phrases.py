"""The bank of phrases, as a page of its own; the marking page brings it into a window."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pmqa.errors import Refused
from reviews.models import Phrase
from reviews.services import phrases as services
from reviews.views.doors import own_case


@login_required
@never_cache
def phrases(request: HttpRequest, pk: int) -> HttpResponse:
    """The phrases that this person may use, the newest first; a POST keeps another."""
    assessment, rows = own_case(request, pk)
    typed, status = "", 200
    if request.method == "POST":
        typed = request.POST.get("text", "")
        try:
            services.keep_phrase(assessment, typed, for_team="for_team" in request.POST, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            status = 422
        else:
            messages.success(request, _("เก็บข้อความไว้ในคลังแล้ว"))
            return redirect("reviews:phrases", pk=pk)
    context = {
        "here": "phrases",
        "assessment": assessment,
        "is_marking": any(row.marks for row in rows),
        "phrases": Phrase.objects.visible_to(request.user),
        "typed": typed,
    }
    return render(request, "reviews/phrases.html", context, status=status)


@login_required
@never_cache
@require_POST
def remove(request: HttpRequest, pk: int, phrase: int) -> HttpResponse:
    own_case(request, pk)
    found = get_object_or_404(Phrase.objects.visible_to(request.user), pk=phrase)
    services.remove_phrase(found, by=request.user)
    messages.success(request, _("ลบข้อความออกจากคลังแล้ว"))
    return redirect("reviews:phrases", pk=pk)
