"""Light or dark: a choice of this browser, kept in a cookie, so that a page comes in its colours at once."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from pmqa.back import way_back

LIGHT, DARK = "light", "dark"
COOKIE = "theme"


def chosen(request: HttpRequest) -> str:
    """LIGHT unless the browser has chosen DARK."""
    return DARK if request.COOKIES.get(COOKIE) == DARK else LIGHT


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice for a year and go back to where it was made."""
    response = redirect(way_back(request))
    response.set_cookie(
        COOKIE,
        DARK if request.POST.get("theme") == DARK else LIGHT,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
