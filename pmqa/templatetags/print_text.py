"""How texts are set in printed documents.

The texts are what people typed. They are escaped here and nowhere else become markup.
"""

import datetime as dt
import re
from decimal import InvalidOperation

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from pmqa.text import normalise
from pmqa.thai import thai_date, thai_datetime, thai_digits, thai_number

register = template.Library()

# Thai must never break inside a word, so `overflow-wrap` is given only to what has no Thai word in it: long
# runs of Latin (links, file names) and rows of one repeated sign (dotted lines).
_UNBREAKABLE = re.compile(r"([!-~]{25,}|(?:(\S)\2{24,}))")
_BULLET = re.compile(r"[-–—•●○■□▪*☐☑☒✓] *(?=\S)")
NO_BREAK_SPACE = "\u00a0"


@register.filter
def inline(text: str) -> SafeString:
    """One line of text; long unbreakable runs may wrap, the rest breaks as Thai does."""
    text = normalise(text)
    pieces, end = [], 0
    for run in _UNBREAKABLE.finditer(text):
        pieces += [
            conditional_escape(text[end : run.start()]),
            format_html('<span class="run">{}</span>', run[0]),
        ]
        end = run.end()
    return SafeString("".join([*pieces, conditional_escape(text[end:])]))


@register.filter
def prose(text: str) -> SafeString:
    """Paragraphs, one a line; lines that begin with a bullet become a list and keep their bullet."""
    return SafeString("".join(_blocks(text)))


@register.simple_tag
def led_prose(lead: str, text: str) -> SafeString:
    """`prose` with its lead words before the first words of the text, as a form has them."""
    led = format_html('<span class="lead">{}</span>', inline(lead))
    blocks = _blocks(text)
    if blocks and blocks[0].startswith("<p>"):
        first = SafeString(blocks[0].removeprefix("<p>"))
        return format_html("<p>{} {}{}", led, first, SafeString("".join(blocks[1:])))
    return format_html('<p class="leads">{}</p>{}', led, SafeString("".join(blocks)))


def _blocks(text: str) -> list[SafeString]:
    """The paragraphs and lists of a text."""
    blocks: list[SafeString] = []
    bullets: list[SafeString] = []
    for line in [*map(str.strip, normalise(text).split("\n")), ""]:
        if _BULLET.match(line):
            bullets.append(inline(line))
            continue
        if bullets:
            items = format_html_join("", "<li>{}</li>", ((bullet,) for bullet in bullets))
            blocks.append(format_html("<ul>{}</ul>", items))
            bullets = []
        if line:
            blocks.append(format_html("<p>{}</p>", inline(line)))
    return blocks


@register.filter
def day(stored: str) -> str:
    """A stored ISO date as "16 กันยายน 2565"; what is no ISO date stays as it was typed."""
    try:
        return unbroken(thai_date(dt.date.fromisoformat(stored)))
    except ValueError:
        return stored


@register.filter
def moment(stored: str) -> str:
    """A stored ISO moment as "16 ก.ย. 2565 14.02 น." in Bangkok."""
    return unbroken(thai_datetime(dt.datetime.fromisoformat(stored)))


@register.filter
def number(stored: str) -> str:
    """A stored decimal with thousands separators; what is no number stays as it was typed."""
    try:
        return thai_number(stored)
    except InvalidOperation:
        return stored


@register.filter
def unbroken(text: str) -> str:
    """The words of a date or a code on one line."""
    return text.replace(" ", NO_BREAK_SPACE)


@register.filter
def unbroken_name(line: SafeString, name: str) -> SafeString:
    """A line of `inline` in which a person's name breaks between its words only: no dictionary of words knows it."""
    if not name or "<" in line:
        return line
    plain = inline(name)
    words = " ".join(f'<span class="nb">{word}</span>' for word in plain.split())
    return SafeString(line.replace(plain, words, 1))


@register.filter
def digits(text: str, thai: bool) -> str:
    """The text with Thai digits where `thai` asks for them."""
    return thai_digits(text) if thai else text
