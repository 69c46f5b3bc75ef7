"""The door to what an agency keeps to itself about an answer: its history and its comments."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment
from assessments.pages.spots import Spot, spot_of
from assessments.pages.state import State
from assessments.pages.topics import frame
from assessments.views.common import door, read_state
from criteria.structure import PROCESS, PROFILE, RESULTS

_HERE = {PROCESS: "form3", RESULTS: "form4", PROFILE: "profile"}


def inside_door(request: HttpRequest, pk: int) -> Assessment:
    """`door`, for members of the agency and the auditor. 403 with a reason for others who may read the answers."""
    assessment = door(request, pk)
    if not request.user.has_perm("assessments.look_inside", assessment):
        raise PermissionDenied(_("ประวัติและความเห็นเป็นเรื่องภายในของหน่วยงาน ผู้อ่านคือบุคลากรของหน่วยงานนั้น"))
    return assessment


def part_spot(request: HttpRequest, pk: int, code: str) -> tuple[State, Spot]:
    """A part of Form 3 or a question of the profile. Two queries beside the door."""
    state = read_state(inside_door(request, pk))
    if code not in state.answers.parts:
        raise Http404
    return state, spot_of(state, state.answers.parts[code])


def indicator_spot(request: HttpRequest, pk: int, answer_id: int) -> tuple[State, Spot]:
    """An indicator of Form 4, removed or not."""
    state, spot = answer_spot(request, pk, answer_id)
    if not spot.is_indicator:
        raise Http404
    return state, spot


def answer_spot(request: HttpRequest, pk: int, answer_id: int) -> tuple[State, Spot]:
    state = read_state(inside_door(request, pk))
    rows = state.assessment.answers.select_related("part", "indicator", "updated_by")
    answer: Answer = get_object_or_404(rows, pk=answer_id)
    answer.assessment = state.assessment
    return state, spot_of(state, answer)


def spot_context(request: HttpRequest, state: State, spot: Spot, *, inside: str = "") -> dict:
    """Context of assessments/inside_base.html; `inside` is the page, history or comments."""
    context = frame(state, request.user, here=_HERE[spot.category.kind])
    return context | {"spot": spot, "topic": spot.topic, "category": spot.category, "inside": inside}
