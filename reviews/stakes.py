"""How many points one disputed verdict moves: the verified score with a pass less that with a fail. Exact.

Everything else counts as it is decided now, and what is still disputed counts as failed. Pure: no Django.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from criteria.scoring import FAIL, PASS, Indicator, Policy, TopicScore, results_verified, topic_verified
from criteria.structure import PROCESS, RESULTS, Edition


@dataclass(frozen=True, slots=True)
class Stake:
    """Points of 500: what the topic's score and what the total would lose."""

    topic: Fraction
    total: Fraction


def part_stake(edition: Edition, policy: Policy, verdicts: Mapping[str, str], code: str) -> Stake:
    """Of one part of Form 3; `verdicts` is part code -> pass or fail, an absent one counts 0."""
    topic = edition.place_of_part[code][1]
    passed, failed = (topic_verified(topic, policy, {**verdicts, code: word}) for word in (PASS, FAIL))
    return _stake(edition, passed, failed)


def indicator_stake(edition: Edition, policy: Policy, indicators: Sequence[Indicator], place: int) -> Stake:
    """Of the indicator at `place` (from 0) of `indicators`, which are at least all those of its topic."""
    topic = edition.topics[indicators[place].topic]
    scores = []
    for word in (PASS, FAIL):
        judged = [*indicators[:place], replace(indicators[place], verdict=word), *indicators[place + 1 :]]
        scores.append(results_verified(topic, policy, judged))
    return _stake(edition, *scores)


def _stake(edition: Edition, passed: TopicScore, failed: TopicScore) -> Stake:
    """A category is the mean of its topics, the total the mean of the categories."""
    difference = passed.score - failed.score
    category = edition.category_of_topic[passed.code]
    categories = sum(len(edition.of_kind(kind)) for kind in (PROCESS, RESULTS))
    return Stake(difference, difference / len(category.topics) / categories)
