"""The road map of one agency: eight dimensions by three levels, of a result or of what is claimed now."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from criteria.catalogue import pillars_of, roadmap_of
from criteria.structure import LEVELS
from results.explaining import BASES
from results.roadmap import pillar_states_of, states_of
from results.views.common import Shown, draft_or_refuse, place, shown_or_refuse
from results.views.trees import DRAFT


@login_required
@require_safe
def roadmap(request: HttpRequest, pk: int, basis: str) -> HttpResponse:
    """All dimensions, and what comes next in each; below them the pillars."""
    shown = _shown(request, pk, basis)
    context = _context(shown, basis)
    if pillars := pillars_of(shown.assessment.cycle.edition):
        context["pillars"] = pillar_states_of(pillars, shown.payload, basis)
    return render(request, "results/roadmap.html", context)


@login_required
@require_safe
def dimension(request: HttpRequest, pk: int, basis: str, key: str) -> HttpResponse:
    """One dimension with every item that its cells rest on."""
    context = _context(_shown(request, pk, basis), basis)
    state = next((state for state in context["states"] if state.dimension.key == key), None)
    if state is None:
        raise Http404
    context["state"] = state
    context["crumbs"].append((_("เส้นทางพัฒนา 8 มิติ"), reverse("results:roadmap", args=[pk, basis])))
    return render(request, "results/roadmap_dimension.html", context)


def _shown(request: HttpRequest, pk: int, basis: str) -> Shown:
    if basis == DRAFT:
        return draft_or_refuse(request, pk)
    if basis not in BASES:
        raise Http404
    return shown_or_refuse(request, pk)


def _context(shown: Shown, basis: str) -> dict:
    found = roadmap_of(shown.assessment.cycle.edition)
    if found is None:
        raise Http404
    pk = shown.assessment.pk
    above = (
        (_("แบบประเมิน"), reverse("assessments:overview", args=[pk]))
        if shown.is_draft
        else (_("ผลการประเมิน"), reverse("results:result", args=[pk]))
    )
    return place(shown) | {
        "basis": basis,
        "other_basis": "" if shown.is_draft else BASES[1 - BASES.index(basis)],
        "topic_page": "assessments:topic" if shown.is_draft else "results:topic",
        "roadmap": found,
        "levels": LEVELS,
        "states": states_of(found, shown.payload, basis),
        "crumbs": [above],
    }
