"""The tree that made one number, ready to be shown: from the frozen `trees` of a payload. Pure: no Django.

Contributions in a stored tree are points of the total. Here they become points of the number that is asked
for, so that the rows of every table add up to the number above it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from criteria.scoring import (
    LOWER_IS_BETTER,
    display_score,
    display_share_of_points,
    display_shares_of_points,
    policy_from,
)
from criteria.scoring.policy import TARGET_OVER_RESULT, PolicyError
from pmqa.thai import thai_number
from results.payload import Payload
from results.report_rows import has_text

BASES = ("claimed", "verified")

TOTAL, CATEGORY, TOPIC, LEVEL, ITEM, PART, INDICATOR = (
    "total",
    "category",
    "topic",
    "level",
    "item",
    "part",
    "indicator",
)
FULL = 500

# Which choices of a policy can matter to a number of this kind of category.
PROCESS_RULES = ("weights", "gated", "started_credit")
RESULTS_RULES = (
    "bands",
    "below_target",
    "percent_compared",
    "lower_is_better",
    "not_challenging",
    "failed_indicator",
    "missing_indicator",
)


@dataclass(frozen=True)
class Step:
    """One node of the tree.

    name: in words. value: as shown, points or percent (`unit`). weight: exact share in the step above.
    points: what it gives to the number at the top; possible: what it could give at most, None where a gate of
    the policy keeps it from counting. shown: the points of a leaf as printed. outcome, claim, comment: of a part
    or an indicator. topic: where it is.
    """

    node: Mapping[str, Any]
    name: str
    points: Fraction
    possible: Fraction | None
    topic: str = ""
    outcome: str | None = None
    claim: str | None = None
    comment: str = ""
    steps: tuple["Step", ...] = ()
    shown: str = ""

    @property
    def kind(self) -> str:
        return self.node["kind"]

    @property
    def code(self) -> str:
        return self.node["code"]

    @property
    def operation(self) -> str:
        return self.node["operation"]

    @property
    def is_points(self) -> bool:
        return self.node["unit"] == "points"

    @property
    def value(self) -> str:
        return self.node["display"]

    @property
    def weight(self) -> str:
        return self.node["weight"]

    @property
    def counted(self) -> bool:
        return self.node["counted"]

    @property
    def points_shown(self) -> str:
        """Two decimals; a leaf has more, so that what is printed can be added up."""
        return self.shown or display_score(self.points)

    @property
    def possible_shown(self) -> str:
        if self.possible is None:
            return "–"
        return display_score(self.possible) if self.steps else display_share_of_points(self.possible)

    @property
    def anchor(self) -> str:
        """Where the part or indicator stands on the page of its topic."""
        return f"p{self.code}"

    @property
    def exact(self) -> str:
        """The value before it is rounded: "3625/8"."""
        return self.node["value"]

    @property
    def is_rounded(self) -> bool:
        """Whether two decimals do not show the whole value."""
        return (Fraction(self.exact) * 100).denominator != 1

    @property
    def sum_text(self) -> str:
        """How the children make the value: "500 × (1/4 × 1 + 1/3 × 1/2)" or "(500.00 + 416.67) ÷ 2"."""
        if self.operation == "weighted":
            terms = [f"{step.weight} × {step.exact}" for step in self.steps if step.counted]
            return f"{FULL} × ({' + '.join(terms)})"
        if self.operation == "mean" and self.steps:
            values = [step.value if step.is_points else step.exact for step in self.steps]
            return f"({' + '.join(values)}) ÷ {len(values)}"
        return ""

    @cached_property
    def leaves(self) -> tuple["Step", ...]:
        if not self.steps:
            return (self,)
        return tuple(leaf for step in self.steps for leaf in step.leaves)

    @property
    def passed(self) -> int:
        """How many of its parts have full credit."""
        return sum(leaf.node["value"] == "1" for leaf in self.leaves)


def explain(payload: Payload, basis: str, code: str) -> Step | None:
    """The steps behind one number; None when the payload has no such number.

    `basis` is claimed or verified; `code` is "total" or the code of a category, topic or indicator.
    """
    root = (payload.get("trees") or {}).get(basis) or None
    if root is None or basis not in BASES:
        return None
    wanted = next((node for node in _numbers(root) if node["code"] == code), None)
    if wanted is None:
        return None
    step = _Reader(payload).step(wanted, worth=Fraction(1), topic=_topic_of(wanted))
    return _printed(step, iter(display_shares_of_points([leaf.points for leaf in step.leaves])))


def _printed(step: Step, shown: Iterator[str]) -> Step:
    """The step with what its leaves show, in their order."""
    if not step.steps:
        return replace(step, shown=next(shown))
    return replace(step, steps=tuple(_printed(inner, shown) for inner in step.steps))


@dataclass(frozen=True, slots=True)
class Measured:
    """What an indicator was scored by. results: (year, figure or None), the last one counts.

    percent_sum: how it became a percentage: "90.43 ÷ 78.5 × 100"; empty where there is none.
    """

    results: tuple[tuple[int, str | None], ...]
    target: str | None
    unit: str
    direction: str
    percent_sum: str


def measured(payload: Payload, step: Step) -> Measured | None:
    """Of the step of an indicator; None of any other, and of one that is not in the payload."""
    found = next((entry for entry in payload["indicators"] if entry["code"] == step.code), None)
    if step.kind != INDICATOR or found is None:
        return None
    years = found.get("years") or ()
    return Measured(
        results=tuple(zip(years, found["results"], strict=False)),
        target=found["target"],
        unit=found.get("unit") or "",
        direction=found["direction"],
        percent_sum=_percent_sum(payload["policy"], found) if step.node["percent"] is not None else "",
    )


def _percent_sum(policy: Mapping[str, Any], indicator: Mapping[str, Any]) -> str:
    result, target = (thai_number(figure) for figure in (indicator["results"][-1], indicator["target"]))
    if indicator["direction"] != LOWER_IS_BETTER:
        return f"{result} ÷ {target} × 100"
    try:
        chosen = policy_from(policy["name"], policy.get("parameters")).parameters.lower_is_better
    except PolicyError:
        # A sheet outlives the policies of a release.
        return ""
    return (
        f"{target} ÷ {result} × 100" if chosen == TARGET_OVER_RESULT else f"(2 − {result} ÷ {target}) × 100"
    )


def path_to(code: str) -> tuple[str, ...]:
    """The codes of the numbers above this one, the total first: "7.1.1.1" hangs under total, 7, 7.1."""
    if code == TOTAL:
        return ()
    steps = code.split(".")
    above = [".".join(steps[:length]) for length in (1, 2) if length < len(steps)]
    return (TOTAL, *above)


def rules_for(step: Step) -> tuple[str, ...]:
    """The parameters of the policy that can matter to this number."""
    kinds = {leaf.kind for leaf in step.leaves}
    return (PROCESS_RULES if PART in kinds else ()) + (RESULTS_RULES if INDICATOR in kinds else ())


def contributions(root: Mapping[str, Any]) -> Fraction:
    """The sum of what all leaves of a stored tree contribute: exactly the value of its root."""
    if not root["children"]:
        return Fraction(root["contribution"])
    return sum((contributions(child) for child in root["children"]), Fraction(0))


def _numbers(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every node with a page of its own: a number that is printed, not a share on the way to one."""
    if node["kind"] in (TOTAL, CATEGORY, TOPIC, INDICATOR) and node["code"]:
        yield node
        for child in node["children"]:
            yield from _numbers(child)


def _topic_of(node: Mapping[str, Any]) -> str:
    if node["kind"] in (TOPIC, INDICATOR):
        return ".".join(node["code"].split(".")[:2])
    return ""


class _Reader:
    """Names, marks and comments of one payload by code."""

    def __init__(self, payload: Payload) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._judged: dict[str, Mapping[str, Any]] = {}
        for side in BASES:
            for category in payload["scores"][side]["categories"]:
                self._names[CATEGORY, category["code"]] = category["name"]
                for topic in category["topics"]:
                    self._names[TOPIC, topic["code"]] = topic["name"]
        for category in payload["categories"]:
            for topic in category["topics"]:
                for item in topic["items"]:
                    self._names[ITEM, item["code"]] = item["title"]
                    for part in item["parts"]:
                        self._names[PART, part["code"]] = part["prompt"]
                        self._judged[part["code"]] = part
        for indicator in payload["indicators"]:
            self._names[INDICATOR, indicator["code"]] = indicator["name"]
            self._judged[indicator["code"]] = indicator

    def step(self, node: Mapping[str, Any], *, worth: Fraction | None, topic: str) -> Step:
        """`worth`: points of the number at the top per 1 of the node's value; None: it does not count."""
        kind, code = node["kind"], node["code"]
        topic = code if kind == TOPIC else topic
        judged = self._judged.get(code, {}) if kind in (PART, INDICATOR) else {}
        comment = judged.get("comment") or ""
        if not node["counted"]:
            worth = None
        inside = None if worth is None else worth * FULL if node["operation"] == "weighted" else worth
        return Step(
            node=node,
            name=self._names.get((kind, code), ""),
            points=Fraction(0) if worth is None else worth * Fraction(node["value"]),
            possible=None if worth is None else worth * (FULL if node["unit"] == "points" else 1),
            topic=topic,
            outcome=judged.get("outcome"),
            claim=judged.get("claim"),
            comment=comment if has_text(comment) else "",
            steps=tuple(
                self.step(
                    child, worth=None if inside is None else inside * Fraction(child["weight"]), topic=topic
                )
                for child in node["children"]
            ),
        )
