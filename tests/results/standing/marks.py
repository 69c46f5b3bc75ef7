"""Marks of the whole edition for tests that need no database."""

from fractions import Fraction
from random import Random

from criteria.scoring import CLAIMED, POLICIES, VERIFIED, Indicator
from criteria.structure import RESULTS
from results.standing.marks import Marks
from tests.results.payloads import edition


def indicators(*, target: int = 85, latest: str = "100", verdict: str | None = "pass", **extra) -> tuple:
    """One in each group of every topic of category 7: thirty in all."""
    return tuple(
        Indicator(
            topic=topic.code,
            group=number,
            target=Fraction(target),
            results=(Fraction(80), Fraction(84), Fraction(latest)),
            verdict=verdict,
            **({"direction": "higher_is_better"} | extra),
        )
        for category in edition().of_kind(RESULTS)
        for topic in category.topics
        for number in range(1, 6)
    )


def make(*, policy: str = "pmqa40-2565", basis: str = VERIFIED, full: bool = True, **figures) -> Marks:
    """Everything counts, or nothing does."""
    word = (
        {CLAIMED: "done", VERIFIED: "pass"}[basis]
        if full
        else {CLAIMED: "not_started", VERIFIED: "fail"}[basis]
    )
    statuses = {part.code: word for part in edition().process_parts}
    return Marks(edition(), POLICIES[policy], basis, statuses, indicators(**figures))


def scattered(seed: int, **options) -> Marks:
    """Any part may count or not, the same for the same seed."""
    marks, pick = make(**options), Random(seed)
    words = ("done", "started", "not_started") if marks.basis == CLAIMED else ("pass", "fail")
    return marks.with_statuses({code: pick.choice(words) for code in marks.statuses})
