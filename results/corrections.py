"""What a correction changed: two frozen payloads of one case, side by side. Reads the payloads and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from results.explaining import TOTAL
from results.payload import Payload
from results.report_rows import ScoreRow, score_rows, sides
from results.stage_two.showing import ShownStageTwo, shown_stage_two


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; None where there was none. `code` is "" for the total."""

    code: str
    name: str
    before: str | None
    after: str | None

    @property
    def number(self) -> str:
        """What the tree of this score is asked by."""
        return self.code or TOTAL


@dataclass(frozen=True, slots=True)
class Difference:
    """`texts` are codes of what reads otherwise now: comments of answers, sections of the report. `stage_two`: the
    score of stage 2 before and after, where it differs."""

    verified: tuple[Change, ...]
    claimed: tuple[Change, ...]
    outcomes: tuple[Change, ...]
    texts: tuple[str, ...]
    stage_two: tuple[ShownStageTwo | None, ShownStageTwo | None] | None

    @property
    def scores(self) -> tuple[tuple[str, tuple[Change, ...]], ...]:
        """The side by its key, with what changed on it; a side without a change is left out."""
        named = (("verified", self.verified), ("claimed", self.claimed))
        return tuple((name, found) for name, found in named if found)


def difference(before: Payload, after: Payload) -> Difference:
    old, new = _answers(before), _answers(after)
    outcomes = _changes(
        {code: (entry["name"], entry["outcome"]) for code, entry in old.items()},
        {code: (entry["name"], entry["outcome"]) for code, entry in new.items()},
    )
    texts = [code for code in {**old, **new} if _comment(old, code) != _comment(new, code)]
    sections = (_sections(before), _sections(after))
    texts += [
        code for code in {**sections[0], **sections[1]} if sections[0].get(code) != sections[1].get(code)
    ]
    return Difference(
        verified=_changes(_scores(before, 1), _scores(after, 1)),
        claimed=_changes(_scores(before, 0), _scores(after, 0)),
        outcomes=outcomes,
        texts=tuple(texts),
        stage_two=_stage_two(before, after),
    )


def _stage_two(before: Payload, after: Payload) -> tuple[ShownStageTwo | None, ShownStageTwo | None] | None:
    pair = shown_stage_two(before), shown_stage_two(after)
    return pair if pair[0] != pair[1] else None


def _changes(before: Mapping, after: Mapping) -> tuple[Change, ...]:
    """(name, value) by code on both sides; what is equal is left out."""
    found = []
    for code in {**before, **after}:
        name, old = before.get(code, ("", None))
        name, new = after.get(code, (name, None))
        if old != new:
            found.append(Change(code, name, old, new))
    return tuple(found)


def _scores(payload: Payload, side: int) -> dict[str, tuple[str, str | None]]:
    """The total, then categories and topics in order. `side`: 0 claimed, 1 verified."""
    scores = {"": ("", sides(payload)[side].get("total"))}
    for row in _with_topics(score_rows(payload)):
        scores[row.code] = (row.name, (row.claimed, row.verified)[side])
    return scores


def _with_topics(rows: Iterable[ScoreRow]) -> Iterable[ScoreRow]:
    for row in rows:
        yield row
        yield from row.rows


def _answers(payload: Payload) -> dict[str, Mapping]:
    parts = {
        part["code"]: part | {"name": item["title"]}
        for category in payload["categories"]
        for topic in category["topics"]
        for item in topic["items"]
        for part in item["parts"]
    }
    return parts | {entry["code"]: entry for entry in payload["indicators"]}


def _comment(answers: Mapping[str, Mapping], code: str) -> str:
    return answers.get(code, {}).get("comment") or ""


def _sections(payload: Payload) -> dict[str, str]:
    """Code of a section of the report -> its text."""
    feedback = payload.get("feedback") or {}
    found = {"closing": feedback.get("closing") or ""}
    for sections in feedback.values():
        if isinstance(sections, list):
            found |= {section["code"]: section["text"] for section in sections}
    return found
