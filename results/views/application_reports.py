"""Stage 2 of a cycle: who is invited and how far they are, and inviting more."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Cycle
from criteria.catalogue import application_criteria
from pmqa.errors import Refused
from pmqa.numbers import whole
from results.application_report import services
from results.application_report.forms import Candidates, DueForm
from results.application_report.inviting import Candidate, candidates, followed, invited, without_award
from results.application_report.models import ApplicationReport

PER_PAGE = 50


def _cycle(request: HttpRequest, pk: int) -> Cycle:
    if not request.user.has_perm("results.follow_application_reports"):
        raise PermissionDenied(_("หน้านี้สำหรับเจ้าหน้าที่ สำนักงาน ก.พ.ร."))
    return get_object_or_404(Cycle.objects.select_related("edition"), pk=pk)


@login_required
@require_safe
def application_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """Every invited agency of the cycle with its state; never a word of what they write."""
    cycle = _cycle(request, pk)
    every = ApplicationReport.objects.filter(assessment__cycle=cycle)
    counts = dict(every.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))
    state = request.GET.get("state", "")
    state = state if state in ApplicationReport.State.values else ""
    rows = invited(cycle).filter(**({"state": state} if state else {}))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "state": state,
        "states": [(value, label, counts.get(value, 0)) for value, label in ApplicationReport.State.choices],
        "total": sum(counts.values()),
        "page": page,
        "rows": followed(list(page)),
        "may_invite": request.user.has_perm("results.invite_to_stage_two"),
        "may_record": request.user.has_perm("results.follow"),
    }
    return render(request, "results/application_report/cycle.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose agencies and a last day; POST shows what would be opened, and posted again it invites."""
    cycle = _cycle(request, pk)
    if not request.user.has_perm("results.invite_to_stage_two"):
        raise PermissionDenied(_("ผู้เชิญเข้าสู่ขั้นที่ 2 คือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    criteria = application_criteria()
    if request.method != "POST":
        form = Candidates(request.GET)
        found = candidates(cycle, criteria, **form.chosen)
        context = {"filters": form, "found": found, "is_filtered": any(form.chosen.values())}
        return _page(request, cycle, **context, form=DueForm(), without=without_award(cycle))
    chosen = {whole(value) for value in request.POST.getlist("cases")}
    found = [entry for entry in candidates(cycle, criteria) if entry.sheet.assessment_id in chosen]
    form = DueForm(request.POST)
    is_good = form.is_valid()
    if not found:
        form.add_error(None, _("เลือกหน่วยงานอย่างน้อยหนึ่งหน่วยงานที่ยังไม่ได้รับเชิญ"))
    if not is_good or not found or request.POST.get("step") != "invite":
        is_shown = is_good and bool(found)
        context = {"found": found if is_shown else candidates(cycle, criteria), "chosen": chosen}
        status = 200 if is_shown else 422
        return _page(request, cycle, **context, form=form, is_preview=is_shown, status=status)
    return _invite(request, cycle, found, form)


def _invite(request: HttpRequest, cycle: Cycle, found: list[Candidate], form: DueForm) -> HttpResponse:
    done = 0
    for entry in found:
        try:
            services.invite(entry.sheet.assessment, due_on=form.cleaned_data["due_on"], by=request.user)
        except Refused as refused:
            if refused.code == "past":
                form.add_error("due_on", str(refused))
                chosen = {row.sheet.assessment_id for row in found}
                return _page(request, cycle, found=found, chosen=chosen, form=form, status=422)
            messages.error(request, f"{entry.sheet.assessment.agency.code}: {refused}")
        else:
            done += 1
    if done:
        words = ngettext("เชิญแล้ว %(n)d หน่วยงาน", "เชิญแล้ว %(n)d หน่วยงาน", done) % {"n": done}
        messages.success(request, words)
    return redirect("results:application_reports", cycle.pk)


def _page(request: HttpRequest, cycle: Cycle, *, status: int = 200, **context) -> HttpResponse:
    return render(
        request, "results/application_report/invite.html", {"cycle": cycle} | context, status=status
    )
