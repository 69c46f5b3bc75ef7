"""The pages that belong to no app: health, and the answer to a lost CSRF token."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from pmqa.typed import typed_texts


@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages can be served. The broker does not count: without it reports only come later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready\n", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Give back the typed text: the form was open longer than the log-in lasted."""
    return render(request, "403_csrf.html", {"typed": typed_texts(request)}, status=403)
