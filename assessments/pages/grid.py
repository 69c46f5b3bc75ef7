"""Every topic with its state and who owns it, for whoever keeps an eye on the whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as CountOf
from django.urls import reverse

from assessments.models import Answer, Comment
from assessments.pages.duties import (
    GLYPHS,
    READY,
    AskedLine,
    Due,
    asked_by_category,
    due_of,
    how_far,
    state_words,
)
from assessments.pages.state import State
from assessments.progress import Count
from assessments.rules import Chapter
from criteria.structure import PROFILE, Category, Topic
from pmqa.accounts.models import Membership, User


@dataclass(frozen=True)
class TopicRow:
    """One topic. `state` is empty, draft or ready; `at` and `who` are of the last change."""

    topic: Topic
    url: str
    state: str
    count: Count
    at: datetime | None
    who: str
    comments: int

    @property
    def glyph(self) -> str:
        return GLYPHS[self.state]

    @property
    def words(self) -> str:
        return state_words()[self.state]


@dataclass(frozen=True)
class GridCategory:
    category: Category
    owners: list[str]
    rows: list[TopicRow]
    due: Due | None
    asked: list[AskedLine]
    may_ask: bool

    @property
    def is_late(self) -> bool:
        """The day has passed and something is open; what is done is never late."""
        return bool(self.due and self.due.is_past and any(row.state != READY for row in self.rows))


def grid_of(state: State, viewer: User) -> list[GridCategory]:
    """The topics of Form 3, Form 4 and the profile; four queries."""
    owners = _owners(state)
    comments = _comments(state)
    asked = asked_by_category(state)
    return [
        GridCategory(
            category,
            owners.get(category.code, []),
            [_row(state, topic, comments.get(topic.code, 0)) for topic in category.topics],
            due_of(state.dues.get(category.code)),
            asked.get(category.code, []),
            viewer.has_perm("assessments.ask", Chapter(state.assessment, category.code)),
        )
        for category in state.tree.categories
    ]


def tally(grid: list[GridCategory]) -> list[tuple[str, int]]:
    """How many topics of Form 3 and Form 4 are in each state, in words."""
    states = [row.state for group in grid if group.category.kind != PROFILE for row in group.rows]
    return [(words, states.count(state)) for state, words in state_words().items()]


def _owners(state: State) -> dict[str, list[str]]:
    """Category -> the owners of today, by name."""
    rows = (
        Membership.objects.current()
        .filter(agency=state.assessment.agency, role=Membership.Role.OWNER, user__is_active=True)
        .select_related("user")
    )
    owners: dict[str, list[str]] = {}
    for row in rows:
        for code in row.categories:
            owners.setdefault(code, []).append(row.known_as)
    return {code: sorted(names) for code, names in owners.items()}


def _comments(state: State) -> dict[str, int]:
    """Topic -> comments that wait for something."""
    rows = Comment.objects.open().filter(thread__answer__assessment=state.assessment).order_by()
    topic = "thread__answer__part__item__topic__code"
    return dict(rows.values_list(topic).annotate(CountOf("pk")))


def _row(state: State, topic: Topic, comments: int) -> TopicRow:
    answers = list(_answers(state, topic))
    count = state.progress.topics[topic.code]
    changed = [answer for answer in answers if answer.updated_at]
    last = max(changed, key=lambda answer: answer.updated_at, default=None)
    return TopicRow(
        topic=topic,
        url=reverse("assessments:topic", args=[state.assessment.pk, topic.code]),
        state=how_far(answers, is_complete=count.is_complete),
        count=count,
        at=last.updated_at if last else None,
        who=str(last.updated_by) if last and last.updated_by else "",
        comments=comments,
    )


def _answers(state: State, topic: Topic) -> Iterator[Answer]:
    for part in topic.parts:
        if part.code in state.answers.parts:
            yield state.answers.parts[part.code]
        yield from state.answers.indicators.get(part.code, ())
