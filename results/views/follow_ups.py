"""A follow-up of an improvement plan: the agency writes and submits, the reviewers' side replies card by card."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment
from assessments.views.common import refusal_reply, saved_reply, wants_json
from pmqa.errors import Conflict, Refused
from results.improvement import following
from results.improvement.follow_up_reading import follow_up_page
from results.improvement.forms import ProgressForm, ReplyForm
from results.improvement.making import plan_with
from results.improvement.models import Card, Progress, Reply
from results.improvement.months import ROUNDS
from results.improvement.names import name_of
from results.improvement.reading import saved_words
from results.views.improvement import card_or_404, plan_case
from results.views.two_texts import two_texts
from reviews.conflicts import resolved


def _case(request: HttpRequest, pk: int, months: int) -> Assessment:
    assessment = plan_case(request, pk)
    if months not in ROUNDS:
        raise Http404
    return assessment


@login_required
@require_safe
def follow_up(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """A follow-up as it is being written, or as it was submitted with what was replied."""
    return _page(request, _case(request, pk, months), months)


def _page(
    request: HttpRequest,
    assessment: Assessment,
    months: int,
    *,
    kept: dict[int, Form] | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    """`kept`, by key of the card, are forms that were posted and not stored."""
    page = follow_up_page(assessment, request.user, months)
    is_submitted = page.round.is_submitted
    may_reply = is_submitted and request.user.has_perm("results.reply_follow_up", assessment)
    may_write = page.round.is_open and not is_submitted
    kept = kept or {}
    entries = []
    for entry in page.cards:
        form = kept.pop(entry.card.pk, None)
        if form is None and may_reply:
            form = ReplyForm.of(entry.reply, entry.card)
        elif form is None and may_write and entry.view.may_edit:
            form = ProgressForm.of(entry.progress, entry.card)
        said = entry.progress
        entries.append(
            {
                "entry": entry,
                "form": form,
                "saved": saved_words(said.updated_at, said.updated_by, request.user) if said else "",
            }
        )
    context = {
        "assessment": assessment,
        "page": page,
        "entries": entries,
        # A text whose card has left the follow-up meanwhile still comes back.
        "orphans": list(kept.values()),
        "reason": reason,
        # Whoever has pressed to submit what is not whole yet.
        "is_asked": "asked" in request.GET,
        "may_write": may_write and any(row["entry"].view.may_edit for row in entries),
        "may_submit": may_write and request.user.has_perm("results.submit_follow_up", assessment),
    }
    return render(request, "results/improvement/follow_up.html", context, status=status)


@login_required
@require_POST
def submit(request: HttpRequest, pk: int, months: int) -> HttpResponse:
    """Submit a follow-up, once."""
    assessment = _case(request, pk, months)
    try:
        following.submit(plan_with(assessment), months=months, by=request.user)
    except Refused as refused:
        if refused.code == "gaps":
            # What is still to be written stands there, each with a link to its place.
            return redirect(f"{reverse('results:follow_up', args=[pk, months])}?asked=1#missing")
        messages.error(request, refused.message)
    else:
        messages.success(request, _("ส่งความคืบหน้าแล้ว ผู้ตรวจจะให้ความเห็นทีละรายการ"))
    return redirect("results:follow_up", pk, months)


@login_required
@require_POST
def save_progress(request: HttpRequest, pk: int, months: int, card: int) -> HttpResponse:
    """What the agency says of one card."""
    store, done = following.save_progress, _("บันทึกความคืบหน้าแล้ว")
    return _save(request, pk, months, card, form_class=ProgressForm, store=store, done=done)


@login_required
@require_POST
def save_reply(request: HttpRequest, pk: int, months: int, card: int) -> HttpResponse:
    """The reviewers' side on one card of a submitted follow-up."""
    store, done = following.reply, _("บันทึกความเห็นแล้ว")
    return _save(request, pk, months, card, form_class=ReplyForm, store=store, done=done)


def _save(
    request: HttpRequest,
    pk: int,
    months: int,
    card: int,
    *,
    form_class: type[ProgressForm] | type[ReplyForm],
    store: Callable[..., Progress | Reply],
    done: str,
) -> HttpResponse:
    """Store a form about one card; whatever the refusal, the typed text comes back."""
    assessment = _case(request, pk, months)
    found = card_or_404(plan_with(assessment), card)
    place = f"{reverse('results:follow_up', args=[pk, months])}#c{card}"
    if request.POST.get("keep") == "theirs":
        return redirect(place)
    form = form_class.of(None, found, resolved(request.POST))
    if not form.is_valid():
        return _not_stored(request, found, months, form)
    try:
        saved = store(found, months=months, **form.cleaned_data, by=request.user)
    except Conflict as conflict:
        return two_texts(
            request, assessment, form, conflict.current, title=name_of(found), action=request.path, back=place,
        )  # fmt: skip
    except (Refused, PermissionDenied) as refused:
        return _not_stored(request, found, months, form, str(refused))
    if wants_json(request):
        by, at = (getattr(saved, name) for name in form.WRITTEN)
        return saved_reply(saved.version, saved_words(at, by, request.user), {})
    messages.success(request, done)
    return redirect(place)


def _not_stored(request: HttpRequest, card: Card, months: int, form: Form, reason: str = "") -> HttpResponse:
    if wants_json(request):
        return refusal_reply(form, reason)
    return _page(
        request,
        card.assessment,
        months,
        kept={card.pk: form},
        reason=reason,
        status=403 if reason else 422,
    )
