"""What was posted and could not be stored comes back: the log-in ran out, or the store cannot write."""

import errno
import logging
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
# Posted along with what is typed: chosen, or put there by us.
NOT_TYPED = {
    "csrfmiddlewaretoken", "version", "judged_version", "next", "key", "kind", "seen", "upload", "topic", "settled",
    "claim", "direction", "outcome", "keep",
}  # fmt: skip
SQLITE_FULL, POSTGRES_FULL = 13, "53100"
UNANSWERED = (OperationalError, InterfaceError)
FULL = {errno.ENOSPC, errno.EDQUOT}


def _typed(request: HttpRequest) -> Iterator[str]:
    """Every text that a person may have typed; never a password."""
    for name, values in request.POST.lists():
        if name in NOT_TYPED or "password" in name:
            continue
        yield from (value for value in values if value.strip())


def numbered_texts(request: HttpRequest) -> list[tuple[str, str]]:
    """The texts for unsaved.html, which does not know here what their blanks are called."""
    return [
        (_("ข้อความที่ %(number)s") % {"number": number}, text)
        for number, text in enumerate(_typed(request), start=1)
    ]


def is_full(error: BaseException) -> bool:
    """Whether there is no room left: on the disk, or for the database."""
    if isinstance(error, OSError):
        return error.errno in FULL
    cause = error.__cause__
    codes = getattr(cause, "sqlite_errorcode", None), getattr(cause, "sqlstate", None)
    return codes[0] == SQLITE_FULL or codes[1] == POSTGRES_FULL


class TypedTextMiddleware:
    """Answers a POST that was not stored with the posted text: JSON for a script that asks for it, else a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and _asks_to_log_in(response):
            return _signed_out(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A database that does not answer and a full disk pass: whoever posted is told, and can try again."""
        if request.method != "POST" or not (isinstance(error, UNANSWERED) or is_full(error)):
            return None
        log.error("Not stored: %s", request.path, exc_info=error)
        state, status = ("full", 507) if is_full(error) else ("trouble", 503)
        reason = {
            "full": _("พื้นที่เก็บข้อมูลของระบบเต็ม ยังบันทึกไม่ได้ แจ้งผู้ดูแลระบบแล้วลองอีกครั้ง"),
            "trouble": _("ระบบขัดข้องชั่วคราว ยังบันทึกไม่ได้ ลองอีกครั้งในอีกสักครู่"),
        }[state]
        if _wants_json(request):
            return JsonResponse({"state": state, "message": reason}, status=status)
        # Without the request: nothing on this page may ask the database anything.
        context = {
            "typed": numbered_texts(request),
            "reason": reason,
            "back": came_from(request),
            "frame": "bare.html",
        }
        return HttpResponse(render_to_string("unsaved.html", context), status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _asks_to_log_in(response: HttpResponse) -> bool:
    """The answer of `login_required`, which names where to come back to; logging out does not."""
    if response.status_code != 302:
        return False
    url = urlsplit(response["Location"])
    return url.path == resolve_url(settings.LOGIN_URL) and "next" in parse_qs(url.query)


def _signed_out(request: HttpRequest) -> HttpResponse:
    # Back to the page with the form: the address of the POST itself may have no page.
    login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': came_from(request)})}"
    if _wants_json(request):
        message = _("หมดเวลาใช้งาน เข้าสู่ระบบอีกครั้ง ข้อความยังอยู่")
        return JsonResponse({"state": "signed_out", "message": message, "login": login}, status=401)
    return render(request, "unsaved.html", {"typed": numbered_texts(request), "login": login}, status=401)


def came_from(request: HttpRequest) -> str:
    """The page that the form stood on, as the browser tells; the start page where it does not."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    url = urlsplit(page)
    if not is_ours or not url.netloc:
        return "/"
    return f"{url.path}?{url.query}" if url.query else url.path or "/"
