"""The pages that belong to no app: health, and the answer to a lost CSRF token."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pmqa.typed import came_from, numbered_texts


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
    typed = numbered_texts(request)
    if typed:
        told = _("หน้านี้เปิดไว้นานกว่าการเข้าสู่ระบบ ข้อความที่ท่านพิมพ์อยู่ด้านล่างครบถ้วน เปิดหน้าเดิมแล้วคัดลอกไปวาง")
    else:
        told = _("หน้านี้เปิดไว้นานกว่าการเข้าสู่ระบบ เปิดหน้าเดิมแล้วทำรายการอีกครั้ง ถ้าเบราว์เซอร์ปิดคุกกี้ไว้ ให้เปิดก่อน")
    context = {"typed": typed, "reason": told, "back": came_from(request)}
    return render(request, "unsaved.html", context, status=403)
