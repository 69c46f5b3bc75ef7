"""The next best part: what each part that does not count yet would add to the total. Exact. Pure: no Django.

A part changes only its own topic, so a part is weighed by scoring its topic again, never the whole. Under a policy
with gates a level counts only when the levels below it are complete: a part that waits for such a gate adds nothing
by itself, and stands after those that do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from criteria.scoring import LOWER_IS_BETTER, PASS, Indicator, IndicatorResult, IndicatorScore
from criteria.scoring.indicators import BAND, FAILED, NOT_CHALLENGING, NOT_JUDGED
from criteria.scoring.policy import TARGET_OVER_RESULT, TOP
from criteria.structure import PROCESS, RESULTS, Topic
from results.standing.marks import Marks


@dataclass(frozen=True, slots=True)
class Gain:
    """One part with its present `status`.

    total: points of the total that it adds by itself. after: the total when it and all before it in the list count.
    waits: it adds nothing until a lower level of its topic is complete.
    """

    code: str
    status: str
    total: Fraction
    after: Fraction
    waits: bool


def next_best(marks: Marks) -> tuple[Gain, ...]:
    """Every part without full credit, the one that adds most first, ties in form order."""
    order = {part.code: place for place, part in enumerate(marks.tree.process_parts)}
    found = sorted(_alone(marks), key=lambda pair: (-pair[1], order[pair[0]]))
    gains, after, topics = [], marks.score.total, dict(marks.score.topics)
    statuses = dict(marks.statuses)
    for code, alone in found:
        topic = marks.tree.place_of_part[code][1]
        statuses[code] = marks.full
        now = marks.topic(topic, statuses)
        after += (now.score - topics[topic.code].score) * marks.weight(topic)
        topics[topic.code] = now
        gains.append(Gain(code, marks.status(code), alone, after, waits=not alone))
    return tuple(gains)


def _alone(marks: Marks) -> Iterator[tuple[str, Fraction]]:
    for topic in _topics(marks, PROCESS):
        scored = marks.score.topics[topic.code]
        for level in scored.levels:
            for item in level.items:
                for part in item.parts:
                    if part.credit == 1:
                        continue
                    now = marks.topic(topic, {**marks.statuses, part.code: marks.full})
                    yield part.code, (now.score - scored.score) * marks.weight(topic)


def _topics(marks: Marks, kind: str) -> Iterator[Topic]:
    return (topic for category in marks.tree.of_kind(kind) for topic in category.topics)


# --- category 7 -------------------------------------------------------------------------------

# Why an indicator does not reach more by a better result alone.
NEEDS_PASS, NEEDS_CHALLENGE, NEEDS_FIGURES = "pass", "challenge", "figures"


@dataclass(frozen=True, slots=True)
class Reach:
    """What takes one indicator to its next band.

    needs: the latest result that reaches it, None where a result alone does not: then `instead` says what would.
    score: what it scores then. total: what that adds to the total.
    """

    scored: IndicatorScore
    score: int
    total: Fraction
    needs: Fraction | None = None
    percent: Fraction | None = None
    instead: str = ""

    @property
    def code(self) -> str:
        return self.scored.code


def next_bands(marks: Marks) -> tuple[Reach, ...]:
    """Every indicator that can score more, in form order."""
    reaches = (
        _reach(marks, topic, scored)
        for topic in _topics(marks, RESULTS)
        for scored in marks.score.topics[topic.code].indicators
    )
    return tuple(reach for reach in reaches if reach is not None)


def _reach(marks: Marks, topic: Topic, scored: IndicatorScore) -> Reach | None:
    result, indicator = scored.result, scored.indicator
    if result.how in (FAILED, NOT_JUDGED):
        return _changed(marks, topic, scored, replace(indicator, verdict=PASS), instead=NEEDS_PASS)
    if result.how == NOT_CHALLENGING:
        return Reach(scored, result.score, Fraction(0), instead=NEEDS_CHALLENGE)
    if result.how != BAND:
        return Reach(scored, result.score, Fraction(0), instead=NEEDS_FIGURES)
    edge = _next_edge(marks, result)
    if edge is None:
        return None
    needs = _needed(marks, indicator, edge)
    if needs is None:
        return Reach(scored, result.score, Fraction(0), instead=NEEDS_FIGURES)
    better = replace(indicator, results=(*indicator.results[:-1], needs))
    return _changed(marks, topic, scored, better, needs=needs, percent=edge)


def _changed(marks: Marks, topic: Topic, scored: IndicatorScore, better: Indicator, **details) -> Reach:
    """Scored again, not reckoned: whatever the policy says of this row is in it."""
    before = marks.score.topics[topic.code]
    after = marks.with_indicators({scored.code: better}).results_topic(topic)
    row = next(entry for entry in after.indicators if entry.code == scored.code)
    return Reach(scored, row.result.score, (after.score - before.score) * marks.weight(topic), **details)


def _next_edge(marks: Marks, result: IndicatorResult) -> Fraction | None:
    """The lower edge of the first band that scores more."""
    if result.score >= TOP:
        return None
    return next((edge for edge, score in marks.policy.parameters.bands if score > result.score), None)


def _needed(marks: Marks, indicator: Indicator, edge: Fraction) -> Fraction | None:
    """The result that comes to `edge` percent of the target, rounded to the side that reaches it."""
    target = Fraction(indicator.target)
    if target <= 0:
        return None
    if indicator.direction != LOWER_IS_BETTER:
        return _rounded(target * edge / 100, ceil)
    if marks.policy.parameters.lower_is_better == TARGET_OVER_RESULT:
        return _rounded(target * 100 / edge, floor)
    return _rounded(target * (2 - edge / 100), floor)


def _rounded(value: Fraction, side) -> Fraction:
    """Two decimals as people write them; six, as many as are stored, below one."""
    scale = 10 ** (2 if abs(value) >= 1 else 6)
    return Fraction(side(value * scale), scale)
