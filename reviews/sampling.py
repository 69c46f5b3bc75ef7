"""Which of what one reviewer marks alone is marked by a second one as well. Pure: no Django.

A fifth of it, rounded up. The draw can be repeated by anybody who knows the seed: every unit (a category of a case) has
a name, "year/agency/category", and a number, the SHA-256 of "seed/name"; the smallest numbers are drawn. Who is the
second is no part of the draw: of those who know the category and may judge the agency, whoever has least to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random

from reviews.proposing import Person, Scale

# One of so many, at least.
ONE_OF = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """A category of a case that one person marks. `kept_out` are those who cannot be the second: that person, the lead,
    and whoever left the case."""

    case: int
    agency: int
    category: str
    name: str
    parts: int
    words: int
    kept_out: frozenset[int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit with the number by which it was drawn; `person` is the second, None where nobody can be."""

    unit: Unit
    number: str
    person: int | None


@dataclass(frozen=True)
class Sample:
    """`population` counts what can be drawn and what has been; `wanted` is how many units were to be drawn now."""

    drawn: tuple[Drawn, ...]
    passed_over: tuple[Drawn, ...]
    population: int
    wanted: int

    @property
    def missing(self) -> int:
        return self.wanted - len(self.drawn)


def number_of(name: str, seed: int) -> str:
    return sha256(f"{seed}/{name}".encode()).hexdigest()


def draw(units: Sequence[Unit], people: Sequence[Person], *, already: int, seed: int) -> Sample:
    """Draw until a fifth of `units` and of the `already` drawn has a second reviewer.

    A unit that nobody else may mark is passed over, and the next one takes its place.
    """
    population = len(units) + already
    wanted = max(0, -(-population // ONE_OF) - already)
    scale = Scale(sum(unit.parts for unit in units), sum(unit.words for unit in units))
    load = {person.key: scale.weigh(person.parts, person.words) for person in people}
    keys = sorted(load)
    rank = {key: place for place, key in enumerate(Random(seed).sample(keys, len(keys)))}  # noqa: S311 (no secret)
    drawn, passed_over = [], []
    for unit in sorted(units, key=lambda unit: number_of(unit.name, seed)):
        if len(drawn) == wanted:
            break
        fit = [
            person.key
            for person in people
            if person.knows(unit.category)
            and unit.agency not in person.barred
            and person.key not in unit.kept_out
        ]
        second = min(fit, key=lambda key: (load[key], rank[key]), default=None)
        taken = Drawn(unit, number_of(unit.name, seed), second)
        if second is None:
            passed_over.append(taken)
            continue
        load[second] += scale.weigh(unit.parts, unit.words)
        drawn.append(taken)
    return Sample(tuple(drawn), tuple(passed_over), population, wanted)
