"""Comments on an answer, inside the agency, and the mentions of a person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.forms.threads import CommentForm, EditForm
from assessments.models import Comment, Mention
from assessments.pages.spots import Spot, inside_url
from assessments.pages.state import State
from assessments.pages.threads import mentions_page, place_of, read_thread
from assessments.services import threads as services
from assessments.views.common import signed_out
from assessments.views.inside import answer_spot, indicator_spot, inside_door, part_spot, spot_context
from assessments.views.telling import tell_of_work
from pmqa.errors import Conflict, Refused


@login_required
@never_cache
def part_comments(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    return _show(request, *part_spot(request, pk, code))


@login_required
@never_cache
def indicator_comments(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    return _show(request, *indicator_spot(request, pk, answer_id))


def _show(
    request: HttpRequest,
    state: State,
    spot: Spot,
    *,
    form: CommentForm | None = None,
    kept: dict[int, EditForm] | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    """The thread. `form` or `kept` hold what was typed and not stored, `reason` why if no blank does."""
    may_speak = request.user.has_perm("assessments.comment", state.assessment)
    thread = read_thread(
        spot.answer, request.user, before=request.GET.get("before", ""), may_speak=may_speak, kept=kept
    )
    if may_speak and form is None:
        form = CommentForm(members=_others(request, state))
    context = spot_context(request, state, spot, inside="comments") | {
        "view": thread,
        "form": form if may_speak else None,
        "typed": form["text"].value() if form and not may_speak else "",
        "may_speak": may_speak,
        "reason": reason,
    }
    return render(request, "assessments/comments.html", context, status=status)


def _others(request: HttpRequest, state: State) -> dict:
    """Nobody asks for their own attention."""
    members = services.members_of(state.assessment.agency)
    return {person: roles for person, roles in members.items() if person.pk != request.user.pk}


@never_cache
@require_POST
def add_comment(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Say something; whatever the refusal, the typed text comes back."""
    if not request.user.is_authenticated:
        return _signed_out(request, pk)
    state, spot = answer_spot(request, pk, answer_id)
    form = CommentForm(request.POST, members=_others(request, state))
    if not form.is_valid():
        return _show(request, state, spot, form=form, status=422)
    try:
        comment = services.add_comment(
            spot.answer,
            key=form.cleaned_data["key"],
            text=form.cleaned_data["text"],
            mentions=form.chosen,
            by=request.user,
        )
    except Refused as refused:
        return _show(request, state, spot, form=form, reason=str(refused), status=422)
    except PermissionDenied as denied:
        return _show(request, state, spot, form=form, reason=str(denied), status=403)
    tell_of_work(request, form.chosen)
    return redirect(f"{spot.comments}#c{comment.pk}")


@never_cache
@require_POST
def edit_comment(request: HttpRequest, pk: int, comment_id: int) -> HttpResponse:
    """Say it better; the text that somebody typed comes back where it was not stored."""
    if not request.user.is_authenticated:
        return _signed_out(request, pk)
    comment = _comment(request, pk, comment_id)
    form = EditForm(request.POST, auto_id=f"c{comment.pk}-%s")
    reason, status = "", 422
    if form.is_valid():
        try:
            services.edit_comment(
                comment,
                version=form.cleaned_data["version"],
                text=form.cleaned_data["text"],
                by=request.user,
            )
        except Conflict as conflict:
            reason, status = _("ความเห็นนี้ถูกแก้จากอีกหน้าต่างหนึ่งแล้ว ฉบับที่บันทึกไว้อยู่ด้านล่าง ตรวจแล้วบันทึกอีกครั้ง"), 409
            newer = request.POST.copy()
            newer["version"] = str(conflict.current.version)
            form = EditForm(newer, auto_id=f"c{comment.pk}-%s")
        except Refused as refused:
            reason = str(refused)
        else:
            return redirect(f"{inside_url(comment.thread.answer, 'comments')}#c{comment.pk}")
    state, spot = answer_spot(request, pk, comment.thread.answer_id)
    return _show(request, state, spot, kept={comment.pk: form}, reason=reason, status=status)


@login_required
@never_cache
@require_POST
def remove_comment(request: HttpRequest, pk: int, comment_id: int) -> HttpResponse:
    """Take back one's own; what was said after it stays where it is."""
    comment = _comment(request, pk, comment_id)
    services.remove_comment(comment, by=request.user)
    return redirect(f"{inside_url(comment.thread.answer, 'comments')}#c{comment.pk}")


@login_required
@never_cache
@require_POST
def turn_thread(request: HttpRequest, pk: int, answer_id: int) -> HttpResponse:
    """Settle the matter, or reopen it."""
    _state, spot = answer_spot(request, pk, answer_id)
    services.turn_thread(spot.answer, is_settled=request.POST.get("settled") == "yes", by=request.user)
    return redirect(spot.comments)


def _comment(request: HttpRequest, pk: int, comment_id: int) -> Comment:
    assessment = inside_door(request, pk)
    rows = Comment.objects.select_related("thread__answer__part", "thread__answer__indicator")
    comment = get_object_or_404(rows.filter(thread__answer__assessment=assessment), pk=comment_id)
    comment.thread.answer.assessment = assessment
    return comment


def _signed_out(request: HttpRequest, pk: int) -> HttpResponse:
    typed = [(_("ความเห็น"), request.POST.get("text", ""))]
    return signed_out(request, back=reverse("assessments:overview", args=[pk]), typed=typed)


# --- mentions ---------------------------------------------------------------------------------


@login_required
@never_cache
def mentions(request: HttpRequest) -> HttpResponse:
    """Where somebody asked for this person's attention."""
    page, views = mentions_page(request.user, request.GET.get("page"))
    has_unread = bool(views) and views[0].mention.read_at is None
    return render(
        request, "assessments/mentions.html", {"page": page, "mentions": views, "has_unread": has_unread}
    )


@login_required
@never_cache
@require_POST
def open_mention(request: HttpRequest, mention_id: int) -> HttpResponse:
    """On to the comment, which counts as read now."""
    agencies = [membership.agency_id for membership in request.user.current_memberships]
    rows = Mention.objects.filter(
        user=request.user, comment__thread__answer__assessment__agency__in=agencies
    ).select_related("comment__thread__answer__part", "comment__thread__answer__indicator")
    mention = get_object_or_404(rows, pk=mention_id)
    services.read_mention(mention, by=request.user)
    return redirect(place_of(mention))


@login_required
@never_cache
@require_POST
def read_mentions(request: HttpRequest) -> HttpResponse:
    services.read_mentions(by=request.user)
    messages.success(request, _("ทำเครื่องหมายว่าอ่านแล้วทั้งหมด"))
    return redirect("assessments:mentions")
