"""Score groups and KPI targets of a cycle: for the administrator, who sets them, and the auditor, who reads them."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Cycle
from pmqa.accounts import log
from pmqa.accounts.models import Agency
from pmqa.errors import Conflict, Refused
from results import fixing
from results.standing import exports, services, trees
from results.standing.forms import LineFilter, RulesForm, TypeForm, range_words
from results.standing.groups import spreads
from results.standing.models import TypeChoice
from results.standing.reading import Line, last_scores, lines_of, rules_of
from results.standing.targets import RULES, TYPES, Rules
from results.views.common import csv_file

PER_PAGE = 50
SHOWN = 20


def _cycle(request: HttpRequest, pk: int) -> Cycle:
    if not request.user.has_perm("results.follow"):
        raise PermissionDenied(_("หน้านี้สำหรับผู้ดูแลระบบและผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    return get_object_or_404(Cycle.objects.select_related("edition"), pk=pk)


@login_required
@require_safe
def groups(request: HttpRequest, pk: int) -> HttpResponse:
    """The groups of the published scores, and type and targets of every agency."""
    cycle = _cycle(request, pk)
    stored = rules_of(cycle)
    lines = lines_of(cycle, stored.rules)
    form = LineFilter(request.GET)
    page = Paginator(form.left(lines), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "stored": stored,
        "ranges": [range_words(stored.rules, number) for number in TYPES],
        "anchors": anchors(stored.rules, lines),
        "groups": spreads(line.kpi.now for line in lines if line.kpi.now is not None),
        "published": sum(line.kpi.now is not None for line in lines),
        "form": form,
        "page": page,
        "trees": trees.published([line.agency for line in page], cycle),
        "is_filtered": any(request.GET.get(name) for name in ("q", "type")),
        "total": len(lines),
        "is_overlapping": any(line.kpi.is_overlapping for line in page),
        "untyped": [line for line in lines if line.kpi.kpi_type is None],
        "is_locked": fixing.is_fixed(cycle),
        "may_set": request.user.has_perm("results.set_targets"),
    }
    return render(request, "results/standing/groups.html", context)


@login_required
@require_safe
def groups_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """What the filter leaves of the table."""
    cycle = _cycle(request, pk)
    lines = LineFilter(request.GET).left(lines_of(cycle, rules_of(cycle).rules))
    log.record("target.downloaded", cycle, by=request.user, format="csv", table="targets", rows=len(lines))
    return csv_file(exports.lines_csv(cycle, lines), _("ค่าเป้าหมายตัวชี้วัด") + f" {cycle.year}.csv")


@dataclass(frozen=True)
class Anchor:
    """The announced 50 of a type beside the real mean of the group with the same number, which never changes it."""

    kpi_type: int
    announced: Decimal
    real: str
    count: int


def anchors(rules: Rules, lines: list[Line]) -> list[Anchor]:
    real = spreads(line.kpi.last for line in lines if line.kpi.last)
    return [
        Anchor(number, rules.half(number), real[number - 1].mean, real[number - 1].count) for number in TYPES
    ]


# --- the rules ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """An agency whose type or targets other rules would change."""

    before: Line
    after: Line


def moves(before: list[Line], after: list[Line]) -> list[Move]:
    return [
        Move(old, new)
        for old, new in zip(before, after, strict=True)
        if (old.kpi.kpi_type, old.kpi.targets) != (new.kpi.kpi_type, new.kpi.targets)
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Anchors and boundaries: typed, looked at once more with what they would change, then stored."""
    cycle = _cycle(request, pk)
    may_set = request.user.has_perm("results.set_targets")
    if request.method == "POST" and not may_set:
        raise PermissionDenied(_("ผู้กำหนดค่าเป้าหมายคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    stored = rules_of(cycle)
    form = RulesForm(request.POST or None, stored=stored)
    context = {
        "cycle": cycle,
        "stored": stored,
        "form": form,
        "may_set": may_set,
        "announced": [(number, range_words(stored.rules, number)) for number in TYPES],
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "store":
            try:
                services.set_rules(
                    cycle, version=form.cleaned_data["version"], rules=form.rules, by=request.user
                )
            except Refused as refused:
                form.add_error(None, refused.message)
            except Conflict as conflict:
                context |= {"theirs": conflict.current, "differing": _differing(form.rules, conflict.current)}
                status = 409
            else:
                messages.success(request, _("เก็บค่าเป้าหมายของรอบนี้แล้ว"))
                return redirect("results:groups", pk)
        if not form.errors:
            context |= _second_look(cycle, stored.rules, form.rules)
    if form.is_bound and form.errors:
        status = 422
    context["is_locked"] = fixing.is_fixed(cycle)
    return render(request, "results/standing/rules.html", context, status=status)


def _second_look(cycle: Cycle, before: Rules, after: Rules) -> dict:
    was = lines_of(cycle, before)
    found = moves(was, [Line(line.agency, line.kpi.under(after)) for line in was])
    return {
        "is_checked": True,
        "moves": found[:SHOWN],
        "more": max(len(found) - SHOWN, 0),
        "moved": len(found),
        "retyped": sum(move.before.kpi.kpi_type != move.after.kpi.kpi_type for move in found),
    }


def _differing(mine: Rules, current) -> list[tuple[str, Decimal, Decimal]]:
    """(label, typed, stored) of every value in which two people differ."""
    return [
        (current._meta.get_field(name).verbose_name, getattr(mine, name), getattr(current, name))
        for name in RULES
        if getattr(mine, name) != getattr(current, name)
    ]


# --- an agency without a score --------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_type(request: HttpRequest, pk: int, agency: int) -> HttpResponse:
    """The type of an agency that has no score of last year, with the reason."""
    cycle = _cycle(request, pk)
    if not request.user.has_perm("results.set_targets"):
        raise PermissionDenied(_("ผู้กำหนดค่าเป้าหมายคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    found = get_object_or_404(Agency.objects.select_related("ministry"), pk=agency)
    choice = TypeChoice.objects.filter(cycle=cycle, agency=found).first()
    stored = rules_of(cycle).rules
    initial = {"version": choice.version if choice else 0}
    if choice:
        initial |= {name: getattr(choice, name) for name in ("kpi_type", "base", "reason")}
    form = TypeForm(request.POST or None, rules=stored, initial=initial)
    context = {
        "cycle": cycle,
        "agency": found,
        "choice": choice,
        "form": form,
        "last": last_scores(cycle, found).get(found.pk),
    }
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_type(cycle, found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            field = refused.code if refused.code in ("base", "reason") else None
            form.add_error(field, refused.message)
        except Conflict as conflict:
            context["theirs"] = conflict.current
            status = 409
        else:
            messages.success(request, _("กำหนดประเภทแล้ว"))
            return redirect("results:groups", pk)
    if form.is_bound and form.errors:
        status = 422
    return render(request, "results/standing/choose_type.html", context, status=status)
