"""What a reviewer sees of the result before, beside the answers that are judged now: verdict, comment, and every
word that changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.forms.parts import as_lines
from assessments.models import Answer
from assessments.reading import Answers
from assessments.texts.differing import Piece, difference
from results.last_year import CHANGED, TopicBefore, same_indicators


@dataclass(frozen=True)
class Difference:
    """One blank that was rewritten."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class AnswerBefore:
    """One answer of now by its code, with what was judged before: of Form 3 the same part, of category 7 the indicator
    of the same name in the same group. `since` is in words, "" for an indicator."""

    code: str
    title: str
    outcome: str
    comment: str
    since: str
    differences: tuple[Difference, ...] = ()
    indicator: Mapping[str, Any] | None = None

    @property
    def judged_as(self) -> str:
        """The code that it had before."""
        return self.indicator["code"] if self.indicator else self.code


def answers_before(before: TopicBefore, answers: Answers) -> list[AnswerBefore]:
    """In the order of the form; an answer that was not judged before is left out."""
    parts = [
        AnswerBefore(
            code=entry.part["code"],
            title=entry.item,
            outcome=entry.part["outcome"],
            comment=entry.part["comment"],
            since=entry.since_words,
            differences=_differences(entry.part, answers.parts.get(entry.part["code"]))
            if entry.since == CHANGED
            else (),
        )
        for entry in before.parts
    ]
    return [*parts, *_indicators(before.indicators, answers)]


def _differences(part: Mapping[str, Any], answer: Answer | None) -> tuple[Difference, ...]:
    if answer is None:
        return ()
    found = []
    for blank in part["fields"]:
        old, new = as_lines(blank["value"] or ""), as_lines(answer.values.get(blank["key"]) or "")
        if old != new:
            label = blank["label"] or part["prompt"]
            found.append(Difference(label, difference(old, new)))
    return tuple(found)


def _indicators(judged: Sequence[Mapping[str, Any]], answers: Answers) -> list[AnswerBefore]:
    return [
        AnswerBefore(
            code=code,
            title=entry["name"],
            outcome=entry["outcome"],
            comment=entry["comment"],
            since="",
            indicator=entry,
        )
        for code, entry in same_indicators(judged, answers).items()
    ]
