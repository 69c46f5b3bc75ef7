"""The result page: a frozen payload -> what its templates show. Reads the payload and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from criteria.structure import LEVELS
from results import charts
from results.gauge import Between, between
from results.payload import Payload
from results.report_rows import (
    ScoreRow,
    code_order,
    has_text,
    score_rows,
    shown_indicator,
    sides,
    widest_gaps,
)
from results.standing.drawing import Gauge, gauge

_SHORT_LEVELS = {"basic": "Basic", "advance": "Adv.", "significance": "Sig."}

# The heat table stands in two columns of so many categories each.
COLUMN = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """Passed parts of one topic at one level; `depth` 0 none, 1 less than half, 2 half or more, 3 all."""

    level: str
    passed: int
    total: int
    depth: int

    @property
    def short(self) -> str:
        return _SHORT_LEVELS[self.level]


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline of a result. `level` and `next_level` are words of the criteria, `next_points` points."""

    claimed: str
    verified: str
    gap: str
    level: str | None
    next_level: str | None
    next_points: int | None
    gauge: Gauge
    between: Between


@dataclass(frozen=True, slots=True)
class TopicRow:
    score: ScoreRow
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class CategoryRows:
    score: ScoreRow
    topics: tuple[TopicRow, ...]


@dataclass(frozen=True, slots=True)
class ResultsTopic:
    """A topic of category 7 with its indicators."""

    score: ScoreRow
    indicators: tuple[Mapping[str, Any], ...]

    @property
    def years(self) -> Sequence[int]:
        return next((entry["years"] for entry in self.indicators if entry.get("years")), ())


@dataclass(frozen=True)
class ResultPage:
    """Everything on the result page, in its order."""

    figures: Figures
    rows: tuple[ScoreRow, ...]
    radar: SafeString
    widest: list[dict[str, str]]
    columns: tuple[tuple[CategoryRows, ...], ...]
    results: tuple[ResultsTopic, ...]
    opportunities: tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]
    pillars: tuple[Mapping[str, Any], ...]
    advice: tuple[str, ...]
    closing: str
    directions: tuple[Mapping[str, Any], ...]


def result_page(payload: Payload) -> ResultPage:
    rows = score_rows(payload)
    process = tuple(_category_rows(row) for row in rows if _has_shares(row))
    feedback = payload["feedback"]
    return ResultPage(
        figures=figures(payload),
        rows=rows,
        radar=_radar(rows),
        widest=widest_gaps(rows),
        columns=tuple(process[start : start + COLUMN] for start in range(0, len(process), COLUMN)),
        results=tuple(
            results_topic(payload, topic) for row in rows if not _has_shares(row) for topic in row.rows
        ),
        opportunities=_opportunities(payload),
        pillars=_with_text(feedback["pillars"]),
        advice=tuple(entry["text"] for entry in _with_text(feedback["advice"])),
        closing=feedback["closing"] if has_text(feedback["closing"]) else "",
        directions=_with_text(feedback["directions"]),
    )


def figures(payload: Payload) -> Figures:
    claimed, verified = sides(payload)
    level = verified["level"]
    above = LEVELS.index(level) + 1 if level else 0
    following = LEVELS[above] if above < len(LEVELS) else None
    total = ScoreRow("total", "", claimed["total"], verified["total"], "")
    return Figures(
        claimed=claimed["total"],
        verified=verified["total"],
        gap=total.gap,
        level=level,
        next_level=following,
        next_points=charts.LEVEL_LINES[above][0] if following else None,
        gauge=gauge(Fraction(verified["total"])),
        between=between(verified["total"]),
    )


def score_of(payload: Payload, code: str) -> ScoreRow | None:
    """Claimed and verified side by side for the total, a category or a topic; None for any other code."""
    if code == "total":
        claimed, verified = sides(payload)
        return ScoreRow(
            code, "", claimed["total"], verified["total"], "", claimed_topic=claimed, verified_topic=verified
        )
    rows = score_rows(payload)
    return next(
        (row for row in (*rows, *(topic for row in rows for topic in row.rows)) if row.code == code), None
    )


def topic_rows(score: ScoreRow) -> TopicRow:
    """A topic of Form 3 with its three cells; None for a level that the topic does not have."""
    topic = score.verified_topic
    cells = []
    for level in LEVELS:
        share = topic["shares"].get(level)
        cells.append(
            None if share is None else Cell(level, *topic["counts"][level], charts.heat_depth(share))
        )
    return TopicRow(score, tuple(cells))


def results_topic(payload: Payload, score: ScoreRow) -> ResultsTopic:
    """A topic of Form 4 with its indicators, each with its spark line."""
    own = (entry for entry in payload["indicators"] if entry["topic"] == score.code)
    return ResultsTopic(score, tuple(_indicator(shown) for shown in map(shown_indicator, own)))


def _indicator(shown: Mapping[str, Any]) -> Mapping[str, Any]:
    results = shown["results"]
    return {
        **shown,
        "by_year": tuple(zip(shown["years"] or [""] * len(results), results, strict=True)),
        "spark": mark_safe(shown["spark"]),  # noqa: S308 (our own SVG, escaped where it is made)
    }


def answers_of(payload: Payload, topic: str) -> Mapping[str, Any] | None:
    """What was answered in a topic of Form 3; None when the payload does not have it."""
    found = (entry for category in payload["categories"] for entry in category["topics"])
    return next((entry for entry in found if entry["code"] == topic), None)


def _has_shares(row: ScoreRow) -> bool:
    return any(topic.verified_topic.get("shares") for topic in row.rows)


def _category_rows(row: ScoreRow) -> CategoryRows:
    return CategoryRows(row, tuple(topic_rows(topic) for topic in row.rows))


def _radar(rows: Sequence[ScoreRow]) -> SafeString:
    scores = [
        charts.Score(_("หมวด %(code)s") % {"code": row.code}, "", row.claimed, row.verified) for row in rows
    ]
    words = charts.Words(claimed=_("ตนเอง"), verified=_("ผู้ตรวจ"))
    title = _("แผนภูมิเรดาร์ของทุกหมวด ตัวเลขเดียวกับตารางข้าง ๆ")
    return mark_safe(charts.radar(scores, title=title, words=words))  # noqa: S308 (our own SVG, escaped there)


def _opportunities(payload: Payload) -> tuple[tuple[str, tuple[Mapping[str, Any], ...]], ...]:
    """(name of the category, its topics with their texts), in form order."""
    names = {row["code"]: row["name"] for row in payload["scores"]["verified"]["categories"]}
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for entry in sorted(_with_text(payload["feedback"]["ofi"]), key=lambda entry: code_order(entry["topic"])):
        grouped.setdefault(entry["topic"].partition(".")[0], []).append(entry)
    return tuple(
        (f"{code} {names.get(code, '')}".strip(), tuple(entries)) for code, entries in grouped.items()
    )


def _with_text(entries: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(entry for entry in entries if has_text(entry["text"]))
