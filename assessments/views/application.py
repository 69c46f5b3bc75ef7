"""Form 1: for which award the agency applies, and whom OPDC asks about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.applications import application_of
from assessments.forms.application import ApplicationForm
from assessments.models import Application, Assessment
from assessments.pages.topics import frame
from assessments.presentation import why_closed
from assessments.services import application as services
from assessments.services import attempts
from assessments.views.common import door, read_state
from pmqa.errors import Conflict, Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for whoever may fill it, else what it says; POST saves it, and a refusal gives the text back."""
    assessment = door(request, pk)
    stored = application_of(assessment) or Application(assessment=assessment)
    offered = services.categories_offered(assessment)
    form = ApplicationForm(request.POST or None, stored=stored, offered=offered)
    if request.method != "POST":
        return _page(request, assessment, stored, form)
    if not form.is_valid():
        return _page(request, assessment, stored, form, status=422)
    try:
        services.save_application(
            assessment, version=form.cleaned_data["version"], values=form.cleaned_data, by=request.user
        )
    except Conflict as conflict:
        current = conflict.current
        if any(getattr(current, name) != form.cleaned_data[name] for name in services.FIELDS):
            return _page(request, assessment, stored, form, status=409, current=current)
        # The same form sent twice is not a conflict.
    except (Refused, PermissionDenied) as refused:
        attempts.note(assessment, place="form1", by=request.user)
        return _page(request, assessment, stored, form, status=403, reason=str(refused))
    messages.success(request, _("บันทึกใบสมัครแล้ว"))
    return redirect("assessments:application", pk)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    stored: Application,
    form: ApplicationForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """`current`: what somebody else has stored meanwhile; `reason`: why nothing was."""
    closed = why_closed(assessment)
    if not closed and not request.user.has_perm("assessments.apply", assessment):
        closed = _("ท่านอ่านได้อย่างเดียว ผู้กรอกใบสมัครคือผู้ประสานงานของหน่วยงาน")
    context = frame(read_state(assessment), request.user, here="application") | {
        "stored": stored,
        "form": form,
        "closed": closed,
        # What was typed is shown even where it can no longer be saved.
        "has_form": not closed or form.is_bound,
    }
    return render(request, "assessments/application.html", context | more, status=status)
