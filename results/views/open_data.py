"""What of a cycle's results is open to everybody: an administrator opens and closes it, anybody reads it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from assessments.models import Cycle
from pmqa.errors import Refused
from results.dashboard.suppression import LEAST
from results.exporting import open_data
from results.exporting.dictionary import PUBLIC_TABLES
from results.exporting.forms import OpeningForm
from results.exporting.models import OpenData
from results.exporting.published import published_in, unpublished_in
from reviews.views.cases import done

# So long a browser or a proxy may go on showing what was closed or made anew since.
SECONDS_KEPT = 300


# --- the administrator --------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """What is open and what would be; the first press asks again and says what it means, the second opens."""
    if not request.user.has_perm("results.export"):
        raise PermissionDenied(_("หน้านี้สำหรับผู้ดูแลระบบและผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    cycle = get_object_or_404(Cycle.objects.select_related("edition"), pk=pk)
    if request.method == "POST" and not request.user.has_perm("results.open_data"):
        raise PermissionDenied(_("ผู้เปิดเผยข้อมูลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    form = OpeningForm(request.POST or None)
    is_asked = request.method == "POST" and form.is_valid()
    status = 200
    if is_asked and form.cleaned_data["confirmed"]:
        chosen = {name: form.cleaned_data[name] for name in ("with_agencies", "seen")}
        try:
            open_data.open_up(cycle, **chosen, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            status = 409
        else:
            messages.success(request, _("เปิดเผยข้อมูลแล้ว ผู้ใดก็อ่านได้เมื่อจัดทำไฟล์เสร็จในอีกครู่หนึ่ง"))
            return redirect("results:opening", pk=pk)
    opened = OpenData.objects.select_related("job").defer("document", "sheets").filter(cycle=cycle).first()
    context = {
        "cycle": cycle,
        "opened": opened,
        "form": form
        if form.is_bound
        else OpeningForm(initial={"with_agencies": opened and opened.with_agencies}),
        "is_asked": is_asked,
        "with_agencies": is_asked and form.cleaned_data["with_agencies"],
        "seen": open_data.state_digest(cycle),
        "published": published_in(cycle).count(),
        "unpublished": unpublished_in(cycle),
        "least": LEAST,
        "may_open": request.user.has_perm("results.open_data"),
        "tables": PUBLIC_TABLES,
    }
    return render(request, "results/exporting/opening.html", context, status=status)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what is open."""
    if not request.user.has_perm("results.open_data"):
        raise PermissionDenied(_("ผู้เปิดเผยข้อมูลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    cycle = get_object_or_404(Cycle, pk=pk)
    sentence = _("ปิดข้อมูลเปิดของรอบนี้แล้ว")
    return done(
        request, pk, lambda: open_data.close(cycle, by=request.user), sentence, where="results:opening"
    )


# --- everybody ----------------------------------------------------------------------------------

_kept = cache_control(public=True, max_age=SECONDS_KEPT)


def _limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """So many readings a minute from one address; who has signed in is known, and not counted."""
    counted = rate_limit(action="open_data", limit_get=True)(view)

    @wraps(view)
    def limited(request: HttpRequest, *place: Any, **named: Any) -> HttpResponse:
        return (view if request.user.is_authenticated else counted)(request, *place, **named)

    return limited


@require_safe
@_limited
def index(request: HttpRequest) -> HttpResponse:
    """The cycles that are open, with their files; not there while none is."""
    found = (
        OpenData.objects.exclude(document=None)
        .select_related("cycle__edition")
        .annotate(licence=KT("document__dataset__licence"))
        .defer("document", "sheets")
        .order_by("-cycle__year", "cycle__track")
    )
    rows = [{"opened": row, "tables": open_data.tables_of(with_agencies=row.with_agencies)} for row in found]
    if not rows:
        raise Http404
    return render(request, "results/exporting/open_data.html", {"rows": rows, "least": LEAST})


def _digest(request: HttpRequest, pk: int, table: str = "") -> str | None:
    digest = OpenData.objects.filter(cycle=pk).values_list("digest", flat=True).first()
    return f'"{digest[:32]}{table}"' if digest else None


@require_safe
@_limited
@_kept
@condition(etag_func=_digest)
def document(request: HttpRequest, pk: int) -> JsonResponse:
    """Everything that is open of a cycle, with what it is, its SHA-256 and its dictionary."""
    opened = _opened_or_404(pk)
    shown = open_data.in_order(opened)
    return JsonResponse(shown, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
@_limited
@_kept
@condition(etag_func=_digest)
def table(request: HttpRequest, pk: int, table: str) -> HttpResponse:
    """One table of it as CSV."""
    opened = _opened_or_404(pk)
    tables = open_data.tables_of(with_agencies=opened.with_agencies)
    wanted = next((entry for entry in tables if entry.name == table), None)
    if wanted is None:
        raise Http404
    return HttpResponse(
        open_data.table_csv(opened.document, wanted),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="pmqa-{opened.cycle.year}-{table}.csv"'},
    )


def _opened_or_404(pk: int) -> OpenData:
    return get_object_or_404(OpenData.objects.exclude(document=None).select_related("cycle"), cycle=pk)
