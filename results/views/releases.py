"""Preliminary results of a cycle: who is ready, the proposal of one administrator, the word of another."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Assessment, Cycle, Status
from pmqa.errors import Refused
from results import issuing, releasing
from results.forms import IssueAtForm, ReleaseForm
from results.models import Release, TimedIssue
from reviews.views.cases import done

HERE = "results:release"


def _timing(cycle: Cycle) -> dict:
    """The set time that waits, what became of earlier ones, and the blank for a new one."""
    orders = list(cycle.timed_issues.all()[:5])
    waiting = next((row for row in orders if not row.started_at and not row.cancelled_at), None)
    return {
        "timed": waiting,
        "timed_before": [row for row in orders if row is not waiting],
        "timing": None if waiting else IssueAtForm(),
    }


def _cycle(request: HttpRequest, pk: int) -> Cycle:
    if not request.user.has_perm("results.follow"):
        raise PermissionDenied(_("หน้านี้สำหรับผู้ดูแลระบบและผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    return get_object_or_404(Cycle.objects.select_related("edition"), pk=pk)


def _issue_state(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    """Context of results/_issue_state.html; two queries."""
    return {
        "cycle": cycle,
        "may_release": request.user.has_perm("results.release"),
        "final": Assessment.objects.filter(cycle=cycle, status=Status.FINALISED).count(),
        "job": issuing.job_of(cycle),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the cases of a cycle stand, what was told before, and the proposal."""
    cycle = _cycle(request, pk)
    state = releasing.readiness(cycle)
    form = ReleaseForm(request.POST or None, is_needed=bool(state.unfinished))
    if request.method == "POST" and form.is_valid():
        try:
            releasing.propose(cycle, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error("left_out" if refused.code == "left_out" else None, refused.message)
        else:
            messages.success(request, _("เสนอแจ้งผลเบื้องต้นแล้ว รอผู้ดูแลระบบอีกคนยืนยัน"))
            return redirect(HERE, pk)
    context = _issue_state(request, cycle) | {
        "state": state,
        "form": form,
        "proposal": releasing.open_proposal(cycle),
        "told": Release.objects.filter(cycle=cycle).exclude(confirmed_at=None),
        "appeals_until": cycle.after_working_days(timezone.now(), cycle.appeal_days),
        **_timing(cycle),
    }
    return render(request, "results/release.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int, release: int) -> HttpResponse:
    """The second person's word: everybody is told."""
    cycle = _cycle(request, pk)
    found = get_object_or_404(Release.objects.select_related("cycle"), cycle=cycle, pk=release)
    sentence = _("แจ้งผลเบื้องต้นแล้วทุกหน่วยงานพร้อมกัน")
    return done(request, pk, lambda: releasing.confirm(found, by=request.user), sentence, where=HERE)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int, release: int) -> HttpResponse:
    """Take a proposal back."""
    cycle = _cycle(request, pk)
    found = get_object_or_404(Release.objects.select_related("cycle"), cycle=cycle, pk=release)
    sentence = _("ถอนข้อเสนอแล้ว")
    return done(request, pk, lambda: releasing.withdraw(found, by=request.user), sentence, where=HERE)


@login_required
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the reports of all cases whose result is final, in the background."""
    cycle = _cycle(request, pk)
    sentence = _("สั่งออกรายงานของทุกเรื่องที่ผลเป็นที่สุดแล้ว")
    return done(request, pk, lambda: issuing.order(cycle, by=request.user), sentence, where=HERE)


@login_required
@require_safe
def issue_status(request: HttpRequest, pk: int) -> JsonResponse:
    """How far that is, for the script that keeps its place on the page up to date."""
    context = _issue_state(request, _cycle(request, pk))
    job = context["job"]
    html = render_to_string("results/_issue_state.html", context, request)
    return JsonResponse({"state": job.status if job else "unordered", "html": html})


@login_required
@require_POST
def issue_at(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the time at which the reports are issued."""
    cycle = _cycle(request, pk)
    form = IssueAtForm(request.POST)
    if not request.user.has_perm("results.publish"):
        raise PermissionDenied(_("ผู้ประกาศผลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["at"]))
        return redirect(HERE, pk)
    at = form.cleaned_data["at"]
    sentence = _("ตั้งเวลาออกรายงานแล้ว ยกเลิกได้จนกว่าจะถึงเวลา")
    return done(request, pk, lambda: issuing.order_at(cycle, at=at, by=request.user), sentence, where=HERE)


@login_required
@require_POST
def cancel_issue(request: HttpRequest, pk: int, timed: int) -> HttpResponse:
    """Take a set time back."""
    cycle = _cycle(request, pk)
    found = get_object_or_404(TimedIssue.objects.select_related("cycle"), cycle=cycle, pk=timed)
    sentence = _("ยกเลิกเวลาออกรายงานแล้ว")
    return done(request, pk, lambda: issuing.cancel(found, by=request.user), sentence, where=HERE)
