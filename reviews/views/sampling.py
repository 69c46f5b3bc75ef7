"""The sample of single reviewers: what was drawn and why, a draw to look at, and applying it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Cycle
from pmqa.errors import Refused
from reviews.sample_reading import read_population
from reviews.sampling import ONE_OF
from reviews.services.sampling import apply_sample, propose_sample
from reviews.teams_forms import SampleForm
from reviews.teams_reading import load_changes


def _door(request: HttpRequest) -> None:
    if not request.user.has_perm("reviews.assign"):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))


def _cycle(pk: int) -> Cycle:
    return get_object_or_404(Cycle.objects.select_related("edition"), pk=pk)


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """How much one person marks alone, what of it was drawn, and the form to draw."""
    _door(request)
    return _show(request, _cycle(pk))


def _show(
    request: HttpRequest,
    cycle: Cycle,
    *,
    form: SampleForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    population = read_population(cycle, request.user)
    context = {
        "cycle": cycle,
        "form": form or SampleForm(),
        "population": population,
        "total": len(population.units) + len(population.standing),
        "one_of": ONE_OF,
        "problem": problem,
    }
    return render(request, "reviews/sample.html", context, status=status)


@login_required
@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """A draw as a preview; nothing is stored."""
    _door(request)
    cycle = _cycle(pk)
    form = SampleForm(request.POST)
    if not form.is_valid():
        return _show(request, cycle, form=form, status=422)
    return _preview(request, cycle, form.cleaned_data["seed"])


def _preview(
    request: HttpRequest, cycle: Cycle, seed: int, *, notice: str = "", status: int = 200
) -> HttpResponse:
    try:
        found = propose_sample(cycle, seed=seed, by=request.user)
    except Refused as refused:
        return _show(request, cycle, problem=str(refused), status=422)
    context = {
        "cycle": cycle,
        "found": found,
        "rows": [
            (found.population.cases[drawn.unit.case], drawn, found.people.get(drawn.person))
            for drawn in (*found.sample.drawn, *found.sample.passed_over)
        ],
        "loads": load_changes(found.preview, request.user),
        "notice": notice,
        "one_of": ONE_OF,
    }
    return render(request, "reviews/sample_preview.html", context, status=status)


@login_required
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the drawn their second reviewer, if it is the draw that was shown; else show it again."""
    _door(request)
    cycle = _cycle(pk)
    form = SampleForm(request.POST)
    if not form.is_valid():
        return _show(request, cycle, form=form, status=422)
    chosen = form.cleaned_data
    try:
        batch = apply_sample(
            cycle, seed=chosen["seed"], shown=chosen["shown"], seen=chosen["seen"], by=request.user
        )
    except Refused as refused:
        return _preview(request, cycle, chosen["seed"], notice=str(refused), status=409)
    if batch is None:
        messages.info(request, _("สุ่มครบตามเกณฑ์แล้ว ไม่มีอะไรเปลี่ยน"))
    else:
        count = len(batch.drawn)
        messages.success(
            request,
            ngettext("มอบหมายผู้ตรวจคนที่สองแล้ว %(n)d หมวด", "มอบหมายผู้ตรวจคนที่สองแล้ว %(n)d หมวด", count)
            % {"n": count},
        )
    return redirect("reviews:sample", pk=pk)
