"""The line of sight through one assessment, for whoever reads it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from assessments.models import Assessment
from assessments.pages.sight import Place, sight_of
from assessments.pages.topics import frame
from assessments.reading import Answers, tree_of
from assessments.views.common import door, read_state


@login_required
@never_cache
def sight(request: HttpRequest, pk: int) -> HttpResponse:
    assessment = door(request, pk)
    state = read_state(assessment)
    context = frame(state, request.user, here="check")
    context["sight"] = sight_of(assessment, state.answers, _place(assessment, state.answers))
    return render(request, "assessments/sight.html", context)


def _place(assessment: Assessment, answers: Answers) -> Place:
    """A part by its anchor on the page of its topic, an indicator by its name's blank."""
    tree = tree_of(assessment)
    keys = {code: key for key, code in answers.codes.items()}

    def place(code: str) -> str:
        part = code if code in tree.parts else code.rpartition(".")[0]
        topic = tree.place_of_part[part][1].code
        anchor = f"p{code}" if code in tree.parts else f"i{keys[code]}-name"
        return f"{reverse('assessments:topic', args=[assessment.pk, topic])}#{anchor}"

    return place
