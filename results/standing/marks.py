"""What one side of an assessment scores by, as plain data that can be changed and scored again. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from criteria import scoring
from criteria.scoring import CLAIMED, DONE, PASS, Indicator, Policy, Score, TopicScore
from criteria.scoring.engine import NOT_JUDGED
from criteria.scoring.indicators import numbered
from criteria.structure import PROCESS, RESULTS, Edition, Topic


@dataclass(frozen=True)
class Marks:
    """`statuses` is part code -> claim, or verdict where `basis` is verified; what is absent counts 0."""

    tree: Edition
    policy: Policy
    basis: str
    statuses: Mapping[str, str]
    indicators: tuple[Indicator, ...]

    @property
    def full(self) -> str:
        """The status that gives a part its whole credit."""
        return DONE if self.basis == CLAIMED else PASS

    @property
    def none(self) -> str:
        """The status of a part of which nothing is known."""
        return scoring.NOT_STARTED if self.basis == CLAIMED else NOT_JUDGED

    def status(self, code: str) -> str:
        return self.statuses.get(code, self.none)

    @cached_property
    def score(self) -> Score:
        engine = scoring.claimed if self.basis == CLAIMED else scoring.verified
        return engine(self.tree, self.policy, self.statuses, self.indicators)

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        """The indicators by the code that people see, 7.1.1.1."""
        return dict(numbered(self.indicators))

    def with_statuses(self, changes: Mapping[str, str]) -> "Marks":
        return replace(self, statuses={**self.statuses, **changes})

    def with_indicators(self, changes: Mapping[str, Indicator]) -> "Marks":
        """The same with other figures or verdicts in the indicators of these codes."""
        return replace(
            self, indicators=tuple(changes.get(code, entry) for code, entry in self.by_code.items())
        )

    def topic(self, topic: Topic, statuses: Mapping[str, str] | None = None) -> TopicScore:
        """One topic of Form 3 alone, with other statuses where given: the rest of the score does not change."""
        engine = scoring.topic_claimed if self.basis == CLAIMED else scoring.topic_verified
        return engine(topic, self.policy, self.statuses if statuses is None else statuses)

    def results_topic(self, topic: Topic) -> TopicScore:
        engine = scoring.results_claimed if self.basis == CLAIMED else scoring.results_verified
        return engine(topic, self.policy, self.indicators)

    def weight(self, topic: Topic) -> Fraction:
        """What one point of this topic is worth in the total: a mean of means."""
        categories = sum(len(self.tree.of_kind(kind)) for kind in (PROCESS, RESULTS))
        return Fraction(1, len(self.tree.category_of_topic[topic.code].topics) * categories)
