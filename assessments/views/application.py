"""Form 1: for which award the agency applies, and whom OPDC asks about it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.applications import application_of
from assessments.forms.application import ApplicationForm
from assessments.models import Application, Assessment
from assessments.pages.conflicts import application_fields
from assessments.pages.topics import frame
from assessments.presentation import saved_words, why_closed
from assessments.services import application as services
from assessments.services import attempts
from assessments.views.common import (
    conflict_reply,
    door,
    read_state,
    refusal_reply,
    saved_reply,
    signed_out,
    typed_texts,
    wants_json,
)
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for whoever may fill it, else what it says; POST saves it, and a refusal gives the text back."""
    if not request.user.is_authenticated:
        return _signed_out(request, pk)
    assessment = door(request, pk)
    stored = application_of(assessment) or Application(assessment=assessment)
    offered = services.categories_offered(assessment)
    form = ApplicationForm(request.POST or None, stored=stored, offered=offered)
    if request.method != "POST":
        return _page(request, assessment, stored, form)
    if not form.is_valid():
        return _not_stored(request, assessment, stored, form)
    try:
        saved = services.save_application(
            assessment, version=form.cleaned_data["version"], values=form.cleaned_data, by=request.user
        )
    except Conflict as conflict:
        saved = conflict.current
        if any(getattr(saved, name) != form.cleaned_data[name] for name in services.FIELDS):
            return _two_texts(request, assessment, stored, form, saved)
        # The same form sent twice is not a conflict.
    except (Refused, PermissionDenied) as refused:
        attempts.note(assessment, place="form1", by=request.user)
        return _not_stored(request, assessment, stored, form, str(refused))
    if wants_json(request):
        return saved_reply(saved.version, _saved_words(saved, request.user), {})
    messages.success(request, _("บันทึกใบสมัครแล้ว"))
    return redirect("assessments:application", pk)


def _signed_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The log-in ran out while somebody was typing: their text stays on the page."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    typed = typed_texts(request.POST, dict(ApplicationForm.LABELS), without="award")
    return signed_out(request, back=request.path, typed=typed)


def _not_stored(
    request: HttpRequest, assessment: Assessment, stored: Application, form: ApplicationForm, reason: str = ""
) -> HttpResponse:
    if wants_json(request):
        return refusal_reply(form, reason)
    return _page(request, assessment, stored, form, status=403 if reason else 422, reason=reason)


def _two_texts(
    request: HttpRequest,
    assessment: Assessment,
    stored: Application,
    form: ApplicationForm,
    current: Application,
) -> HttpResponse:
    """409: a panel with both for the script, else the page with what is stored above what was typed."""
    if not wants_json(request):
        return _page(request, assessment, stored, form, status=409, current=current)
    context = {
        "fields": application_fields(form, current),
        "their_name": current.updated_by or _("ระบบ"),
        "their_time": current.updated_at,
    }
    html = render_to_string("partials/conflict_panel.html", context, request)
    theirs = {"values": {name: getattr(current, name) for name in services.FIELDS}}
    return conflict_reply(current.version, _saved_words(current, request.user), html, theirs=theirs)


def _saved_words(stored: Application, viewer: User) -> str:
    return saved_words(stored.updated_at, stored.updated_by, viewer) if stored.updated_at else ""


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
        closed = _("ท่านอ่านได้อย่างเดียว ผู้กรอกใบสมัครคือผู้ประสานงานของหน่วยงาน หากต้องแก้ไขให้แจ้งผู้ประสานงาน")
    context = frame(read_state(assessment), request.user, here="application") | {
        "stored": stored,
        "saved": _saved_words(stored, request.user),
        "form": form,
        "closed": closed,
        # What was typed is shown even where it can no longer be saved.
        "has_form": not closed or form.is_bound,
    }
    return render(request, "assessments/application.html", context | more, status=status)
