"""OPDC gives teams to many cases at once: by a file or by proposal, always previewed, applied as a whole, undone."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment, Cycle
from pmqa.accounts import log
from pmqa.errors import Refused
from pmqa.numbers import whole
from reviews.lines import HEADER, ROLE_WORDS, Line, Unreadable, decoded, parse, written
from reviews.services import teams
from reviews.team_models import Batch, ReviewerProfile
from reviews.teams_forms import LinesForm, ProposeForm
from reviews.teams_reading import Preview, check, load_changes, present_lines, without_team


def _door(request: HttpRequest) -> None:
    if not request.user.has_perm("reviews.assign"):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))


def _place(cycle: Cycle) -> str:
    return f"{reverse('reviews:teams')}?cycle={cycle.pk}"


@login_required
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Proposing, uploading, downloading, and undoing the last application."""
    _door(request)
    cycles = list(Cycle.objects.select_related("edition"))
    wanted = request.GET.get("cycle", "")
    cycle = next((cycle for cycle in cycles if str(cycle.pk) == wanted), cycles[0] if cycles else None)
    return _show(request, cycle, cycles=cycles)


def _show(
    request: HttpRequest,
    cycle: Cycle | None,
    *,
    cycles: list[Cycle] | None = None,
    propose: ProposeForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "cycle": cycle,
        "cycles": cycles if cycles is not None else list(Cycle.objects.all()),
        "problem": problem,
        "header": ", ".join(HEADER),
        "roles": ", ".join(ROLE_WORDS.values()),
    }
    if cycle:
        context |= {
            "form": propose
            or ProposeForm(initial={"cycle": cycle, "at_least": max(cycle.least_reviewers, 2)}),
            "waiting": len(without_team(cycle, request.user)),
            "reviewers": ReviewerProfile.objects.filter(is_available=True, user__is_active=True).count(),
            "last": teams.last_batch(cycle),
        }
    return render(request, "reviews/teams.html", context, status=status)


@login_required
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Teams for all cases without one, as a preview; nothing is stored."""
    _door(request)
    form = ProposeForm(request.POST)
    cycle = get_object_or_404(
        Cycle.objects.select_related("edition"), pk=whole(request.POST.get("cycle")) or 0
    )
    if not form.is_valid():
        return _show(request, cycle, propose=form, status=422)
    chosen = form.cleaned_data
    found = teams.propose(
        cycle,
        at_least=chosen["at_least"],
        lead_marks=chosen["lead_marks"],
        seed=chosen["seed"],
        by=request.user,
    )
    return _preview(
        request, check(cycle, found.lines, request.user), impossible=found.impossible, seed=chosen["seed"]
    )


@login_required
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A list of lines, checked; nothing is stored."""
    _door(request)
    cycle, lines, problem, _form = _posted(request)
    if problem:
        return _show(request, cycle, problem=problem, status=422)
    return _preview(request, check(cycle, lines, request.user))


def _posted(request: HttpRequest) -> tuple[Cycle, list[Line], str, LinesForm]:
    """The cycle, the lines that were posted, and why they cannot be read."""
    form = LinesForm(request.POST, request.FILES)
    cycle = get_object_or_404(
        Cycle.objects.select_related("edition"), pk=whole(request.POST.get("cycle")) or 0
    )
    if not form.is_valid():
        return cycle, [], _("อ่านรายการไม่ได้ เลือกไฟล์อีกครั้ง"), form
    file = form.cleaned_data["file"]
    try:
        lines = parse(decoded(file.read()) if file else form.cleaned_data["text"])
    except Unreadable as unreadable:
        return cycle, [], str(unreadable), form
    return cycle, lines, "" if lines else _("ไม่พบรายการในไฟล์ เลือกไฟล์ CSV ที่มีอย่างน้อยหนึ่งบรรทัด"), form


def _digest(lines: list[Line]) -> str:
    return hashlib.sha256(written(lines).encode()).hexdigest()


def _preview(
    request: HttpRequest,
    found: Preview,
    *,
    impossible: list[tuple[Assessment, str]] | None = None,
    seed: int | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "cycle": found.cycle,
        "preview": found,
        "loads": load_changes(found, request.user),
        "impossible": impossible or [],
        "seed": seed,
        "notice": notice,
        "text": written(found.lines),
        "shown": _digest(found.lines),
    }
    return render(request, "reviews/teams_preview.html", context, status=status)


@login_required
@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Give all teams of the list, if it is the one that was shown; else show it again."""
    _door(request)
    cycle, lines, problem, form = _posted(request)
    if problem:
        return _show(request, cycle, problem=problem, status=422)
    if _digest(lines) != form.cleaned_data["shown"]:
        return _preview(
            request, check(cycle, lines, request.user), notice=_("รายการเปลี่ยนแล้ว ดูผลด้านล่าง แล้วกดมอบหมายอีกครั้ง")
        )
    try:
        batch = teams.apply(cycle, lines, seen=form.cleaned_data["seen"], by=request.user)
    except teams.Faulty as faulty:
        return _preview(request, faulty.preview, notice=str(faulty), status=409)
    except Refused as refused:
        return _preview(request, check(cycle, lines, request.user), notice=str(refused), status=409)
    if batch is None:
        messages.info(request, _("ทีมเป็นไปตามรายการนี้อยู่แล้ว ไม่มีอะไรเปลี่ยน"))
    else:
        count = len(batch.after)
        messages.success(
            request,
            ngettext("มอบหมายทีม %(n)d เรื่องแล้ว", "มอบหมายทีม %(n)d เรื่องแล้ว", count) % {"n": count},
        )
    return redirect(_place(cycle))


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last application back."""
    _door(request)
    batch = get_object_or_404(Batch.objects.select_related("cycle"), pk=pk)
    try:
        teams.undo(batch, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("เรียกคืนแล้ว ทีมกลับเป็นอย่างก่อนการมอบหมายครั้งนั้น"))
    return redirect(_place(batch.cycle))


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The present teams of a cycle as a file that can be edited and uploaded again."""
    _door(request)
    cycle = get_object_or_404(Cycle.objects.select_related("edition"), pk=pk)
    content = written(present_lines(cycle, request.user)).encode("utf-8-sig")
    log.record("review.teams_downloaded", cycle, by=request.user)
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="teams-{cycle.year}.csv"'},
    )
