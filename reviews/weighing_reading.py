"""What the pages of comparing marks show: of one case, of a whole cycle, and of what was decided before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from assessments.advice.indicators import Row as Figures
from assessments.advice.indicators import advise
from assessments.advice.parts import text_of
from assessments.advice.remarks import of_indicator, of_parts
from assessments.models import Answer, Assessment, Cycle, Status
from assessments.reading import indicator_advice, read_answers, tree_of
from criteria.catalogue import edition_tree
from criteria.structure import RESULTS
from criteria.templatetags.criteria_text import briefly
from pmqa.accounts.models import User
from reviews import weighing
from reviews.consensus_reading import Room, Row
from reviews.decided import SETTLED, Judged
from reviews.models import Assignment, Consensus, Outcome
from reviews.reading import CLOSED, MARKED_KINDS
from reviews.sample_reading import Agreement, read_agreement
from reviews.weighing_words import finding_name


@dataclass(frozen=True)
class Line:
    """One answer in a list, with its place in the room."""

    row: Row
    weighed: weighing.Weighed


@dataclass(frozen=True)
class Kind:
    """The answers with the same finding, by what counts for them."""

    name: str
    is_split: bool
    passed: tuple[Row, ...]
    failed: tuple[Row, ...]
    undecided: tuple[Row, ...]


@dataclass(frozen=True)
class Pair:
    """Two answers that say nearly the same, with different outcomes; `share` in per cent."""

    one: Row
    other: Row
    share: int

    @property
    def rows(self) -> tuple[Row, Row]:
        return self.one, self.other


@dataclass(frozen=True)
class Balance:
    """One case: who differs from the panel, where, and what looks like the same case with two marks."""

    shares: Sequence[tuple[str, str, weighing.Share]]
    topics: Sequence[tuple[str, weighing.TopicShare]]
    disputed: Sequence[Line]
    total: int
    kinds: Sequence[Kind]
    pairs: Sequence[Pair]

    @property
    def disputed_rate(self) -> int | None:
        return weighing.per_cent(len(self.disputed), self.total)

    @property
    def split(self) -> list[Kind]:
        return [kind for kind in self.kinds if kind.is_split]

    @property
    def even(self) -> list[Kind]:
        return [kind for kind in self.kinds if not kind.is_split]


def read_balance(room: Room) -> Balance:
    """One query besides those of the room."""
    rows = {row.code: row for row in room.rows}
    weighed = _weighed(room)
    tree = tree_of(room.assessment)
    reviewers = {reviewer.number: reviewer for reviewer in room.reviewers}
    return Balance(
        shares=[
            (reviewers[share.number].label, reviewers[share.number].name, share)
            for share in weighing.by_reviewer(weighed, reviewers)
        ],
        topics=[
            (briefly(tree.topics[share.topic]), share)
            for share in weighing.by_topic(weighed)
            if share.disputed
        ],
        disputed=[Line(rows[entry.code], entry) for entry in weighed if entry.is_disputed],
        total=len(weighed),
        kinds=[
            Kind(
                finding_name(kind.finding),
                kind.is_split,
                *(
                    tuple(rows[entry.code] for entry in group)
                    for group in (kind.passed, kind.failed, kind.undecided)
                ),
            )
            for kind in weighing.by_finding(weighed)
        ],
        pairs=[
            Pair(rows[pair.one.code], rows[pair.other.code], pair.share) for pair in weighing.twins(weighed)
        ],
    )


def _weighed(room: Room) -> list[weighing.Weighed]:
    replies = room.rows[0].replies if room.rows else {}
    remarks = of_parts(room.assessment, read_answers(room.assessment), replies)
    found = []
    for row in room.rows:
        judged = row.judged
        own = (
            of_indicator(judged.answer, judged.item.title_th, replies)
            if judged.is_indicator
            else remarks.get(judged.part.code, ())
        )
        found.append(
            weighing.Weighed(
                code=row.code,
                topic=judged.topic.code,
                marks={
                    opinion.reviewer.number: opinion.outcome
                    for opinion in row.opinions
                    if opinion.outcome in CLOSED
                },
                outcome=judged.outcome,
                findings=frozenset(remark.key.partition(":")[0] for remark in own),
                text="" if judged.is_indicator else text_of(judged.part, judged.answer.values),
            )
        )
    return found


# --- a whole cycle, in totals -----------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How many of `total` the reviewers marked differently."""

    total: int
    disputed: int

    @property
    def rate(self) -> int | None:
        return weighing.per_cent(self.disputed, self.total)


@dataclass(frozen=True)
class CycleBalance:
    """The settled cases of a cycle: no marks, no names and no number of reviewers."""

    cases: Sequence[tuple[Assessment, Tally]]
    topics: Sequence[tuple[str, str, Tally]]
    kinds: Sequence[tuple[str, int, int]]
    total: Tally
    sample: Agreement | None


def _marked_differently() -> QuerySet[Answer]:
    """Answers with a pass and a fail among the marks of those who are in the team."""
    counts = Q(verdicts__outcome__in=CLOSED, verdicts__assignment__recused_at=None)
    return (
        Answer.objects.present()
        .alias(
            marks=Count(
                "verdicts__outcome", filter=counts & Q(verdicts__assignment__marks=True), distinct=True
            )
        )
        .filter(marks__gt=1)
    )


def read_cycle(cycle: Cycle, visible: QuerySet[Assessment]) -> CycleBalance:
    """Five queries, six with a sample. `visible` are the cases that the viewer may see; one that is still being marked
    is left out, so that nobody who marks learns anything."""
    cases = list(visible.filter(cycle=cycle, status__in=SETTLED).with_places().order_by("agency__code"))
    known = [case.pk for case in cases]
    tree = edition_tree(cycle.edition)
    of_case, of_topic, per_case, per_topic = Counter(), Counter(), Counter(), Counter()
    for case, topic, count in _marked(known):
        of_case[case] += count
        of_topic[topic] += count
    pairs = _marked_differently().filter(assessment__in=known).values_list("assessment_id", "part__code")
    for case, part in pairs:
        if part in tree.place_of_part:
            per_case[case] += 1
            per_topic[tree.place_of_part[part][1].code] += 1
    return CycleBalance(
        cases=[(case, Tally(of_case[case.pk], per_case[case.pk])) for case in cases],
        topics=[
            (code, briefly(topic), Tally(of_topic[code], per_topic[code]))
            for code, topic in tree.topics.items()
            if of_topic[code]
        ],
        kinds=_kinds(cycle, known),
        total=Tally(of_case.total(), per_case.total()),
        sample=read_agreement(cycle, known),
    )


def _marked(known: Sequence[int]):
    """One query: (assessment, topic, how many answers get a mark)."""
    rows = Answer.objects.present().filter(
        assessment__in=known, part__item__topic__category__kind__in=MARKED_KINDS
    )
    places = rows.order_by().values_list("assessment_id", "part__item__topic__code")
    return places.annotate(count=Count("pk"))


def _kinds(cycle: Cycle, known: Sequence[int]) -> list[tuple[str, int, int]]:
    """(finding, passed, failed) of the indicators of these cases, where both occur."""
    counted: dict[str, Counter] = {}
    for finding, outcome in _indicator_findings(
        Consensus.objects.filter(answer__assessment__in=known), edition_tree(cycle.edition)
    ):
        counted.setdefault(finding, Counter())[outcome] += 1
    return [
        (finding_name(finding), counted[finding][Outcome.PASS], counted[finding][Outcome.FAIL])
        for finding in weighing.WATCHED
        if finding in counted and len(counted[finding]) > 1
    ]


def _indicator_findings(decided: QuerySet[Consensus], tree):
    """One query: (finding, outcome) of every decided indicator."""
    columns = ("name", "unit", "direction", "target", "result_1", "result_2", "result_3")
    rows = decided.filter(
        answer__removed_at=None, answer__part__item__topic__category__kind=RESULTS
    ).values_list("outcome", "answer__part__code", *(f"answer__indicator__{column}" for column in columns))
    for outcome, part, name, unit, direction, target, *results in rows.iterator(chunk_size=1000):
        title = tree.place_of_part[part][2].title_th
        for advice in advise(Figures(name, unit, direction, target, results, title)):
            if advice.code in weighing.WATCHED:
                yield advice.code, outcome


# --- what was decided before ------------------------------------------------------------------

# Fewer published results tell what one agency got.
FEWEST = 5


@dataclass(frozen=True)
class Earlier:
    """Decisions in published results of the same edition. `told` is false for so few that a total names somebody."""

    results: int
    passed: int
    failed: int
    kinds: Sequence[tuple[str, int, int]]
    own: Sequence[Consensus]

    @property
    def told(self) -> bool:
        return self.results >= FEWEST


def read_earlier(judged: Judged, assessment: Assessment, viewer: User) -> Earlier:
    """Three queries. Totals name no agency; single decisions with their comments are those of cases that the viewer
    judged."""
    published = Consensus.objects.filter(
        answer__assessment__status=Status.REPORT_ISSUED,
        answer__assessment__cycle__edition=assessment.cycle.edition_id,
        answer__removed_at=None,
    ).exclude(answer__assessment=assessment)
    same = published.filter(answer__part=judged.answer.part_id)
    counts = same.aggregate(
        results=Count("answer__assessment", distinct=True),
        passed=Count("pk", filter=Q(outcome=Outcome.PASS)),
        failed=Count("pk", filter=Q(outcome=Outcome.FAIL)),
    )
    own_cases = Assignment.objects.active_for(viewer).values("assessment")
    own = (
        same.filter(answer__assessment__in=own_cases)
        .select_related("answer__assessment__cycle", "answer__assessment__agency", "answer__indicator")
        .order_by(F("answer__assessment__cycle__year").desc(), "answer__assessment__agency__code", "pk")
    )
    return Earlier(**counts, kinds=_same_kind(judged, assessment, published), own=list(own[:20]))


def _same_kind(
    judged: Judged, assessment: Assessment, published: QuerySet[Consensus]
) -> list[tuple[str, int, int]]:
    """(finding, passed, failed) of all published indicators with a finding that this one has."""
    if not judged.is_indicator:
        return []
    own = {
        advice.code
        for advice in indicator_advice(judged.answer.indicator, judged.item.title_th)
        if advice.code in weighing.WATCHED
    }
    if not own:
        return []
    counted = Counter(_indicator_findings(published, tree_of(assessment)))
    return [
        (finding_name(code), counted[code, Outcome.PASS], counted[code, Outcome.FAIL])
        for code in weighing.WATCHED
        if code in own
    ]
