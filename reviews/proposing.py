"""Teams for many cases: nobody who may not judge, enough people who know each category, the work shared out evenly.

Pure: no Django, and the same seed gives the same teams. Every case is possible or impossible by itself, for nobody's
load is limited; the load only decides who is taken. First everybody free and least loaded is taken, the largest case
first; then seats move from the more to the less loaded until no single move levels the load any further.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

REVIEWERS, LEAD = "reviewers", "lead"


@dataclass(frozen=True, slots=True)
class Case:
    """A case without a team: how many answers and words each of its categories has, by code."""

    key: int
    agency: int
    parts: Mapping[str, int]
    words: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who reviews. No `categories` means all; `parts` and `words` are what is on their desk already."""

    key: int
    categories: frozenset[str] = frozenset()
    can_lead: bool = False
    barred: frozenset[int] = frozenset()
    parts: int = 0
    words: int = 0

    def knows(self, code: str) -> bool:
        return not self.categories or code in self.categories


@dataclass(frozen=True, slots=True)
class Seat:
    """One person in a team and the categories they mark; a lead may mark none."""

    person: int
    categories: tuple[str, ...]
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a case gets no team: too few people for `category`, or nobody to lead. `found` is how many there are."""

    kind: str
    category: str = ""
    found: int = 0


@dataclass(frozen=True)
class Proposal:
    """Case -> its team, or what it lacks; every case is in one of the two."""

    teams: Mapping[int, tuple[Seat, ...]]
    impossible: Mapping[int, Lack]


@dataclass
class Scale:
    """One number for answers and words together: either is half of the work of all cases. Whole, so it adds up."""

    all_parts: int
    all_words: int

    def weigh(self, parts: int, words: int) -> int:
        return parts * max(self.all_words, 1) + words * max(self.all_parts, 1)

    def of(self, case: Case, codes: Iterable[str]) -> int:
        codes = list(codes)
        return self.weigh(sum(case.parts[code] for code in codes), sum(case.words[code] for code in codes))


def scale_of(cases: Collection[Case]) -> Scale:
    return Scale(
        sum(sum(case.parts.values()) for case in cases), sum(sum(case.words.values()) for case in cases)
    )


def propose(
    cases: Sequence[Case], people: Sequence[Person], *, at_least: int, lead_marks: bool, seed: int
) -> Proposal:
    """A team for every case that can have one: `at_least` people for each category, and one lead.

    A lead who marks is one of those people; otherwise the lead marks nothing and is one more.
    """
    return _Table(cases, people, at_least, lead_marks, seed).fill()


@dataclass
class _Table:
    cases: Sequence[Case]
    people: Sequence[Person]
    at_least: int
    lead_marks: bool
    seed: int
    teams: dict[int, list[Seat]] = field(default_factory=dict)
    impossible: dict[int, Lack] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng = Random(self.seed)  # noqa: S311 (chance between equals, no secret)
        people = sorted(self.people, key=lambda person: person.key)
        # Chance decides only between people, and between cases, that are equal otherwise.
        self.rank = {person.key: place for place, person in enumerate(rng.sample(people, len(people)))}
        self.by_key = {person.key: person for person in people}
        self.order = rng.sample(sorted(self.cases, key=lambda case: case.key), len(self.cases))
        self.scale = scale_of(self.cases)
        self.load = {person.key: self.scale.weigh(person.parts, person.words) for person in people}
        self.led = dict.fromkeys(self.load, 0)
        self.by_case = {case.key: case for case in self.cases}

    def fill(self) -> Proposal:
        for case in sorted(self.order, key=lambda case: -self.scale.of(case, case.parts)):
            lack = self._seat(case)
            if lack:
                self.impossible[case.key] = lack
        self._level()
        return Proposal({key: tuple(team) for key, team in self.teams.items()}, dict(self.impossible))

    def _seat(self, case: Case) -> Lack | None:
        free = [person for person in self.by_key.values() if case.agency not in person.barred]
        able = {code: sum(person.knows(code) for person in free) for code in case.parts}
        short = next((code for code, count in able.items() if count < self.at_least), None)
        if short is not None:
            return Lack(REVIEWERS, short, able[short])
        lead = self._lead(case, free, able)
        if lead is None:
            return Lack(LEAD, found=sum(person.can_lead for person in free))
        need = dict.fromkeys(case.parts, self.at_least)
        team = self.teams[case.key] = []
        self.led[lead.key] += 1
        self._take(case, team, lead, need if self.lead_marks else {}, is_lead=True)
        waiting = sorted(
            (person for person in free if person is not lead),
            key=lambda person: (self.load[person.key], self.rank[person.key]),
        )
        for person in waiting:
            if any(need.values()) and any(count and person.knows(code) for code, count in need.items()):
                self._take(case, team, person, need)
        return None

    def _lead(self, case: Case, free: list[Person], able: Mapping[str, int]) -> Person | None:
        """Who leads the fewest cases, and is not needed to mark where the lead does not mark."""

        def is_spare(person: Person) -> bool:
            if self.lead_marks:
                return any(person.knows(code) for code in case.parts)
            return all(count - person.knows(code) >= self.at_least for code, count in able.items())

        fit = [person for person in free if person.can_lead and is_spare(person)]
        return min(
            fit,
            key=lambda person: (self.led[person.key], self.load[person.key], self.rank[person.key]),
            default=None,
        )

    def _take(
        self, case: Case, team: list[Seat], person: Person, need: dict[str, int], *, is_lead: bool = False
    ) -> None:
        codes = tuple(code for code, count in need.items() if count and person.knows(code))
        for code in codes:
            need[code] -= 1
        self.load[person.key] += self.scale.of(case, codes)
        team.append(Seat(person.key, codes, is_lead))

    def _level(self) -> None:
        """Every move makes the sum of the squares of all loads smaller, so this ends."""
        moved = True
        while moved:
            moved = False
            for key in self.teams:
                for place in range(len(self.teams[key])):
                    moved |= self._move(self.by_case[key], place)

    def _move(self, case: Case, place: int) -> bool:
        team = self.teams[case.key]
        seat = team[place]
        weight = self.scale.of(case, seat.categories)
        if seat.is_lead or not weight:
            return False
        seated = {other.person for other in team}
        limit = self.load[seat.person] - weight
        fit = [
            person.key
            for person in self.people
            if self.load[person.key] < limit
            and person.key not in seated
            and case.agency not in person.barred
            and all(person.knows(code) for code in seat.categories)
        ]
        if not fit:
            return False
        taker = min(fit, key=lambda key: (self.load[key], self.rank[key]))
        self.load[seat.person] -= weight
        self.load[taker] += weight
        team[place] = Seat(taker, seat.categories)
        return True
