"""The rows and marks of the Feedback Report: one line of a frozen payload as its template shows it.

Keys of the payload may be absent or null in a partial sheet; what is absent stays None or "–", never 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.paper.content import CLAIM_MARKS as CLAIMS
from assessments.paper.content import LEVEL_NAMES, NO_LEVEL
from criteria.scoring.indicators import RESULT_YEARS
from criteria.scoring.numbers import display_percent
from results import charts

Payload = Mapping[str, Any]

# One glyph for each mark, all of them in the printed face and distinct in black and white.
OUTCOMES = {"pass": ("☑", "ผ่าน"), "fail": ("☒", "ไม่ผ่าน"), None: ("☐", "ไม่มีผลการตรวจ")}
_SAYS_NOTHING = frozenset(" \t\n\u00a0.…·_-–—•●○■□▪*☐")
DIRECTIONS = {
    "higher_is_better": gettext_lazy("ยิ่งมากยิ่งดี"),
    "lower_is_better": gettext_lazy("ยิ่งน้อยยิ่งดี"),
}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One line of a score table, claimed and verified side by side. Texts or None, as in the payload."""

    code: str
    name: str
    claimed: str | None
    verified: str | None
    level: str
    claimed_topic: Mapping[str, Any] = field(default_factory=dict)
    verified_topic: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple["ScoreRow", ...] = ()

    @property
    def gap(self) -> str:
        """Verified less claimed with its sign: "−95.49"; "–" where one of them is none."""
        if self.claimed is None or self.verified is None:
            return "–"
        difference = Decimal(self.verified) - Decimal(self.claimed)
        return f"{difference:+.2f}".replace("-", "−") if difference else "0.00"


def has_text(value: Any) -> bool:
    """Whether anything is said: spaces, dotted lines, dashes and empty bullets alone say nothing."""
    if isinstance(value, str):
        return any(character not in _SAYS_NOTHING for character in value)
    if isinstance(value, Sequence):
        return any(has_text(entry) for entry in value)
    return value is not None


def score_rows(payload: Payload) -> tuple[ScoreRow, ...]:
    """The categories in order, each with its topics, claimed and verified joined by code."""
    claimed, verified = (
        {entry["code"]: entry for entry in side.get("categories") or ()} for side in sides(payload)
    )
    return _joined(claimed, verified)


def _joined(claimed: Mapping[str, Any], verified: Mapping[str, Any]) -> tuple[ScoreRow, ...]:
    rows = []
    for code in sorted(claimed.keys() | verified.keys(), key=code_order):
        own, checked = claimed.get(code) or {}, verified.get(code) or {}
        topics = ({topic["code"]: topic for topic in entry.get("topics") or ()} for entry in (own, checked))
        rows.append(
            ScoreRow(
                code=code,
                name=checked.get("name") or own.get("name") or "",
                claimed=own.get("score"),
                verified=checked.get("score"),
                level=level_name(checked),
                claimed_topic=own,
                verified_topic=checked,
                rows=_joined(*topics),
            )
        )
    return tuple(rows)


def sides(payload: Payload) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The claimed and the verified scores; empty where there are none."""
    scores = payload.get("scores") or {}
    return scores.get("claimed") or {}, scores.get("verified") or {}


def level_name(scored: Mapping[str, Any]) -> str:
    """The level by its name. A topic of category 7 has no shares and so no level of its own."""
    if scored.get("score", scored.get("total")) is None or "indicators_counted" in scored:
        return "–"
    return LEVEL_NAMES.get(scored.get("level"), NO_LEVEL)


def passed_of(topics: Iterable[ScoreRow]) -> tuple[str, ...]:
    """Parts that passed of all parts, a text for each level and one for all: "12/15 (80.0)", "–" without any."""
    counts = [topic.verified_topic.get("counts") or {} for topic in topics]
    by_level = [[count[level] for count in counts if level in count] for level in charts.LEVELS]
    return tuple(_passed(found) for found in (*by_level, [pair for level in by_level for pair in level]))


def _passed(found: Sequence[Sequence[int]]) -> str:
    passed, total = sum(pair[0] for pair in found), sum(pair[1] for pair in found)
    if not total:
        return "–"
    return f"{passed}/{total} ({display_percent(Fraction(100 * passed, total))})"


def widest_gaps(rows: Iterable[ScoreRow]) -> list[dict[str, str]]:
    """The two categories whose verified score falls furthest below the claimed one."""
    below = [
        (Decimal(row.claimed) - Decimal(row.verified), row)
        for row in rows
        if row.claimed is not None and row.verified is not None
    ]
    below = sorted((entry for entry in below if entry[0] > 0), key=lambda entry: (-entry[0], entry[1].code))
    return [{"code": row.code, "points": f"{points:.2f}"} for points, row in below[:2]]


def filled(question: Mapping[str, Any]) -> Mapping[str, Any]:
    """The question without its empty rows and entries."""
    value = question["value"]
    if isinstance(value, str):
        return question
    return {**question, "value": [entry for entry in value if has_text(entry)]}


def printed_codes(payload: Payload) -> Iterable[str]:
    """The codes of the parts and indicators that the report prints and other places may lead to."""
    for category in payload.get("categories") or ():
        for topic in category.get("topics") or ():
            for item in topic.get("items") or ():
                yield from (part["code"] for part in item.get("parts") or ())
    yield from (indicator["code"] for indicator in payload.get("indicators") or ())


def shown_topic(topic: Mapping[str, Any]) -> Mapping[str, Any]:
    """The topic with the marks of its parts in words; items without parts are left out."""
    items = []
    for item in topic.get("items") or ():
        parts = [_shown_part(part, item) for part in item.get("parts") or ()]
        if parts:
            items.append({**item, "level_name": LEVEL_NAMES.get(item.get("level"), ""), "parts": parts})
    return {**topic, "items": items}


def _shown_part(part: Mapping[str, Any], item: Mapping[str, Any]) -> Mapping[str, Any]:
    level = part.get("level")
    return {
        **part,
        "fields": [filled(entry) for entry in part.get("fields") or () if has_text(entry.get("value"))],
        "claim_mark": CLAIMS.get(part.get("claim")),
        "own_level": LEVEL_NAMES.get(level, "") if level != item.get("level") else "",
        **_judged(part),
    }


def shown_indicator(indicator: Mapping[str, Any]) -> Mapping[str, Any]:
    """The indicator with its spark line and its marks in words; results that are absent are None."""
    results = indicator.get("results") or []
    results = [None] * (RESULT_YEARS - len(results)) + list(results)
    direction = str(DIRECTIONS.get(indicator.get("direction"), ""))
    target = indicator.get("target")
    told = " ".join(result if result is not None else _("ไม่มีข้อมูล") for result in results)
    return {
        **indicator,
        "results": results,
        "direction_name": direction,
        "estimated": indicator.get("direction") == "lower_is_better",
        "spark": charts.spark_line(
            results,
            target=target,
            direction=indicator.get("direction") or "",
            title=_("%(code)s ผลตามลำดับปี %(told)s เป้าหมาย %(target)s %(direction)s")
            % {"code": indicator["code"], "told": told, "target": target or "–", "direction": direction},
        ),
        **_judged(indicator),
    }


def _judged(judged: Mapping[str, Any]) -> Mapping[str, Any]:
    comment = judged.get("comment") or ""
    return {
        "outcome_mark": OUTCOMES.get(judged.get("outcome"), OUTCOMES[None]),
        "comment": comment if has_text(comment) else "",
        "imported": judged.get("basis") == "imported",
    }


def code_order(code: str) -> tuple[tuple[int, str], ...]:
    """Codes in form order: 1.2 before 1.10."""
    return tuple((int(step), "") if step.isdecimal() else (0, step) for step in code.split("."))
