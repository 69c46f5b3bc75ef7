"""Where an agency stands: its published years, its targets, the next best part, and what if."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.middleware import opened
from assessments.models import Assessment, Status
from assessments.presentation import fault_sentence
from pmqa.accounts import log
from pmqa.accounts.models import Agency
from results.reading import open_to
from results.standing import exports, pages, trees, what_if
from results.standing.present import present_of
from results.standing.reading import kpi_of, peers_of, year_before, years_of
from results.standing.sources import DRAFT, Source, source_of
from results.standing.what_if_pages import topics_of
from results.views.common import case_or_404, csv_file


def _agency_or_refuse(request: HttpRequest, pk: int) -> tuple[Agency, list[Assessment]]:
    """An agency and what this person sees of its assessments, the newest first; a query each.

    Its own people, OPDC's administrator and auditor; officers and executives once a result is published. 404 without
    any relation; 403 for who knows the agency by a case of its, reviewers among them.
    """
    agency = get_object_or_404(Agency.objects.select_related("ministry"), pk=pk)
    own = Assessment.objects.visible_to(request.user).filter(agency=agency)
    seen = list(own.with_places().order_by("-cycle__year", "-pk"))
    if request.user.has_perm("results.stand", agency):
        return agency, seen
    is_published = any(row.status == Status.REPORT_ISSUED for row in seen)
    if is_published and request.user.has_perm("results.stand_published"):
        return agency, seen
    if not open_to(request.user).filter(agency=agency).exists():
        raise Http404
    raise PermissionDenied(
        _("หน้านี้สำหรับบุคคลของหน่วยงาน ผู้ดูแลระบบและผู้ตรวจสอบ เจ้าหน้าที่และผู้บริหารเปิดได้เมื่อประกาศผลแล้ว")
    )


@login_required
@require_safe
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """The years of an agency, its targets and attainment now, and its group without names."""
    agency, seen = _agency_or_refuse(request, pk)
    years = years_of(agency)
    latest = years[-1] if years else None
    newest = seen[0] if seen else None
    if newest is not None and not request.user.has_perm("results.forecast", newest):
        newest = None
    if newest is not None:
        opened(request, newest, is_result=newest.status == Status.REPORT_ISSUED)
    now = present_of(years, newest)
    outlook = places = None
    if now is not None:
        before = year_before(years, now.cycle)
        outlook = pages.Outlook(kpi_of(now.cycle, agency, now.score, last=before and before.verified_total))
        last = before and before.assessment
        places = trees.of_source(now.source, last) if now.source else trees.Trees(last, latest.assessment)
    rows = pages.year_rows(years, _("คะแนนรวม")) if years else []
    context = {
        "agency": agency,
        "years": years,
        "rows": rows,
        "lines": pages.year_lines(years) if years else None,
        "outlook": outlook,
        "trees": places,
        "now": now,
        # What may be looked into further: the newest, else the latest published.
        "subject": newest.pk if newest else latest and latest.assessment,
        "is_estimate": now is not None and now.source is not None,
    }
    if latest is not None:
        peers = peers_of(latest.cycle, latest.verified_total)
        context |= {"latest": latest, "peers": peers, "spread": pages.peer_spread(peers)}
    return render(request, "results/standing/agency.html", context)


@login_required
@require_safe
def standing_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The table of the years."""
    agency, _seen = _agency_or_refuse(request, pk)
    years = years_of(agency)
    if not years:
        raise Http404
    log.record("target.downloaded", agency, by=request.user, agency=agency, format="csv", table="years")
    content = exports.years_csv(agency, years, pages.year_rows(years, _("คะแนนรวม")))
    return csv_file(content, _("คะแนนรายปี") + f" {agency.code}.csv")


# --- one assessment -------------------------------------------------------------------------------


def _source_or_refuse(request: HttpRequest, pk: int) -> tuple[Assessment, Source | None]:
    assessment = case_or_404(request, pk)
    if not request.user.has_perm("results.forecast", assessment):
        raise PermissionDenied(_("ประมาณการของแบบประเมินที่ยังไม่แจ้งผลเป็นของหน่วยงาน เปิดได้เมื่อแจ้งผลหรือประกาศผลแล้ว"))
    source = source_of(assessment)
    opened(request, assessment, is_result=source is not None and source.kind != DRAFT)
    return assessment, source


def _outlook(source: Source, now) -> pages.Outlook:
    return pages.Outlook(kpi_of(source.assessment.cycle, source.assessment.agency, now))


def _trees(source: Source) -> trees.Trees:
    agency = source.assessment.agency
    places = trees.published([agency], source.assessment.cycle).get(agency.pk)
    return trees.of_source(source, places and places.last)


@login_required
@require_safe
def next_best(request: HttpRequest, pk: int) -> HttpResponse:
    """What attainment comes to now, and which parts and indicators would add most."""
    assessment, source = _source_or_refuse(request, pk)
    context = {"assessment": assessment, "source": source}
    if source is not None:
        gains = pages.gain_rows(source)
        context |= {
            "outlook": _outlook(source, source.marks.score.total),
            "trees": _trees(source),
            "first": gains[: pages.FIRST],
            "others": gains[pages.FIRST :],
            "reaches": pages.reach_rows(source),
        }
    return render(request, "results/standing/next_best.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imagine(request: HttpRequest, pk: int) -> HttpResponse:
    """Other claims, verdicts and figures, scored and never stored: the address holds them."""
    assessment, source = _source_or_refuse(request, pk)
    if source is None:
        return render(request, "results/standing/what_if.html", {"assessment": assessment, "source": None})
    typed = _typed(request.POST if request.method == "POST" else request.GET)
    changes = what_if.read(source.marks, typed)
    if request.method == "POST" and not changes.faults:
        address = reverse("results:what_if", args=[pk])
        query = urlencode(what_if.address(changes))
        return redirect(f"{address}?{query}" if query else address)
    after = what_if.apply(source.marks, changes)
    before = source.marks.score
    context = {
        "assessment": assessment,
        "source": source,
        "changes": changes,
        "faults": [(key, fault_sentence(fault)) for key, fault in changes.faults.items()],
        "rows": pages.compared(source.marks.tree, before, after.score),
        "trees": _trees(source),
        "before": pages.Outlook(kpi := kpi_of(assessment.cycle, assessment.agency, before.total)),
        "outlook": pages.Outlook(pages.at(kpi, after.score.total)),
        "categories": topics_of(source.marks, after, changes, typed),
    }
    return render(request, "results/standing/what_if.html", context, status=422 if changes.faults else 200)


def _typed(data: Mapping[str, str]) -> dict[str, str]:
    return dict(data.items())
