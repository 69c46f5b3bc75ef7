"""Every topic with its state and who owns it, for whoever keeps an eye on the whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as CountOf
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Answer, Comment
from assessments.pages.topics import State
from assessments.progress import Count
from criteria.structure import PROCESS, RESULTS, Category, Topic
from pmqa.accounts.models import Membership

EMPTY, DRAFT, READY = "empty", "draft", "ready"


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
        return {EMPTY: "circle", DRAFT: "circle-half", READY: "check-circle-fill"}[self.state]

    @property
    def words(self) -> str:
        return state_words()[self.state]


@dataclass(frozen=True)
class GridCategory:
    category: Category
    owners: list[str]
    rows: list[TopicRow]


def state_words() -> dict[str, str]:
    return {EMPTY: _("ยังไม่เริ่ม"), DRAFT: _("กำลังเขียน"), READY: _("พร้อมส่ง")}


def grid_of(state: State) -> list[GridCategory]:
    """The topics of Form 3 and Form 4; two queries."""
    owners = _owners(state)
    comments = _comments(state)
    return [
        GridCategory(
            category,
            owners.get(category.code, []),
            [_row(state, topic, comments.get(topic.code, 0)) for topic in category.topics],
        )
        for category in state.tree.categories
        if category.kind in (PROCESS, RESULTS)
    ]


def tally(grid: list[GridCategory]) -> list[tuple[str, int]]:
    """How many topics are in each state, in words."""
    states = [row.state for group in grid for row in group.rows]
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
            owners.setdefault(code, []).append(str(row.user))
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
        state=_state(answers, count),
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


def _state(answers: list[Answer], count: Count) -> str:
    if count.is_complete:
        return READY
    # An indicator was added by somebody, so it is something, even before it has a name.
    begun = any(answer.claim or answer.values or hasattr(answer, "indicator") for answer in answers)
    return DRAFT if begun else EMPTY
