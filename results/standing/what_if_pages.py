"""The controls of the what-if page: every part and indicator with its truth and what it is imagined to be."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.models import Claim
from criteria.scoring import CLAIMED, display_score
from criteria.structure import PROCESS, RESULTS, Category, Item, Topic
from results.standing.marks import Marks
from results.standing.what_if import RESULT, TARGET, Changes, figure, figure_text
from reviews.models import Outcome


@dataclass(frozen=True)
class Choice:
    """A part with its `item`, or the verdict of an indicator; `options` are (value, words, whether imagined so)."""

    code: str
    item: Item | None
    level: str
    options: tuple[tuple[str, str, bool], ...]
    truth: str
    is_changed: bool


@dataclass(frozen=True)
class Blank:
    """The target or the latest result of an indicator; `truth` is the stored figure."""

    key: str
    label: str
    value: str
    truth: str
    is_changed: bool
    is_faulty: bool


@dataclass(frozen=True)
class Row:
    code: str
    name: str
    blanks: tuple[Blank, ...]
    verdict: Choice | None
    score: int


@dataclass(frozen=True)
class TopicRows:
    topic: Topic
    score: str
    parts: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class CategoryRows:
    """`is_open`: something in it is changed or cannot be read."""

    category: Category
    score: str
    topics: tuple[TopicRows, ...]
    changed: int
    is_open: bool


def topics_of(marks: Marks, after: Marks, changes: Changes, typed: Mapping[str, str]) -> list[CategoryRows]:
    found = []
    for category in marks.tree.categories:
        if category.kind == PROCESS:
            topics = tuple(_process(topic, marks, after) for topic in category.topics)
            changed = sum(choice.is_changed for topic in topics for choice in topic.parts)
            faulty = False
        elif category.kind == RESULTS:
            topics = tuple(_results(topic, marks, after, changes, typed) for topic in category.topics)
            changed = len(changes.verdicts) + len(changes.figures)
            faulty = bool(changes.faults)
        else:
            continue
        score = display_score(after.score.by_category[category.code].score)
        found.append(CategoryRows(category, score, topics, changed, bool(changed) or faulty))
    return found


def _process(topic: Topic, marks: Marks, after: Marks) -> TopicRows:
    parts = tuple(
        _choice(
            part.code,
            item,
            part.level,
            marks,
            truth=marks.status(part.code),
            now=after.status(part.code),
        )
        for item in topic.items
        for part in item.parts
    )
    return TopicRows(topic, display_score(after.score.topics[topic.code].score), parts=parts)


def _words(marks: Marks) -> dict[str, str]:
    if marks.basis == CLAIMED:
        return {value: str(words) for value, words in Claim.choices}
    return {value: str(words) for value, words in Outcome.choices}


def _choice(
    code: str, item: Item | None, level: str, marks: Marks, *, truth: str | None, now: str | None
) -> Choice:
    words = _words(marks)
    options = [(value, label, value == now) for value, label in words.items()]
    if truth not in words:
        # Nobody has judged it: it stays so until another word is chosen.
        options.insert(0, ("", _("ยังไม่มีผล"), now not in words))
    return Choice(code, item, level, tuple(options), words.get(truth, _("ยังไม่มีผล")), truth != now)


def _results(
    topic: Topic, marks: Marks, after: Marks, changes: Changes, typed: Mapping[str, str]
) -> TopicRows:
    rows = []
    for scored in after.score.topics[topic.code].indicators:
        truth = marks.by_code[scored.code]
        blanks = tuple(
            _blank(scored.code, name, label, figure(truth, name), changes, typed)
            for name, label in (
                (TARGET, pgettext("figure", "เป้าหมาย")),
                (RESULT, pgettext("figure", "ผลปีล่าสุด")),
            )
        )
        verdict = None
        if marks.basis != CLAIMED:
            verdict = _choice(scored.code, None, "", marks, truth=truth.verdict, now=scored.indicator.verdict)
        rows.append(Row(scored.code, truth.name, blanks, verdict, scored.result.score))
    return TopicRows(topic, display_score(after.score.topics[topic.code].score), rows=tuple(rows))


def _blank(code: str, name: str, label: str, truth, changes: Changes, typed: Mapping[str, str]) -> Blank:
    key = f"{code}.{name}"
    is_faulty, is_changed = key in changes.faults, (code, name) in changes.figures
    value = figure_text(changes.figures[code, name] if is_changed else truth)
    return Blank(key, label, typed[key] if is_faulty else value, figure_text(truth), is_changed, is_faulty)
