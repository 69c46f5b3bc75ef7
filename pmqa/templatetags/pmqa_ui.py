"""What our templates need beyond plain Django: icons, marks of level and outcome, bars, dates, user text.

Every mark is a glyph and a word; colour only repeats them. Nothing here writes a ``style`` attribute, because
the Content-Security-Policy refuses it: widths are SVG attributes.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pmqa import thai
from pmqa.names import name_of

register = template.Library()

register.filter("place_name", name_of)

_EN_DASH = "–"

# --- icons ------------------------------------------------------------------------------------


@cache
def _icon_shapes(name: str) -> SafeString:
    path = finders.find(f"icons/{name}.svg") if re.fullmatch(r"[a-z0-9-]+", name) else None
    if path is None:
        raise template.TemplateSyntaxError(f"There is no static/icons/{name}.svg.")
    svg = Path(path).read_text(encoding="utf-8")
    shapes = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    return mark_safe(" ".join(shapes.split()))  # noqa: S308  a file of ours, no input


def _meaning(label: str | Promise) -> SafeString:
    """How an SVG presents itself to screen readers: by its label, or not at all."""
    return format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')


@register.simple_tag
def icon(name: str, label: str | Promise = "") -> SafeString:
    """``{% icon "check2" %}``: the SVG of static/icons, inlined so that it takes the colour of its text.

    Beside a word it is decoration and hidden from screen readers; ``label`` is for an icon that stands alone.
    Raises TemplateSyntaxError for a name without a file.
    """
    return format_html(
        '<svg class="icon i-{}" viewBox="0 0 16 16" {}>{}</svg>',
        name,
        _meaning(label),
        _icon_shapes(name),
    )


# --- level, claim, outcome --------------------------------------------------------------------

_LEVELS = ("basic", "advance", "significance")
_STEP_HEIGHTS = (6, 10, 14)

_CLAIMS = {
    "done": ("is-done", "check-circle-fill", _("ดำเนินการแล้ว")),
    "started": ("is-started", "circle-half", _("อยู่ระหว่างเริ่มดำเนินการ")),
    "not_started": ("", "circle", _("ยังไม่ได้ดำเนินการ")),
    "": ("", "dash-lg", _("ยังไม่เลือกสถานะ")),
}
_OUTCOMES = {
    "pass": ("is-pass", "check-lg", _("ผ่าน")),
    "fail": ("is-fail", "x-lg", _("ไม่ผ่าน")),
    "unsure": ("is-warn", "question-lg", _("ไม่แน่ใจ")),
    "abstain": ("", "slash-lg", _("งดลงผล")),
    "": ("", "dash-lg", _("ยังไม่ตรวจ")),
}


@register.simple_tag
def level_chip(level: str | None) -> SafeString:
    """Steps and name of a level: ``basic``, ``advance``, ``significance``; empty or None is "not yet Basic".

    The names stay English in both languages, as on the forms. Raises ValueError for any other word.
    """
    number = _LEVELS.index(level) + 1 if level else 0
    name = level.capitalize() if level else _("ยังไม่ถึง Basic")
    steps = format_html_join(
        "",
        '<rect x="{}" y="{}" width="4.5" height="{}"{}/>',
        (
            (
                0.5 + 6 * step,
                15.5 - height,
                height,
                mark_safe(' class="on"') if step < number else "",
            )
            for step, height in enumerate(_STEP_HEIGHTS)
        ),
    )
    return format_html(
        '<span class="level-chip lv-{}">'
        '<svg class="steps" viewBox="0 0 18 16" aria-hidden="true">{}</svg>{}</span>',
        number,
        steps,
        name,
    )


@register.simple_tag
def claim_tag(claim: str | None) -> SafeString:
    """The status of a part: ``done``, ``started``, ``not_started``; empty or None is "none chosen".

    Raises KeyError for any other word.
    """
    tone, glyph, word = _CLAIMS[claim or ""]
    return format_html('<span class="state {}">{}{}</span>', tone, icon(glyph), word)


@register.simple_tag
def outcome_tag(verdict: str | None) -> SafeString:
    """A verdict, as ``Verdict.Outcome`` has them; empty or None is "not marked". KeyError for other words."""
    tone, glyph, word = _OUTCOMES[verdict or ""]
    return format_html('<span class="tag {}">{}{}</span>', tone, icon(glyph), word)


@register.simple_tag
def part_cell(state: str | None, now: bool = False) -> SafeString:
    """One mark of the part map, a claim or a verdict; the link around the marks says the same in words."""
    shape = state if state in ("pass", "fail", "unsure", "abstain", "done", "started") else ""
    return format_html('<i class="cell {}{}"></i>', shape, " now" if now else "")


# --- bars -------------------------------------------------------------------------------------


@register.simple_tag
def bar(done: int | Decimal, total: int | Decimal, label: str | Promise = "") -> SafeString:
    """How much of ``total`` is done, as wide as its place. Write the numbers beside it, or give a ``label``.

    More than all is drawn as all; a total of 0 is an empty bar.
    """
    share = min(max(Decimal(done) / Decimal(total), Decimal(0)), Decimal(1)) if total else Decimal(0)
    return format_html(
        '<svg class="bar{}" viewBox="0 0 100 8" preserveAspectRatio="none" {}>'
        '<rect width="{}" height="8"/></svg>',
        " is-full" if share == 1 else "",
        _meaning(label),
        f"{share * 100:.1f}",
    )


@register.simple_tag
def stacked_bar(segments: Iterable[tuple[str, int]]) -> SafeString:
    """Shares of a whole side by side: pairs of a tone of components.css (``tone-idle`` …) and a count.

    Hidden from screen readers: the legend beside it has the numbers.
    """
    segments = [(tone, count) for tone, count in segments if count > 0]
    whole = sum(count for _tone, count in segments)
    before = 0
    rows = []
    for tone, count in segments:
        rows.append((tone, f"{before / whole * 1000:.1f}", f"{count / whole * 1000:.1f}"))
        before += count
    return format_html(
        '<svg class="stacked" viewBox="0 0 1000 24" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="24"/>', rows),
    )


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """The page numbers worth a link round the current one, an ellipsis (a string) for each gap."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


# --- dates, numbers ---------------------------------------------------------------------------


def _language() -> thai.Language:
    return "en" if (get_language() or "").startswith("en") else "th"


@register.filter
def thai_date(day: dt.date | None, style: thai.Style = "full") -> str:
    """``16 กันยายน 2565``, with "short" ``16 ก.ย. 2565``; nothing for None."""
    return thai.thai_date(day, style, _language()) if day else ""


@register.filter
def thai_datetime(moment: dt.datetime | None, style: thai.Style = "short") -> str:
    """``16 ก.ย. 2565 14.02 น.``, Bangkok time; nothing for None."""
    return thai.thai_datetime(moment, style, _language()) if moment else ""


@register.filter
def thai_time(moment: dt.datetime | None) -> str:
    """``14.02 น.``, Bangkok time; nothing for None."""
    return thai.thai_time(moment, _language()) if moment else ""


@register.filter
def thai_moment(moment: dt.datetime | None) -> str:
    """``16 ก.ย. 2565 14.02.07 น.``, Bangkok time, to the second; nothing for None."""
    return thai.thai_moment(moment, _language()) if moment else ""


@register.simple_tag
def system_time() -> str:
    """The server's clock, by which rounds close."""
    return thai_datetime(timezone.now())


@register.filter
def score(value: Decimal | str | int | None) -> str:
    """Points with two decimals, half rounded up; an en dash where there is no score (which is not zero)."""
    return _EN_DASH if value is None or value == "" else thai.thai_number(value, 2)


# --- text that people wrote -------------------------------------------------------------------

# What RFC 3986 allows, so that Thai written against a link, quotation marks and spaces end it.
_URL = re.compile(r"(https?://[a-z0-9][a-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
# Thai breaks between words by dictionary; a run of other letters this long fits no narrow column unbroken.
_LONG_RUN = re.compile(r"([^\s\u0e00-\u0e7f]{20,})")
_CLOSING = {")": "(", "]": "["}


def _without_sentence_end(url: str) -> str:
    """The address without the punctuation of the sentence around it and without brackets it did not open."""
    while url:
        last = url[-1]
        opening = _CLOSING.get(last)
        if opening and url.count(last) <= url.count(opening):
            break
        if not opening and last not in ".,;:!?'*":
            break
        url = url[:-1]
    return url


def _breakable(text: str) -> str:
    """``text`` escaped, its long runs wrapped in ``.long``, which alone may be broken anywhere."""
    return "".join(
        f'<span class="long">{escape(piece)}</span>' if index % 2 else escape(piece)
        for index, piece in enumerate(_LONG_RUN.split(text))
    )


def _linked(text: str) -> str:
    html = []
    for index, piece in enumerate(_URL.split(text)):
        if index % 2 == 0:
            html.append(_breakable(piece))
            continue
        url = _without_sentence_end(piece)
        html.append(
            f'<a class="long" href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow">'
            f"{escape(url)}</a>{escape(piece[len(url) :])}"
        )
    return "".join(html)


def _line_by_line(text: str | None, show: Callable[[str], str]) -> SafeString:
    lines = _LINE_END.split(str(text)) if text else []
    return mark_safe("<br>".join(show(line) for line in lines))  # noqa: S308  every `show` escapes


@register.filter
def user_text(text: str | None) -> SafeString:
    """Text of a person, escaped, with its lines; long Latin runs may break, Thai never inside a word."""
    return _line_by_line(text, _breakable)


@register.filter
def linkify(text: str | None) -> SafeString:
    """``user_text`` with its http and https addresses as links, without the Thai or the brackets around them.

    The links open a new window, so that nobody leaves a half-written form, and tell the other side nothing.
    """
    return _line_by_line(text, _linked)
