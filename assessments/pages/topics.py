"""What the page of one topic shows, worked out before the templates: its parts and items, and the frame around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from assessments.advice.remarks import Remark
from assessments.forms.parts import AnswerForm, as_lines
from assessments.models import Answer, PartNote
from assessments.pages.companions import Facts, facts_of_item
from assessments.pages.outline import neighbours, outline_of
from assessments.pages.state import State
from assessments.pages.understood import understood
from assessments.presentation import AREAS, count_sentence, gap_sentence, saved_sentence, why_read_only
from assessments.progress import Count, Gap, PartState, blank_gaps, part_gaps
from criteria.fields import is_filled
from criteria.scoring import TopicScore, display_score
from criteria.structure import LEVELS, PROCESS, PROFILE, RESULTS, Item, Part, Topic
from pmqa.accounts.models import User

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
    if score is None or not state.tree.has_levels:
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
