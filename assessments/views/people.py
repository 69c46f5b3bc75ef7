"""The people of an agency: who is what, adding somebody, changing and ending a role."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.forms.people import AddForm, MemberForm
from assessments.pages import people as pages
from assessments.rules import roles_ended_by, roles_given_by
from assessments.services import people as services
from assessments.views.telling import tell_of_role
from pmqa.accounts.models import Agency, Membership
from pmqa.attempts import attempt
from pmqa.errors import Refused


def agency_door(request: HttpRequest, agency_id: int) -> Agency:
    """One's own agency, or any for OPDC's administrator and auditor; 404 for everybody else."""
    mine = (entry.agency for entry in request.user.current_memberships if entry.agency_id == agency_id)
    agency = next(mine, None) or Agency.objects.filter(pk=agency_id).first()
    if agency is None or not request.user.has_perm("assessments.see_people", agency):
        raise Http404
    return agency


def member_door(request: HttpRequest, agency_id: int, member_id: int) -> tuple[Agency, Membership]:
    agency = agency_door(request, agency_id)
    rows = Membership.objects.filter(agency=agency).select_related("user", "agency")
    return agency, get_object_or_404(rows, pk=member_id)


@login_required
@never_cache
def index(request: HttpRequest, agency_id: int) -> HttpResponse:
    agency = agency_door(request, agency_id)
    page, lines = pages.history_of(agency, request.GET.get("page"))
    context = {
        "agency": agency,
        "members": pages.members_of_page(agency, request.user),
        "past": pages.past_members(agency),
        "history": lines,
        "page": page,
        "may_add": request.user.has_perm("assessments.keep_people", agency),
    }
    if request.user.has_perm("assessments.hand_over", agency):
        context["hand_overs"] = pages.hand_overs_of(agency)
    return render(request, "assessments/people.html", context)


@login_required
@never_cache
def add(request: HttpRequest, agency_id: int) -> HttpResponse:
    """A person by e-mail. What is said is the same whether or not the address had an account."""
    agency = agency_door(request, agency_id)
    roles = roles_given_by(request.user, agency)
    if not roles:
        raise PermissionDenied(_("ผู้เพิ่มบุคคลคือผู้ประสานงาน หัวหน้าส่วนราชการ และเจ้าภาพหมวด"))
    form = AddForm(request.POST or None, roles=roles, edition=pages.newest_edition())
    attempted = attempt(
        request,
        form,
        lambda typed: services.add(
            agency, email=typed["email"], called=typed["called"], term=form.term, by=request.user
        ),
    )
    if attempted.saved:
        return _added(request, agency, attempted.made)
    context = {"agency": agency, "form": form, "reason": attempted.reason}
    return render(request, "assessments/person_add.html", context, status=attempted.status)


def _added(request: HttpRequest, agency: Agency, added: services.Added) -> HttpResponse:
    row = added.membership
    role = row.get_role_display()
    told = tell_of_role(request, row.user, agency=agency.name, role=role, is_new=added.is_new)
    names = {"person": row.known_as, "role": role, "email": row.user.email}
    if told:
        messages.success(request, _("เพิ่ม %(person)s เป็น%(role)sแล้ว ส่งอีเมลถึง %(email)s แล้ว") % names)
    else:
        messages.warning(
            request, _("เพิ่ม %(person)s เป็น%(role)sแล้ว แต่ส่งอีเมลไม่ได้ แจ้งให้ใช้ “ลืมรหัสผ่าน” ที่หน้าเข้าสู่ระบบ") % names
        )
    return redirect("assessments:people", agency.pk)


@login_required
@never_cache
def member(request: HttpRequest, agency_id: int, member_id: int) -> HttpResponse:
    """One role: its categories and its last day, and the way to end it. Whoever may not change it reads."""
    agency, row = member_door(request, agency_id, member_id)
    is_open = services.is_open(row)
    may_change = (
        is_open and row.role in roles_ended_by(request.user, agency) and row.user_id != request.user.pk
    )
    if request.method == "POST" and not may_change and is_open:
        raise PermissionDenied(_("ท่านเปลี่ยนบทบาทนี้ไม่ได้ ผู้เปลี่ยนคือหัวหน้าส่วนราชการ หรือ สำนักงาน ก.พ.ร."))
    is_owner = row.role == Membership.Role.OWNER
    stored = {"categories": row.categories, "ends_on": row.ends_on, "version": row.version}
    form = MemberForm(request.POST or None, initial=stored, is_owner=is_owner, edition=pages.newest_edition())
    attempted = attempt(
        request,
        form,
        lambda typed: services.change(
            row,
            version=typed["version"],
            categories=typed.get("categories", ()),
            ends_on=typed["ends_on"],
            by=request.user,
        ),
    )
    if attempted.saved:
        messages.success(request, _("บันทึกแล้ว"))
        return redirect("assessments:people", agency.pk)
    context = {
        "agency": agency, "row": row, "form": form, "may_change": may_change, "is_open": is_open,
        "reason": attempted.reason, "current": attempted.current,
    }  # fmt: skip
    return render(request, "assessments/person.html", context, status=attempted.status)


@login_required
@never_cache
@require_POST
def end(request: HttpRequest, agency_id: int, member_id: int) -> HttpResponse:
    """Out at once; twice is once."""
    agency, row = member_door(request, agency_id, member_id)
    try:
        services.end(row, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:member", agency.pk, row.pk)
    messages.success(
        request, _("สิ้นสุดบทบาทของ %(person)s แล้ว เข้าถึงข้อมูลของหน่วยงานไม่ได้แล้ว") % {"person": row.known_as}
    )
    return redirect("assessments:people", agency.pk)


@login_required
@never_cache
@require_POST
def tell_again(request: HttpRequest, agency_id: int, member_id: int) -> HttpResponse:
    """The mail about a role once more, for somebody who has not got it or let its link run out."""
    agency, row = member_door(request, agency_id, member_id)
    try:
        is_new = services.tell_again(row, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:member", agency.pk, row.pk)
    role, email = row.get_role_display(), row.user.email
    if tell_of_role(request, row.user, agency=agency.name, role=role, is_new=is_new):
        messages.success(request, _("ส่งอีเมลถึง %s อีกครั้งแล้ว") % email)
    else:
        messages.error(request, _("ส่งอีเมลไม่ได้ แจ้งให้ใช้ “ลืมรหัสผ่าน” ที่หน้าเข้าสู่ระบบ"))
    return redirect("assessments:member", agency.pk, row.pk)
