"""The agencies of a population in the order of one score, divided three ways: steps, levels, score groups. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from criteria.structure import LEVELS
from results.dashboard import suppression

# The histogram: twenty steps of 25 points; 500 itself belongs to the last.
STEP = 25
STEPS = 20
# In this order they are told where not all can be: the first is kept longest.
LINES = ("groups", "levels", "steps")


@dataclass(frozen=True)
class ByScore:
    """`lines` are those that rise with the score; `atoms`, from the lowest to the highest, how many agencies have the
    same place in each of them."""

    lines: tuple[str, ...]
    atoms: Sequence[tuple[tuple[Any, ...], int]]

    @property
    def count(self) -> int:
        return sum(count for _place, count in self.atoms)

    @property
    def steps(self) -> list[int]:
        """How many agencies are in each step of the histogram."""
        counts = [0] * STEPS
        for place, count in self.atoms:
            counts[place[-1]] += count
        return counts

    @cached_property
    def untold(self) -> Mapping[str, frozenset]:
        """Line -> its groups that are not told beside the other lines."""
        spans = [self._spans(index) for index in range(len(self.lines))]
        hidden = suppression.untold_by_score([count for _place, count in self.atoms], spans)
        return dict(zip(self.lines, hidden, strict=True))

    @property
    def everything(self) -> Mapping[str, frozenset]:
        """The same where nothing is told."""
        return {line: frozenset(self._spans(index)) for index, line in enumerate(self.lines)}

    def _spans(self, index: int) -> dict[Any, range]:
        """Group of a line -> its atoms, which stand one after the other."""
        found: dict[Any, range] = {}
        for at, (place, _count) in enumerate(self.atoms):
            start = found[place[index]].start if place[index] in found else at
            found[place[index]] = range(start, at + 1)
        return found


def by_score(rows: Iterable[Mapping[str, Any]], lines: tuple[str, ...]) -> ByScore:
    """`rows` have `n`, how many, and each of the lines by name; a step beyond the last is the last."""
    found: dict[tuple[Any, ...], int] = {}
    for row in rows:
        place = tuple(min(row[line], STEPS - 1) if line == "steps" else row[line] for line in lines)
        found[place] = found.get(place, 0) + row["n"]
    return ByScore(lines, sorted(found.items(), key=lambda entry: [_rank(value) for value in entry[0][::-1]]))


def _rank(value: int | str) -> int:
    """Of a level, from none to the highest; steps and score groups are numbers already."""
    return value if isinstance(value, int) else LEVELS.index(value) + 1 if value else 0
