"""The way through an assessment: the outline beside a topic, and its neighbours."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.pages.state import State
from assessments.progress import Count
from criteria.structure import PROCESS, PROFILE, RESULTS, Category, Item, Topic
from criteria.templatetags.criteria_text import briefly, named


@dataclass(frozen=True)
class Stop:
    """A topic as a place to go. `glyph` and `words` say how far it is."""

    code: str
    name: str
    url: str
    count: Count
    current: bool = False
    places: tuple["Place", ...] = ()

    @property
    def glyph(self) -> str:
        if self.count.is_complete:
            return "check-circle-fill"
        return "circle-half" if self.count.ready else "circle"

    @property
    def words(self) -> str:
        if self.count.is_complete:
            return _("ครบแล้ว")
        return _("ยังไม่ครบ") if self.count.ready else _("ยังไม่เริ่ม")


@dataclass(frozen=True)
class Place:
    """An item inside the current topic."""

    code: str
    anchor: str
    level: str
    glyph: str
    words: str


@dataclass(frozen=True)
class Tab:
    code: str
    name: str
    url: str
    count: Count
    current: bool


@dataclass(frozen=True)
class Outline:
    """The left rail: a tab for each category, the topics of this one, the items of this topic."""

    category: Category
    tabs: tuple[Tab, ...]
    stops: tuple[Stop, ...]
    profile: tuple[Stop, ...]


def _stop(state: State, topic: Topic, current: Topic | None, places: tuple[Place, ...] = ()) -> Stop:
    return Stop(
        code=topic.code,
        name=briefly(topic),
        url=reverse("assessments:topic", args=[state.assessment.pk, topic.code]),
        count=state.progress.topics[topic.code],
        current=current is not None and topic.code == current.code,
        places=places,
    )


def outline_of(state: State, current: Topic) -> Outline:
    """The outline as it stands beside `current`, a topic of any form."""
    category = state.tree.category_of_topic[current.code]
    tabs = tuple(
        Tab(
            code=other.code,
            name=named(other),
            url=reverse("assessments:topic", args=[state.assessment.pk, other.topics[0].code]),
            count=state.progress.categories[other.code],
            current=other.code == category.code,
        )
        for other in state.tree.categories
        if other.kind != PROFILE
    )
    return Outline(
        category=category,
        tabs=tabs,
        stops=tuple(
            _stop(state, topic, current, _places(state, topic) if topic.code == current.code else ())
            for topic in category.topics
            if category.kind != PROFILE
        ),
        profile=tuple(
            _stop(state, topic, current) for other in state.tree.of_kind(PROFILE) for topic in other.topics
        ),
    )


_CLAIM_GLYPHS = {
    "done": "check-circle-fill",
    "started": "circle-half",
    "not_started": "circle",
    "": "dash-lg",
}


def _places(state: State, topic: Topic) -> tuple[Place, ...]:
    """The items of a topic of Form 3: done when all parts are, not started when none is, else started."""
    if state.tree.category_of_topic[topic.code].kind != PROCESS:
        return ()
    if not state.tree.category_of_topic[topic.code].has_levels:
        return tuple(_question(state, topic, item) for item in topic.items)
    words = {
        "done": _("ดำเนินการแล้ว"),
        "started": _("อยู่ระหว่างเริ่มดำเนินการ"),
        "not_started": _("ยังไม่ได้ดำเนินการ"),
        "": _("ยังไม่เลือกสถานะ"),
    }
    places = []
    for item in topic.items:
        claims = {state.answers.parts[part.code].claim for part in item.parts}
        claim = claims.pop() if len(claims) == 1 else "started"
        places.append(Place(item.code, f"i{item.code}", item.level, _CLAIM_GLYPHS[claim], words[claim]))
    return tuple(places)


def _question(state: State, topic: Topic, item: Item) -> Place:
    """A question of an old edition: it has no status, it is answered or not."""
    first = item.parts[0].code
    missing = (*state.progress.gaps, *state.progress.open_questions)
    open_parts = {gap.part for gap in missing if gap.topic == topic.code}
    is_answered = not any(part.code in open_parts for part in item.parts)
    words = _("ตอบแล้ว") if is_answered else _("ยังไม่มีคำตอบ")
    return Place(item.shown, f"p{first}", "", _CLAIM_GLYPHS["done" if is_answered else ""], words)


def neighbours(state: State, current: Topic) -> tuple[Stop | None, Stop | None]:
    """The topics before and after `current`: Form 3, then Form 4, then the profile."""
    order = [
        topic
        for kind in (PROCESS, RESULTS, PROFILE)
        for category in state.tree.of_kind(kind)
        for topic in category.topics
    ]
    place = next(index for index, topic in enumerate(order) if topic.code == current.code)
    before = _stop(state, order[place - 1], None) if place else None
    after = _stop(state, order[place + 1], None) if place + 1 < len(order) else None
    return before, after
