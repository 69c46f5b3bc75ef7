"""The library of good practices, and what an agency shares of its own outstanding work."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.middleware import opened
from assessments.models import Assessment
from pmqa.errors import Conflict, Refused
from results.library import services
from results.library.forms import LibraryFilter, ShareForm
from results.library.models import LibraryEntry
from results.library.reading import (
    EntryPage,
    Own,
    categories_now,
    categories_of,
    found_by,
    own_highlight,
    own_highlights,
    with_places,
    years_shown,
)
from results.models import ResultSheet
from results.views.common import case_or_404
from reviews.conflicts import differing, resolved

PAGE_SIZE = 20


def _reader_or_refuse(request: HttpRequest) -> None:
    if not request.user.has_perm("results.read_library"):
        raise PermissionDenied(_("คลังแนวปฏิบัติสำหรับบุคคลของส่วนราชการและ สำนักงาน ก.พ.ร."))


@login_required
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Everything that agencies share; filters and words stand in the address."""
    _reader_or_refuse(request)
    form = LibraryFilter(request.GET, categories=categories_now(), years=years_shown())
    page = Paginator(found_by(form.chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_filtered": bool(form.chosen)}
    return render(request, "results/library/index.html", context)


def _entry_or_404(request: HttpRequest, pk: int) -> LibraryEntry:
    """An entry that is shown, or that this person keeps: of their own agency, or for who hides and audits."""
    _reader_or_refuse(request)
    entry = get_object_or_404(with_places(LibraryEntry.objects.all()), pk=pk)
    if not entry.is_shown and not request.user.has_perm("results.read_sharing", entry.assessment):
        raise Http404
    return entry


@login_required
@require_safe
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry, to read and to print."""
    found = _entry_or_404(request, pk)
    if not found.is_shown:
        opened(request, found.assessment, is_result=True)
    return _entry_page(request, found)


def _entry_page(
    request: HttpRequest, found: LibraryEntry, *, typed: str = "", refused: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "page": EntryPage(found),
        "entry": found,
        "may_hide": request.user.has_perm("results.hide_entry"),
        "keeps": request.user.has_perm("results.read_sharing", found.assessment),
        "typed": typed,
        "refused": refused,
    }
    return render(request, "results/library/entry.html", context, status=status)


@login_required
@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """An administrator takes an entry out of the library, with a reason."""
    found, reason = _entry_or_404(request, pk), request.POST.get("reason", "")
    try:
        services.hide(found, reason=reason, by=request.user)
    except Refused as refused:
        return _entry_page(request, found, typed=reason, refused=refused.message, status=422)
    messages.success(request, _("ซ่อนแล้ว หน่วยงานเจ้าของเห็นเหตุผล"))
    return redirect("results:library_entry", pk)


@login_required
@require_POST
def show_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of hiding."""
    found = _entry_or_404(request, pk)
    services.show_again(found, by=request.user)
    messages.success(request, _("แสดงในคลังอีกครั้งแล้ว"))
    return redirect("results:library_entry", pk)


# --- one's own --------------------------------------------------------------------------------


def _own_result(request: HttpRequest, pk: int) -> tuple[Assessment, ResultSheet]:
    """A published result whose sharing this person keeps or oversees. 404 without a relation, 403 with a reason."""
    assessment = case_or_404(request, pk)
    if not request.user.has_perm("results.read_sharing", assessment):
        raise PermissionDenied(_("หน้านี้ของหน่วยงานเจ้าของผล เปิดเมื่อประกาศผลแล้ว แนวปฏิบัติที่แบ่งปันแล้วอยู่ในคลัง"))
    opened(request, assessment, is_result=True)
    return assessment, assessment.sheets.first()


def _own_or_404(request: HttpRequest, pk: int, key: str) -> tuple[Assessment, Own]:
    assessment, sheet = _own_result(request, pk)
    found = own_highlight(assessment, sheet, key)
    if found is None:
        raise Http404
    return assessment, found


@login_required
@require_safe
def sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """The outstanding work of one's own result, and what of it is shared."""
    assessment, sheet = _own_result(request, pk)
    context = {
        "assessment": assessment,
        "sheet": sheet,
        "rows": own_highlights(assessment, sheet),
        "may_share": request.user.has_perm("results.share_highlight", assessment),
    }
    return render(request, "results/library/sharing.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Consent for one highlight, and what the agency says of it; whatever the refusal, the typed text comes back."""
    assessment, own = _own_or_404(request, pk, key)
    back = redirect("results:sharing", pk)
    if request.method == "POST" and request.POST.get("keep") == "theirs":
        return back
    data = resolved(request.POST) if request.method == "POST" else None
    categories = categories_of(assessment.cycle.edition)
    form = ShareForm(data, categories=categories, entry=own.entry)
    if not form.is_valid():
        return _share_page(request, assessment, own, form, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    try:
        services.share(
            assessment,
            key=key,
            version=given["version"],
            values=form.values,
            topics=given["topics"],
            by=request.user,
        )
    except Conflict as conflict:
        return _conflict(request, assessment, own, form, conflict.current)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _share_page(request, assessment, own, form, status=422)
    messages.success(request, _("แบ่งปันในคลังแนวปฏิบัติแล้ว"))
    return back


def _share_page(
    request: HttpRequest, assessment: Assessment, own: Own, form: ShareForm, *, status: int
) -> HttpResponse:
    context = {
        "assessment": assessment,
        "own": own,
        "form": form,
        "may_share": request.user.has_perm("results.share_highlight", assessment),
    }
    return render(request, "results/library/share.html", context, status=status)


def _conflict(
    request: HttpRequest, assessment: Assessment, own: Own, form: ShareForm, current: LibraryEntry
) -> HttpResponse:
    """409: both texts, to choose from or to merge. Topics stay as this person chose them.

    What was taken back meanwhile is shared again only by a consent of its own.
    """
    if not current.is_shared:
        data = request.POST.copy()
        data["version"] = current.version
        data.pop("agreed", None)
        again = ShareForm(data, categories=categories_of(assessment.cycle.edition), entry=current)
        again.add_error(None, _("มีผู้ถอนรายการนี้หลังจากท่านเปิดหน้านี้ ยืนยันความยินยอมอีกครั้งหากยังต้องการแบ่งปัน"))
        return _share_page(request, assessment, replace(own, entry=current), again, status=409)
    mine, theirs = form.values, ShareForm.values_of(current)
    labels = {name: str(form.fields[name].label) for name in ShareForm.TEXTS}
    context = {
        "assessment": assessment,
        "own": own,
        "fields": differing(labels, mine, theirs),
        "kept": [
            *mine.items(),
            *(("topics", code) for code in form.cleaned_data["topics"]),
            ("agreed", "on"),
        ],
        "their_name": current.saved_by_name,
        "their_time": current.saved_at,
        "version": current.version,
        "action": reverse("results:share_highlight", args=[assessment.pk, own.key]),
        "back": reverse("results:sharing", args=[assessment.pk]),
    }
    return render(request, "results/library/conflict.html", context, status=409)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The agency takes its consent back."""
    assessment, _sheet = _own_result(request, pk)
    found = get_object_or_404(assessment.library_entries, key=key)
    services.take_back(found, by=request.user)
    messages.success(request, _("ถอนจากคลังแล้ว หน่วยงานอื่นไม่เห็นรายการนี้อีก"))
    return redirect("results:sharing", pk)
