"""Helps to write a comment; what it makes goes into the blank, where its reviewer goes on."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from reviews.forms import ComposeForm
from reviews.reading import read_marks
from reviews.tone_words import tone_advice
from reviews.views.doors import own_case


@login_required
@never_cache
@require_POST
def compose(request: HttpRequest, pk: int) -> JsonResponse:
    """{text, advice}, or 422 with what is missing. Nothing is stored."""
    assessment, rows = own_case(request, pk)
    form = ComposeForm(request.POST, known=read_marks(assessment, rows))
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    return JsonResponse({"text": form.text, "advice": tone_advice(form.text, outcome="fail")})
