"""Language and second factor, decided once per request."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import resolve
from django.utils import translation


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Thai, unless the person chose otherwise: the browser's own languages do not count."""

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language


class SecondFactorMiddleware:
    """Sends whoever must have a second factor (MFA_POLICY) and has none to setting one up."""

    open_names = frozenset({"account_logout", "account_reauthenticate", "set_language", "livez", "readyz"})

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        if self._is_missing(request):
            match = resolve(request.path_info)
            if match.url_name not in self.open_names and not (match.url_name or "").startswith("mfa_"):
                return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _is_missing(self, request: HttpRequest) -> bool:
        if settings.MFA_POLICY == "off" or not request.user.is_authenticated:
            return False
        if settings.MFA_POLICY == "staff" and not request.user.current_offices:
            return False
        used = {entry.get("method") for entry in get_authentication_records(request)}
        return "mfa" not in used and not is_mfa_enabled(request.user)
