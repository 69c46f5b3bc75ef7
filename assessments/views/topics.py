"""The page of one topic, and saving one part of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.forms.parts import AnswerForm
from assessments.models import Answer, Assessment
from assessments.pages.companions import companions_of
from assessments.pages.conflicts import conflict_context, resolved
from assessments.pages.threads import inside_links
from assessments.pages.topics import Kept, frame, item_views, part_view
from assessments.presentation import saved_sentence
from assessments.reading import tree_of
from assessments.services import answers as services
from assessments.services import attempts
from assessments.views import indicators, profile
from assessments.views.common import (
    conflict_page,
    door,
    read_state,
    refusal_reply,
    saved_reply,
    signed_out,
    state_fragments,
    topic_place,
    typed_texts,
    wants_json,
)
from criteria import models
from criteria.catalogue import topic_or_404
from criteria.structure import PROCESS, RESULTS, Part, Topic
from pmqa.errors import Conflict, Refused


@login_required
@never_cache
def topic_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Any topic: of Form 3 here, of Form 4, of the profile and of an old edition where they are drawn."""
    assessment = door(request, pk)
    return show(request, assessment, topic_or_404(assessment.cycle.edition, code))


def show(
    request: HttpRequest,
    assessment: Assessment,
    topic: Topic,
    kept: dict[str, Kept] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a topic. `kept`, by part code, holds forms that were posted and not stored."""
    category = tree_of(assessment).category_of_topic[topic.code]
    if category.kind == RESULTS:
        return indicators.topic_page(request, assessment, topic)
    if not category.has_levels:
        return profile.section_page(request, assessment, topic, kept or {}, status)
    state = read_state(assessment)
    context = frame(state, request.user, here="form3", topic=topic) | inside_links(state, topic, request.user)
    context["items"] = item_views(state, topic, request.user, kept or {})
    context["companions"] = companions_of(assessment, state.answers, topic)
    return render(request, "assessments/topic.html", context, status=status)


@never_cache
@require_POST
def save_part(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Store one part of Form 3 or of the profile; whatever the refusal, the typed text comes back."""
    if not request.user.is_authenticated:
        return _signed_out(request, pk, code)
    assessment = door(request, pk)
    place = tree_of(assessment).place_of_part.get(code)
    if place is None or place[0].kind == RESULTS:
        raise Http404
    category, topic, _item = place
    part = tree_of(assessment).parts[code]
    answer = assessment.answers.select_related("part", "updated_by").get(part__code=code)
    answer.assessment = assessment
    form = AnswerForm(part, answer, resolved(request.POST, part))
    if not form.is_valid():
        return _not_stored(request, assessment, topic, form)
    try:
        saved = services.save_answer(
            answer,
            version=form.seen_version,
            claim=form.cleaned_data["claim"] or answer.claim,
            values=form.values,
            category=category.code,
            by=request.user,
        )
    except Conflict as conflict:
        saved = conflict.current
        if (saved.claim, saved.values) != (form.chosen_claim, form.values):
            return _conflict(request, assessment, topic, form, saved)
        # The same text twice (a lost reply, two windows) is not a conflict.
    except (Refused, PermissionDenied) as refused:
        attempts.note(assessment, place=code, by=request.user)
        return _not_stored(request, assessment, topic, form, str(refused))
    return _saved(request, assessment, topic, part, saved)


def _saved(
    request: HttpRequest, assessment: Assessment, topic: Topic, part: Part, saved: Answer
) -> HttpResponse:
    sentence = saved_sentence(saved, request.user)
    if not wants_json(request):
        messages.success(request, f"{part.shown} {sentence}")
        return redirect(topic_place(assessment, topic, f"p{part.code}"))
    state = read_state(assessment)
    kind = state.tree.category_of_topic[topic.code].kind
    remarks = state.remarks(part.code).get(part.code, ()) if kind == PROCESS else ()
    context = {
        "view": part_view(part, saved, request.user, kind=kind, remarks=remarks),
        "assessment": assessment,
    }
    fragments = state_fragments(request, state, topic)
    for name in ("rule", "understood", "findings"):
        fragments[f"{name}-{part.code}"] = render_to_string(
            f"assessments/_part_{name}.html", context, request
        )
    return saved_reply(saved.version, sentence, fragments)


def _not_stored(
    request: HttpRequest, assessment: Assessment, topic: Topic, form: AnswerForm, reason: str = ""
) -> HttpResponse:
    """The typed text again, with the errors in it or the `reason` of the refusal."""
    if wants_json(request):
        return refusal_reply(form, reason)
    status = 403 if reason else 422
    return show(request, assessment, topic, {form.part.code: Kept(form, reason)}, status=status)


def _conflict(
    request: HttpRequest, assessment: Assessment, topic: Topic, form: AnswerForm, current: Answer
) -> HttpResponse:
    return conflict_page(
        request,
        assessment,
        form.part.code,
        template="assessments/conflict.html",
        context=conflict_context(form, current),
        current=current,
        theirs={"claim": current.claim, "values": current.values},
        back=topic_place(assessment, topic, f"p{form.part.code}"),
    )


def _signed_out(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    # Of any edition that has the code: which one the assessment has is nothing that a stranger is told.
    parts = models.Part.objects.filter(code=code).select_related("item__topic")
    if not parts:
        raise Http404
    back = f"{reverse('assessments:topic', args=[pk, parts[0].item.topic.code])}#p{code}"
    labels = {field["key"]: field["label_th"] for part in parts for field in part.fields}
    typed = typed_texts(request.POST, labels, without="claim")
    return signed_out(request, back=back, typed=typed, code=code)
