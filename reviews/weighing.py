"""Where a panel differs, and where the same case got two marks. Pure: no Django.

Sources of "the same case": a finding is a fact of the criteria lecture about an answer, so two answers with the same
finding are of the same kind; and two answers that hold nearly the same text say the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.advice.passages import Passages, compact

PASS, FAIL = "pass", "fail"
# Findings on which marks are compared. The others are of the form, not of what is judged: a spelling, a unit, a name
# that another part does not take up; and a text that two parts share is compared by itself.
WATCHED = (
    "level_of_success", "not_challenging", "step_only", "count", "full_every_year", "constant", "short_history",
    "zero_or_no_data", "name_only", "no_result", "no_link", "no_year", "old_year", "short_cut", "unchanged",
)  # fmt: skip
# Two texts are nearly the same when so much of the shorter one stands in the other, spaces removed.
NEARLY = 0.6


@dataclass(frozen=True)
class Weighed:
    """One answer with all marks of it. `marks` by number of the reviewer ("pass", "fail"; others are left out),
    `outcome` is what counts, "" while the lead has not decided; `findings` are codes of `advice`."""

    code: str
    topic: str
    marks: Mapping[int, str]
    outcome: str
    findings: frozenset[str] = frozenset()
    text: str = ""

    @property
    def passes(self) -> int:
        return sum(mark == PASS for mark in self.marks.values())

    @property
    def fails(self) -> int:
        return sum(mark == FAIL for mark in self.marks.values())

    @property
    def is_disputed(self) -> bool:
        """Whether the reviewers gave different marks, also after the lead has decided."""
        return bool(self.passes and self.fails)


def per_cent(part: int, whole: int) -> int | None:
    """Rounded; None of nothing."""
    return round(100 * part / whole) if whole else None


@dataclass(frozen=True)
class Share:
    """One reviewer beside the panel, on the answers that this reviewer marked.

    `others_passed` of `others_marked` are the marks of the others on the same answers; `differing` counts the
    outcomes that count and are not this reviewer's mark.
    """

    number: int
    marked: int
    passed: int
    others_marked: int
    others_passed: int
    disputed: int
    differing: int

    @property
    def pass_rate(self) -> int | None:
        return per_cent(self.passed, self.marked)

    @property
    def panel_rate(self) -> int | None:
        return per_cent(self.others_passed, self.others_marked)

    @property
    def disputed_rate(self) -> int | None:
        return per_cent(self.disputed, self.marked)


def by_reviewer(rows: Sequence[Weighed], numbers: Iterable[int]) -> list[Share]:
    return [_share(number, [row for row in rows if number in row.marks]) for number in numbers]


def _share(number: int, own: Sequence[Weighed]) -> Share:
    others = [mark for row in own for who, mark in row.marks.items() if who != number]
    return Share(
        number=number,
        marked=len(own),
        passed=sum(row.marks[number] == PASS for row in own),
        others_marked=len(others),
        others_passed=sum(mark == PASS for mark in others),
        disputed=sum(row.is_disputed for row in own),
        differing=sum(row.outcome not in ("", row.marks[number]) for row in own),
    )


@dataclass(frozen=True)
class TopicShare:
    topic: str
    total: int
    disputed: tuple[Weighed, ...]

    @property
    def rate(self) -> int | None:
        return per_cent(len(self.disputed), self.total)


def by_topic(rows: Iterable[Weighed]) -> list[TopicShare]:
    """Every topic, in the order of the form."""
    topics: dict[str, list[Weighed]] = {}
    for row in rows:
        topics.setdefault(row.topic, []).append(row)
    return [
        TopicShare(topic, len(own), tuple(row for row in own if row.is_disputed))
        for topic, own in topics.items()
    ]


@dataclass(frozen=True)
class Kind:
    """The answers with the same finding, by what counts for them."""

    finding: str
    passed: tuple[Weighed, ...]
    failed: tuple[Weighed, ...]
    undecided: tuple[Weighed, ...]

    @property
    def is_split(self) -> bool:
        """The same case, and not the same mark."""
        return bool(self.passed and self.failed)


def by_finding(rows: Sequence[Weighed]) -> list[Kind]:
    """The watched findings that occur, those with two marks first."""
    kinds = []
    for finding in WATCHED:
        own = [row for row in rows if finding in row.findings]
        passed, failed, undecided = (
            tuple(row for row in own if row.outcome == outcome) for outcome in (PASS, FAIL, "")
        )
        if own:
            kinds.append(Kind(finding, passed, failed, undecided))
    return sorted(kinds, key=lambda kind: not kind.is_split)


@dataclass(frozen=True)
class Twins:
    """Two answers that say nearly the same, one passed and one failed; `share` is how much, in per cent."""

    one: Weighed
    other: Weighed
    share: int


def twins(rows: Iterable[Weighed]) -> list[Twins]:
    """The most alike first."""
    by_code = {row.code: row for row in rows if row.text}
    found = []
    for one, other, quote in Passages({code: row.text for code, row in by_code.items()}).pairs():
        pair = by_code[one], by_code[other]
        share = len(quote) / min(len(compact(row.text)) for row in pair)
        if {row.outcome for row in pair} == {PASS, FAIL} and share >= NEARLY:
            found.append(Twins(*pair, round(100 * share)))
    return sorted(found, key=lambda pair: -pair.share)
