"""The KPI framework of a cycle: everybody reads it, the administrator keeps it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Cycle
from pmqa.errors import Conflict, Refused
from pmqa.numbers import posted_version
from results import fixing
from results.framework import services
from results.framework.forms import BaseFilter, FrameworkForm
from results.framework.pages import ALL, Shown, groups_of, path_of
from results.framework.reading import EVERY_KIND, KINDS, framework_of, frameworks_of, proposal_of
from results.framework.words import bases, kind_words


@login_required
@require_safe
def framework(request: HttpRequest, pk: int) -> HttpResponse:
    """Every framework of a cycle with what the bases mean: announced, hence for everybody who signs in."""
    cycle = get_object_or_404(Cycle.objects.select_related("edition"), pk=pk)
    form = BaseFilter(request.GET)
    stored = frameworks_of(cycle)
    kinds = {row.kind for row in stored}
    own = {entry.agency.kind for entry in request.user.current_memberships}
    may_set = request.user.has_perm("results.set_targets")
    is_fixed = may_set and fixing.is_fixed(cycle)
    context = {
        "cycle": cycle,
        "form": form,
        # Whose framework it is that an agency's own people look for.
        "own": {kind if kind in kinds else EVERY_KIND for kind in own},
        "chosen": next((base for base in bases() if base.code == form.chosen), None),
        "frameworks": [Shown(row, groups_of(row.framework, form.chosen)) for row in stored],
        "is_whole": not form.chosen,
        "bases": bases(),
        "may_set": may_set and not is_fixed,
        "is_fixed": is_fixed,
        "missing": [(path_of(kind), kind_words(kind)) for kind in KINDS if kind not in kinds],
        "has_every_kind": EVERY_KIND in kinds,
    }
    return render(request, "results/framework/framework.html", context)


def _place(request: HttpRequest, pk: int, path: str) -> tuple[Cycle, str]:
    if not request.user.has_perm("results.set_targets"):
        raise PermissionDenied(_("ผู้กำหนดกรอบตัวชี้วัดคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร. ท่านเปิดอ่านกรอบได้"))
    kind = EVERY_KIND if path == ALL else path
    if kind not in KINDS:
        raise Http404
    return get_object_or_404(Cycle.objects.select_related("edition"), pk=pk), kind


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """All lines of one framework: typed, checked as a whole, stored whole."""
    cycle, wanted = _place(request, pk, kind)
    stored = framework_of(cycle, wanted)
    proposal = None if stored else proposal_of(cycle, wanted)
    shown = stored.framework if stored else proposal.framework
    form = FrameworkForm.of(request.POST or None, shown=shown, version=stored.version if stored else 0)
    context = {
        "cycle": cycle,
        "path": kind,
        "kinds": kind_words(wanted),
        "stored": stored,
        "proposal": proposal,
        "form": form,
        "groups": groups_of(shown),
        "bases": bases(),
        "is_fixed": fixing.is_fixed(cycle),
        "may_drop": stored is not None and wanted != EVERY_KIND,
    }
    status = 200
    if request.method == "POST":
        if request.POST.get("step") == "add":
            form = context["form"] = form.with_one_more()
        elif form.is_valid():
            # Whoever has seen what is stored meanwhile may store over it, by a button that names its version.
            version = posted_version(str(request.POST.get("over", form.cleaned_data["version"])))
            try:
                services.store(cycle, wanted, version=version, framework=form.framework, by=request.user)
            except Refused as refused:
                form.add_error(None, refused.message)
            except Conflict as conflict:
                theirs = conflict.current
                context |= {
                    "theirs": theirs,
                    "their_groups": groups_of(theirs.framework) if theirs.pk else [],
                }
                status = 409
            else:
                messages.success(request, _("เก็บกรอบตัวชี้วัดแล้ว"))
                return redirect("results:framework", pk)
    if form.is_bound and not form.is_valid():
        status = 422
    return render(request, "results/framework/edit.html", context, status=status)


@login_required
@require_POST
def drop(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The agencies of a kind go back to the framework of every kind."""
    cycle, wanted = _place(request, pk, kind)
    try:
        services.drop(cycle, wanted, version=posted_version(request.POST.get("version")), by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    except Conflict as conflict:
        words = _("ยังไม่นำออก %(name)s แก้กรอบนี้หลังจากท่านเปิดหน้านี้ อ่านแล้วทำอีกครั้ง")
        messages.error(request, words % {"name": conflict.current.changed_by_name})
    else:
        messages.success(request, _("นำกรอบของประเภทนี้ออกแล้ว หน่วยงานใช้กรอบของทุกประเภท"))
    return redirect("results:framework", pk)
