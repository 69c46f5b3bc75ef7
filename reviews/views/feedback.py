"""Writing the Feedback Report: every section with its draft, saved one by one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.models import Assessment
from assessments.views.common import conflict_reply, refusal_reply, saved_reply, signed_out, wants_json
from pmqa.errors import Conflict, Refused
from reviews.conflicts import differing, resolved
from reviews.feedback_reading import Texts, read_texts
from reviews.lead_forms import SectionForm
from reviews.models import FeedbackSection
from reviews.services import feedback as services
from reviews.views.settled import frame, settled_case


@login_required
@never_cache
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """All sections in the order of the report."""
    return _show(request, settled_case(request, pk))


def _show(
    request: HttpRequest,
    assessment: Assessment,
    *,
    kept: dict[str, SectionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`kept`, by section code, holds forms that were posted and not stored."""
    texts = read_texts(assessment, request.user)
    kept = kept or {}
    is_lead = request.user.has_perm("reviews.lead", assessment)
    closed = services.why_read_only(assessment)
    context = frame(request, assessment, here="feedback") | {
        "places": texts.places,
        "strengths": texts.strengths,
        "may_write": is_lead and not closed,
        "may_vet": request.user.has_perm("reviews.read_vetting", assessment),
        "closed": closed or ("" if is_lead else _("ผู้เขียนรายงานคือหัวหน้าทีมผู้ตรวจประเมิน")),
        "chapters": [
            (
                chapter,
                [(entry, kept.get(entry.code) or SectionForm.of(entry.section)) for entry in chapter.entries],
            )
            for chapter in texts.chapters
        ],
        # Typed text whose section is gone still comes back.
        "orphans": [form for code, form in kept.items() if texts.entry_of(code) is None],
    }
    return render(request, "reviews/feedback.html", context, status=status)


@never_cache
@require_POST
def save_section(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Save one section; whatever the refusal, the typed text comes back."""
    if not request.user.is_authenticated:
        back = reverse("reviews:feedback", args=[pk])
        return signed_out(request, back=back, typed=[(_("ข้อความ"), request.POST.get("text", ""))])
    assessment = settled_case(request, pk)
    if request.POST.get("keep") == "theirs":
        return redirect(_place(assessment, code))
    form = SectionForm(_posted(request, assessment, code))
    if not form.is_valid():
        return _not_stored(request, assessment, code, form)
    try:
        saved = services.save_section(assessment, code, by=request.user, **form.cleaned_data)
    except Conflict as conflict:
        return _conflict(request, assessment, code, form, conflict.current)
    except (Refused, PermissionDenied) as refused:
        return _not_stored(request, assessment, code, form, str(refused))
    if not wants_json(request):
        messages.success(request, _("บันทึกข้อความแล้ว"))
        return redirect(_place(assessment, code))
    return _saved(request, assessment, read_texts(assessment, request.user), saved)


def _not_stored(
    request: HttpRequest, assessment: Assessment, code: str, form: SectionForm, reason: str = ""
) -> HttpResponse:
    if wants_json(request):
        return refusal_reply(form, reason)
    if reason:
        form.add_error(None, reason)
    return _show(request, assessment, kept={code: form}, status=403 if reason else 422)


def _posted(request: HttpRequest, assessment: Assessment, code: str):
    """What was posted; with "restore" the stored draft in place of the text."""
    data = resolved(request.POST)
    if "restore" not in data:
        return data
    section = assessment.feedback.filter(code=code).first()
    if section is None:
        raise Http404
    data = data.copy()
    data["text"] = section.draft
    return data


def _place(assessment: Assessment, code: str) -> str:
    anchor = f"s-{code.replace(':', '-').replace('.', '-')}"
    return f"{reverse('reviews:feedback', args=[assessment.pk])}#{anchor}"


def _saved(
    request: HttpRequest, assessment: Assessment, texts: Texts, saved: FeedbackSection
) -> HttpResponse:
    entry = texts.entry_of(saved.code)
    context = {"entry": entry, "assessment": assessment, "places": texts.places, "may_write": True}
    html = render_to_string("reviews/feedback_draft.html", context, request)
    return saved_reply(saved.version, entry.saved, {f"{entry.anchor}-draft": html})


def _conflict(
    request: HttpRequest, assessment: Assessment, code: str, form: SectionForm, current: FeedbackSection
) -> HttpResponse:
    """Two windows, or two leads: both texts, and a proposal that holds both."""
    mine = form.cleaned_data
    entry = read_texts(assessment, request.user).entry_of(code)
    if entry is None:
        raise Http404
    context = frame(request, assessment, here="feedback") | {
        "entry": entry,
        "mine": mine,
        "theirs": current,
        "fields": differing({"text": ""}, mine, {"text": current.text}),
        "version": current.version,
        "their_name": current.updated_by or _("ฉบับร่าง"),
        "their_time": current.updated_at,
        "back": _place(assessment, code),
    }
    if wants_json(request):
        html = render_to_string("reviews/feedback_conflict_panel.html", context, request)
        theirs = {"values": {"text": current.text, "included": current.included}}
        return conflict_reply(current.version, _("ยังไม่บันทึก: มีสองฉบับ"), html, theirs=theirs)
    return render(request, "reviews/feedback_conflict.html", context, status=409)
