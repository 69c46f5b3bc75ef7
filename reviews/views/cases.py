"""OPDC's side of the review: every case of a cycle, and the page of one with its team."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.applications import application_of
from assessments.models import WITH_AGENCY, Assessment, Cycle, Status
from assessments.models.extensions import waiting_in_cycle
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews import cases_reading as reading
from reviews.abstaining import lacking_codes
from reviews.duties import ASSIGNABLE
from reviews.forms import AssignForm, CaseFilter, SendBackForm, candidates
from reviews.notices import notices
from reviews.services import assigning, replacing
from reviews.team_reading import Member, by_number, read_left, read_team

PER_PAGE = 50


def _follow(request: HttpRequest) -> None:
    if not request.user.has_perm("reviews.follow"):
        raise PermissionDenied(_("หน้านี้สำหรับเจ้าหน้าที่ สำนักงาน ก.พ.ร."))


def followed_case(request: HttpRequest, pk: int) -> Assessment:
    """OPDC's door to a case. Whoever belongs to its agency hears nothing of its review, in whatever office."""
    _follow(request)
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)
    if any(entry.agency_id == assessment.agency_id for entry in request.user.current_memberships):
        raise PermissionDenied(_("ท่านเป็นบุคคลของหน่วยงานนี้ จึงติดตามการตรวจเรื่องนี้ไม่ได้"))
    return assessment


# --- the list --------------------------------------------------------------------------------------


@login_required
@never_cache
def cases(request: HttpRequest) -> HttpResponse:
    """Every assessment of a cycle with its state; agencies that have not begun have no row and no score."""
    _follow(request)
    cycles = list(Cycle.objects.select_related("edition").annotate(extensions_waiting=waiting_in_cycle()))
    form = CaseFilter(request.GET)
    form.is_valid()
    chosen = getattr(form, "cleaned_data", {})
    cycle = next((cycle for cycle in cycles if cycle == chosen.get("cycle")), cycles[0] if cycles else None)
    context = {"form": form, "cycles": cycles, "cycle": cycle, "chosen": chosen}
    if request.user.has_perm("assessments.extend"):
        context["extensions_waiting"] = sum(one.extensions_waiting for one in cycles)
    context["notices"] = notices(request.user)
    context["may_assign"] = request.user.has_perm("reviews.assign")
    if cycle is None:
        return render(request, "reviews/cases.html", context)
    visible = Assessment.objects.visible_to(request.user).filter(cycle=cycle)
    context["figures"] = figures = reading.figures_of(cycle, visible)
    context["segments"] = [(tone, count) for _value, _name, count, tone in figures]
    context["is_absent"] = chosen.get("status") == CaseFilter.ABSENT
    found = reading.absent(cycle, chosen) if context["is_absent"] else reading.found(visible, cycle, chosen)
    context["page"] = page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    if not context["is_absent"]:
        context["lines"] = reading.lines_of(page.object_list, request.user)
    return render(request, "reviews/cases.html", context)


# --- one case --------------------------------------------------------------------------------------


@login_required
@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, followed_case(request, pk))


def _show(
    request: HttpRequest,
    assessment: Assessment,
    *,
    assign: AssignForm | None = None,
    send_back: SendBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """One case: where it stands, its receipt, its team, and what this person may do next."""
    user = request.user
    team = read_team(assessment, request.user)
    may_assign = user.has_perm("reviews.assign", assessment) and assessment.status in ASSIGNABLE
    context = {
        "assessment": assessment,
        "state": reading.line_of(assessment, team),
        "changes": assessment.changes.order_by("pk"),
        "submission": assessment.submissions.defer("content").first(),
        # In a draft it is the agency's own.
        "application": None if assessment.status in WITH_AGENCY else application_of(assessment),
        "team": team,
        "sees_progress": user.has_perm("reviews.follow_marking", assessment),
        "left": read_left(assessment) if user.has_perm("reviews.follow_marking", assessment) else [],
        "lacking": _lacking(assessment, user),
        "alone": by_number(assessment, team, 1) if team else [],
        "may_replace": user.has_perm("reviews.assign", assessment)
        and assessment.status in replacing.REPLACEABLE,
        "may_name_lead": user.has_perm("reviews.assign", assessment)
        and assessment.status in (Status.PRELIM_RELEASED, Status.APPEAL_OPEN),
        "may_read_set_aside": user.has_perm("reviews.read_set_aside", assessment),
        "may_assign": may_assign,
        "may_open": user.has_perm("reviews.open_review", assessment)
        and assessment.status == Status.SUBMITTED,
        "may_publish": user.has_perm("results.publish", assessment)
        and assessment.status
        == (Status.FINALISED if assessment.cycle.appeal_days else Status.CONSENSUS_DONE),
        "may_release": user.has_perm("results.release")
        and assessment.status == Status.CONSENSUS_DONE
        and bool(assessment.cycle.appeal_days),
        "may_reopen": user.has_perm("reviews.reopen", assessment)
        and assessment.status == Status.CONSENSUS_DONE,
        "is_closed": timezone.now() > assessment.closes_at,
        "may_print": user.has_perm("assessments.read", assessment),
        "may_extend": user.has_perm("assessments.extend") and assessment.status != Status.REPORT_ISSUED,
    }
    if may_assign:
        context["search"] = request.GET.get("who", "").strip()
        context["assign_form"] = assign or _assign_form(assessment, team, context["search"])
    if _may_send_back(user, assessment, team):
        context["send_back_form"] = send_back or SendBackForm()
    return render(request, "reviews/case.html", context, status=status)


def _lacking(assessment: Assessment, user: User) -> list[str]:
    """The answers that need another reviewer, for whoever may know that somebody abstained."""
    if assessment.status != Status.IN_REVIEW or not user.has_perm("reviews.follow_marking", assessment):
        return []
    return lacking_codes([assessment.pk]).get(assessment.pk, [])


def _may_send_back(user: User, assessment: Assessment, team: list[Member]) -> bool:
    if not user.has_perm("reviews.send_back", assessment):
        return False
    if assessment.status == Status.SUBMITTED:
        return True
    return assessment.status == Status.IN_REVIEW and not any(member.opened for member in team)


def _assign_form(assessment: Assessment, team: list[Member], search: str = "", data=None) -> AssignForm:
    initial = {
        "reviewers": [member.person.pk for member in team if member.marks and not member.is_lead],
        "lead": next((member.person.pk for member in team if member.is_lead), None),
        "lead_marks": any(member.marks and member.is_lead for member in team),
    }
    return AssignForm(data, initial=initial, people=candidates(assessment, search))


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the team of a case."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.assign", assessment):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    form = _assign_form(assessment, [], data=request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            assigning.assign(
                assessment,
                reviewers=list(chosen["reviewers"]),
                lead=chosen["lead"],
                lead_marks=chosen["lead_marks"],
                by=request.user,
            )
        except Refused as refused:
            form.add_error("lead" if refused.code == "lead" else "reviewers", str(refused))
        else:
            messages.success(request, _("บันทึกทีมผู้ตรวจแล้ว"))
            return redirect("reviews:case", pk=pk)
    return _show(request, assessment, assign=form, status=422)


@login_required
@require_POST
def open_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the reviewers in."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.open_review", assessment):
        raise PermissionDenied(_("ผู้เปิดการตรวจคือผู้ดูแลระบบ"))
    return done(
        request,
        pk,
        lambda: assigning.open_review(assessment, by=request.user),
        _("เปิดการตรวจแล้ว ผู้ตรวจเห็นเรื่องนี้ในงานตรวจของตน"),
    )


@login_required
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a case to its agency with the reason."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.send_back", assessment):
        raise PermissionDenied(_("ผู้ส่งกลับคือเจ้าหน้าที่ประจำเรื่องหรือผู้ดูแลระบบ"))
    form = SendBackForm(request.POST)
    if not form.is_valid():
        return _show(request, assessment, send_back=form, status=422)
    try:
        assigning.send_back(assessment, form.cleaned_data["note"], by=request.user)
    except Refused as refused:
        form.add_error("note", str(refused))
        return _show(request, assessment, send_back=form, status=409)
    messages.success(request, _("ส่งกลับให้หน่วยงานแก้ไขแล้ว"))
    return redirect("reviews:case", pk=pk)


def done(
    request: HttpRequest, pk: int, act: Callable[[], object], sentence: str, *, where: str = "reviews:case"
) -> HttpResponse:
    """Do one thing to a case and come back to its page, or to another of OPDC, with what was done or why not."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentence)
    return redirect(where, pk=pk)
