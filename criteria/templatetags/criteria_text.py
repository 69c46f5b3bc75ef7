"""Criteria texts in templates: the name in the reader's language, defined terms as pop-ups."""

from itertools import count
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from criteria.terms import mark

register = template.Library()


@register.filter
def named(node: Any) -> str:
    """Name or title of an edition, category, topic, item or field; Thai where English is missing."""
    language = "en" if (get_language() or "th").startswith("en") else "th"
    for stem in ("name", "title", "label"):
        if hasattr(node, f"{stem}_th"):
            return getattr(node, f"{stem}_{language}") or getattr(node, f"{stem}_th")
    raise AttributeError(f"{node!r} has no name")


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
