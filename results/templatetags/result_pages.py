"""What the result pages draw in a line: a dumbbell of two scores, and numbers that open the tree behind them."""

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from results.charts import FULL_SCORE, LEVEL_LINES

register = template.Library()

_WIDTH, _EDGE = 240, 6


def _across(score: str | int) -> str:
    return f"{_EDGE + (_WIDTH - 2 * _EDGE) * Decimal(score) / FULL_SCORE:.1f}"


@register.simple_tag
def dumbbell(claimed: str | None, verified: str | None) -> SafeString:
    """Both scores on a line from 0 to 500 with marks at the three levels; hidden from screen readers.

    The numbers stand beside it. A score that is None is not drawn.
    """
    lines = format_html_join(
        "",
        '<line class="grid" x1="{0}" x2="{0}" y1="0" y2="24"/>',
        ((_across(points),) for points in (0, *(points for points, _name in LEVEL_LINES))),
    )
    marks = []
    if claimed is not None and verified is not None:
        marks.append(
            format_html(
                '<line class="gap" x1="{}" x2="{}" y1="12" y2="12"/>', _across(verified), _across(claimed)
            )
        )
    if claimed is not None:
        marks.append(format_html('<circle class="ring" cx="{}" cy="12" r="5"/>', _across(claimed)))
    if verified is not None:
        marks.append(format_html('<circle class="dot" cx="{}" cy="12" r="5.5"/>', _across(verified)))
    return format_html(
        '<svg class="chart dumbbell" viewBox="0 0 {} 24" aria-hidden="true">{}{}</svg>',
        _WIDTH,
        lines,
        mark_safe("".join(marks)),  # noqa: S308 (each mark was made by format_html)
    )


@register.simple_tag
def tree_url(pk: int, basis: str, code: str, edition: int | None = None) -> str:
    """The address of the tree behind one number; `edition` where it is not that of what counts now."""
    if edition:
        return reverse("results:explain_edition", args=[pk, edition, basis, code])
    return reverse("results:explain", args=[pk, basis, code])


@register.simple_tag
def explained(
    pk: int, basis: str, code: str, value: str | int | None, edition: int | None = None
) -> SafeString:
    """A number as a link to the tree that made it; an en dash where there is none."""
    if value is None:
        return mark_safe("–")
    return format_html('<a class="explained" href="{}">{}</a>', tree_url(pk, basis, code, edition), value)


@register.filter
def at_key(found: Mapping, key: str):
    """What a mapping has for a key that another variable names; None where it has nothing, or is not there."""
    return found.get(key) if found else None
