"""KPI targets of a year: the type that last year's score gives, its targets 50/75/100, and what a score attains.

Pure: no Django, exact fractions. Anchors and boundaries are what was announced for fiscal year 2564; a cycle may carry
others. They are constants: averages of real scores stand beside them on a page and never change them. That attainment
runs straight between two targets, is 0 below the first and 100 above the last, no document says: an estimate.
"""

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from fractions import Fraction

from criteria.scoring.policy import TOP
from results.standing.groups import GROUPS, group_of

HALF, STANDARD, FULL = 50, 75, 100
STEPS = (HALF, STANDARD, FULL)
TYPES = (1, 2, 3)

Number = Fraction | Decimal | int


@dataclass(frozen=True, slots=True)
class Rules:
    """What was announced for a year. Scores in points of 500, growth in percent of last year's score.

    from_2, from_3: where type 2 and type 3 begin; intervals are half open, [from_2, from_3).
    half_1, half_2, half_3: what attains 50 in each type.
    full_1: what attains 100 in type 1, which has no standard target.
    growth_2, growth_3: how far above last year's score attains 100; last year's score itself attains 75.
    """

    from_2: Decimal = Decimal(350)
    from_3: Decimal = Decimal(400)
    half_1: Decimal = Decimal(240)
    full_1: Decimal = Decimal(350)
    half_2: Decimal = Decimal(325)
    growth_2: Decimal = Decimal(8)
    half_3: Decimal = Decimal(370)
    growth_3: Decimal = Decimal(2)

    def faults(self) -> list[str]:
        """Codes of what cannot be meant; nothing for rules that can be used."""
        checks = {
            "out_of_range": all(
                0 < value <= TOP for name, value in asdict(self).items() if "growth" not in name
            ),
            "boundaries": self.from_2 < self.from_3,
            "type_1": self.half_1 < self.full_1,
            "type_2": self.half_2 < self.from_2,
            "type_3": self.half_3 < self.from_3,
            "growth": 0 < self.growth_2 <= 100 and 0 < self.growth_3 <= 100,
        }
        return [code for code, holds in checks.items() if not holds]

    def begins(self, kpi_type: int) -> Decimal:
        return {1: Decimal(0), 2: self.from_2, 3: self.from_3}[kpi_type]

    def ends(self, kpi_type: int) -> Decimal | None:
        """Where the next type begins; the last type has no end."""
        return {1: self.from_2, 2: self.from_3, 3: None}[kpi_type]

    def half(self, kpi_type: int) -> Decimal:
        return {1: self.half_1, 2: self.half_2, 3: self.half_3}[kpi_type]


RULES = tuple(field.name for field in fields(Rules))


@dataclass(frozen=True, slots=True)
class Targets:
    """What attains 50, 75 and 100. `standard` is None for type 1, and `full` is never above 500."""

    kpi_type: int
    half: Fraction
    standard: Fraction | None
    full: Fraction

    @property
    def anchors(self) -> tuple[tuple[int, Fraction], ...]:
        """(attainment, score), rising; without the standard target where there is none."""
        pairs = zip(STEPS, (self.half, self.standard, self.full), strict=True)
        return tuple((step, score) for step, score in pairs if score is not None)


def type_of(rules: Rules, last: Number | None) -> int | None:
    """1, 2 or 3 by last year's score; None without one. A total of 0 is a form that was not submitted: no score."""
    if not last:
        return None
    if last < rules.from_2:
        return 1
    return 2 if last < rules.from_3 else 3


def fits(rules: Rules, kpi_type: int, score: Number) -> bool:
    """Whether a score lies in the half-open interval of a type."""
    return type_of(rules, score) == kpi_type


def targets(rules: Rules, kpi_type: int, last: Number | None) -> Targets:
    """The targets of a type. Raises ValueError for type 2 or 3 without last year's score, on which theirs rest."""
    half = Fraction(rules.half(kpi_type))
    if kpi_type == 1:
        return Targets(1, half, None, Fraction(rules.full_1))
    if not last:
        raise ValueError(f"the targets of type {kpi_type} rest on last year's score")
    growth = Fraction(rules.growth_2 if kpi_type == 2 else rules.growth_3)
    standard = Fraction(last)
    return Targets(kpi_type, half, standard, min(standard * (1 + growth / 100), Fraction(TOP)))


def attainment(goal: Targets, score: Number) -> Fraction:
    """0 to 100: straight between two targets, 0 below the first, 100 from the last on."""
    now = Fraction(score)
    anchors = goal.anchors
    if now >= anchors[-1][1]:
        return Fraction(FULL)
    reached = None
    for step, anchor in anchors:
        if now < anchor:
            if reached is None:
                return Fraction(0)
            low_step, low = reached
            return low_step + (step - low_step) * (now - low) / (anchor - low)
        reached = (step, anchor)
    raise AssertionError("the last target is above the score")


def is_overlapping(rules: Rules, score: Number) -> bool:
    """Whether the published tables disagree about this score (ช่วงคาบเกี่ยว).

    The groups say "300–350" where the types say "below 350", and "350–399" leaves 399–400 to nobody. So within one
    point of where a type begins: the score rounds into a group whose whole points belong to another type, or lies
    between the last whole point of a type and the next type.
    """
    kpi_type = type_of(rules, score)
    if kpi_type is None or all(abs(score - rules.begins(number)) > 1 for number in (2, 3)):
        return False
    end = rules.ends(kpi_type)
    if kpi_type == 2 and end is not None and score > end - 1:
        return True
    group = GROUPS[group_of(score) - 1]
    return type_of(rules, max(group.low, 1)) != kpi_type
