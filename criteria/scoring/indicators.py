"""Category 7 (Form 4): what one indicator scores, and whether a topic has the indicators it must have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from criteria.scoring.numbers import display_percent, round_half_up
from criteria.scoring.policy import AS_SHOWN, TARGET_OVER_RESULT, ZERO, Policy
from criteria.structure import Topic

HIGHER_IS_BETTER, LOWER_IS_BETTER = "higher_is_better", "lower_is_better"
DIRECTIONS = (HIGHER_IS_BETTER, LOWER_IS_BETTER)

PASS, FAIL = "pass", "fail"
VERDICTS = (PASS, FAIL)

# Form 4 has three columns of results, the oldest first; the last is scored against the target.
RESULT_YEARS = 3

# How the score of an indicator came about.
BAND, NOT_SCORABLE, NOT_CHALLENGING, FAILED, NOT_JUDGED = (
    "band",
    "not_scorable",
    "not_challenging",
    "failed",
    "not_judged",
)

Number = Fraction | Decimal | int

_TEXTS = {
    "no_target": "no target, so there is no percentage",
    "target_zero": "target 0, so there is no percentage",
    "no_result": "no latest result, so there is no percentage",
    "results_not_three": "needs {need} results, has {have}",
    "target_negative": "target below 0, so the percentage means little",
    "result_zero": "result 0 has no percentage of the target, scored as the best",
    "not_challenging": "target is not challenging",
    "topic_too_few": "needs {need} indicators, has {have}",
    "topic_too_many": "needs {need} indicators, has {have}",
    "group_too_few": "this group needs {need} or more, has {have}",
    "group_too_many": "this group allows {need} at most, has {have}",
}
_WARNINGS = frozenset({"not_challenging", "target_negative", "result_zero"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to repair or to look at. `place` is the code of a topic, group or indicator.

    `have` and `need` are counts where the finding is about a count. `blocking` findings must be gone
    before the form is submitted; the others are warnings, and the reviewer decides.
    """

    code: str
    place: str
    have: int | None = None
    need: int | None = None

    @property
    def blocking(self) -> bool:
        return self.code not in _WARNINGS

    @property
    def text(self) -> str:
        """English, `place: text`."""
        return f"{self.place}: {_TEXTS[self.code].format(have=self.have, need=self.need)}"


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator as the engine reads it. `group` is 1-5; `results` the oldest first, None is no data.

    `verdict` is the one that counts: pass, fail, or None while it is not judged.
    """

    topic: str
    group: int
    direction: str
    target: Number | None
    results: Sequence[Number | None]
    verdict: str | None = None
    name: str = ""

    @property
    def group_code(self) -> str:
        return f"{self.topic}.{self.group}"


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """What one indicator comes to.

    percent: exact, of the target; None when there is none (0 is a percentage, None is not).
    score: 0..500; 0 as well when it is not scorable.
    challenging: whether the target passes the challenge test; None when there is nothing to compare with.
    how: band, not_scorable, not_challenging, failed or not_judged.
    band_from: the lower edge (percent) of the band it fell in; None below the first band.
    """

    percent: Fraction | None
    score: int
    challenging: bool | None
    how: str
    band_from: Fraction | None = None
    findings: tuple[Finding, ...] = field(default=())

    @property
    def scorable(self) -> bool:
        return self.how != NOT_SCORABLE

    @property
    def percent_display(self) -> str | None:
        return None if self.percent is None else display_percent(self.percent)


def is_challenging(direction: str, target: Number, earlier: Sequence[Number | None]) -> bool | None:
    """The challenge test of Form 4: not worse than last year, or not worse than the two-year mean.

    `earlier` are the results before the latest, oldest first. Where only one of them is known it is the mean
    as well; where none is, there is no answer (None).
    """
    known = [Fraction(result) for result in earlier if result is not None]
    if not known:
        return None
    bars = [sum(known) / len(known)]
    if earlier[-1] is not None:
        bars.append(Fraction(earlier[-1]))
    if direction == LOWER_IS_BETTER:
        return Fraction(target) <= max(bars)
    return Fraction(target) >= min(bars)


def _band(policy: Policy, percent: Fraction) -> tuple[int, Fraction | None]:
    """Score and lower edge of the band of `percent`."""
    parameters = policy.parameters
    compared = round_half_up(percent, 1) if parameters.percent_compared == AS_SHOWN else percent
    score, edge = parameters.below_target, None
    for start, band_score in parameters.bands:
        if compared < start:
            break
        score, edge = band_score, start
    return score, edge


def _percent(policy: Policy, direction: str, target: Fraction, result: Fraction) -> Fraction | None:
    """% success of Form 4; None only for target / result with result 0, which has no bound."""
    if direction != LOWER_IS_BETTER:
        return result / target * 100
    if policy.parameters.lower_is_better != TARGET_OVER_RESULT:
        return (2 - result / target) * 100
    return target / result * 100 if result else None


def indicator_result(
    policy: Policy,
    direction: str,
    target: Number | None,
    results: Sequence[Number | None],
    *,
    place: str = "",
) -> IndicatorResult:
    """Score one row of Form 4 as the agency claims it; a draft row is as good as a finished one.

    `direction` is higher_is_better or lower_is_better; `results` are the oldest first, None is "no data".
    Without a target, with target 0, without a latest result, or with another number of results than three,
    there is no percentage: score 0 and a blocking finding. A negative one scores like any below target.
    Raises ValueError for an unknown direction.
    """
    if direction not in DIRECTIONS:
        raise ValueError(f"direction must be one of {', '.join(DIRECTIONS)}, not {direction!r}")
    blocking = []
    if target is None:
        blocking.append(Finding("no_target", place))
    elif target == 0:
        blocking.append(Finding("target_zero", place))
    three = len(results) == RESULT_YEARS
    if not three:
        blocking.append(Finding("results_not_three", place, have=len(results), need=RESULT_YEARS))
    elif results[-1] is None:
        blocking.append(Finding("no_result", place))
    challenging = is_challenging(direction, target, results[:-1]) if three and target is not None else None
    if blocking:
        return IndicatorResult(None, 0, challenging, NOT_SCORABLE, findings=tuple(blocking))

    warnings = []
    if challenging is False:
        warnings.append(Finding("not_challenging", place))
    if target < 0:
        warnings.append(Finding("target_negative", place))
    percent = _percent(policy, direction, Fraction(target), Fraction(results[-1]))
    if percent is None:
        # Nothing can be lower, so it stands above every band.
        edge, score = policy.parameters.bands[-1]
        warnings.append(Finding("result_zero", place))
    else:
        score, edge = _band(policy, percent)
    how = BAND
    if challenging is False and policy.parameters.not_challenging == ZERO:
        score, how = 0, NOT_CHALLENGING
    return IndicatorResult(percent, score, challenging, how, edge, tuple(warnings))


def indicator_verified(policy: Policy, result: IndicatorResult, verdict: str | None) -> IndicatorResult:
    """The same row after review: a pass leaves the score, a fail scores what the policy says, None scores 0.

    Raises ValueError for any other word.
    """
    if verdict is None:
        return replace(result, score=0, how=NOT_JUDGED if result.scorable else NOT_SCORABLE)
    if verdict not in VERDICTS:
        raise ValueError(f"verdict must be one of {', '.join(VERDICTS)}, not {verdict!r}")
    if verdict == FAIL and result.scorable and policy.parameters.failed_indicator == ZERO:
        return replace(result, score=0, how=FAILED)
    return result


def numbered(indicators: Iterable[Indicator]) -> list[tuple[str, Indicator]]:
    """(code, indicator) in the order given; the code is topic.group.number, e.g. 7.3.3.2."""
    counts: dict[str, int] = {}
    coded = []
    for indicator in indicators:
        group = indicator.group_code
        counts[group] = counts.get(group, 0) + 1
        coded.append((f"{group}.{counts[group]}", indicator))
    return coded


def group_faults(topic: Topic, counts_by_group: Mapping[str, int]) -> list[Finding]:
    """How the counts of one topic of Form 4 break its rules; `counts_by_group` is group code -> indicators.

    Exactly five in the topic, 1-3 in a starred group, 0-3 in another. The topic comes first.
    """
    faults = []
    total = sum(counts_by_group.get(part.code, 0) for part in topic.parts)
    need = topic.answers_required
    if need is not None and total != need:
        code = "topic_too_few" if total < need else "topic_too_many"
        faults.append(Finding(code, topic.code, have=total, need=need))
    for part in topic.parts:
        have = counts_by_group.get(part.code, 0)
        if have < part.min_answers:
            faults.append(Finding("group_too_few", part.code, have=have, need=part.min_answers))
        elif have > part.max_answers:
            faults.append(Finding("group_too_many", part.code, have=have, need=part.max_answers))
    return faults
