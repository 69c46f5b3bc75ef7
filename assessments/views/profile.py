"""The organisational profile: its sections at a glance, and the page of one. `topics` stores the answers."""

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from assessments.models import Assessment
from assessments.pages.profile import questions_of, sections_of
from assessments.pages.threads import inside_links
from assessments.pages.topics import Kept, frame
from assessments.views.common import door, read_state
from criteria.structure import PROFILE, Topic


@login_required
@never_cache
def index(request: HttpRequest, pk: int) -> HttpResponse:
    """The sections with what is still missing. Nothing of it blocks the submission."""
    state = read_state(door(request, pk))
    profile = next(iter(state.tree.of_kind(PROFILE)), None)
    if profile is None:
        raise Http404
    context = frame(state, request.user, here="profile") | {
        "sections": sections_of(state),
        "profile": profile,
    }
    return render(request, "assessments/profile.html", context)


def section_page(
    request: HttpRequest, assessment: Assessment, topic: Topic, kept: Mapping[str, Kept], status: int
) -> HttpResponse:
    """The page of one section, or of a topic of an old edition: both are questions without a status.

    `kept`, by part code, holds forms that were posted and not stored.
    """
    state = read_state(assessment)
    category = state.tree.category_of_topic[topic.code]
    here = "profile" if category.kind == PROFILE else "form3"
    context = frame(state, request.user, here=here, topic=topic) | {
        **inside_links(state, topic, request.user),
        "is_profile": category.kind == PROFILE,
        "questions": questions_of(state, topic, request.user, kept),
        "sections": sections_of(state, category.kind),
    }
    return render(request, "assessments/profile_section.html", context, status=status)
