"""Handing all open work of a person to a successor, the way back, and the pack of that work on paper."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from assessments.forms.people import HandOverForm
from assessments.models import HandOver
from assessments.pages import handing_over as pages
from assessments.services import handing_over as services
from assessments.services import people as people_services
from assessments.views.people import agency_door, member_door
from assessments.views.telling import tell_of_work
from pmqa.accounts.models import Agency, Membership
from pmqa.errors import Refused


def _may_hand_over(request: HttpRequest, agency: Agency) -> None:
    if not request.user.has_perm("assessments.hand_over", agency):
        raise PermissionDenied(_("ผู้ส่งมอบงานคือผู้ประสานงาน หัวหน้าส่วนราชการ หรือ สำนักงาน ก.พ.ร."))


@login_required
@never_cache
def hand_over(request: HttpRequest, agency_id: int, member_id: int) -> HttpResponse:
    """Everything that would move, and to whom. POST moves it, if it is still what was shown."""
    agency, row = member_door(request, agency_id, member_id)
    _may_hand_over(request, agency)
    load = services.load_of(agency, row.user, day=timezone.localdate())
    successors = pages.successors_in(agency, without={row.user_id, request.user.pk})
    form = HandOverForm(request.POST or None, successors=successors)
    reason, status = "", 200
    if request.method == "POST":
        if load.is_empty:
            messages.info(request, _("ไม่มีงานค้างให้ส่งมอบแล้ว"))
            return redirect("assessments:people", agency.pk)
        reason, status = _move(request, agency, row, load, form)
        if status == 200:
            tell_of_work(request, [form.chosen])
            messages.success(request, _("ส่งมอบงานแล้ว หากผิดพลาด ส่งคืนได้จากหน้านี้"))
            return redirect("assessments:people", agency.pk)
    context = {
        "agency": agency, "row": row, "load": load, "items": pages.moving_items(load), "form": form,
        "seen": pages.fingerprint_of(load), "reason": reason,
        "may_print": request.user.has_perm("assessments.lead_work", agency),
    }  # fmt: skip
    return render(request, "assessments/hand_over.html", context, status=status)


def _move(
    request: HttpRequest, agency: Agency, row: Membership, load: services.Load, form: HandOverForm
) -> tuple[str, int]:
    """Hand over what was shown; why not, and how it went as a status: 200 is done."""
    if not form.is_valid():
        return "", 422
    if request.POST.get("seen") != pages.fingerprint_of(load):
        return _("งานเปลี่ยนไปหลังจากที่ท่านเปิดหน้านี้ ดูรายการอีกครั้งแล้วจึงส่งมอบ"), 409
    try:
        services.hand_over(
            agency,
            person=row.user,
            successor=form.chosen,
            from_day=form.cleaned_data["from_day"],
            by=request.user,
        )
    except Refused as refused:
        return str(refused), 422
    return "", 200


@login_required
@never_cache
def hand_back(request: HttpRequest, agency_id: int, done_id: int) -> HttpResponse:
    """The same the other way: only what came with that hand-over. Twice is once."""
    agency = agency_door(request, agency_id)
    _may_hand_over(request, agency)
    rows = HandOver.objects.filter(agency=agency, reverses=None).select_related("person", "successor")
    done = get_object_or_404(rows, pk=done_id)
    load = services.load_of(agency, done.successor, day=timezone.localdate(), reverses=done)
    reason, status = "", 200
    if request.method == "POST":
        try:
            services.hand_over(
                agency, person=done.successor, successor=done.person, reverses=done, by=request.user
            )
        except Refused as refused:
            reason, status = str(refused), 422
        else:
            messages.success(request, _("ส่งคืนงานแล้ว"))
            return redirect("assessments:people", agency.pk)
    context = {
        "agency": agency, "done": done, "load": load, "items": pages.moving_items(load), "reason": reason,
    }  # fmt: skip
    return render(request, "assessments/hand_back.html", context, status=status)


@login_required
@never_cache
def work_pack(request: HttpRequest, agency_id: int, member_id: int) -> HttpResponse:
    """The open work of a person as a document to print, for whoever hands it over and for the person."""
    rows = list(
        Membership.objects.filter(agency=agency_id, user__memberships=member_id)
        .select_related("user", "agency")
        .order_by("pk")
    )
    row = next((found for found in rows if found.pk == member_id), None)
    if row is None or not request.user.has_perm("assessments.see_people", row.agency):
        raise Http404
    if row.user_id != request.user.pk and not request.user.has_perm("assessments.lead_work", row.agency):
        raise PermissionDenied(
            _("ชุดส่งมอบเป็นเรื่องภายในของหน่วยงาน ผู้อ่านคือผู้ประสานงาน หัวหน้าส่วนราชการ และเจ้าของงาน")
        )
    pack = pages.pack_of(row.agency, row.user, [entry for entry in rows if people_services.is_open(entry)])
    context = {"agency": row.agency, "row": row, "pack": pack, "now": timezone.now()}
    # A document has no navigation, so nothing is read for it.
    return HttpResponse(render_to_string("assessments/work_pack.html", context))
