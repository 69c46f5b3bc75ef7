"""Before a case opens: is the reviewer tied to the agency? And stepping aside later."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pmqa.errors import Refused
from reviews.desk import due
from reviews.duties import ASSIGNABLE
from reviews.services import marking, replacing
from reviews.team_forms import CONFLICT, DeclareForm, ReasonForm
from reviews.views.doors import is_opened, own_case


@login_required
@never_cache
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose case it is and how much is asked, nothing of what the agency wrote; then the declaration.

    Without a tie the case opens: from now on the reviewer reads, and the agency can no longer get it back.
    """
    assessment, rows = own_case(request, pk)
    if is_opened(rows):
        return redirect("reviews:next", pk=pk)
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["declared"] != CONFLICT:
            marking.open_case(assessment, by=request.user)
            return redirect("reviews:next", pk=pk)
        try:
            said = {name: form.cleaned_data[name] for name in ("kind", "words")}
            replacing.declare_conflict(assessment, **said, by=request.user)
        except Refused as refused:
            form.add_error(refused.code if refused.code in form.fields else "words", str(refused))
        else:
            messages.success(
                request,
                _("รับทราบแล้ว ท่านไม่ต้องตรวจ %(agency)s ผู้ดูแลระบบจะจัดคนแทน") % {"agency": assessment.agency},
            )
            return redirect("reviews:queue")
    marking_rows = [row for row in rows if row.marks]
    context = {
        "assessment": assessment,
        "form": form,
        "due": due(assessment),
        "categories": [row.category for row in marking_rows],
        "parts": sum(row.parts for row in marking_rows),
        "words": sum(row.words for row in marking_rows),
        "leads": any(row.is_lead for row in rows),
    }
    return render(request, "reviews/declare.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def step_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """A reviewer withdraws from a case, with the reason."""
    assessment, rows = own_case(request, pk)
    may_leave = assessment.status in ASSIGNABLE
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            replacing.recuse(assessment, reviewer=request.user, reason=reason, by=request.user)
        except Refused as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(
                request,
                _("ถอนตัวจากการตรวจ %(agency)s แล้ว ผู้ดูแลระบบจะจัดผู้ตรวจแทน") % {"agency": assessment.agency},
            )
            return redirect("reviews:queue")
    context = {
        "assessment": assessment,
        "form": form,
        "may_leave": may_leave,
        "has_marks": any(row.marks and row.opened_at for row in rows),
    }
    return render(request, "reviews/step_aside.html", context, status=422 if form.errors else 200)
