"""OPDC and the team of one case: dividing the categories, withdrawing, replacing, and what is set aside."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.models import Assessment
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews.abstaining import lacking_codes
from reviews.duties import ASSIGNABLE
from reviews.forms import candidates
from reviews.models import Assignment
from reviews.services import assigning, replacing, standing_in
from reviews.team_forms import ReplaceForm
from reviews.team_models import Departure
from reviews.team_reading import marked_codes, read_set_aside, read_team
from reviews.views.cases import done, followed_case


def _assignable(request: HttpRequest, pk: int) -> Assessment:
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.assign", assessment):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    return assessment


def _who_left(assessment: Assessment, pk: int) -> tuple[User, Departure | None]:
    """Somebody of the team, or who left and is to be replaced; 404 for anybody else."""
    departure = assessment.departures.filter(reviewer=pk, is_awaited=True).first()
    team = assessment.assignments.active().values("reviewer")
    people = User.objects.filter(pk=pk) if departure else User.objects.filter(pk__in=team)
    return get_object_or_404(people, pk=pk), departure


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int, reviewer: int) -> HttpResponse:
    """Withdraw one person from the team, whom nobody is to replace."""
    assessment = followed_case(request, pk)
    team = assessment.assignments.active().values("reviewer")
    person = get_object_or_404(User.objects.filter(pk__in=team), pk=reviewer)
    return done(
        request,
        pk,
        lambda: replacing.recuse(assessment, reviewer=person, by=request.user),
        _("ถอน %(person)s จากทีมแล้ว ผลที่ลงไว้ยังเก็บอยู่แต่ไม่นับ") % {"person": person},
    )


@login_required
@never_cache
def replace(request: HttpRequest, pk: int, reviewer: int) -> HttpResponse:
    """Choose who takes the place of one reviewer, who leaves now or has left already."""
    assessment = _assignable(request, pk)
    person, departure = _who_left(assessment, reviewer)
    search = request.GET.get("who", "").strip()
    people = [found for found in candidates(assessment, search) if found.pk != person.pk]
    posted = request.POST if request.method == "POST" else None
    form = ReplaceForm(posted, people=people, asks_reason=departure is None)
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        try:
            replacing.replace(
                assessment,
                reviewer=person,
                successor=successor,
                reason=form.cleaned_data.get("reason", ""),
                by=request.user,
            )
        except Refused as refused:
            form.add_error("successor", str(refused))
        else:
            messages.success(
                request,
                _("%(successor)s ตรวจแทน %(person)s แล้ว และเริ่มลงผลใหม่")
                % {"successor": successor, "person": person},
            )
            return redirect("reviews:case", pk=pk)
    context = {
        "assessment": assessment,
        "person": person,
        "departure": departure,
        "form": form,
        "search": search,
    }
    return render(request, "reviews/replace.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who marks what abstentions have left with too few marks."""
    assessment = _assignable(request, pk)
    if not request.user.has_perm("reviews.follow_marking", assessment):
        raise PermissionDenied(_("ท่านเป็นผู้ตรวจของเรื่องนี้ จึงไม่เห็นความคืบหน้าของผู้อื่นจนกว่าท่านจะส่งผล"))
    lacking = lacking_codes([assessment.pk]).get(assessment.pk, [])
    search = request.GET.get("who", "").strip()
    posted = request.POST if request.method == "POST" else None
    codes = sorted({code.split(".", maxsplit=1)[0] for code in lacking})
    team = Assignment.objects.active().filter(assessment=assessment, marks=True, category__code__in=codes)
    marking = set(team.values_list("reviewer", flat=True))
    people = [found for found in candidates(assessment, search) if found.pk not in marking]
    form = ReplaceForm(posted, people=people, asks_reason=False)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["successor"]
        try:
            is_given = standing_in.stand_in(assessment, person=person, by=request.user)
        except Refused as refused:
            form.add_error("successor", str(refused))
        else:
            if is_given:
                messages.success(request, _("มอบหมาย %(person)s ลงผลแทนแล้ว") % {"person": person})
            else:
                messages.info(request, _("ทุกข้อมีผู้ลงผลครบแล้ว ไม่มีอะไรเปลี่ยน"))
            return redirect("reviews:case", pk=pk)
    context = {
        "assessment": assessment,
        "lacking": lacking,
        "categories": codes,
        "form": form,
        "search": search,
    }
    return render(request, "reviews/stand_in.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def waive(request: HttpRequest, pk: int, reviewer: int) -> HttpResponse:
    """Nobody takes the place of somebody who left."""
    assessment = _assignable(request, pk)
    departure = get_object_or_404(
        assessment.departures.select_related("reviewer"), reviewer=reviewer, is_awaited=True
    )
    return done(
        request,
        pk,
        lambda: replacing.waive(assessment, reviewer=departure.reviewer, by=request.user),
        _("ไม่หาคนแทน %(person)s เรื่องนี้เดินต่อเมื่อผู้ตรวจที่เหลือส่งผลครบ") % {"person": departure.reviewer},
    )


@login_required
@never_cache
def divide(request: HttpRequest, pk: int) -> HttpResponse:
    """Who marks which categories: a grid of the team and the categories."""
    assessment = _assignable(request, pk)
    team = read_team(assessment, request.user)
    codes = marked_codes(assessment)
    chosen = {member.person.pk: member.categories for member in team}
    problem = ""
    if request.method == "POST":
        chosen = {pk: tuple(code for code in codes if f"c-{pk}-{code}" in request.POST) for pk in chosen}
        problem = _divide(request, assessment, team, chosen)
        if not problem:
            messages.success(request, _("บันทึกหมวดของผู้ตรวจแล้ว"))
            return redirect("reviews:case", pk=pk)
    context = {
        "assessment": assessment,
        "codes": codes,
        "lines": [
            (member, [(code, code in chosen[member.person.pk]) for code in codes])
            for member in team
            if member.marks or member.is_lead
        ],
        "uncovered": [code for code in codes if not any(code in own for own in chosen.values())],
        "problem": problem,
        "may_divide": assessment.status in ASSIGNABLE and bool(team),
    }
    return render(request, "reviews/divide.html", context, status=422 if problem else 200)


def _divide(request: HttpRequest, assessment: Assessment, team: list, chosen: dict) -> str:
    """Store the grid; why not, or ""."""
    lead = next((member.person for member in team if member.is_lead), None)
    if lead is None:
        return _("ตั้งหัวหน้าทีมก่อน แล้วจึงแบ่งหมวด")
    idle = [str(member.person) for member in team if not chosen[member.person.pk] and not member.is_lead]
    if idle:
        return _("เลือกอย่างน้อยหนึ่งหมวดให้ %(people)s หรือถอนจากทีม") % {"people": ", ".join(idle)}
    try:
        assigning.assign(
            assessment,
            reviewers=[member.person for member in team if not member.is_lead and chosen[member.person.pk]],
            lead=lead,
            lead_marks=bool(chosen[lead.pk]),
            categories=chosen,
            by=request.user,
        )
    except Refused as refused:
        return str(refused)
    return ""


@login_required
@never_cache
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """The marks of those who left: for the auditor alone, who judges nothing here."""
    assessment = followed_case(request, pk)
    if not request.user.has_perm("reviews.read_set_aside", assessment):
        raise PermissionDenied(_("ผลที่ตั้งไว้ไม่นับ อ่านได้เฉพาะผู้ตรวจสอบ"))
    context = {"assessment": assessment, "people": read_set_aside(assessment)}
    return render(request, "reviews/set_aside.html", context)
