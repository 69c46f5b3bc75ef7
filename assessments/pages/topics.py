"""What the pages of one assessment show, worked out before the templates: frame, outline, topic, parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.advice.remarks import Remark, Replies, of_parts, read_replies
from assessments.checks import NOTED, open_notes, opened_parts
from assessments.forms.parts import AnswerForm, as_lines
from assessments.models import Answer, Assessment, PartNote, Status
from assessments.pages.companions import Facts, facts_of_item
from assessments.pages.understood import understood
from assessments.presentation import AREAS, count_sentence, gap_sentence, saved_sentence, why_read_only
from assessments.progress import Count, Gap, PartState, Progress, blank_gaps, part_gaps
from assessments.reading import Answers, claimed_score, measure_answers, tree_of
from assessments.rules import Chapter, asked_items
from criteria.fields import is_filled
from criteria.scoring import Score, TopicScore, display_score
from criteria.structure import LEVELS, PROCESS, PROFILE, RESULTS, Category, Edition, Item, Part, Topic
from pmqa.accounts.models import User


@dataclass(frozen=True)
class State:
    """Where an assessment stands: read once, shown on every page of it."""

    assessment: Assessment
    answers: Answers
    tree: Edition
    progress: Progress
    score: Score
    # Read at once by a page of many assessments.
    read_notes: list[PartNote] | None = None
    read_dues: Mapping[str, date | None] | None = None

    @property
    def total(self) -> str:
        return display_score(self.score.total)

    @cached_property
    def replies(self) -> Replies:
        """Reasons given for findings. One query, for the pages that ask."""
        return read_replies(self.assessment)

    def remarks(self, *codes: str) -> dict[str, list[Remark]]:
        """What is worth a second look in these parts of Form 3, by code."""
        return of_parts(self.assessment, self.answers, self.replies, only=codes)

    @cached_property
    def notes(self) -> list[PartNote]:
        """What was sent back and still waits: one query, where notes can wait at all."""
        if self.read_notes is not None:
            return self.read_notes
        return open_notes(self.assessment) if self.assessment.status in NOTED else []

    @cached_property
    def dues(self) -> Mapping[str, date | None]:
        """Category -> the day by which it is to be done inside the agency; one query, for the pages that ask."""
        if self.read_dues is not None:
            return self.read_dues
        return dict(self.assessment.category_dues.values_list("category", "due_on"))

    def notes_on(self, part: str) -> list[PartNote]:
        return [note for note in self.notes if note.answer.part.code == part]

    def mendable(self, user: User, category: str) -> set[str]:
        """The parts that this person may write although the page is not theirs to write as a whole: sent back while
        the rest is locked for the internal check, or in the items asked of them."""
        opened: Iterable[str] = ()
        if self.assessment.is_open() and asked_items(user, self.assessment):
            opened = self.tree.parts
        elif self.assessment.status == Status.INTERNAL_CHECK and self.assessment.is_in_time():
            opened = opened_parts(self.tree, self.notes)
        places = self.tree.place_of_part
        return {code for code in opened if places[code][0].code == category and self.may_write(user, code)}

    def may_write(self, user: User, part: str) -> bool:
        """Whether the part is this person's to write, whatever the state of the assessment."""
        category, _topic, item = self.tree.place_of_part[part]
        return user.has_perm("assessments.edit", Chapter(self.assessment, category.code, item.code))


def state_of(assessment: Assessment, answers: Answers, **read: Any) -> State:
    """`answers` must be all of them: counts and score are those of the whole assessment."""
    tree = tree_of(assessment)
    progress, score = measure_answers(tree, answers), claimed_score(assessment, answers)
    return State(assessment, answers, tree, progress, score, **read)


# --- the outline and the way between topics ---------------------------------------------------


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
        name=topic.short_th or topic.name_th,
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
            name=other.name_th,
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


# --- one topic of Form 3 ----------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A part that was posted and not stored: `form` holds what was typed, `reason` why if no blank does."""

    form: AnswerForm
    reason: str = ""


@dataclass
class PartView:
    """A part as its form is drawn. `lead` labels a first blank whose lead words are the prompt.

    `notes` say why it was sent back; `is_mendable` that it may be written although the page is locked.
    """

    part: Part
    answer: Answer
    form: AnswerForm
    saved: str
    gaps: list[str]
    prompt: str
    lead: str
    count: str = ""
    enough: bool = False
    kept: Kept | None = None
    remarks: Sequence[Remark] = ()
    notes: list[PartNote] = field(default_factory=list)
    is_mendable: bool = False

    @property
    def understood(self) -> list[str]:
        return understood(self.part, self.answer.values)

    @property
    def is_paired(self) -> bool:
        """Two columns for the blanks that the form itself sets in pairs and fours."""
        return len(self.part.fields) >= AREAS and len(self.part.fields) % 2 == 0

    @property
    def names_optional(self) -> bool:
        """Where any two of four will do, "optional" beside each of them would mislead."""
        return not self.part.min_fields or any(blank.required for blank in self.part.fields)

    @property
    def stored(self) -> list[tuple[str, str]]:
        """The filled blanks as text, each with its lead words."""
        values = [(blank, self.answer.values.get(blank.key)) for blank in self.part.fields]
        found = [(blank.label_th, as_lines(value)) for blank, value in values if is_filled(value)]
        if self.lead and found and is_filled(values[0][1]):
            found[0] = (self.lead, found[0][1])
        return found


@dataclass(frozen=True)
class ItemView:
    item: Item
    parts: list[PartView]
    facts: tuple[Facts, ...] = ()

    @property
    def is_alone(self) -> bool:
        """One part: the item's own code is enough."""
        return len(self.parts) == 1


def part_view(
    part: Part, answer: Answer, viewer: User, *, kind: str, kept: Kept | None = None, **shown: Any
) -> PartView:
    """`kind` is that of the category: a part of the profile has no status."""
    prompt, lead = prompt_and_lead(part)
    return PartView(
        part=part,
        answer=answer,
        form=kept.form if kept else AnswerForm(part, answer),
        saved=saved_sentence(answer, viewer),
        gaps=[gap_sentence(gap, part, 0) for gap in _own_gaps(part, answer, kind)],
        prompt=prompt,
        lead=lead,
        kept=kept,
        **counted(part, answer),
        **shown,
    )


def counted(part: Part, answer: Answer) -> dict[str, str | bool]:
    """The rule of a minimum, as text; nothing for a part without one."""
    if not part.min_fields:
        return {"count": "", "enough": True}
    filled = sum(is_filled(answer.values.get(blank.key)) for blank in part.fields)
    return {"count": count_sentence(part, filled), "enough": filled >= part.min_fields}


def _own_gaps(part: Part, answer: Answer, kind: str) -> list[Gap]:
    if kind == PROFILE:
        return blank_gaps(part, answer.values, "")
    return part_gaps(part, PartState(answer.claim, answer.values), "")


def prompt_and_lead(part: Part) -> tuple[str, str]:
    """Lead words stand once, before their text: as label of the first blank where they name it."""
    if not part.fields or not part.prompt_th:
        return part.prompt_th, ""
    first = part.fields[0]
    alone = len(part.fields) == 1
    if first.required and (alone or first.label_th in part.prompt_th):
        return "", part.prompt_th
    return part.prompt_th, ""


@dataclass(frozen=True)
class Rung:
    """One level of the ladder in a topic's head, and its guidance in the margin."""

    level: str
    meaning: str
    done: int
    total: int
    items: str
    guidance: tuple[str, ...]
    news: tuple[str, ...]


def rungs_of(topic: Topic, score: TopicScore) -> list[Rung]:
    """The three levels; `done` of `total` counts parts at that level."""
    rungs = []
    for level in LEVELS:
        done, total = score.counts[level]
        rungs.append(
            Rung(
                level,
                topic.guide.levels.get(level, ""),
                done,
                total,
                ", ".join(item.code for item in topic.items_at(level)),
                topic.guide.guidance.get(level, ()),
                topic.guide.revision.get(level, ()),
            )
        )
    return rungs


@dataclass(frozen=True)
class TopicState:
    """The figures of one topic, in the head and in the foot."""

    topic: Topic
    count: Count
    score: str = ""
    level: str | None = None
    rungs: list[Rung] = field(default_factory=list)

    @property
    def is_unchanged(self) -> bool:
        """Whether this edition added nothing to the topic."""
        return bool(self.rungs) and not any(rung.news for rung in self.rungs)


def topic_state(state: State, topic: Topic) -> TopicState:
    """Ready parts or indicators, provisional points, and in Form 3 the level reached."""
    count = state.progress.topics[topic.code]
    score = state.score.topics.get(topic.code)
    if score is None:
        return TopicState(topic, count)
    rungs = rungs_of(topic, score) if score.kind == PROCESS else []
    return TopicState(topic, count, display_score(score.score), score.level, rungs)


def item_views(state: State, topic: Topic, viewer: User, kept: Mapping[str, Kept]) -> list[ItemView]:
    category = state.tree.category_of_topic[topic.code].code
    mendable = state.mendable(viewer, category)
    # Only a form shows findings, so for who reads nothing is looked for.
    read_only = why_read_only(viewer, state.assessment, category)
    forms = mendable if read_only else {part.code for part in topic.parts}
    remarks = state.remarks(*forms) if forms else {}
    return [
        ItemView(
            item=item,
            parts=[
                part_view(
                    part,
                    state.answers.parts[part.code],
                    viewer,
                    kind=PROCESS,
                    kept=kept.get(part.code),
                    remarks=remarks.get(part.code, ()),
                    notes=state.notes_on(part.code),
                    is_mendable=part.code in mendable,
                )
                for part in item.parts
            ],
            facts=facts_of_item(state.assessment, state.answers, item.code),
        )
        for item in topic.items
    ]


# --- what every page of one assessment has ----------------------------------------------------


def frame(state: State, user: User, *, here: str, topic: Topic | None = None) -> dict:
    """Context of `assessments/base.html`: the sub-navigation, and for a topic its outline and neighbours.

    `here` is one of overview, form3, form4, profile, check, result.
    """
    context = {"state": state, "assessment": state.assessment, "here": here, "forms": forms_of(state)}
    if topic is None:
        return context
    before, after = neighbours(state, topic)
    category = state.tree.category_of_topic[topic.code]
    return context | {
        "topic": topic,
        "category": category,
        "outline": outline_of(state, topic),
        "topic_state": topic_state(state, topic),
        "previous": before,
        "next": after,
        "read_only": why_read_only(user, state.assessment, category.code),
    }


def forms_of(state: State) -> dict[str, str]:
    """Where each form begins: the addresses of the sub-navigation."""
    names = {PROCESS: "form3", RESULTS: "form4", PROFILE: "profile"}
    return {
        name: reverse("assessments:topic", args=[state.assessment.pk, found[0].topics[0].code])
        for kind, name in names.items()
        if (found := state.tree.of_kind(kind))
    }
