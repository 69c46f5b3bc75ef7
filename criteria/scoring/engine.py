"""The score of an assessment: total > category > topic > level > item > part, exact at every step.

Form 3 (categories 1-6): parts count equally inside their item at one level, items equally inside a level,
levels by the policy's weights; Form 4 (category 7): a topic is the mean of its indicators. A category is the
mean of its topics, the total the mean of the categories. Nothing here rounds; `numbers` does, at display.

An assessment that was not submitted has no score. That is the caller's None: it is never computed here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from criteria.scoring.indicators import (
    FAIL,
    PASS,
    VERDICTS,
    Finding,
    Indicator,
    IndicatorResult,
    group_faults,
    indicator_result,
    indicator_verified,
    numbered,
)
from criteria.scoring.policy import LEFT_OUT, TOP, Policy
from criteria.structure import ADVANCE, BASIC, LEVELS, PROCESS, RESULTS, SIGNIFICANCE, Edition, Item, Topic

NOT_STARTED, STARTED, DONE = "not_started", "started", "done"
CLAIMS = (NOT_STARTED, STARTED, DONE)
NOT_JUDGED = "not_judged"

CLAIMED, VERIFIED = "claimed", "verified"

# The name of a category's or the total's points, from the top down.
LEVEL_POINTS = ((SIGNIFICANCE, 500), (ADVANCE, 400), (BASIC, 300))


@dataclass(frozen=True, slots=True)
class PartScore:
    """`status` is the claim, or the verdict (`not_judged` when there is none); `credit` is 0..1."""

    code: str
    status: str
    credit: Fraction


@dataclass(frozen=True, slots=True)
class ItemScore:
    """An item at one level: the mean credit of its parts there, 0..1."""

    code: str
    share: Fraction
    parts: tuple[PartScore, ...]


@dataclass(frozen=True, slots=True)
class LevelScore:
    """One level of a topic that has items there.

    share: mean of its items, 0..1. weight: its part of the topic, all levels of the topic sum to 1.
    counted: False only where a gated policy waits for a lower level.
    """

    level: str
    share: Fraction
    weight: Fraction
    counted: bool
    items: tuple[ItemScore, ...]


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """`code` is topic.group.number; `result` carries score, percent and findings."""

    code: str
    indicator: Indicator
    result: IndicatorResult


@dataclass(frozen=True)
class TopicScore:
    """A topic of Form 3 has `levels`, one of Form 4 has `indicators`; the other is empty.

    score: 0..500. level: the level reached (Form 3 only), None below Basic.
    divisor: what the indicators' scores are divided by (five, unless the policy leaves missing ones out).
    """

    code: str
    kind: str
    score: Fraction
    level: str | None = None
    levels: tuple[LevelScore, ...] = ()
    indicators: tuple[IndicatorScore, ...] = ()
    divisor: int = 0

    @cached_property
    def shares(self) -> dict[str, Fraction | None] | None:
        """Level -> 0..1, None for a level without items; no shares at all for Form 4."""
        if self.kind != PROCESS:
            return None
        found = {level.level: level.share for level in self.levels}
        return {level: found.get(level) for level in LEVELS}

    @cached_property
    def counts(self) -> dict[str, tuple[int, int]] | None:
        """Level -> (parts with full credit, parts); nothing for Form 4."""
        if self.kind != PROCESS:
            return None
        counts = dict.fromkeys(LEVELS, (0, 0))
        for level in self.levels:
            parts = [part for item in level.items for part in item.parts]
            counts[level.level] = (sum(part.credit == 1 for part in parts), len(parts))
        return counts

    @property
    def indicators_counted(self) -> int | None:
        return len(self.indicators) if self.kind == RESULTS else None


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """score: 0..500, the mean of its topics. level: the name of these points."""

    code: str
    kind: str
    score: Fraction
    level: str | None
    topics: tuple[TopicScore, ...]


@dataclass(frozen=True)
class Score:
    """total: 0..500, the mean of the categories. basis: claimed or verified.

    findings: what must be repaired in Form 4, in form order, topics and groups before their indicators.
    Warnings stand with their indicator only.
    """

    basis: str
    policy: Policy
    total: Fraction
    level: str | None
    categories: tuple[CategoryScore, ...]
    findings: tuple[Finding, ...]
    indicators: tuple[IndicatorScore, ...]

    @cached_property
    def topics(self) -> dict[str, TopicScore]:
        return {topic.code: topic for category in self.categories for topic in category.topics}

    @cached_property
    def by_category(self) -> dict[str, CategoryScore]:
        return {category.code: category for category in self.categories}


def mean(scores: Iterable[Fraction]) -> Fraction:
    """The exact simple mean: topics to a category, categories to the total. Raises ValueError for none."""
    values = tuple(scores)
    if not values:
        raise ValueError("there is nothing to take the mean of")
    return Fraction(sum(values)) / len(values)


def level_by_points(score: Fraction) -> str | None:
    """The name of a category's or the total's points: 500 significance, 400 advance, 300 basic, else None.

    Compared unrounded. It is not the level reached of a topic, which goes by complete levels.
    """
    return next((level for level, points in LEVEL_POINTS if score >= points), None)


def level_reached(shares: Mapping[str, Fraction | None]) -> str | None:
    """The highest level that is complete together with every level below it; None when not even Basic is.

    A level without items (None) holds nothing up, and is not reached itself.
    """
    reached = None
    for level in LEVELS:
        share = shares.get(level)
        if share is None:
            continue
        if share != 1:
            break
        reached = level
    return reached


def _item_at(item: Item, level: str, part_score: Callable[[str], PartScore]) -> ItemScore:
    parts = tuple(part_score(part.code) for part in item.parts if part.level == level)
    return ItemScore(item.code, mean(part.credit for part in parts), parts)


def _process_topic(topic: Topic, policy: Policy, part_score: Callable[[str], PartScore]) -> TopicScore:
    items_at = {
        level: tuple(_item_at(item, level, part_score) for item in topic.items_at(level)) for level in LEVELS
    }
    total_weight = sum(policy.weight(level) for level in LEVELS if items_at[level])
    levels = []
    complete_so_far = True
    for level in LEVELS:
        items = items_at[level]
        if not items:
            continue
        share = mean(item.share for item in items)
        counted = complete_so_far or not policy.parameters.gated
        levels.append(LevelScore(level, share, policy.weight(level) / total_weight, counted, items))
        complete_so_far = complete_so_far and share == 1
    score = TOP * sum((level.weight * level.share for level in levels if level.counted), Fraction(0))
    reached = level_reached({level.level: level.share for level in levels})
    return TopicScore(topic.code, PROCESS, score, reached, levels=tuple(levels))


def _results_topic(topic: Topic, policy: Policy, indicators: tuple[IndicatorScore, ...]) -> TopicScore:
    divisor = len(indicators)
    if policy.parameters.missing_indicator != LEFT_OUT:
        divisor = max(divisor, topic.answers_required or 0)
    total = sum(indicator.result.score for indicator in indicators)
    score = Fraction(total, divisor) if divisor else Fraction(0)
    return TopicScore(topic.code, RESULTS, score, indicators=indicators, divisor=divisor)


def _claims_reader(policy: Policy, claims: Mapping[str, str]) -> Callable[[str], PartScore]:
    credit_of = {
        NOT_STARTED: Fraction(0),
        STARTED: policy.parameters.started_credit,
        DONE: Fraction(1),
    }

    def read(code: str) -> PartScore:
        claim = claims.get(code, NOT_STARTED)
        if claim not in credit_of:
            raise ValueError(f"{code}: claim must be one of {', '.join(CLAIMS)}, not {claim!r}")
        return PartScore(code, claim, credit_of[claim])

    return read


def _verdicts_reader(verdicts: Mapping[str, str]) -> Callable[[str], PartScore]:
    credit_of = {PASS: Fraction(1), FAIL: Fraction(0), NOT_JUDGED: Fraction(0)}

    def read(code: str) -> PartScore:
        verdict = verdicts.get(code, NOT_JUDGED)
        if verdict not in credit_of:
            raise ValueError(f"{code}: verdict must be one of {', '.join(VERDICTS)}, not {verdict!r}")
        return PartScore(code, verdict, credit_of[verdict])

    return read


def _indicator_scores(
    policy: Policy, indicators: Iterable[Indicator], *, basis: str
) -> tuple[IndicatorScore, ...]:
    scores = []
    for code, indicator in numbered(indicators):
        result = indicator_result(
            policy, indicator.direction, indicator.target, indicator.results, place=code
        )
        if basis == VERIFIED:
            result = indicator_verified(policy, result, indicator.verdict)
        scores.append(IndicatorScore(code, indicator, result))
    return tuple(scores)


def topic_claimed(topic: Topic, policy: Policy, claims: Mapping[str, str]) -> TopicScore:
    """One topic of Form 3 as the agency claims it: part code -> claim, an absent part is not_started.

    Raises ValueError for an unknown word; codes of other topics are not looked at.
    """
    return _process_topic(topic, policy, _claims_reader(policy, claims))


def topic_verified(topic: Topic, policy: Policy, verdicts: Mapping[str, str]) -> TopicScore:
    """One topic of Form 3 as reviewed: part code -> pass or fail, an absent part counts 0.

    Raises ValueError for an unknown word; codes of other topics are not looked at.
    """
    return _process_topic(topic, policy, _verdicts_reader(verdicts))


def results_claimed(topic: Topic, policy: Policy, indicators: Iterable[Indicator]) -> TopicScore:
    """One topic of Form 4 as the agency claims it; indicators of other topics are not looked at."""
    return _one_results_topic(topic, policy, indicators, basis=CLAIMED)


def results_verified(topic: Topic, policy: Policy, indicators: Iterable[Indicator]) -> TopicScore:
    """One topic of Form 4 as reviewed, by each indicator's verdict; those of other topics are ignored."""
    return _one_results_topic(topic, policy, indicators, basis=VERIFIED)


def _one_results_topic(
    topic: Topic, policy: Policy, indicators: Iterable[Indicator], *, basis: str
) -> TopicScore:
    own = (indicator for indicator in indicators if indicator.topic == topic.code)
    return _results_topic(topic, policy, _indicator_scores(policy, own, basis=basis))


def _score(
    edition: Edition,
    policy: Policy,
    part_score: Callable[[str], PartScore],
    indicators: Iterable[Indicator],
    *,
    basis: str,
) -> Score:
    scored = _indicator_scores(policy, indicators, basis=basis)
    categories, findings = [], []
    for category in edition.categories:
        if category.kind == PROCESS:
            topics = tuple(_process_topic(topic, policy, part_score) for topic in category.topics)
        elif category.kind == RESULTS:
            own = [
                (topic, tuple(entry for entry in scored if entry.indicator.topic == topic.code))
                for topic in category.topics
            ]
            topics = tuple(_results_topic(topic, policy, entries) for topic, entries in own)
            findings += [fault for topic, entries in own for fault in _faults(topic, entries)]
        else:
            continue
        score = mean(topic.score for topic in topics)
        categories.append(CategoryScore(category.code, category.kind, score, level_by_points(score), topics))
    total = mean(category.score for category in categories)
    return Score(basis, policy, total, level_by_points(total), tuple(categories), tuple(findings), scored)


def _faults(topic: Topic, entries: Sequence[IndicatorScore]) -> list[Finding]:
    """What keeps a topic of Form 4 from being submitted: of its groups, then of its indicators."""
    counts = Counter(entry.indicator.group_code for entry in entries)
    blocking = [finding for entry in entries for finding in entry.result.findings if finding.blocking]
    return [*group_faults(topic, counts), *blocking]


def claimed(
    edition: Edition, policy: Policy, claims: Mapping[str, str], indicators: Iterable[Indicator]
) -> Score:
    """The agency's own score. `claims` is part code -> claim; an absent part is not_started.

    Raises ValueError for an unknown claim or direction. Codes that are not parts of Form 3 are not looked at.
    """
    return _score(edition, policy, _claims_reader(policy, claims), indicators, basis=CLAIMED)


def verified(
    edition: Edition, policy: Policy, verdicts: Mapping[str, str], indicators: Iterable[Indicator]
) -> Score:
    """The reviewers' score. `verdicts` is part code -> pass or fail, whatever was claimed; absent counts 0.

    An indicator counts by its own `verdict`. Raises ValueError for an unknown word. Codes that are not parts
    of Form 3 are not looked at.
    """
    return _score(edition, policy, _verdicts_reader(verdicts), indicators, basis=VERIFIED)
