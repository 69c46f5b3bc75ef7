"""The criteria as a catalogue to read: for writers, reviewers and everybody who has signed in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from criteria.catalogue import edition_tree, pillars_of, roadmap_of, topic_or_404
from criteria.models import Edition
from criteria.roadmap import Roadmap
from criteria.search import LIMIT, search
from criteria.structure import LEVELS, PROCESS, RESULTS
from criteria.templatetags.criteria_text import named

READABLE = [Edition.Status.PUBLISHED, Edition.Status.RETIRED]


def _edition_or_404(code: str) -> Edition:
    return get_object_or_404(Edition, code=code, status__in=READABLE)


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All editions that were ever in force, newest first."""
    return render(request, "criteria/index.html", {"editions": Edition.objects.filter(status__in=READABLE)})


@login_required
def edition(request: HttpRequest, code: str) -> HttpResponse:
    """The level matrix: every topic with its one-line meaning of each level; without levels, the questions."""
    row = _edition_or_404(code)
    tree = edition_tree(row)
    chosen = request.GET.get("level", "")
    parts = (
        [
            (topic, item, part)
            for category in tree.of_kind(PROCESS)
            for topic in category.topics
            for item in topic.items
            for part in item.parts
            if part.level == chosen
        ]
        if chosen in LEVELS
        else []
    )
    context = {"edition": row, "tree": tree, "levels": LEVELS, "chosen": chosen, "parts": parts}
    context |= {
        "is_old": not tree.has_levels,
        "process": tree.of_kind(PROCESS),
        "results": tree.of_kind(RESULTS),
        "roadmap": roadmap_of(row),
        "pillars": pillars_of(row),
    }
    return render(request, "criteria/edition.html", context)


@login_required
def topic(request: HttpRequest, code: str, topic_code: str) -> HttpResponse:
    """Everything the criteria say about one topic."""
    row = _edition_or_404(code)
    tree = edition_tree(row)
    found = topic_or_404(row, topic_code)
    codes = list(tree.topics)
    place = codes.index(topic_code)
    category = tree.category_of_topic[topic_code]
    home = reverse("criteria:edition", args=[code])
    context = {
        "edition": row,
        "category": category,
        "crumbs": [
            (named(row), home),
            (" ".join((_("หมวด"), category.code, named(category))), f"{home}#c{category.code}"),
        ],
        "topic": found,
        "levels": LEVELS,
        "previous": tree.topics[codes[place - 1]] if place else None,
        "next": tree.topics[codes[place + 1]] if place + 1 < len(codes) else None,
        "is_old": not tree.has_levels,
        "has_news": any(found.guide.revision.get(level) for level in LEVELS),
    }
    return render(request, "criteria/topic.html", context)


@login_required
def find(request: HttpRequest, code: str) -> HttpResponse:
    """Search in Thai or English, also with the wording of the year before."""
    row = _edition_or_404(code)
    query = request.GET.get("q", "")[:200].strip()
    tree = edition_tree(row)
    hits = search(tree, query)
    context = {
        "edition": row,
        "is_old": not tree.has_levels,
        "query": query,
        "hits": hits,
        "is_cut": len(hits) == LIMIT,
        "crumbs": [(named(row), reverse("criteria:edition", args=[code]))],
    }
    return render(request, "criteria/search.html", context)


@login_required
def pillars(request: HttpRequest, code: str) -> HttpResponse:
    """The three pillars with the items that each rests on, and the factors of success."""
    row = _edition_or_404(code)
    found = pillars_of(row)
    if found is None:
        raise Http404
    context = {
        "edition": row,
        "found": found,
        "crumbs": [(named(row), reverse("criteria:edition", args=[code]))],
    }
    return render(request, "criteria/pillars.html", context)


def _roadmap_or_404(code: str) -> tuple[Edition, Roadmap]:
    row = _edition_or_404(code)
    roadmap = roadmap_of(row)
    if roadmap is None:
        raise Http404
    return row, roadmap


@login_required
def roadmap(request: HttpRequest, code: str) -> HttpResponse:
    """Eight dimensions by three levels on one page."""
    row, found = _roadmap_or_404(code)
    context = {
        "edition": row,
        "roadmap": found,
        "pillars": pillars_of(row),
        "levels": LEVELS,
        "crumbs": [(named(row), reverse("criteria:edition", args=[code]))],
    }
    return render(request, "criteria/roadmap.html", context)


@login_required
def dimension(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """One dimension: its three levels in order, each with the items that it rests on."""
    row, found = _roadmap_or_404(code)
    if key not in found.by_key:
        raise Http404
    place = list(found.by_key).index(key)
    context = {
        "edition": row,
        "roadmap": found,
        "dimension": found.by_key[key],
        "previous": found.dimensions[place - 1] if place else None,
        "next": found.dimensions[place + 1] if place + 1 < len(found.dimensions) else None,
        "crumbs": [
            (named(row), reverse("criteria:edition", args=[code])),
            (_("เส้นทางพัฒนา 8 มิติ"), reverse("criteria:roadmap", args=[code])),
        ],
    }
    return render(request, "criteria/dimension.html", context)
