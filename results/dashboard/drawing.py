"""Charts of the dashboards as SVG text, for pages only; each page has the same numbers as a table.

Pure: no Django. Their colours come from `static/css/dashboard.css`, so they follow the theme; every figure is written
beside its mark and marks differ in shape too (verified solid, claimed hollow, untold a dashed frame), so that nothing
depends on colour. What is None is not told and is never drawn as 0. All are narrow enough to be read on a phone.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 460
# How much of a name stands above its bar; the table has all of it.
NAME_COLUMNS = 52
# Thai vowels that belong to the consonant before them, and those that belong to the one after.
_FOLLOWS, _LEADS = "ะาำๅๆฯ", "เแโใไ"
_MAY_BREAK = re.compile("(?<= )|(?=และ)")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `value` is its length, `shown` is written beside it; `second` is a hollow mark on its scale."""

    label: str
    value: float | None
    shown: str = ""
    second: float | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a heat map; `depth` 0 to 3, None where nothing is told."""

    shown: str
    depth: int | None


def columns(bars: Sequence[Bar], *, title: str, description: str, every: int = 1) -> str:
    """Upright bars side by side; the label of every `every`-th stands below."""
    height, base, left = 230, 190, 8
    greatest = max((bar.value or 0 for bar in bars), default=0) or 1
    step = (WIDTH - 2 * left) / len(bars)
    marks = [_line(left, base, WIDTH - left, base)]
    for index, bar in enumerate(bars):
        x = left + step * index
        if bar.value is None:
            marks.append(_frame(x + 2, base - 30, step - 4, 30))
        elif bar.value:
            tall = max(150 * bar.value / greatest, 1)
            marks.append(_rect(x + 2, base - tall, step - 4, tall, "dash-bar"))
            marks.append(_text(x + step / 2, base - tall - 5, bar.shown, anchor="middle", css="dash-small"))
        if index % every == 0:
            marks.append(_text(x, base + 17, bar.label, css="dash-small"))
    return _svg(height, title, description, marks)


def rows(
    bars: Sequence[Bar], *, greatest: float, title: str, description: str, left: int = 92, right: int = 74
) -> str:
    """Bars that lie, one a line, from 0 to `greatest`; room of `left` for the label, `right` for the number.

    Bars with names have label and name above themselves, and begin at the edge.
    """
    if any(bar.name for bar in bars):
        left = 1
    across = (WIDTH - left - right) / (greatest or 1)
    marks, y = [], 4
    for bar in bars:
        if bar.name:
            marks.append(_text(0, y + 14, fitted(f"{bar.label} {bar.name}", NAME_COLUMNS)))
            y += 20
        else:
            marks.append(_text(left - 8, y + 15, bar.label, anchor="end"))
        marks.append(_line(left, y - 1, left, y + 22))
        if bar.value is None:
            marks.append(_frame(left, y + 2, WIDTH - left - right, 18))
        else:
            marks.append(_rect(left, y + 2, bar.value * across, 18, "dash-bar"))
        if bar.second is not None:
            x = left + bar.second * across
            marks.append(
                f'<rect class="dash-own" x="{x - 4.5:.1f}" y="{y + 6.5:.1f}" width="9" height="9" '
                f'transform="rotate(45 {x:.1f} {y + 11:.1f})"/>'
            )
        marks.append(_text(WIDTH - 2, y + 16, bar.shown, anchor="end", css="dash-figure"))
        y += 32 if bar.name else 27
    return _svg(y, title, description, marks)


def stacked(
    lines: Sequence[tuple[str, Sequence[int] | None]], names: Sequence[str], *, title: str, description: str
) -> str:
    """Shares of a whole, one line each; the initial of each part stands in it, and `names` explain them above."""
    row, left, top = 25, 46, 26
    marks, x = [], left
    for depth, name in enumerate(names):
        marks.append(_rect(x, 4, 14, 14, f"heat-{depth}"))
        marks.append(_text(x + 19, 16, name))
        x += 100
    width = WIDTH - left - 4
    for index, (label, counts) in enumerate(lines):
        y = top + row * index
        marks.append(_text(left - 8, y + 15, label, anchor="end"))
        if counts is None:
            marks.append(_frame(left, y + 2, width, row - 7))
            continue
        whole, place = sum(counts) or 1, left
        for depth, count in enumerate(counts):
            long = width * count / whole
            if count:
                marks.append(_rect(place, y + 2, max(long - 1.5, 0.5), row - 7, f"heat-{depth}"))
            if long > 30:
                css = f"dash-small heat-{depth}-ink"
                share = f"{100 * count / whole:.0f}%"
                marks.append(_text(place + long / 2, y + 15, share, anchor="middle", css=css))
            place += long
    return _svg(top + row * len(lines) + 4, title, description, marks)


def heat(
    lines: Sequence[tuple[str, Sequence[Cell]]], heads: Sequence[str], *, title: str, description: str
) -> str:
    """A table whose cells are darker the more they are; every cell says its number."""
    row, left, width = 34, 214, 680
    cell = (width - left) / len(heads)
    marks = [
        _text(left + cell * (index + 0.5), 16, head, anchor="middle", css="dash-small")
        for index, head in enumerate(heads)
    ]
    for down, (label, cells) in enumerate(lines):
        y = 24 + row * down
        parts = wrapped(label, 30)
        first = y + row / 2 + (4 if len(parts) == 1 else -4)
        marks += [_text(0, first + 15 * index, part) for index, part in enumerate(parts)]
        for across, one in enumerate(cells):
            x = left + cell * across
            if one.depth is None:
                marks.append(_frame(x + 1, y + 1, cell - 2, row - 3))
                continue
            marks.append(_rect(x + 1, y + 1, cell - 2, row - 3, f"heat-{one.depth}"))
            css = f"dash-small heat-{one.depth}-ink"
            marks.append(_text(x + cell / 2, y + row / 2 + 4, one.shown, anchor="middle", css=css))
    return _svg(24 + row * len(lines) + 4, title, description, marks, width=width)


def years(
    points: Sequence[tuple[str, float | None, float | None]],
    *,
    title: str,
    description: str,
    words: tuple[str, str],
) -> str:
    """Year, claimed, verified: two lines from 0 to 500, the claimed dashed and hollow, the verified solid."""
    height, top, base, left, right = 236, 30, 196, 40, 30
    step = (WIDTH - left - right - 60) / max(len(points) - 1, 1)

    def place(index: int, value: float) -> tuple[float, float]:
        return left + 36 + step * index, base - (base - top) * value / 500

    marks = []
    for level in (0, 300, 400, 500):
        y = base - (base - top) * level / 500
        marks += [_line(left, y, WIDTH - right, y), _text(left - 6, y + 4, str(level), anchor="end")]
    for which, css in ((1, "dash-own"), (2, "dash-dot")):
        drawn = [place(index, point[which]) for index, point in enumerate(points) if point[which] is not None]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in drawn)
        marks.append(f'<polyline class="{css}-line" points="{line}"/>')
        for x, y in drawn:
            marks.append(
                _rect(x - 4.5, y - 4.5, 9, 9, css)
                if which == 1
                else f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
            )
    for index, (year, _own, checked) in enumerate(points):
        x, _y = place(index, 0)
        marks.append(_text(x, base + 18, year, anchor="middle"))
        if checked is not None:
            x, y = place(index, checked)
            marks.append(_text(x, y + 22, f"{checked:.2f}", anchor="middle", css="dash-figure"))
    marks += [
        _rect(left + 2, height - 13, 9, 9, "dash-own"),
        _text(left + 18, height - 4, words[0]),
        f'<circle class="dash-dot" cx="{left + 160}" cy="{height - 9}" r="5"/>',
        _text(left + 172, height - 4, words[1]),
    ]
    return _svg(height, title, description, marks)


def spread(
    ranges: Sequence[tuple[str, float, tuple[float, float] | None, float | None]],
    *,
    title: str,
    description: str,
) -> str:
    """Label, the mean of others as an upright stroke, their middle half as a box or None, one's own as a solid dot."""
    row, left = 27, 46
    across = (WIDTH - left - 12) / 500
    marks = []
    for level in (0, 300, 400, 500):
        x = left + level * across
        anchor = "middle" if level else "start"
        marks += [_line(x, 20, x, 22 + row * len(ranges)), _text(x, 13, str(level), anchor=anchor)]
    for index, (label, mean, middle, own) in enumerate(ranges):
        y = 24 + row * index
        marks.append(_text(left - 8, y + 16, label, anchor="end"))
        marks.append(_line(left, y + 12, WIDTH - 12, y + 12))
        if middle is not None:
            first, third = (left + value * across for value in middle)
            marks.append(_rect(first, y + 5, max(third - first, 1), 14, "heat-1"))
        x = left + mean * across
        marks.append(_line(x, y + 2, x, y + 22, css="dash-mean"))
        if own is not None:
            marks.append(f'<circle class="dash-dot" cx="{left + own * across:.1f}" cy="{y + 12}" r="5"/>')
    return _svg(30 + row * len(ranges), title, description, marks)


def wrapped(text: str, limit: int) -> list[str]:
    """At most two lines, broken at a space or before "และ"; what is still too long stays whole."""
    lines = [""]
    for piece in _MAY_BREAK.split(text):
        if lines[-1] and len(lines) == 1 and len((lines[-1] + piece).rstrip()) > limit:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def shortened(ministry: str) -> str:
    """The name of a ministry without the word for it, which all of them begin with."""
    return ministry.removeprefix("กระทรวง").removeprefix("Ministry of ") or ministry


def fitted(text: str, limit: int) -> str:
    """The text, or as much of it as takes `limit` columns, cut at a space, else never inside a Thai cluster."""
    taken = 0
    for index, letter in enumerate(text):
        taken += unicodedata.category(letter) != "Mn"
        if taken > limit:
            space = text.rfind(" ", limit // 2, index)
            end = index if space < 0 else space
            while end > 1 and (
                unicodedata.category(text[end]) == "Mn" or text[end] in _FOLLOWS or text[end - 1] in _LEADS
            ):
                end -= 1
            return f"{text[:end].rstrip()}…"
    return text


def _rect(x: float, y: float, width: float, height: float, css: str) -> str:
    return f'<rect class="{css}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _frame(x: float, y: float, width: float, height: float) -> str:
    """Where something is not told."""
    return _rect(x, y, width, height, "dash-untold")


def _line(x1: float, y1: float, x2: float, y2: float, css: str = "dash-rule") -> str:
    return f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", css: str = "dash-ink") -> str:
    return f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(height: float, title: str, description: str, marks: Sequence[str], *, width: int = WIDTH) -> str:
    name, told = escape(title), escape(description)
    css = "chart dash-chart is-wide" if width > WIDTH else "chart dash-chart"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{css}" role="img" aria-label="{name}: {told}" '
        f'viewBox="0 0 {width} {height:g}"><title>{name}</title><desc>{told}</desc>{"".join(marks)}</svg>'
    )
