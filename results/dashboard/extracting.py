"""Frozen payload -> what dashboards count of it. Pure; the payload alone decides (docs/result-sheet.md).

The names of the fields are those of the tables in `models`. A migration calls this too, so fields are added here
and never renamed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from criteria.structure import LEVELS
from results.standing.groups import group_of

Payload = Mapping[str, Any]
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A category or a topic. `counts` has `basic_passed`, `basic_total` and so on for the levels that there are."""

    code: str
    claimed: int | None
    verified: int | None
    level: str
    has_ofi: bool
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    code: str
    count: int
    passed: int
    points: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All rows of one sheet. Points are hundredths."""

    ministry: str
    claimed: int
    verified: int
    group: int
    level: str
    scores: tuple[ScoreRow, ...]
    indicators: tuple[IndicatorRow, ...]
    failed: tuple[str, ...]


def extract(payload: Payload) -> Summary:
    """What dashboards count of one sheet. Raises KeyError for a payload of another shape."""
    verified = payload["scores"]["verified"]
    return Summary(
        ministry=payload["agency"]["ministry"] or "",
        claimed=_hundredths(payload["scores"]["claimed"]["total"]),
        verified=_hundredths(verified["total"]),
        group=group_of(Decimal(verified["total"])),
        level=verified["level"] or "",
        scores=tuple(_scores(payload)),
        indicators=tuple(_indicators(payload)),
        failed=tuple(sorted(part["code"] for part in _parts(payload) if part["outcome"] == "fail")),
    )


def _hundredths(points: str) -> int:
    return int(Decimal(points) * HUNDREDTHS)


def _points(scored: Mapping[str, Any]) -> int | None:
    return None if scored["score"] is None else _hundredths(scored["score"])


def _scores(payload: Payload) -> Iterator[ScoreRow]:
    own = {entry["code"]: _points(entry) for entry in _scored(payload["scores"]["claimed"])}
    with_ofi = {entry["topic"] for entry in payload["feedback"]["ofi"]}
    for category in payload["scores"]["verified"]["categories"]:
        topics = [_score(topic, own, topic["code"] in with_ofi) for topic in category["topics"]]
        summed: dict[str, int] = {}
        for topic in topics:
            for name, number in topic.counts.items():
                summed[name] = summed.get(name, 0) + number
        yield _score(category, own, any(topic.has_ofi for topic in topics), summed)
        yield from topics


def _scored(side: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for category in side["categories"]:
        yield category
        yield from category["topics"]


def _score(
    scored: Mapping[str, Any],
    own: Mapping[str, int | None],
    has_ofi: bool,
    counts: Mapping[str, int] | None = None,
) -> ScoreRow:
    return ScoreRow(
        code=scored["code"],
        claimed=own.get(scored["code"]),
        verified=_points(scored),
        level=scored["level"] or "",
        has_ofi=has_ofi,
        counts=_counts(scored) if counts is None else counts,
    )


def _counts(topic: Mapping[str, Any]) -> dict[str, int]:
    counts = topic.get("counts") or {}
    found = {}
    for level in LEVELS:
        if level in counts:
            found[f"{level}_passed"], found[f"{level}_total"] = counts[level]
    return found


def _indicators(payload: Payload) -> Iterator[IndicatorRow]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for entry in payload["indicators"]:
        groups.setdefault(f"{entry['topic']}.{entry['group']}", []).append(entry)
    for code, entries in groups.items():
        yield IndicatorRow(
            code,
            len(entries),
            sum(entry["outcome"] == "pass" for entry in entries),
            sum((entry["verified_score"] or 0) * HUNDREDTHS for entry in entries),
        )


def _parts(payload: Payload) -> Iterator[Mapping[str, Any]]:
    for category in payload["categories"]:
        for topic in category["topics"]:
            for item in topic["items"]:
                yield from item["parts"]
