"""What every view of one assessment does first, and how it answers a script."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.pages import State, frame, state_of
from assessments.reading import read_answers
from criteria.structure import Topic


def door(request: HttpRequest, pk: int) -> Assessment:
    """The assessment, for somebody who may read what is in it. 404 behind the door, 403 with a reason."""
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user).with_places(), pk=pk)
    if not request.user.has_perm("assessments.read", assessment):
        raise PermissionDenied(_("แบบประเมินนี้ยังเป็นร่างของหน่วยงาน อ่านได้เมื่อหน่วยงานส่งแล้ว"))
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


def refusal(state: str, status: int, message: str, **details) -> JsonResponse:
    """Why the script's save was not stored; `state` is refused or signed_out (static/js/autosave.js)."""
    return JsonResponse({"state": state, "message": str(message), **details}, status=status)
