"""Facts about what is written: elements of ADLI that are covered, and LeTCI of an indicator. Pure; never a block.

Sources: the award's guide of stage 2. A role model shows a good trend and a good comparison; a trend needs three years;
results of 7.1 and 7.2 need a comparison from band 3 on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise

YEARS = ("result_1", "result_2", "result_3")
BETTER, WORSE, MIXED = "better", "worse", "mixed"
LOWER_IS_BETTER = "lower_is_better"


def covered(keys: Sequence[str], values: Mapping[str, str]) -> tuple[int, int]:
    """How many of the elements are written about, of how many."""
    return sum(bool(values.get(key, "").strip()) for key in keys), len(keys)


@dataclass(frozen=True, slots=True)
class LeTCI:
    """level: the latest year has a result. years: how many have. trend: "" before there are three.

    comparison: "" without a figure to compare with. integration: something is said of it.
    """

    level: bool
    years: int
    trend: str
    comparison: str
    integration: bool

    @property
    def is_short(self) -> bool:
        """Fewer than three years."""
        return self.years < len(YEARS)

    @property
    def is_role_model(self) -> bool:
        return self.trend == BETTER and self.comparison == BETTER

    @property
    def missing(self) -> tuple[str, ...]:
        """Letters that nothing is said of."""
        letters = (
            ("Le", self.level),
            ("T", self.trend),
            ("C", self.comparison),
            ("I", self.integration),
        )
        return tuple(letter for letter, is_there in letters if not is_there)


def letci(values: Mapping[str, str]) -> LeTCI:
    """Of the values of an indicator as they are stored: plain numbers, "" is no data."""
    sign = -1 if values.get("direction") == LOWER_IS_BETTER else 1
    results = [_figure(values.get(key, "")) for key in YEARS]
    known = [sign * result for result in results if result is not None]
    latest, peer = results[-1], _figure(values.get("peer_result", ""))
    return LeTCI(
        level=latest is not None,
        years=len(known),
        trend=_trend(known) if len(known) == len(YEARS) else "",
        comparison=_side(sign * latest, sign * peer) if latest is not None and peer is not None else "",
        integration=bool(values.get("integration", "").strip()),
    )


def needs_reason(values: Mapping[str, str]) -> bool:
    """Fewer than three years, and nobody has said why."""
    return letci(values).is_short and not values.get("reason", "").strip()


def _trend(results: Sequence[Decimal]) -> str:
    """Better where no year is worse than the one before and the last is better than the first."""
    steps = [after - before for before, after in pairwise(results)]
    if results[-1] > results[0] and min(steps) >= 0:
        return BETTER
    return WORSE if results[-1] < results[0] and max(steps) <= 0 else MIXED


def _side(own: Decimal, other: Decimal) -> str:
    return BETTER if own > other else WORSE if own < other else MIXED


def _figure(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
