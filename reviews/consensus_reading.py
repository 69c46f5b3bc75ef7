"""What the consensus pages show: every answer with all opinions of it, and what is at stake."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.advice.remarks import Remark, Replies, of_parts, read_replies
from assessments.models import Assessment
from assessments.reading import policy_of, read_answers, scored_indicator, tree_of
from criteria.scoring import display_score
from criteria.structure import Category, Topic
from criteria.templatetags.criteria_text import named
from pmqa.accounts.models import User
from reviews.comments import is_comment
from reviews.decided import Judged, judged_answers, marking_rows, merged_comment
from reviews.desk import Blank, Figures, blanks_of, figures_of
from reviews.models import Consensus, Outcome, Verdict
from reviews.stakes import Stake, indicator_stake, part_stake
from reviews.ticket_models import Weighing
from reviews.ticket_reading import Asked
from reviews.tone_words import tone_advice

Basis = Consensus.Basis


@dataclass(frozen=True)
class Reviewer:
    """One reviewer of the case. Opinions carry the number, so that they are weighed and not their writers.

    `name` is "" for whoever may not see it (reviewers are known to OPDC and to the lead alone).
    """

    number: int
    name: str
    is_viewer: bool

    @property
    def label(self) -> str:
        label = _("ผู้ตรวจ %(n)d") % {"n": self.number}
        return _("%(label)s (ท่าน)") % {"label": label} if self.is_viewer else label


@dataclass(frozen=True)
class Opinion:
    """What one reviewer says of one answer; without a verdict it is not marked."""

    reviewer: Reviewer
    verdict: Verdict | None

    @property
    def key(self) -> str:
        """What the lead's form calls it."""
        return str(self.verdict.pk) if self.verdict else ""

    @property
    def outcome(self) -> str:
        return self.verdict.outcome if self.verdict else ""

    @property
    def comment(self) -> str:
        said = self.verdict and not self.is_abstention and is_comment(self.verdict.comment)
        return self.verdict.comment if said else ""

    @property
    def is_abstention(self) -> bool:
        return self.verdict is not None and self.verdict.is_abstention

    @property
    def reason(self) -> str:
        """Why somebody abstained, for those who may know who it is: it can be about a person."""
        return self.verdict.reason.strip() if self.is_abstention and self.reviewer.name else ""

    @property
    def internal_note(self) -> str:
        return self.verdict.internal_note.strip() if self.verdict else ""

    @property
    def counted(self) -> bool | None:
        """Whether what the agency added counted in this mark; None where nothing was added, or nothing marked."""
        return self.verdict.counted if self.verdict and not self.is_abstention else None


@dataclass(frozen=True)
class Row:
    """One answer with every opinion of it. `stake` is known of the undecided ones; `replies` are the agency's
    reasons for what was found."""

    judged: Judged
    opinions: tuple[Opinion, ...]
    stake: Stake | None
    blocks: tuple[str, ...]
    advice: tuple[str, ...]
    replies: Replies

    @property
    def code(self) -> str:
        return self.judged.code

    @property
    def title(self) -> str:
        return self.judged.answer.indicator.name if self.judged.is_indicator else named(self.judged.item)

    @property
    def prompt(self) -> str:
        return named(self.judged.item) if self.judged.is_indicator else self.judged.part.prompt_th

    @property
    def consensus(self) -> Consensus | None:
        return self.judged.consensus

    @property
    def sources(self) -> tuple[Opinion, ...]:
        """The opinions whose comments made the one that counts, of those who are in the team."""
        used = self.consensus.sources if self.consensus else ()
        return tuple(opinion for opinion in self.opinions if opinion.verdict and opinion.verdict.pk in used)

    @property
    def is_reworded(self) -> bool:
        """Whether the lead changed the words of the sources."""
        return self.consensus.comment != merged_comment(opinion.verdict for opinion in self.sources).strip()

    @property
    def asked(self) -> Asked | None:
        ticket = getattr(self.judged.answer, "ticket", None)
        return Asked(ticket) if ticket else None

    @property
    def is_disputed(self) -> bool:
        return self.consensus is None

    @property
    def is_decided(self) -> bool:
        """Whether the lead gave the outcome."""
        return self.consensus is not None and self.consensus.basis == Basis.LEAD

    @property
    def topic_points(self) -> str:
        return display_score(self.stake.topic)

    @property
    def total_points(self) -> str:
        return display_score(self.stake.total)

    @property
    def blanks(self) -> tuple[Blank, ...]:
        if self.judged.is_indicator:
            return ()
        return tuple(blank for blank in blanks_of(self.judged.part, self.judged.answer) if blank.is_filled)

    @property
    def figures(self) -> Figures | None:
        if not self.judged.is_indicator:
            return None
        return figures_of(self.judged.answer.assessment, self.judged.item, self.judged.answer, self.replies)


@dataclass(frozen=True)
class Place:
    """A topic of the filter, and the lines under its heading."""

    topic: Topic
    category: Category
    rows: tuple[Row, ...] = ()

    @property
    def summary(self) -> str:
        """How the lines came out, in words."""
        passed = sum(row.judged.outcome == Outcome.PASS for row in self.rows)
        failed = len(self.rows) - passed
        told = [_("ผ่าน %(n)d") % {"n": passed}] if passed else []
        told += [_("ไม่ผ่าน %(n)d") % {"n": failed}] if failed else []
        return " ".join(told)


@dataclass(frozen=True)
class Counts:
    """The headline figures. `indicators` are the disputed ones of category 7 among `disputed`."""

    disputed: int
    agreed_pass: int
    agreed_fail: int
    decided: int
    indicators: int
    indicators_total: int

    @property
    def agreed(self) -> int:
        return self.agreed_pass + self.agreed_fail

    @property
    def total(self) -> int:
        return self.disputed + self.agreed + self.decided


@dataclass(frozen=True)
class Room:
    """The whole case as the team sees it, rows in the order of the form."""

    assessment: Assessment
    reviewers: tuple[Reviewer, ...]
    rows: tuple[Row, ...]
    places: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def disputed(self) -> tuple[Row, ...]:
        """Undecided, most points at stake first; equal stakes in the order of the form."""
        return tuple(sorted((row for row in self.rows if row.is_disputed), key=lambda row: -row.stake.total))

    @cached_property
    def counts(self) -> Counts:
        agreed = [row for row in self.rows if not row.is_disputed and not row.is_decided]
        passed = sum(row.judged.outcome == Outcome.PASS for row in agreed)
        return Counts(
            disputed=len(self.disputed),
            agreed_pass=passed,
            agreed_fail=len(agreed) - passed,
            decided=sum(row.is_decided for row in self.rows),
            indicators=sum(row.judged.is_indicator for row in self.disputed),
            indicators_total=sum(row.judged.is_indicator for row in self.rows),
        )

    @cached_property
    def blocking(self) -> tuple[Row, ...]:
        """Decided, and yet something keeps the consensus from being closed."""
        return tuple(row for row in self.rows if row.blocks and not row.is_disputed)

    @cached_property
    def advised(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.advice and not row.blocks)

    @property
    def is_complete(self) -> bool:
        return not any(row.blocks for row in self.rows)

    def row_of(self, answer_id: int) -> Row | None:
        return next((row for row in self.rows if row.judged.answer.pk == answer_id), None)

    def by_topic(self, rows: tuple[Row, ...]) -> list[Place]:
        """Lines gathered under their topics."""
        gathered: dict[str, list[Row]] = {}
        for row in rows:
            gathered.setdefault(row.judged.topic.code, []).append(row)
        return [Place(own[0].judged.topic, own[0].judged.category, tuple(own)) for own in gathered.values()]

    def after(self, row: Row) -> Row | None:
        """The disputed answer to decide next."""
        left = [other for other in self.disputed if other is not row]
        return left[0] if left else None


def read_room(assessment: Assessment, viewer: User, *, names: bool) -> Room:
    """Four queries. `names` is whether the viewer may know who the reviewers are."""
    team = marking_rows(assessment)
    people = {row.reviewer_id: row.reviewer for row in team}
    reviewers = {
        pk: Reviewer(number, str(person) if names else "", pk == viewer.pk)
        for number, (pk, person) in enumerate(people.items(), start=1)
    }
    told = [name for person in people.values() for name in (person.first_name, person.last_name)]
    weighed = Weighing.objects.filter(ticket__answer=OuterRef("answer"), assignment=OuterRef("assignment"))
    marks = Verdict.objects.filter(assignment__in=[row.pk for row in team])
    verdicts = {
        (verdict.answer_id, verdict.assignment_id): verdict
        for verdict in marks.annotate(counted=Subquery(weighed.values("counted")[:1]))
    }
    markers: dict[str, list] = {}
    for row in team:
        markers.setdefault(row.category.code, []).append(row)
    judged = judged_answers(assessment)
    stakes = _stakes(assessment, judged)
    replies = read_replies(assessment)
    rows = []
    for entry in judged:
        opinions = tuple(
            Opinion(reviewers[row.reviewer_id], verdicts.get((entry.answer.pk, row.pk)))
            for row in markers.get(entry.category.code, ())
        )
        rows.append(_row(entry, opinions, stakes.get(entry.answer.pk), told, replies))
    return Room(assessment, tuple(reviewers.values()), tuple(rows), _places(assessment, judged))


def _row(
    entry: Judged, opinions: tuple[Opinion, ...], stake: Stake | None, names: list[str], replies: Replies
) -> Row:
    comment = entry.consensus.comment if entry.consensus else ""
    blocks = []
    if not entry.outcome:
        blocks.append(_("ยังไม่ตัดสิน"))
    elif entry.outcome == Outcome.FAIL and not is_comment(comment):
        blocks.append(_("ไม่ผ่านแต่ยังไม่มีความเห็น"))
    advice = tuple(tone_advice(comment, names, entry.outcome))
    return Row(entry, opinions, stake, tuple(blocks), advice, replies)


def part_remarks(assessment: Assessment, row: Row) -> list[Remark]:
    """What was found in a part, with the agency's reasons; those of an indicator stand with its figures. One query."""
    if row.judged.is_indicator:
        return []
    code = row.judged.part.code
    found = of_parts(assessment, read_answers(assessment), row.replies, only=(code,))
    return found.get(code, [])


def _stakes(assessment: Assessment, judged: list[Judged]) -> dict[int, Stake]:
    """Primary key of every undecided answer -> what its verdict moves."""
    tree, policy = tree_of(assessment), policy_of(assessment)
    verdicts = {row.code: row.outcome for row in judged if row.outcome and not row.is_indicator}
    indicators = [row for row in judged if row.is_indicator]
    scored = [scored_indicator(row.answer, verdict=row.outcome or None) for row in indicators]
    stakes = {
        row.answer.pk: indicator_stake(tree, policy, scored, place)
        for place, row in enumerate(indicators)
        if not row.outcome
    }
    for row in judged:
        if not row.outcome and not row.is_indicator:
            stakes[row.answer.pk] = part_stake(tree, policy, verdicts, row.code)
    return stakes


def _places(assessment: Assessment, judged: list[Judged]) -> dict[str, str]:
    """Code of a part, item or indicator -> where the team reads its answer."""
    found: dict[str, str] = {}
    for row in judged:
        url = reverse("reviews:decide", args=[assessment.pk, row.answer.pk])
        found[row.code] = url
        found.setdefault(row.code.rsplit(".", 1)[0], url)
    return found
