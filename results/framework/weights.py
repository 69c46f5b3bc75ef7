"""The KPI framework of a year: which components the yearly assessment of an agency has, and what each weighs.

Pure: no Django, exact numbers. A weight is percent of the whole assessment. Attainment is out of 100, so a component
of weight 15 gives at most 15 points, and all components together at most 100.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from criteria.scoring import display_score

WHOLE = Decimal(100)
PERFORMANCE, POTENTIAL = "performance", "potential"
GROUPS = (PERFORMANCE, POTENTIAL)
# The five bases by which KPIs are classified; a tag, without weight.
BASES = ("function", "agenda", "area", "innovation", "potential")
# So many components a framework may have, and so many KPIs a component.
MOST_COMPONENTS, MOST_KPIS = 20, 20
STANDARD = Path(__file__).resolve().parent.parent.parent / "fixtures" / "kpi" / "framework.yaml"


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a framework: a KPI, or several (`least` to `most`) that an agency sets itself.

    bases: tags of `BASES`, in their order. is_pmqa: the one whose attainment this product works out.
    """

    group: str
    name: str
    weight: Decimal
    bases: tuple[str, ...]
    name_en: str = ""
    least: int = 1
    most: int = 1
    is_pmqa: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a framework cannot be meant. For sums: what they come to and what they should; for names: which."""

    code: str
    group: str = ""
    has: Decimal = WHOLE
    wants: Decimal = WHOLE
    name: str = ""

    @property
    def short(self) -> Decimal:
        """What is missing; below 0 what is too much."""
        return self.wants - self.has


@dataclass(frozen=True, slots=True)
class Framework:
    """Components with the weights of their two groups, which were announced on their own."""

    performance: Decimal
    potential: Decimal
    components: tuple[Component, ...]

    def weight_of(self, group: str) -> Decimal:
        return {PERFORMANCE: self.performance, POTENTIAL: self.potential}[group]

    def of_group(self, group: str) -> tuple[Component, ...]:
        return tuple(component for component in self.components if component.group == group)

    @property
    def pmqa(self) -> Component | None:
        return next((component for component in self.components if component.is_pmqa), None)

    def in_order(self) -> "Framework":
        """The same with the components of the first group first."""
        components = tuple(component for group in GROUPS for component in self.of_group(group))
        return Framework(self.performance, self.potential, components)

    def faults(self) -> list[Fault]:
        """Nothing for a framework that can be used; sums first, the whole before its groups."""
        return [*self._sums(), *self._parts()]

    def _sums(self) -> list[Fault]:
        found = [
            Fault("groups", has=self.performance + self.potential),
            Fault("total", has=_sum(self.components)),
            *(
                Fault("group", group, has=_sum(self.of_group(group)), wants=self.weight_of(group))
                for group in GROUPS
            ),
        ]
        return [fault for fault in found if fault.short]

    def _parts(self) -> list[Fault]:
        checks = {
            "range": all(0 < part.weight <= WHOLE for part in self.components)
            and all(0 < self.weight_of(group) < WHOLE for group in GROUPS),
            "kinds": all(part.group in GROUPS for part in self.components),
            "counts": all(1 <= part.least <= part.most <= MOST_KPIS for part in self.components),
            "bases": all(part.bases and set(part.bases) <= set(BASES) for part in self.components),
            "names": all(part.name for part in self.components),
            "pmqa": sum(part.is_pmqa for part in self.components) == 1,
            "pmqa_counts": all(part.most == 1 for part in self.components if part.is_pmqa),
            "too_many": len(self.components) <= MOST_COMPONENTS,
        }
        names = Counter(part.name for part in self.components)
        return [Fault(code) for code, holds in checks.items() if not holds] + [
            Fault("same_name", name=name) for name, count in names.items() if name and count > 1
        ]


def _sum(components: tuple[Component, ...]) -> Decimal:
    return sum((component.weight for component in components), Decimal(0))


# --- what a component gives ---------------------------------------------------------------------


def contribution(attainment: Fraction, weight: Decimal) -> Fraction:
    """Points of the yearly assessment that an attainment (0 to 100) of this weight gives."""
    return attainment * Fraction(weight) / 100


@dataclass(frozen=True, slots=True)
class Share:
    """What PMQA 4.0 gives an agency in the yearly assessment; `points` None while nothing is attained."""

    weight: Decimal
    attainment: Fraction | None

    @property
    def points(self) -> Fraction | None:
        return None if self.attainment is None else contribution(self.attainment, self.weight)

    @property
    def weight_words(self) -> str:
        return plain(self.weight)

    @property
    def points_words(self) -> str:
        """Rounded here only, half up; "" while nothing is attained."""
        return "" if self.points is None else display_score(self.points)

    @property
    def sum_words(self) -> str:
        """The sum as it is printed: "80.00 × 15 % = 12.00"."""
        if self.attainment is None:
            return ""
        return f"{display_score(self.attainment)} × {self.weight_words} % = {self.points_words}"


def plain(weight: Decimal) -> str:
    """15.00 -> "15", 12.50 -> "12.5"."""
    return f"{weight.normalize():f}"


# --- as data ------------------------------------------------------------------------------------


def as_data(framework: Framework) -> dict[str, Any]:
    """For the log: texts, numbers and lists alone."""
    return {
        **{group: plain(framework.weight_of(group)) for group in GROUPS},
        "components": [
            asdict(part) | {"weight": plain(part.weight), "bases": list(part.bases)}
            for part in framework.components
        ],
    }


def from_data(data: Mapping[str, Any]) -> Framework:
    """The inverse of `as_data`; KPI numbers, English names and the mark of PMQA 4.0 may be left out."""
    return Framework(
        Decimal(data[PERFORMANCE]),
        Decimal(data[POTENTIAL]),
        tuple(
            Component(**{**part, "weight": Decimal(part["weight"]), "bases": tuple(part["bases"])})
            for part in data["components"]
        ),
    )


@cache
def standard() -> Framework:
    """What is proposed where no earlier cycle has a framework."""
    return from_data(yaml.safe_load(STANDARD.read_text(encoding="utf-8")))
