"""The tree behind a number: every step from the total down to the part or indicator that earned the points.

A node is a plain dict, ready for JSON and for the frozen result sheet:

- `code`, `kind` (total, category, topic, level, item, part, indicator); a level's code is its word, and an
  indicator that should be there and is not has the code "".
- `value`: exact, as a fraction text; `unit` points (0..500) or share (0..1); `display`: points with two
  decimals, a share as a percentage with one.
- `operation`: how the value was made from the children: `mean` (their simple mean), `weighted` (500 x the sum
  of weight x value), or for a leaf `credit` (of a claim or a verdict), `band` (of a percentage),
  `not_scorable`, `not_challenging`, `failed`, `not_judged`, `missing`.
- `weight`: the share of the node in its parent; `counted`: False where a gated policy ignores it.
- `contribution`: exact points of the root's number that come from this node. The contributions of all leaves
  sum to the root's value exactly.
- a part has `status`; an indicator has `percent` and `challenging`, and the `band_from` it fell in.
"""

from fractions import Fraction
from typing import Any

from criteria.scoring.engine import CategoryScore, IndicatorScore, ItemScore, LevelScore, Score, TopicScore
from criteria.scoring.numbers import decimal_text, display_percent, display_score, fraction_text
from criteria.scoring.policy import TOP
from criteria.structure import PROCESS

Node = dict[str, Any]

POINTS, SHARE = "points", "share"
ONE = Fraction(1)


def _node(
    kind: str,
    code: str,
    value: Fraction,
    unit: str,
    operation: str,
    *,
    weight: Fraction,
    worth: Fraction,
    children: list[Node],
    counted: bool = True,
    **details: Any,
) -> Node:
    """`worth`: points of the root's number per 1 of `value`."""
    return {
        "code": code,
        "kind": kind,
        "value": fraction_text(value),
        "unit": unit,
        "display": display_score(value) if unit == POINTS else display_percent(value * 100),
        "operation": operation,
        "weight": fraction_text(weight),
        "counted": counted,
        "contribution": fraction_text(worth * value),
        **details,
        "children": children,
    }


def _item(item: ItemScore, *, weight: Fraction, worth: Fraction) -> Node:
    each = Fraction(1, len(item.parts))
    parts = [
        _node(
            "part",
            part.code,
            part.credit,
            SHARE,
            "credit",
            weight=each,
            worth=worth * each,
            children=[],
            status=part.status,
        )
        for part in item.parts
    ]
    return _node("item", item.code, item.share, SHARE, "mean", weight=weight, worth=worth, children=parts)


def _level(level: LevelScore, *, worth: Fraction) -> Node:
    each = Fraction(1, len(level.items))
    return _node(
        "level",
        level.level,
        level.share,
        SHARE,
        "mean",
        weight=level.weight,
        worth=worth,
        counted=level.counted,
        children=[_item(item, weight=each, worth=worth * each) for item in level.items],
    )


def _indicator(entry: IndicatorScore, *, weight: Fraction, worth: Fraction) -> Node:
    result = entry.result
    return _node(
        "indicator",
        entry.code,
        Fraction(result.score),
        POINTS,
        result.how,
        weight=weight,
        worth=worth,
        children=[],
        percent=None if result.percent is None else fraction_text(result.percent),
        percent_display=result.percent_display,
        challenging=result.challenging,
        band_from=None if result.band_from is None else decimal_text(result.band_from),
    )


def _missing(*, weight: Fraction, worth: Fraction) -> Node:
    return _node(
        "indicator",
        "",
        Fraction(0),
        POINTS,
        "missing",
        weight=weight,
        worth=worth,
        children=[],
        percent=None,
        percent_display=None,
        challenging=None,
        band_from=None,
    )


def _topic(topic: TopicScore, *, weight: Fraction, worth: Fraction) -> Node:
    if topic.kind == PROCESS:
        operation = "weighted"
        children = [
            _level(level, worth=worth * TOP * level.weight if level.counted else Fraction(0))
            for level in topic.levels
        ]
    else:
        operation = "mean"
        each = Fraction(1, topic.divisor) if topic.divisor else Fraction(0)
        children = [_indicator(entry, weight=each, worth=worth * each) for entry in topic.indicators]
        missing = topic.divisor - len(topic.indicators)
        children += [_missing(weight=each, worth=worth * each) for _ in range(missing)]
    return _node(
        "topic", topic.code, topic.score, POINTS, operation, weight=weight, worth=worth, children=children
    )


def _category(category: CategoryScore, *, weight: Fraction, worth: Fraction) -> Node:
    each = Fraction(1, len(category.topics))
    return _node(
        "category",
        category.code,
        category.score,
        POINTS,
        "mean",
        weight=weight,
        worth=worth,
        children=[_topic(topic, weight=each, worth=worth * each) for topic in category.topics],
    )


def explain(score: Score | CategoryScore | TopicScore) -> Node:
    """The tree of a total, of one category or of one topic; contributions are points of that number."""
    if isinstance(score, TopicScore):
        return _topic(score, weight=ONE, worth=ONE)
    if isinstance(score, CategoryScore):
        return _category(score, weight=ONE, worth=ONE)
    each = Fraction(1, len(score.categories))
    return _node(
        "total",
        "total",
        score.total,
        POINTS,
        "mean",
        weight=ONE,
        worth=ONE,
        children=[_category(category, weight=each, worth=each) for category in score.categories],
    )
