"""What the pages of the internal check show: topics with their counts, and one topic to read and check."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from assessments.checks import Checks, answers_of, fingerprint, locked_answers
from assessments.forms.indicators import figure_labels
from assessments.models import Answer, PartCheck, PartNote, Status
from assessments.pages.indicators import group_views
from assessments.pages.profile import questions_of
from assessments.pages.state import State
from assessments.pages.topics import item_views
from assessments.progress import Count
from criteria.structure import PROCESS, PROFILE, RESULTS, Category, Topic
from pmqa.accounts.models import User


def checks_of(state: State) -> Checks:
    """One query besides the notes of the state."""
    found = PartCheck.objects.filter(answer__assessment=state.assessment)
    notes: dict[int, list[PartNote]] = {}
    for note in state.notes:
        notes.setdefault(note.answer_id, []).append(note)
    return Checks({check.answer_id: check for check in found}, notes)


@dataclass(frozen=True)
class TopicLine:
    """A topic in the list. `seen` names what may be checked at once, "" where nothing is left to."""

    topic: Topic
    url: str
    count: Count
    sent_back: int
    seen: str


@dataclass(frozen=True)
class SentBack:
    """One part that waits for its writers, with the newest note on top."""

    code: str
    title: str
    url: str
    notes: list[PartNote]


def _seen(state: State, checks: Checks, answers: list[Answer]) -> str:
    rows = locked_answers(state.tree, answers, state.notes)
    return fingerprint(rows) if any(not checks.is_checked(answer) for answer in rows) else ""


def topic_line(state: State, checks: Checks, topic: Topic) -> TopicLine:
    answers = answers_of(state.answers, topic)
    return TopicLine(
        topic=topic,
        url=reverse("assessments:check_topic", args=[state.assessment.pk, topic.code]),
        count=checks.count(answers),
        sent_back=sum(answer.pk in checks.notes for answer in answers),
        seen=_seen(state, checks, answers),
    )


def sent_back_lines(state: State, *, internal: bool) -> list[SentBack]:
    """What waits for its writers; the links lead to the check (`internal`) or to the blanks themselves."""
    codes = state.answers.codes
    lines: dict[int, SentBack] = {}
    for note in state.notes:
        if note.answer_id not in codes:
            continue
        part = note.answer.part.code
        category, topic, item = state.tree.place_of_part[part]
        code = topic.code if category.kind == PROFILE else codes[note.answer_id]
        name, anchor = (
            ("assessments:check_topic", f"c{note.answer_id}")
            if internal
            else ("assessments:topic", f"p{part}")
        )
        url = f"{reverse(name, args=[state.assessment.pk, topic.code])}#{anchor}"
        line = lines.setdefault(note.answer_id, SentBack(code, item.title_th, url, []))
        line.notes.append(note)
    return list(lines.values())


def check_context(state: State) -> dict:
    """Context of assessments/internal_check.html."""
    checks = checks_of(state)
    answers = state.answers.every
    lines: list[tuple[Category, list[TopicLine]]] = [
        (category, [topic_line(state, checks, topic) for topic in category.topics])
        for category in state.tree.categories
    ]
    count = checks.count(answers)
    return {
        "categories": lines,
        "count": count,
        "left": count.total - count.ready,
        "seen": _seen(state, checks, answers),
        "sent_back": sent_back_lines(state, internal=True),
        "people": checks.people(answers),
        "is_checking": state.assessment.status == Status.INTERNAL_CHECK,
    }


# --- one topic --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One answer with its check. `code` is the one people see, a question of the profile has none; `name` names it
    where there is nothing to see. `typed` is a note that was posted and not stored, `error` why."""

    code: str
    name: str
    answer: Answer
    check: PartCheck | None
    notes: list[PartNote]
    typed: str = ""
    error: str = ""


@dataclass(frozen=True)
class Block:
    """What is read at once, as its own page draws it: a part, a group of indicators or a question."""

    kind: str
    view: object
    entries: list[Entry]
    item: object = None
    is_alone: bool = False
    is_first: bool = True


@dataclass(frozen=True)
class Typed:
    """A note that was posted and not stored."""

    answer_id: int
    text: str
    error: str


@dataclass(frozen=True)
class _Desk:
    state: State
    checks: Checks
    codes: Mapping[int, str]
    typed: Typed | None = field(default=None)

    def entry(self, answer: Answer) -> Entry:
        is_typed = self.typed is not None and self.typed.answer_id == answer.pk
        category, _topic, item = self.state.tree.place_of_part[answer.part.code]
        is_profile = category.kind == PROFILE
        return Entry(
            code="" if is_profile else self.codes[answer.pk],
            name=item.title_th if is_profile else self.codes[answer.pk],
            answer=answer,
            check=self.checks.checks[answer.pk] if self.checks.is_checked(answer) else None,
            notes=self.checks.notes.get(answer.pk, []),
            typed=self.typed.text if is_typed else "",
            error=self.typed.error if is_typed else "",
        )


def check_topic_context(state: State, topic: Topic, viewer: User, typed: Typed | None = None) -> dict:
    """Context of assessments/internal_topic.html."""
    checks = checks_of(state)
    desk = _Desk(state, checks, state.answers.codes, typed)
    topics = [other for category in state.tree.categories for other in category.topics]
    place = topics.index(topic)
    return {
        "line": topic_line(state, checks, topic),
        "blocks": _blocks(desk, topic, viewer),
        "kinds": {"process": PROCESS, "results": RESULTS},
        "is_checking": state.assessment.status == Status.INTERNAL_CHECK,
        "labels": figure_labels(state.assessment.cycle.result_years),
        "before": topics[place - 1] if place else None,
        "after": topics[place + 1] if place + 1 < len(topics) else None,
    }


def _blocks(desk: _Desk, topic: Topic, viewer: User) -> list[Block]:
    state = desk.state
    kind = state.tree.category_of_topic[topic.code].kind
    if kind == PROCESS:
        return [
            Block(kind, part, [desk.entry(part.answer)], view.item, view.is_alone, is_first=place == 0)
            for view in item_views(state, topic, viewer, {})
            for place, part in enumerate(view.parts)
        ]
    if kind == RESULTS:
        return [
            Block(kind, group, [desk.entry(view.answer) for view in group.indicators])
            for group in group_views(state, topic, viewer, {})
            if group.indicators
        ]
    return [
        Block(kind, question, [desk.entry(question.view.answer)])
        for question in questions_of(state, topic, viewer, {})
    ]
