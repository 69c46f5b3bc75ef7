"""What every view of one assessment does first, and how every save of a text answers (static/js/autosave.js)."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.middleware import opened
from assessments.models import Answer, Assessment
from assessments.pages.conflicts import NOT_TYPED
from assessments.pages.state import State, state_of
from assessments.pages.topics import frame
from assessments.presentation import saved_sentence
from assessments.reading import read_answers, tree_of
from criteria.structure import Topic


def door(request: HttpRequest, pk: int) -> Assessment:
    """The assessment, for somebody who may read what is in it. 404 behind the door, 403 with a reason."""
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)
    if not request.user.has_perm("assessments.read", assessment):
        raise PermissionDenied(_("แบบประเมินนี้ยังเป็นร่างของหน่วยงาน อ่านได้เมื่อหน่วยงานส่งแล้ว"))
    opened(request, assessment)
    return assessment


def read_state(assessment: Assessment) -> State:
    """One query."""
    return state_of(assessment, read_answers(assessment))


def wants_json(request: HttpRequest) -> bool:
    """Whether the autosave script asks, and not a form without script."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def state_fragments(request: HttpRequest, state: State, topic: Topic) -> dict[str, str]:
    """The counts and scores of a topic's page after a save: element id -> HTML."""
    here = "form3"
    context = frame(state, request.user, here=here, topic=topic)
    return {
        name: render_to_string(template, context, request)
        for name, template in (
            ("outline", "assessments/_outline.html"),
            ("topic-state", "assessments/_topic_state.html"),
            ("work-progress", "assessments/_work_progress.html"),
        )
    }


def topic_place(assessment: Assessment, topic: Topic, anchor: str) -> str:
    """The address of something on the page of a topic."""
    return f"{reverse('assessments:topic', args=[assessment.pk, topic.code])}#{anchor}"


# --- how a save answers the script ------------------------------------------------------------


def saved_reply(version: int, message: str, fragments: Mapping[str, str]) -> JsonResponse:
    """Stored; `fragments` (element id -> HTML) take their places on the page."""
    return JsonResponse({"state": "saved", "version": version, "message": message, "fragments": fragments})


def refusal_reply(form: Form, reason: str = "") -> JsonResponse:
    """Not stored: 422 with what is wrong in the blanks, or 403 with the `reason`."""
    if reason:
        return JsonResponse({"state": "refused", "message": reason}, status=403)
    return JsonResponse({"state": "invalid", "errors": form.errors}, status=422)


def conflict_reply(version: int, message: str, html: str, **details: Any) -> JsonResponse:
    """Another save came first: `version` is the stored one, `html` shows both texts."""
    return JsonResponse(
        {"state": "conflict", "version": version, "message": message, "html": html, **details}, status=409
    )


# --- how a save answers with a page -----------------------------------------------------------


def conflict_page(
    request: HttpRequest,
    assessment: Assessment,
    part: str,
    *,
    template: str,
    context: dict[str, Any],
    current: Answer,
    theirs: Mapping[str, Any],
    back: str,
) -> HttpResponse:
    """Two texts of an answer to the part of that code: a panel for the script, else the page `template`.

    `theirs` is the stored text as autosave.js compares it, {claim, values}.
    """
    if wants_json(request):
        html = render_to_string("assessments/_conflict.html", context, request)
        return conflict_reply(current.version, saved_sentence(current, request.user), html, theirs=theirs)
    category, topic, item = tree_of(assessment).place_of_part[part]
    places = {"assessment": assessment, "category": category, "topic": topic, "item": item, "back": back}
    return render(request, template, context | places, status=409)


def typed_texts(data: QueryDict, labels: Mapping[str, str], *, without: str) -> list[tuple[str, str]]:
    """What somebody typed, each with its label; `without` is the choice that is posted along."""
    return [
        (labels.get(name.partition(".")[0], name), text)
        for name, texts in data.lists()
        for text in texts
        if name not in (*NOT_TYPED, without)
    ]


def signed_out(
    request: HttpRequest, *, back: str, typed: Iterable[tuple[str, str]], code: str = ""
) -> HttpResponse:
    """The log-in ran out while somebody was typing: their text stays on the page."""
    login = f"{reverse('account_login')}?{urlencode({'next': back})}"
    if wants_json(request):
        message = _("หมดเวลาใช้งาน เข้าสู่ระบบอีกครั้ง ข้อความยังอยู่")
        return JsonResponse({"state": "signed_out", "message": message, "login": login}, status=401)
    context = {
        "code": code,
        "login": login,
        "typed": [(label, text) for label, text in typed if text.strip()],
    }
    return render(request, "unsaved.html", context, status=401)
