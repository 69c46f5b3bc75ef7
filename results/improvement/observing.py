"""What a published result asks its agency to improve, and whether it asked the same before. Pure: no Django.

One card each: an opportunity for improvement, a general recommendation on the results, and a failed part or indicator
that no opportunity speaks of. A direction is none: it says with which of these topics to begin.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FAIL = "fail"
# What a card keeps of a failed indicator, to show it and to know it again.
FIGURES = ("code", "name", "unit", "target", "years", "results", "percent")


@dataclass(frozen=True)
class Observation:
    """One card to be. `indicator` are the figures of a failed one."""

    source: str
    category: str
    topic: str
    title: str
    text: str
    parts: tuple[str, ...]
    indicator: Mapping[str, Any] | None = None

    @property
    def is_text(self) -> bool:
        """Whether it is a text of the report, which may say the same of other parts in another year."""
        return self.source.startswith(("ofi:", "advice:"))

    @property
    def keys(self) -> dict[str, str]:
        """By what each of its parts is known again in another year -> its code."""
        if self.indicator:
            return {known_by(self.indicator): self.indicator["code"]}
        return {code: code for code in self.parts}


@dataclass(frozen=True)
class Observed:
    """What one published result observed, to compare with others: `failed` by their keys, `said` by their sources."""

    assessment: int
    year: int
    edition: str
    failed: frozenset[str]
    said: frozenset[str]


@dataclass(frozen=True)
class Repeat:
    """`years`: in how many results running, 1 the first time; `parts` the same for each part that failed before."""

    years: int
    earlier: tuple[tuple[int, int], ...]
    parts: Mapping[str, int]


def known_by(indicator: Mapping[str, Any]) -> str:
    """An indicator has the same name in the same group every year; its number moves when another one is left out."""
    return f"{indicator['code'].rpartition('.')[0]} {''.join(indicator['name'].split()).casefold()}"


def observations(payload: Mapping[str, Any]) -> list[Observation]:
    """Every observation of a frozen sheet in form order; an opportunity without a text leaves the word to its parts."""
    said = {entry["topic"]: entry for entry in _opportunities(payload)}
    spoken_of = {code for entry in said.values() for code in entry["parts"]}
    found = []
    for category in payload["scores"]["verified"]["categories"]:
        for topic in category["topics"]:
            if entry := said.get(topic["code"]):
                found.append(_of_topic(entry, category["code"]))
            failed = _failures(payload, category["code"], topic["code"])
            found += [observation for observation in failed if not spoken_of.intersection(observation.parts)]
        if _is_of_results(category):
            found += [_general(entry, category["code"]) for entry in _recommendations(payload)]
    return found


def observed(payload: Mapping[str, Any], assessment: int) -> Observed:
    parts = (part for topic in _topics(payload) for _item, part in _failed_parts(topic))
    return Observed(
        assessment=assessment,
        year=payload["cycle"]["year"],
        edition=payload["edition"]["code"],
        failed=frozenset(part["code"] for part in parts)
        | frozenset(map(known_by, _failed_indicators(payload))),
        said=frozenset(entry["code"] for entry in (*_opportunities(payload), *_recommendations(payload))),
    )


def _opportunities(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [entry for entry in payload["feedback"]["ofi"] if entry["text"].strip()]


def _recommendations(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [entry for entry in payload["feedback"]["advice"] if entry["text"].strip()]


def _is_of_results(category: Mapping[str, Any]) -> bool:
    """Of the scores: its topics are counted by indicators."""
    return any("indicators_counted" in topic for topic in category["topics"])


def _topics(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (topic for category in payload["categories"] for topic in category["topics"])


def _failed_parts(topic: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return ((item, part) for item in topic["items"] for part in item["parts"] if part["outcome"] == FAIL)


def _failed_indicators(payload: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in payload["indicators"] if entry["outcome"] == FAIL)


def _of_topic(entry: Mapping[str, Any], category: str) -> Observation:
    parts = tuple(entry["parts"])
    return Observation(entry["code"], category, entry["topic"], entry["name"], entry["text"].strip(), parts)


def _general(entry: Mapping[str, Any], category: str) -> Observation:
    number = entry["code"].partition(":")[2]
    title = f"ข้อแนะนำหมวด {category} ข้อ {number}"
    return Observation(entry["code"], category, "", title, entry["text"].strip(), ())


def _failures(payload: Mapping[str, Any], category: str, topic: str) -> Iterator[Observation]:
    """What failed in a topic: parts of Form 3, or indicators of Form 4."""
    for answers in _topics(payload):
        if answers["code"] == topic:
            for item, part in _failed_parts(answers):
                yield _failure("part", part, category, topic, title=item["title"])
    for entry in _failed_indicators(payload):
        if entry["topic"] == topic:
            figures = {name: entry[name] for name in FIGURES}
            yield _failure("indicator", entry, category, topic, title=entry["name"], indicator=figures)


def _failure(kind: str, judged: Mapping[str, Any], category: str, topic: str, **more: Any) -> Observation:
    code, comment = judged["code"], (judged["comment"] or "").strip()
    return Observation(f"{kind}:{code}", category, topic, text=comment, parts=(code,), **more)


def repeat_of(observation: Observation, now: Observed, before: Sequence[Observed]) -> Repeat:
    """How often an observation of `now` was made running; `before` are earlier published results, the latest first.

    The same part or indicator failed, or the report had the same text: of a topic, or of a general recommendation.
    Another edition ends it: its codes ask something else.
    """
    alive = {key: 1 for key in observation.keys if key in now.failed}
    text_lives, years = observation.is_text, 1
    running = set(alive)
    earlier = []
    for result in before:
        if result.edition != now.edition:
            break
        running &= result.failed
        text_lives = text_lives and observation.source in result.said
        if not running and not text_lives:
            break
        years += 1
        earlier.append((result.assessment, result.year))
        for key in running:
            alive[key] = years
    parts = {observation.keys[key]: count for key, count in alive.items() if count > 1}
    return Repeat(years, tuple(earlier), parts)
