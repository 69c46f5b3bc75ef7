"""Charts of a result as SVG text, the same for the pages and for the Feedback Report. Pure: no Django.

Every chart is one `<svg>` with its `<title>` as first child (the description in a tagged PDF), a viewBox with
room for its labels, presentation attributes only (the pages forbid inline styles) and no reference to
anything outside. Classes are hooks for a page's own colours. Claimed is dashed and hollow, verified is solid
and filled, so that the two can be told apart without colour. What is None is not drawn; it is never drawn as
0.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from math import cos, pi, sin

from assessments.pages.spark import HEIGHT, TARGET_LINE, WIDTH, spark

FULL_SCORE = 500
LEVEL_LINES = ((300, "Basic"), (400, "Advance"), (500, "Significance"))
LEVELS = ("basic", "advance", "significance")

INK, INK_2, INK_3 = "#18222e", "#47535f", "#5f6a74"
RULE, RULE_STRONG, SHEET = "#dbded8", "#7b847f", "#ffffff"
CLAIMED, VERIFIED, TARGET = "#8a5a00", "#1f3f77", "#8a5a00"
HEAT = (("#ffffff", INK), ("#e3eaf5", INK), ("#c3d2ea", INK), ("#2f5596", "#ffffff"))

_MAY_BREAK = re.compile("(?<= )|(?=และ)|(?<!และ)(?=ผู้)")


@dataclass(frozen=True, slots=True)
class Words:
    """The words inside the charts; a page in another language passes its own."""

    claimed: str = "ประเมินตนเอง"
    verified: str = "ผู้ตรวจ"
    gap: str = "ต่าง"
    complete: str = "ครบ"
    half: str = "ครึ่งขึ้นไป"
    some: str = "น้อยกว่าครึ่ง"
    nothing: str = "ไม่มี"


THAI = Words()


@dataclass(frozen=True, slots=True)
class Score:
    """One category. Scores are decimal strings from "0" to "500", or None where there is none."""

    code: str
    name: str
    claimed: str | None = None
    verified: str | None = None
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """One topic: by level the share of passed parts ("1", "1/2", "0") and its counts `(passed, all)`.

    A level that the topic does not have is absent from both.
    """

    code: str
    shares: Mapping[str, str]
    counts: Mapping[str, Sequence[int]]


def radar(scores: Sequence[Score], *, title: str, words: Words = THAI) -> str:
    """The shape of the categories: an axis each, clockwise from the top, rings at 100 to 500."""
    width, height, radius = 760, 470, 160
    middle_x, middle_y = width / 2, 226
    count = len(scores)

    def point(index: int, score: float) -> tuple[float, float]:
        angle = 2 * pi * index / count
        reach = radius * score / FULL_SCORE
        return middle_x + reach * sin(angle), middle_y - reach * cos(angle)

    def outline(values: Sequence[float]) -> str:
        return " ".join("{:.1f},{:.1f}".format(*point(index, value)) for index, value in enumerate(values))

    marks = []
    for ring in range(100, FULL_SCORE + 1, 100):
        strong = ring >= LEVEL_LINES[0][0]
        marks.append(
            f'<polygon class="chart-grid" points="{outline([ring] * count)}" fill="none" '
            f'stroke="{RULE_STRONG if strong else RULE}" stroke-width="{0.8 if strong else 0.6}"/>'
        )
    for index, score in enumerate(scores):
        x, y = point(index, FULL_SCORE)
        marks.append(_line(middle_x, middle_y, x, y, RULE, css="chart-grid"))
        marks.append(_axis_label(score, 2 * pi * index / count, *point(index, FULL_SCORE * 1.08)))
    for ring, _ in LEVEL_LINES:
        y = middle_y - radius * ring / FULL_SCORE
        marks.append(
            f'<rect class="chart-sheet" x="{middle_x + 9:.1f}" y="{y - 7:.1f}" width="27" height="14" '
            f'fill="{SHEET}" fill-opacity=".8"/>'
            + _text(middle_x + 11, y + 4, str(ring), size=12, fill=INK_2)
        )
    for kind, colour, opacity in (
        ("claimed", CLAIMED, "0"),
        ("verified", VERIFIED, ".14"),
    ):
        values = [_number(getattr(score, kind)) for score in scores]
        if None not in values and count > 2:
            dashes = ' stroke-dasharray="6 4"' if kind == "claimed" else ""
            marks.append(
                f'<polygon class="chart-{kind}" points="{outline(values)}" fill="{colour}" '
                f'fill-opacity="{opacity}" stroke="{colour}" stroke-width="2.2"{dashes}/>'
            )
        marks += [_dot(*point(index, value), kind) for index, value in enumerate(values) if value is not None]
    marks.append(_key(middle_x - 150, height - 14, words))
    return _svg(width, height, title, marks, "radar")


def bars(scores: Sequence[Score], *, title: str, words: Words = THAI) -> str:
    """One line a category: claimed and verified on a scale from 0 to 500, with a line for each level."""
    row, top = 44, 46
    left, right, width = 262, 482, 760
    height = top + row * len(scores) + 52

    def across(score: float) -> float:
        return left + (right - left) * score / FULL_SCORE

    bottom = top + row * len(scores)
    marks = [
        _text(588, 38, words.verified, anchor="end", size=13, fill=INK_2),
        _text(676, 38, words.claimed, anchor="end", size=13, fill=INK_2),
        _text(width - 6, 38, words.gap, anchor="end", size=13, fill=INK_2),
        _line(across(0), top, across(0), bottom, RULE_STRONG, css="chart-grid"),
        _line(6, top, width - 6, top, RULE_STRONG, css="chart-grid"),
    ]
    for (points, level), height_of_name in zip(LEVEL_LINES, (38, 20, 38), strict=True):
        x = across(points)
        marks.append(_line(x, top, x, bottom, RULE_STRONG, dashes="2 3", css="chart-grid"))
        marks.append(_text(x, height_of_name, level, anchor="middle", size=12, fill=INK_2))
        marks.append(_text(x, bottom + 16, str(points), anchor="middle", size=12, fill=INK_2))
    for index, score in enumerate(scores):
        y = top + row * (index + 0.5)
        marks += _label_lines(f"{score.code} {score.name}", 6, y + 5, limit=32)
        ends = [_number(score.claimed), _number(score.verified)]
        if None not in ends:
            marks.append(
                _line(
                    across(ends[0]),
                    y,
                    across(ends[1]),
                    y,
                    INK_3,
                    width=2,
                    css="chart-gap",
                )
            )
        for kind, value in zip(("claimed", "verified"), ends, strict=True):
            if value is not None:
                marks.append(_dot(across(value), y, kind, size=5.5))
        marks.append(_text(588, y + 5, score.verified or "–", anchor="end", bold=True))
        marks.append(_text(676, y + 5, score.claimed or "–", anchor="end"))
        marks.append(_text(width - 6, y + 5, score.gap or "–", anchor="end"))
        marks.append(_line(6, y + row / 2, width - 6, y + row / 2, RULE, css="chart-grid"))
    marks.append(_key(left - 10, height - 8, words, lines=False))
    return _svg(width, height, title, marks, "bars")


def scale(
    verified: str, other: str | None, *, title: str, words: Words = THAI, levels: Sequence[str] = ()
) -> str:
    """One line from 0 to 500 with a step for each level: a solid mark for `verified`, a hollow one for `other`.

    `words.claimed` names the hollow mark; `levels` are the names of the steps where a page has its own.
    """
    width, height, left, right, y = 760, 84, 14, 746, 36
    names = levels or [name for _, name in LEVEL_LINES]

    def across(score: float) -> float:
        return left + (right - left) * score / FULL_SCORE

    marks = [
        _bar(left, right, y, depth=1),
        _bar(left, across(float(verified)), y, depth=2),
        _text(left, 20, "0", size=13, fill=INK_2),
    ]
    for (points, _), name in zip(LEVEL_LINES, names, strict=True):
        x = across(points)
        marks.append(_line(x, y - 13, x, y + 13, RULE_STRONG, width=1.2, css="chart-grid"))
        marks.append(_text(x, 20, f"{points} {name}", anchor="end", size=13, fill=INK_2))
    if other is not None:
        marks.append(_dot(across(float(other)), y, "claimed", size=7))
        marks.append(_key(left - 10, height - 8, words, lines=False))
    marks.append(_dot(across(float(verified)), y, "verified", size=8))
    return _svg(width, height, title, marks, "scale")


def heat_map(topics: Sequence[Passed], *, title: str, words: Words = THAI) -> str:
    """Topics across, levels down; a cell is darker the more of its parts passed, and says how many."""
    cell, row, left, top = 27, 30, 96, 26
    width = left + cell * len(topics) + 6
    height = top + row * len(LEVELS) + 34
    marks = []
    for down, (level, (_, name)) in enumerate(zip(LEVELS, LEVEL_LINES, strict=True)):
        marks.append(_text(left - 8, top + row * (down + 0.5) + 5, name, anchor="end", size=14))
        for across, topic in enumerate(topics):
            if level not in topic.shares:
                continue
            depth = heat_depth(topic.shares[level])
            x, y = left + cell * across, top + row * down
            passed, total = topic.counts[level]
            marks.append(_cell(x, y, cell - 2, row - 2, depth))
            marks.append(
                _text(
                    x + cell / 2 - 1,
                    y + row / 2 + 3.5,
                    f"{passed}/{total}",
                    anchor="middle",
                    size=11.5,
                    fill=HEAT[depth][1],
                    css=f"chart-q{depth}-ink",
                )
            )
    for across, topic in enumerate(topics):
        x = left + cell * (across + 0.5) - 1
        marks.append(_text(x, top - 9, topic.code, anchor="middle", size=12, fill=INK_2))
    x = left
    for depth, word in (
        (3, words.complete),
        (2, words.half),
        (1, words.some),
        (0, words.nothing),
    ):
        marks.append(_cell(x, height - 18, 14, 14, depth))
        marks.append(_text(x + 20, height - 6, word, size=13, fill=INK_2))
        x += 120
    return _svg(width, height, title, marks, "heat")


def spark_line(
    results: Sequence[str | None],
    *,
    target: str | None,
    direction: str,
    title: str,
) -> str:
    """An indicator's results, oldest first, beside its dashed target; the triangle points where better is."""
    chart = spark(
        [None if result is None else Decimal(result) for result in results],
        target=None if target is None else Decimal(target),
        direction=direction,
    )
    marks = []
    if chart.target:
        y = float(chart.target)
        marks.append(
            _line(TARGET_LINE[0], y, TARGET_LINE[1], y, TARGET, dashes="4 3", width=1.2, css="chart-target")
        )
        marks.append(f'<polygon class="chart-target" fill="{TARGET}" points="{chart.tip}"/>')
    for start, end in chart.lines:
        ends = (float(start.x), float(start.y), float(end.x), float(end.y))
        marks.append(_line(*ends, VERIFIED, width=2, css="chart-verified"))
    for point in chart.points:
        size = 4.2 if point.is_latest else 2.8
        marks.append(_dot(float(point.x), float(point.y), "verified", size=size))
    return _svg(WIDTH, HEIGHT, title, marks, "spark")


def heat_depth(share: str) -> int:
    """0 nothing passed, 1 less than half, 2 half or more, 3 all: the depth of a cell's colour."""
    passed = Fraction(share)
    if passed >= 1:
        return 3
    if passed >= Fraction(1, 2):
        return 2
    return 1 if passed > 0 else 0


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _columns(text: str) -> int:
    """How many columns a text takes: marks above and below a Thai letter take none."""
    return sum(unicodedata.category(character) != "Mn" for character in text)


def _wrapped(text: str, limit: int) -> list[str]:
    """Lines of at most `limit` columns, as far as the text can be broken without a Thai dictionary."""
    lines = [""]
    for piece in _MAY_BREAK.split(text):
        if lines[-1] and _columns((lines[-1] + piece).rstrip()) > limit:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _axis_label(score: Score, angle: float, x: float, y: float) -> str:
    lines = _wrapped(f"{score.code} {score.name}", limit=27)
    side = sin(angle)
    anchor = "middle" if abs(side) < 0.2 else ("start" if side > 0 else "end")
    first = y + 5 - 19 * (len(lines) - 1) * (1 + cos(angle)) / 2
    if cos(angle) < -0.5:
        first += 10
    return "".join(_text(x, first + 19 * index, line, anchor=anchor) for index, line in enumerate(lines))


def _label_lines(text: str, x: float, y: float, *, limit: int) -> list[str]:
    lines = _wrapped(text, limit)
    first = y - 17 * (len(lines) - 1) / 2
    return [
        _text(x if index == 0 else x + 11, first + 17 * index, line, size=14)
        for index, line in enumerate(lines)
    ]


def _key(x: float, y: float, words: Words, *, lines: bool = True) -> str:
    marks = []
    for kind, word, colour in (
        ("claimed", words.claimed, CLAIMED),
        ("verified", words.verified, VERIFIED),
    ):
        if lines:
            dashes = "6 4" if kind == "claimed" else ""
            marks.append(
                _line(
                    x,
                    y - 5,
                    x + 30,
                    y - 5,
                    colour,
                    dashes=dashes,
                    width=2.2,
                    css=f"chart-{kind}",
                )
            )
        marks.append(_dot(x + 15, y - 5, kind))
        marks.append(_text(x + 38, y, word, size=14))
        x += 170
    return "".join(marks)


def _dot(x: float, y: float, kind: str, size: float = 4) -> str:
    if kind == "claimed":
        return (
            f'<rect class="chart-claimed chart-hollow" x="{x - size + 0.5:.1f}" y="{y - size + 0.5:.1f}" '
            f'width="{2 * size - 1:g}" height="{2 * size - 1:g}" '
            f'fill="{SHEET}" stroke="{CLAIMED}" stroke-width="1.8"/>'
        )
    return (
        f'<circle class="chart-verified chart-solid" cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" '
        f'fill="{VERIFIED}"/>'
    )


def _bar(left: float, right: float, y: float, *, depth: int) -> str:
    return (
        f'<rect class="chart-q{depth}" x="{left}" y="{y - 7}" width="{right - left:.1f}" height="14" '
        f'fill="{HEAT[depth][0]}"/>'
    )


def _cell(x: float, y: float, width: float, height: float, depth: int) -> str:
    return (
        f'<rect class="chart-q{depth}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2" '
        f'fill="{HEAT[depth][0]}" stroke="{RULE_STRONG}" stroke-width=".6"/>'
    )


def _line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str,
    *,
    css: str,
    dashes: str = "",
    width: float = 0.8,
) -> str:
    pattern = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="{colour}" stroke-width="{width:g}"{pattern}/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: float = 15,
    bold: bool = False,
    fill: str = INK,
    css: str = "chart-ink",
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}"{weight} '
        f'fill="{fill}">{escape(text)}</text>'
    )


def _svg(width: float, height: float, title: str, marks: Sequence[str], kind: str) -> str:
    name = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{kind}" role="img" aria-label="{name}" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'font-family="Report Sarabun">'
        f"<title>{name}</title>{''.join(marks)}</svg>"
    )
