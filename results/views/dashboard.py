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
from results.dashboard.choosing import Choice
from results.dashboard.cube import together
from results.dashboard.files import table_csv
from results.dashboard.reading import Reading
from results.dashboard.season import present, season
from results.dashboard.table import points, signed
from results.views.common import csv_file, published_or_refuse


def _choice(request: HttpRequest) -> Choice:
    if not request.user.has_perm("results.dashboard"):
        raise PermissionDenied(_("ภาพรวมสำหรับผู้บริหาร ผู้ดูแลระบบ และผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    return Choice(request.GET, request.user)


@login_required
@require_safe
def dashboard(request: HttpRequest, page: str = pages.OVERVIEW) -> HttpResponse:
    """One page of the dashboard for the population that the address chooses."""
    if page not in pages.TITLES:
        raise Http404
    choice = _choice(request)
    is_first = page == pages.OVERVIEW
    context = {"choice": choice, "page": page, "titles": tuple(pages.TITLES.items())}
    if is_first and choice.knows_all:
        context["season"] = season(choice)
    if choice.cycle and choice.is_told():
        reading = Reading(choice)
        context |= {"tables": pages.tables(page, reading), "figures": _figures(reading)}
    return render(request, "results/dashboard/dashboard.html", context)


def _figures(reading: Reading) -> dict[str, str]:
    sums = together(reading.cells)
    return {
        "count": str(sums.count) if sums else "0",
        "verified": points(sums and sums.verified),
        "claimed": points(sums and sums.claimed),
        "gap": signed(sums and sums.verified - sums.claimed),
    }


@login_required
@require_safe
def dashboard_csv(request: HttpRequest, key: str) -> HttpResponse:
    """One table of the chosen population as a file; a download, in the log."""
    choice = _choice(request)
    if key != pages.SEASON and choice.cycle and not choice.is_told():
        raise PermissionDenied(_("กลุ่มที่เลือกมีหน่วยงานน้อยเกินไป จึงไม่แสดงตัวเลข เลือกกลุ่มที่ใหญ่กว่า"))
    table = pages.table(key, choice)
    if table is None:
        raise Http404
    cycle = present() if key == pages.SEASON else choice.cycle
    name = f"{table.title} {cycle.year}.csv"
    log.record("result.dashboard_downloaded", cycle, by=request.user, table=key, **choice.chosen)
    return csv_file(table_csv(table, cycle, choice.words), name)


@login_required
@require_safe
def benchmark(request: HttpRequest, pk: int) -> HttpResponse:
    """A published result beside the others of the same kind, without names."""
    assessment, sheet = published_or_refuse(request, pk)
    if not request.user.has_perm("results.benchmark", assessment):
        raise PermissionDenied(_("หน้านี้สำหรับคนของหน่วยงาน ผู้บริหารดูได้ที่หน้าภาพรวม"))
    context = {
        "assessment": assessment,
        "sheet": sheet,
        "payload": sheet.payload,
        "benchmark": benchmarks.benchmark(assessment, sheet.payload),
        "kind": assessment.agency.get_kind_display(),
    }
    return render(request, "results/dashboard/benchmark.html", context)
