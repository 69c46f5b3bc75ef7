"""What a published result asks its agency to improve, and whether it asked the same before. Pure: no Django."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FAIL = "fail"


@dataclass(frozen=True)
class Observation:
    """One card to be: an opportunity for improvement, or a failed part that none of them speaks of."""

    source: str
    category: str
    topic: str
    title: str
    text: str
    parts: tuple[str, ...]

    @property
    def is_of_topic(self) -> bool:
        return self.source.startswith("ofi:")


@dataclass(frozen=True)
class Observed:
    """What one published result of the agency observed, for comparing with others."""

    assessment: int
    year: int
    edition: str
    failed: frozenset[str]
    topics: frozenset[str]


@dataclass(frozen=True)
class Repeat:
    """`years`: in how many results running, 1 the first time; `parts` the same for each part that failed before."""

    years: int
    earlier: tuple[tuple[int, int], ...]
    parts: Mapping[str, int]


def observations(payload: Mapping[str, Any]) -> list[Observation]:
    """Every observation of a frozen sheet in form order; an opportunity without a text leaves the word to its parts."""
    said = {entry["topic"]: entry for entry in payload["feedback"]["ofi"] if entry["text"].strip()}
    spoken_of = {code for entry in said.values() for code in entry["parts"]}
    found = []
    for category in payload["categories"]:
        for topic in category["topics"]:
            if entry := said.get(topic["code"]):
                found.append(
                    Observation(
                        f"ofi:{topic['code']}",
                        category["code"],
                        topic["code"],
                        topic["name"],
                        entry["text"].strip(),
                        tuple(entry["parts"]),
                    )
                )
            found += [
                Observation(
                    f"part:{part['code']}",
                    category["code"],
                    topic["code"],
                    item["title"],
                    (part["comment"] or "").strip(),
                    (part["code"],),
                )
                for item, part in _failed(topic)
                if part["code"] not in spoken_of
            ]
    return found


def observed(payload: Mapping[str, Any], assessment: int) -> Observed:
    topics = [topic for category in payload["categories"] for topic in category["topics"]]
    return Observed(
        assessment=assessment,
        year=payload["cycle"]["year"],
        edition=payload["edition"]["code"],
        failed=frozenset(part["code"] for topic in topics for _item, part in _failed(topic)),
        topics=frozenset(entry["topic"] for entry in payload["feedback"]["ofi"] if entry["text"].strip()),
    )


def _failed(topic: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return ((item, part) for item in topic["items"] for part in item["parts"] if part["outcome"] == FAIL)


def repeat_of(observation: Observation, now: Observed, before: Sequence[Observed]) -> Repeat:
    """How often an observation of `now` was made running; `before` are earlier published results, the latest first.

    The same part failed, or the same topic had an opportunity for improvement. Another edition ends it: its codes ask
    something else.
    """
    alive = {code: 1 for code in observation.parts if code in now.failed}
    topic_lives, years = observation.is_of_topic, 1
    running = set(alive)
    earlier = []
    for result in before:
        if result.edition != now.edition:
            break
        running &= result.failed
        topic_lives = topic_lives and observation.topic in result.topics
        if not running and not topic_lives:
            break
        years += 1
        earlier.append((result.assessment, result.year))
        for code in running:
            alive[code] = years
    return Repeat(years, tuple(earlier), {code: count for code, count in alive.items() if count > 1})
