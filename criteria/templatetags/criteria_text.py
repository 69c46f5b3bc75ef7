"""Criteria texts in templates: the name in the reader's language, defined terms as pop-ups."""

from itertools import count
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from criteria.catalogue import pillars_of, roadmap_of
from criteria.pillars import Pillar
from criteria.terms import mark

register = template.Library()


@register.filter
def named(node: Any) -> str:
    """Name or title of an edition, category, topic, item or field; Thai where English is missing."""
    for stem in ("name", "title", "label"):
        if hasattr(node, f"{stem}_th"):
            return _in_language(node, stem)
    raise AttributeError(f"{node!r} has no name")


@register.filter
def briefly(topic: Any) -> str:
    """The short name of a topic, where it has one in this language."""
    return (topic.short_th if named(topic) == topic.name_th else "") or named(topic)


@register.filter
def worded(cell: Any) -> str:
    """What a cell of the road map or a point of a pillar says."""
    return _in_language(cell, "text")


@register.filter
def about(dimension: Any) -> str:
    """What a dimension of the road map, a pillar or a factor of success is about."""
    return _in_language(dimension, "about")


@register.filter
def noted(roadmap: Any) -> str:
    """Where the texts of a road map or of the pillars come from."""
    return _in_language(roadmap, "note")


@register.filter
def has_roadmap(edition: Any) -> bool:
    """Whether a stored edition has a road map to lead to."""
    return roadmap_of(edition) is not None


@register.simple_tag
def pillar_of(edition: Any, code: str) -> Pillar | None:
    """The pillar of an item, a part, a group or an indicator in a stored edition; None where it has none."""
    pillars = pillars_of(edition)
    return pillars.over(code) if pillars else None


def _in_language(node: Any, stem: str) -> str:
    language = "en" if (get_language() or "th").startswith("en") else "th"
    return getattr(node, f"{stem}_{language}") or getattr(node, f"{stem}_th")


@register.simple_tag(takes_context=True)
def with_terms(context, text: str, definitions) -> SafeString:
    """`text` with every defined term as a button that opens its meaning; needs no script.

    The popovers get ids that are unique on the page, whatever the number of texts.
    """
    numbers = context.render_context.setdefault("criteria_terms", count(1))
    return format_html_join(
        "",
        "{}",
        ((_term(run, next(numbers)) if run.meaning else run.text,) for run in mark(text, definitions)),
    )


def _term(run, number: int) -> SafeString:
    return format_html(
        '<button type="button" class="term" popovertarget="term-{n}">{text}</button>'
        '<span popover id="term-{n}" class="term-meaning" role="note"><b>{term}</b> {meaning}</span>',
        n=number,
        text=run.text,
        term=run.term,
        meaning=run.meaning,
    )
