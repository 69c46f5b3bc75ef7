"""What a reviewer's page of one topic shows, worked out before the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.advice.remarks import Remark, Replies, of_indicator, of_parts, read_replies
from assessments.models import Answer, Assessment
from assessments.pages.companions import Facts, facts_of_item
from assessments.presentation import language
from assessments.reading import Answers, policy_of, tree_of
from criteria.fields import is_filled, plain_number
from criteria.scoring import indicator_result
from criteria.structure import PROFILE, RESULTS, Category, Field, Item, Part, Topic
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import User
from pmqa.thai import thai_datetime, thai_time
from reviews.evidence_reading import FrozenEntry
from reviews.loads import days_left
from reviews.models import Assignment, Verdict
from reviews.reading import MARKED_KINDS, Mark, Marks
from reviews.ticket_reading import Asked
from reviews.tone_words import tone_advice

# What a mark can be, in the order of the legend.
OUTCOMES = ("pass", "fail", "unsure", "abstain", "")


@dataclass(frozen=True)
class MapTopic:
    """A topic in the part map. `summary` says in words what the cells show."""

    code: str
    url: str
    summary: str
    states: tuple[str, ...]
    is_mine: bool
    current: bool


@dataclass(frozen=True)
class Blank:
    """A blank as it was handed over; a date is a date, everything else as stored."""

    field: Field
    label: str
    value: object

    @property
    def is_filled(self) -> bool:
        return isinstance(self.value, date) or is_filled(self.value)


@dataclass(frozen=True)
class Figures:
    """The figures of an indicator as text; None is "no data". `remarks` are findings, never a mark."""

    unit: str
    direction: str
    target: str | None
    results: tuple[tuple[int, str | None], ...]
    percent: str | None
    basis: str
    peer: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Entry:
    """One answer with the reviewer's own mark of it."""

    mark: Mark
    title: str
    prompt: str
    level: str
    hint: str
    claim: str | None
    blanks: tuple[Blank, ...]
    figures: Figures | None
    criterion: str
    guidance: tuple[str, ...]
    siblings: tuple[Mark, ...]
    is_open: bool
    is_editable: bool
    saved: str
    advice: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    evidence: tuple[FrozenEntry, ...] = ()
    facts: tuple[Facts, ...] = ()
    kept: "Kept | None" = None
    ticket: Asked | None = None

    @property
    def is_filled(self) -> bool:
        return any(blank.is_filled for blank in self.blanks)

    @property
    def typed(self) -> "Kept | Mark":
        """What stands in the blanks of the mark."""
        return self.kept or self.mark


@dataclass(frozen=True)
class Kept:
    """A mark that was posted and not stored: the page keeps what was typed, `why` says why it is not."""

    outcome: str
    comment: str
    internal_note: str
    strength: str
    pillar: str
    own_note: str
    ground: str
    reason: str
    why: str


def topic_url(assessment: Assessment, topic: str) -> str:
    return reverse("reviews:topic", args=[assessment.pk, topic])


def mark_url(assessment: Assessment, mark: Mark) -> str:
    """The place of one mark: its topic with this part open."""
    return f"{topic_url(assessment, mark.topic)}?part={mark.code}#p{mark.code}"


def places(assessment: Assessment, marks: Marks) -> dict[str, str]:
    """Code of a part, item or indicator -> its address in this case."""
    bases = {topic: topic_url(assessment, topic) for topic in {mark.topic for mark in marks.rows}}
    found: dict[str, str] = {}
    for mark in marks.rows:
        url = f"{bases[mark.topic]}?part={mark.code}#p{mark.code}"
        found[mark.code] = url
        found.setdefault(mark.code.rsplit(".", 1)[0], url)
    return found


def profile_places(assessment: Assessment) -> dict[str, str]:
    """Code of a question of the profile -> where reviewers read its answer."""
    url = reverse("reviews:profile", args=[assessment.pk])
    return {
        part.code: f"{url}#p{item.code}"
        for category in tree_of(assessment).of_kind(PROFILE)
        for topic in category.topics
        for item in topic.items
        for part in item.parts
    }


def part_map(assessment: Assessment, marks: Marks, current: str = "") -> list[list[MapTopic]]:
    """Every topic that is marked, category by category."""
    tree = tree_of(assessment)
    return [
        [_map_topic(assessment, topic, marks.of_topic(topic.code), current) for topic in category.topics]
        for kind in MARKED_KINDS
        for category in tree.of_kind(kind)
    ]


def _map_topic(assessment: Assessment, topic: Topic, marks: tuple[Mark, ...], current: str) -> MapTopic:
    is_mine = any(mark.is_mine for mark in marks)
    counts = {word: sum(mark.outcome == word for mark in marks) for word in OUTCOMES}
    told = [f"{Verdict.Outcome(word).label} {count}" for word, count in counts.items() if count]
    summary = " ".join(told) if is_mine else _("ไม่ได้มอบหมายให้ท่าน")
    return MapTopic(
        code=topic.code,
        url=topic_url(assessment, topic.code),
        summary=f"{topic.code} {summary}",
        states=tuple(mark.outcome for mark in marks),
        is_mine=is_mine,
        current=topic.code == current,
    )


def legend(marks: Marks) -> list[tuple[str, str, int]]:
    """(outcome, word, count) of the marks that are this reviewer's to make."""
    return [(word, Verdict.Outcome(word).label, marks.count(word)) for word in OUTCOMES]


def due(assessment: Assessment) -> tuple[str, str]:
    """How long marks may still be handed in on time: what remains, and the moment itself."""
    closes = assessment.cycle.review_closes_at
    return days_left(closes), thai_datetime(closes, "short", language())


def neighbours(assessment: Assessment, topic: Topic) -> tuple[Topic | None, Topic | None]:
    """The topics before and after, Form 3 first, then Form 4."""
    tree = tree_of(assessment)
    order = [topic for kind in MARKED_KINDS for category in tree.of_kind(kind) for topic in category.topics]
    place = order.index(topic)
    return (order[place - 1] if place else None), (order[place + 1] if place + 1 < len(order) else None)


def saved_sentence(mark: Mark) -> str:
    """When the mark was saved, with the day unless it was today."""
    if mark.updated_at is None:
        return _("ยังไม่ลงผล")
    at = timezone.localtime(mark.updated_at)
    today = at.date() == timezone.localdate()
    return _("บันทึกแล้ว %(when)s") % {
        "when": thai_time(at, language()) if today else thai_datetime(at, "short", language())
    }


def entries_of(
    assessment: Assessment,
    topic: Topic,
    answers: Answers,
    marks: Marks,
    assignments: list[Assignment],
    *,
    user: User,
    open_code: str,
    kept: Mapping[int, Kept],
    evidence: Mapping[str, tuple[FrozenEntry, ...]],
    tickets: Mapping[int, Asked],
) -> list[Entry]:
    """Every answer of the topic in the order of the form; `open_code` is unfolded, else the first gap.

    `answers` are all of the case: what two parts share is found among all of them. One query, for the reasons.
    """
    tree = tree_of(assessment)
    category = tree.category_of_topic[topic.code]
    rows = marks.of_topic(topic.code)
    may_mark = user.has_perm("reviews.mark", assessment)
    editable = may_mark and any(
        row.marks and row.handed_in_at is None and row.opened_at and row.category.code == category.code
        for row in assignments
    )
    known = {mark.code for mark in rows}
    first = next((mark.code for mark in rows if mark.gap), rows[0].code if rows else "")
    shown = open_code if open_code in known else first
    found = {answer.pk: answer for answer in answers.every}
    replies = read_replies(assessment)
    remarks = of_parts(assessment, answers, replies, only=[mark.part for mark in rows])
    return [
        _entry(
            assessment,
            category,
            topic,
            mark,
            found[mark.answer_id],
            replies,
            remarks=tuple(remarks.get(mark.part, ())),
            siblings=_siblings(tree.place_of_part[mark.part][2], mark, rows),
            advice=advice_of(mark, user) if editable else (),
            is_open=mark.code == shown,
            is_editable=editable,
            kept=kept.get(mark.answer_id),
            evidence=evidence.get(mark.code, ()),
            ticket=tickets.get(mark.answer_id),
            facts=facts_of_item(assessment, answers, tree.place_of_part[mark.part][2].code),
        )
        for mark in rows
    ]


def _siblings(item: Item, mark: Mark, rows: tuple[Mark, ...]) -> tuple[Mark, ...]:
    codes = {part.code for part in item.parts}
    return tuple(row for row in rows if row.part in codes and row != mark)


def advice_of(mark: Mark, reviewer: User) -> tuple[str, ...]:
    """What an agency would stumble over in this comment; reviewers know no names but their own."""
    names = (reviewer.first_name, reviewer.last_name)
    return tuple(tone_advice(mark.comment, names, mark.outcome)) if mark.comment else ()


def _entry(
    assessment: Assessment,
    category: Category,
    topic: Topic,
    mark: Mark,
    answer: Answer,
    replies: Replies,
    **shown,
) -> Entry:
    _category, _topic, item = tree_of(assessment).place_of_part[mark.part]
    part = next(part for part in item.parts if part.code == mark.part)
    is_indicator = category.kind == RESULTS
    return Entry(
        mark=mark,
        title=answer.indicator.name if is_indicator else named(item),
        prompt=_prompt(item, part, is_indicator),
        level=part.level,
        hint=item.hint_th or item.description_th,
        claim=None if is_indicator else answer.claim,
        blanks=() if is_indicator else blanks_of(part, answer),
        figures=figures_of(assessment, item, answer, replies) if is_indicator else None,
        criterion=topic.guide.levels.get(part.level, ""),
        guidance=tuple(topic.guide.guidance.get(part.level, ())),
        saved=saved_sentence(mark),
        **shown,
    )


def _prompt(item: Item, part: Part, is_indicator: bool) -> str:
    """What tells a line from its neighbours: the group of an indicator, the words of one part of several."""
    if is_indicator:
        return named(item)
    return part.prompt_th if len(part.fields) > 1 or len(item.parts) > 1 else ""


def blanks_of(part: Part, answer: Answer) -> tuple[Blank, ...]:
    """The blanks of a part as the agency filled them; a single one is led in by the words of the part."""
    lead = part.prompt_th if len(part.fields) == 1 else ""
    return tuple(
        Blank(field, lead or named(field), _shown(field, answer.values.get(field.key, "")))
        for field in part.fields
    )


def _shown(field: Field, value):
    return date.fromisoformat(value) if field.kind == "date" and value else value


def figures_of(assessment: Assessment, item: Item, answer: Answer, replies: Replies) -> Figures:
    """The figures of an indicator as text, with what is worth a second look."""
    indicator = answer.indicator
    result = indicator_result(policy_of(assessment), indicator.direction, indicator.target, indicator.results)
    peer = " ".join(filter(None, [indicator.peer_name, _number(indicator.peer_result)]))
    return Figures(
        unit=indicator.unit,
        direction=indicator.get_direction_display(),
        target=_number(indicator.target),
        results=tuple(zip(assessment.cycle.result_years, map(_number, indicator.results), strict=True)),
        percent=result.percent_display,
        basis=indicator.target_basis,
        peer=peer,
        remarks=tuple(of_indicator(answer, item.title_th, replies)),
    )


def _number(value: Decimal | None) -> str | None:
    return None if value is None else plain_number(value)
