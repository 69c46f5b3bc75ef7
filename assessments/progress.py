"""How far an assessment is: what is ready, and every gap that keeps it from being submitted. Pure: no Django.

One function gives the counts, the list of gaps and the check at submission, so 100 % means "may be
submitted". Advice is elsewhere and never blocks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from criteria.fields import is_filled
from criteria.scoring import group_faults
from criteria.structure import PROCESS, PROFILE, RESULTS, Edition, Part, Topic

DONE = "done"


@dataclass(frozen=True, slots=True)
class PartState:
    """What progress needs to know of an answer to a part of categories 1-6 or the profile."""

    claim: str = ""
    values: Mapping = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndicatorState:
    """What progress needs to know of an indicator; None is "no data"."""

    answer_id: int
    group: str
    name: str
    unit: str
    target: Decimal | None
    latest: Decimal | None


@dataclass(frozen=True, slots=True)
class ApplicationState:
    """What progress needs to know of Form 1; `contact_way` is the telephone or the mail."""

    award: str = ""
    contact_name: str = ""
    contact_way: str = ""


@dataclass(frozen=True, slots=True)
class FormsAsked:
    """Which forms the cycle asks for beside 3 and 4, which it always does, and what Form 1 says."""

    application: bool = False
    profile: bool = False
    written: ApplicationState = ApplicationState()


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing. `part` and `field` name its place, `answer_id` the indicator; a gap of Form 1 has a
    `field` and no topic.

    Codes: award, contact_name, contact_way, claim, field, rows, min_fields, compulsory, unanswered, indicator_name,
    indicator_unit, indicator_target, target_zero, indicator_result, and those of `criteria.scoring.group_faults`.
    """

    code: str
    topic: str
    part: str
    field: str = ""
    answer_id: int | None = None
    have: int = 0
    need: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """`ready` of `total` parts or indicators. Never more than asked."""

    ready: int = 0
    total: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.ready + other.ready, self.total + other.total)

    @property
    def is_complete(self) -> bool:
        return self.ready == self.total


@dataclass(frozen=True)
class Progress:
    """Counts by topic, and the gaps in form order. Form 1 and `profile` are counted apart: what is missing in them
    blocks, and stands in `gaps`, only where the cycle asks for it. `profile_gaps` are there in any case.

    `application` counts Form 1. `open_questions`: what is missing in the questions of an old edition that have no mark
    (#); does not block either.
    """

    topics: Mapping[str, Count]
    categories: Mapping[str, Count]
    whole: Count
    parts: Count
    indicators: Count
    items: Count
    items_by_category: Mapping[str, Count]
    profile: Count
    application: Count
    gaps: tuple[Gap, ...]
    profile_gaps: tuple[Gap, ...]
    open_questions: tuple[Gap, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.gaps


def part_gaps(part: Part, state: PartState, topic: str) -> list[Gap]:
    """What is missing in one part of Form 3: a status, and, once it is claimed, its blanks.

    A question of an old edition has no level and no status: what is missing is its answer.
    """
    if not part.level:
        return question_gaps(part, state.values, topic)
    if not state.claim:
        return [Gap("claim", topic, part.code)]
    if state.claim != DONE:
        return []
    return blank_gaps(part, state.values, topic)


def question_gaps(part: Part, values: Mapping, topic: str) -> list[Gap]:
    """No answer at all, which blocks only with the mark (#) of the form; else what is missing in the answer."""
    if any(is_filled(values.get(blank.key)) for blank in part.fields):
        return blank_gaps(part, values, topic)
    return [
        Gap("compulsory" if part.compulsory else "unanswered", topic, part.code, field=part.fields[0].key)
    ]


def blank_gaps(part: Part, values: Mapping, topic: str) -> list[Gap]:
    """Required blanks that are empty, rows of the form that are empty in a table that is begun, too few blanks."""
    gaps = [
        Gap("field", topic, part.code, field=blank.key)
        for blank in part.fields
        if blank.required and not is_filled(values.get(blank.key))
    ]
    for blank in part.fields:
        rows = values.get(blank.key)
        if blank.required and blank.rows and rows:
            have = sum(any(cell.strip() for cell in row[1:]) for row in rows)
            if have < len(blank.rows):
                need = len(blank.rows)
                gaps.append(Gap("rows", topic, part.code, field=blank.key, have=have, need=need))
    filled = sum(is_filled(values.get(blank.key)) for blank in part.fields)
    if filled < part.min_fields:
        gaps.append(Gap("min_fields", topic, part.code, have=filled, need=part.min_fields))
    return gaps


def indicator_gaps(indicator: IndicatorState, topic: str) -> list[Gap]:
    """What keeps one indicator from being scored."""
    missing = []
    if not indicator.name.strip():
        missing.append("indicator_name")
    if not indicator.unit.strip():
        missing.append("indicator_unit")
    if indicator.target is None:
        missing.append("indicator_target")
    elif indicator.target == 0:
        missing.append("target_zero")
    if indicator.latest is None:
        missing.append("indicator_result")
    return [Gap(code, topic, indicator.group, answer_id=indicator.answer_id) for code in missing]


def topic_rule_gaps(topic: Topic, counts: Mapping[str, int]) -> list[Gap]:
    """The star rule and the count of five (Form 4), as gaps of the group or of the whole topic."""
    first = next(topic.parts).code
    return [
        Gap(
            fault.code,
            topic.code,
            first if fault.place == topic.code else fault.place,
            have=fault.have,
            need=fault.need,
        )
        for fault in group_faults(topic, counts)
    ]


APPLICATION_FIELDS = ("award", "contact_name", "contact_way")


def application_gaps(written: ApplicationState) -> list[Gap]:
    """What Form 1 needs: the award, whom to ask, and how to reach them."""
    return [Gap(name, "", "", field=name) for name in APPLICATION_FIELDS if not getattr(written, name)]


NOTHING_MORE = FormsAsked()


def measure(
    edition: Edition,
    parts: Mapping[str, PartState],
    indicators: Iterable[IndicatorState],
    asked: FormsAsked = NOTHING_MORE,
) -> Progress:
    """Everything about the progress of one assessment."""
    by_group: dict[str, list[IndicatorState]] = {}
    for indicator in indicators:
        by_group.setdefault(indicator.group, []).append(indicator)
    topics: dict[str, Count] = {}
    categories: dict[str, Count] = {}
    kinds = {PROCESS: Count(), RESULTS: Count(), PROFILE: Count()}
    gaps: dict[str, list[Gap]] = {PROCESS: [], RESULTS: [], PROFILE: []}
    items: dict[str, Count] = {}
    open_questions: list[Gap] = []
    for category in edition.categories:
        found = gaps[category.kind]
        for topic in category.topics:
            if category.kind == RESULTS:
                topics[topic.code] = _indicator_count(topic, by_group, found)
            else:
                open_parts = _open_parts(topic, category.kind, parts, found, open_questions)
                total = sum(1 for _ in topic.parts)
                topics[topic.code] = Count(total - len(open_parts), total)
                if category.kind == PROCESS:
                    closed = sum(
                        all(part.code not in open_parts for part in item.parts) for item in topic.items
                    )
                    items[category.code] = items.get(category.code, Count()) + Count(closed, len(topic.items))
        categories[category.code] = sum((topics[topic.code] for topic in category.topics), Count())
        kinds[category.kind] += categories[category.code]
    missing = application_gaps(asked.written)
    return Progress(
        topics=topics,
        categories=categories,
        whole=kinds[PROCESS] + kinds[RESULTS],
        parts=kinds[PROCESS],
        indicators=kinds[RESULTS],
        items=sum(items.values(), Count()),
        items_by_category=items,
        profile=kinds[PROFILE],
        application=Count(len(APPLICATION_FIELDS) - len(missing), len(APPLICATION_FIELDS)),
        gaps=(
            *(missing if asked.application else ()),
            *gaps[PROCESS],
            *gaps[RESULTS],
            *(gaps[PROFILE] if asked.profile else ()),
        ),
        profile_gaps=tuple(gaps[PROFILE]),
        open_questions=tuple(open_questions),
    )


def _open_parts(
    topic: Topic, kind: str, parts: Mapping[str, PartState], gaps: list[Gap], open_questions: list[Gap]
) -> set[str]:
    """Codes of the parts that are not ready; their gaps go to `gaps`. In the profile an empty question is open
    even where it may stay empty: its count says how much there is to read. A question of an old edition without
    the mark (#) is never open."""
    open_parts = set()
    for part in topic.parts:
        state = parts.get(part.code, PartState())
        if kind == PROFILE:
            missing = blank_gaps(part, state.values, topic.code)
            is_open = not any(is_filled(value) for value in state.values.values())
        else:
            missing = part_gaps(part, state, topic.code)
            if not part.level and not part.compulsory:
                open_questions += missing
                continue
            is_open = bool(missing)
        if is_open:
            open_parts.add(part.code)
        gaps += missing
    return open_parts


def _indicator_count(topic: Topic, by_group: Mapping[str, list[IndicatorState]], gaps: list[Gap]) -> Count:
    """Indicators ready for submission; a topic that breaks a rule of its groups is never complete."""
    ready = 0
    broken = topic_rule_gaps(topic, {code: len(rows) for code, rows in by_group.items()})
    gaps += broken
    for group in topic.parts:
        for indicator in by_group.get(group.code, ()):
            missing = indicator_gaps(indicator, topic.code)
            gaps += missing
            ready += not missing
    total = topic.answers_required or ready
    return Count(min(ready, total - 1 if broken else total), total)
