"""Follow-ups of all agencies: what waits for a reply, and what is overdue."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import Cycle
from pmqa.accounts import log
from results.improvement import awaited
from results.improvement.models import Plan
from results.views.common import csv_file

PER_PAGE = 50


def _plans(request: HttpRequest) -> QuerySet[Plan]:
    if not request.user.has_perm("results.follow_plans"):
        raise PermissionDenied(_("หน้านี้สำหรับหัวหน้าทีมผู้ตรวจของเรื่องที่ประกาศผลแล้ว และเจ้าหน้าที่ สำนักงาน ก.พ.ร."))
    return awaited.plans_for(request.user)


def _state(request: HttpRequest) -> str:
    wanted = request.GET.get("state", "")
    return wanted if wanted in awaited.STATES else awaited.REPLY


def _cycle(request: HttpRequest, cycles: list[Cycle]) -> Cycle | None:
    """One that means nothing leaves all of them."""
    return next((cycle for cycle in cycles if str(cycle.pk) == request.GET.get("cycle")), None)


def _rows(plans: QuerySet[Plan], state: str, today: date):
    if state == awaited.REPLY:
        return awaited.awaiting_reply(plans)
    return awaited.longest_first(awaited.overdue(plans, today))


def _lines(rows, state: str, today: date) -> list[awaited.Line]:
    return (awaited.reply_lines if state == awaited.REPLY else awaited.overdue_lines)(rows, today)


@login_required
@require_safe
def follow_ups(request: HttpRequest) -> HttpResponse:
    """The list of one state, what waits longest first."""
    plans, state, today = _plans(request), _state(request), timezone.localdate()
    cycles = awaited.cycles_of(plans)
    cycle = _cycle(request, cycles)
    chosen = plans.filter(assessment__cycle=cycle) if cycle else plans
    page = Paginator(_rows(chosen, state, today), PER_PAGE).get_page(request.GET.get("page"))
    counts = {
        awaited.REPLY: awaited.awaiting_reply(chosen).count,
        awaited.OVERDUE: awaited.overdue(chosen, today).count,
    }
    context = {
        "state": state,
        "states": [
            (value, label, page.paginator.count if value == state else counts[value]())
            for value, label in awaited.STATES.items()
        ],
        "cycles": cycles,
        "cycle": cycle,
        "page": page,
        "lines": _lines(page.object_list, state, today),
    }
    return render(request, "results/improvement/follow_ups.html", context)


@login_required
@require_safe
def follow_ups_csv(request: HttpRequest) -> HttpResponse:
    """The whole list as it is filtered."""
    plans, state, today = _plans(request), _state(request), timezone.localdate()
    cycle = _cycle(request, awaited.cycles_of(plans))
    chosen = plans.filter(assessment__cycle=cycle) if cycle else plans
    lines = _lines(_rows(chosen, state, today), state, today)
    log.record(
        "improvement.list_downloaded", cycle, by=request.user, format="csv", state=state, rows=len(lines)
    )
    year = f" {cycle.year}" if cycle else ""
    return csv_file(awaited.lines_csv(state, lines), _("ติดตามแผนพัฒนา") + f"{year}.csv")
