"""On which choices of the scoring policy a number rests: another choice could give it another value. Pure: no Django.

What the frozen tree tells of one line is used: a choice that changes nothing there is not named.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from criteria.scoring import FAIL, LOWER_IS_BETTER, STARTED, policy_from
from criteria.scoring.numbers import round_half_up
from criteria.scoring.policy import KEEP, LEFT_OUT, Parameters
from results.explaining import CATEGORY, INDICATOR, LEVEL, PART, TOPIC, Step
from results.payload import Payload

# No parameter: how topics make a category (results.policy_words.category_rule).
CATEGORY_MEAN = "category"

Names = frozenset[str]
_NONE: Names = frozenset()


def leaning_of(payload: Payload) -> "Leaning":
    """Raises criteria.scoring.policy.PolicyError for a policy that this release does not know."""
    policy = payload["policy"]
    known = policy_from(policy["name"], policy.get("parameters"))
    return Leaning(known.parameters, {entry["code"]: entry for entry in payload.get("indicators") or ()})


class Leaning:
    """Asks the steps of one payload; `parameters` are those of its policy, `indicators` its own by their codes."""

    def __init__(self, parameters: Parameters, indicators: Mapping[str, Mapping[str, Any]]) -> None:
        self._parameters = parameters
        self._indicators = indicators

    def of(self, step: Step) -> Names:
        """What the value of this step rests on, with everything below it."""
        if step.kind == PART:
            return frozenset({"started_credit"}) if step.node["status"] == STARTED else _NONE
        if step.kind == INDICATOR:
            return frozenset(self._indicator(step))
        return frozenset(self._own(step)).union(*map(self.of, step.steps))

    def of_level(self, topic: Step, level: Step) -> Names:
        """What the points rest on that a level gives to its topic."""
        found = set(self.of(level))
        if _share(level) and len(topic.steps) > 1:
            found.add("weights")
        if level.code in _waiting(topic):
            found.add("gated")
        return frozenset(found)

    def _own(self, step: Step) -> set[str]:
        """What its own operation adds."""
        found = set()
        if step.kind == CATEGORY and len({inner.exact for inner in step.steps}) > 1:
            found.add(CATEGORY_MEAN)
        if step.kind == TOPIC and step.operation == "weighted":
            if len({_share(level) if level.counted else 0 for level in step.steps}) > 1:
                found.add("weights")
            if _waiting(step):
                found.add("gated")
        elif step.kind == TOPIC and self._parameters.missing_indicator == LEFT_OUT:
            # How many were left out is not in the tree.
            found.add("missing_indicator")
        return found

    def _indicator(self, step: Step) -> set[str]:
        if step.operation in ("failed", "missing"):
            return {f"{step.operation}_indicator"}
        if step.operation == "not_challenging":
            return {"not_challenging"}
        if step.operation != "band":
            return set()
        # Where the bands begin decides what is below the target, too.
        found = {"bands"} if step.node["band_from"] else {"bands", "below_target"}
        percent = step.node["percent"]
        if percent is not None and self._band(Fraction(percent)) != self._band(
            round_half_up(Fraction(percent), 1)
        ):
            found.add("percent_compared")
        if self._indicators.get(step.code, {}).get("direction") == LOWER_IS_BETTER:
            found.add("lower_is_better")
        if step.outcome == FAIL and self._parameters.failed_indicator == KEEP:
            found.add("failed_indicator")
        if step.node["challenging"] is False:
            found.add("not_challenging")
        return found

    def _band(self, percent: Fraction) -> int:
        return sum(percent >= start for start, _score in self._parameters.bands)


def _share(level: Step) -> Fraction:
    return Fraction(level.exact)


def _waiting(topic: Step) -> list[str]:
    """The levels with credit of which a level below is not complete, by their codes."""
    levels = [step for step in topic.steps if step.kind == LEVEL]
    return [
        level.code
        for place, level in enumerate(levels)
        if _share(level) and any(_share(below) != 1 for below in levels[:place])
    ]
