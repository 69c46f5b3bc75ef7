"""Dashboards of published results, their tables as files, and an agency among agencies of its kind."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pmqa.accounts import log
from results.dashboard import benchmark as benchmarks
from results.dashboard import pages
from results.dashboard import season as seasons
from results.dashboard.choosing import Choice
from results.dashboard.files import table_csv
from results.dashboard.headline import headline
from results.dashboard.reading import Reading
from results.naming import in_language
from results.views.common import csv_file, published_or_refuse


def _choice(request: HttpRequest) -> Choice:
    if not request.user.has_perm("results.dashboard"):
        raise PermissionDenied(_("ภาพรวมสำหรับผู้บริหาร ผู้ดูแลระบบ และผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    return Choice(request.GET, request.user)


def _season_choice(request: HttpRequest) -> seasons.SeasonChoice:
    if not request.user.has_perm("results.season"):
        raise PermissionDenied(_("ความก้าวหน้าของรอบสำหรับเจ้าหน้าที่ ผู้ดูแลระบบ และผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    return seasons.SeasonChoice(request.GET, request.user)


@login_required
@require_safe
def dashboard(request: HttpRequest, page: str = pages.OVERVIEW) -> HttpResponse:
    """One page of the dashboard for the population that the address chooses."""
    if page not in pages.TITLES:
        raise Http404
    choice = _choice(request)
    context = {"choice": choice, "page": page, "titles": tuple(pages.TITLES.items())}
    if choice.cycle and choice.is_told():
        reading = Reading(choice)
        context |= {"tables": pages.tables(page, reading), "headline": headline(reading)}
    return render(request, "results/dashboard/dashboard.html", context)


@login_required
@require_safe
def season(request: HttpRequest) -> HttpResponse:
    """How far a cycle is: states of cases, never a score."""
    choice = _season_choice(request)
    context = {
        "choice": choice,
        "page": "season",
        "titles": tuple(pages.TITLES.items()) if request.user.has_perm("results.dashboard") else (),
        "tables": [build(choice) for build in seasons.TABLES.values()] if choice.cycle else [],
    }
    return render(request, "results/dashboard/season.html", context)


@login_required
@require_safe
def dashboard_csv(request: HttpRequest, key: str) -> HttpResponse:
    """One table of what was chosen as a file; a download, in the log."""
    if key in seasons.TABLES:
        choice = _season_choice(request)
        table = seasons.TABLES[key](choice) if choice.cycle else None
    else:
        choice = _choice(request)
        if choice.cycle and not choice.is_told():
            raise PermissionDenied(_("กลุ่มที่เลือกมีหน่วยงานน้อยเกินไป จึงไม่แสดงตัวเลข เลือกกลุ่มที่ใหญ่กว่า"))
        table = pages.table(key, choice)
    if table is None:
        raise Http404
    name = f"{table.title} {choice.cycle.year}.csv"
    log.record("result.dashboard_downloaded", choice.cycle, by=request.user, table=key, **choice.chosen)
    return csv_file(table_csv(table, choice.cycle, choice.words), name)


@login_required
@require_safe
def benchmark(request: HttpRequest, pk: int) -> HttpResponse:
    """A published result beside the others of the same kind, without names."""
    assessment, sheet = published_or_refuse(request, pk)
    if not request.user.has_perm("results.benchmark", assessment):
        raise PermissionDenied(_("หน้านี้สำหรับคนของหน่วยงาน ผู้บริหารดูได้ที่หน้าภาพรวม"))
    payload = in_language(sheet.payload)
    context = {
        "assessment": assessment,
        "sheet": sheet,
        "payload": payload,
        "benchmark": benchmarks.benchmark(assessment, payload, request.user),
        "kind": assessment.agency.get_kind_display(),
    }
    return render(request, "results/dashboard/benchmark.html", context)
