"""Text that people wrote about parts of the form, with every code they mention as a link."""

import re
from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from pmqa.templatetags.pmqa_ui import linkify
from reviews.comments import references, split_at_codes

register = template.Library()

# Tags, and links with all that is in them: nothing inside them is a code to link.
_MARKUP = re.compile(r"(<a\b.*?</a>|<[^>]*>)", re.DOTALL)


@register.filter
def part_links(text: str | None, places: Mapping[str, str]) -> SafeString:
    """`linkify`, and a link to the address in `places` (code -> URL) for each code that the text mentions.

    The links open a new window, so that nobody leaves a half-written comment.
    """
    html = [
        piece if index % 2 else _linked(piece, places)
        for index, piece in enumerate(_MARKUP.split(linkify(text)))
    ]
    return mark_safe("".join(html))  # noqa: S308 (escaped by linkify, codes are digits and dots)


@register.filter
def mentioned(text: str, places: Mapping[str, str]) -> list[tuple[str, str]]:
    """(code, address) of every part that a text mentions, for text that stands in a blank."""
    return [(code, places[code]) for code in references(text, places)]


def _linked(escaped: str, places: Mapping[str, str]) -> str:
    return "".join(
        format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', places[piece], piece)
        if is_code
        else piece
        for piece, is_code in split_at_codes(escaped, places)
    )
