"""The page of one topic, and saving one part of it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.conflicts import NOT_TYPED, conflict_context, resolved
from assessments.forms import AnswerForm
from assessments.models import Answer, Assessment
from assessments.pages import Kept, frame, item_views, part_view
from assessments.presentation import saved_sentence
from assessments.reading import tree_of
from assessments.services import answers as services
from assessments.views import indicators, profile
from assessments.views.common import door, read_state, refusal, state_fragments, wants_json
from criteria import models
from criteria.catalogue import topic_or_404
from criteria.structure import PROFILE, RESULTS, Part, Topic
from pmqa.errors import Conflict, Refused


@login_required
@never_cache
def topic_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Any topic: of Form 3 here, of Form 4 and the profile where they are drawn."""
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
    kind = tree_of(assessment).category_of_topic[topic.code].kind
    if kind == RESULTS:
        return indicators.topic_page(request, assessment, topic)
    if kind == PROFILE:
        return profile.section_page(request, assessment, topic, kept or {}, status)
    state = read_state(assessment)
    context = frame(state, request.user, here="form3", topic=topic)
    context["items"] = item_views(state, topic, request.user, kept or {})
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
        return _invalid(request, assessment, topic, form)
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
        return _refused(request, assessment, topic, form, str(refused))
    return _saved(request, assessment, topic, part, saved)


def _saved(
    request: HttpRequest, assessment: Assessment, topic: Topic, part: Part, saved: Answer
) -> HttpResponse:
    sentence = saved_sentence(saved, request.user)
    if not wants_json(request):
        messages.success(request, f"{part.code} {sentence}")
        return redirect(f"{reverse('assessments:topic', args=[assessment.pk, topic.code])}#p{part.code}")
    state = read_state(assessment)
    kind = state.tree.category_of_topic[topic.code].kind
    view = part_view(part, saved, request.user, kind=kind)
    fragments = state_fragments(request, state, topic)
    fragments[f"rule-{part.code}"] = render_to_string("assessments/_part_rule.html", {"view": view}, request)
    return JsonResponse(
        {"state": "saved", "version": saved.version, "message": sentence, "fragments": fragments}
    )


def _invalid(request: HttpRequest, assessment: Assessment, topic: Topic, form: AnswerForm) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"state": "invalid", "errors": form.errors}, status=422)
    return show(request, assessment, topic, {form.part.code: Kept(form)}, status=422)


def _refused(
    request: HttpRequest, assessment: Assessment, topic: Topic, form: AnswerForm, reason: str
) -> HttpResponse:
    if wants_json(request):
        return refusal("refused", 403, reason)
    return show(request, assessment, topic, {form.part.code: Kept(form, reason)}, status=403)


def _conflict(
    request: HttpRequest, assessment: Assessment, topic: Topic, form: AnswerForm, current: Answer
) -> HttpResponse:
    context = conflict_context(form, current)
    if wants_json(request):
        return JsonResponse(
            {
                "state": "conflict",
                "version": current.version,
                "theirs": {"claim": current.claim, "values": current.values},
                "message": saved_sentence(current, request.user),
                "html": render_to_string("assessments/_conflict.html", context, request),
            },
            status=409,
        )
    category, _topic, item = tree_of(assessment).place_of_part[form.part.code]
    back = f"{reverse('assessments:topic', args=[assessment.pk, topic.code])}#p{form.part.code}"
    context |= {"assessment": assessment, "topic": topic, "item": item, "category": category, "back": back}
    return render(request, "assessments/conflict.html", context, status=409)


def _signed_out(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The log-in ran out while somebody was typing: their text stays on the page (users-ask 1)."""
    part = models.Part.objects.filter(code=code).select_related("item__topic").first()
    if part is None:
        raise Http404
    back = reverse("assessments:topic", args=[pk, part.item.topic.code])
    login = f"{reverse('account_login')}?{urlencode({'next': f'{back}#p{code}'})}"
    if wants_json(request):
        message = _("หมดเวลาใช้งาน เข้าสู่ระบบอีกครั้ง ข้อความยังอยู่")
        return refusal("signed_out", 401, message, login=login)
    labels = {field["key"]: field["label_th"] for field in part.fields}
    typed = [
        (labels.get(name.partition(".")[0], name), text)
        for name, texts in request.POST.lists()
        for text in texts
        if name not in (*NOT_TYPED, "claim") and text.strip()
    ]
    context = {"part": part, "typed": typed, "login": login}
    return render(request, "assessments/signed_out.html", context, status=401)
