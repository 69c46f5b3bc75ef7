"""What the pages of this package show: figures as texts, links, and where the lines of their charts lie."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.urls import reverse

from criteria.catalogue import edition_tree
from criteria.scoring import Score, display_score, level_by_points
from criteria.structure import Category, Edition, Item
from results.naming import names_of
from results.report_rows import code_order
from results.standing import drawing
from results.standing.gains import Gain, Reach, next_bands, next_best
from results.standing.groups import GROUPS, Spread, group_of, spread
from results.standing.reading import Kpi, Peers, Year
from results.standing.sources import DRAFT, Source
from results.standing.what_if import figure_text

# So many of the next best parts stand open on the page, the others in a fold.
FIRST = 20


@dataclass(frozen=True)
class Step:
    """One target: what attains `points`, and how far it is from where the score stands; `ahead` "" when reached."""

    points: int
    score: str
    ahead: str


@dataclass(frozen=True)
class Outlook:
    """Type, targets and attainment as they stand on a page, with the charts of both."""

    kpi: Kpi

    @property
    def words(self) -> dict[str, str]:
        return self.kpi.words

    @cached_property
    def steps(self) -> list[Step]:
        if self.kpi.targets is None:
            return []
        now = self.kpi.now
        return [
            Step(
                points,
                display_score(score),
                "" if now is None or now >= score else display_score(score - Fraction(now)),
            )
            for points, score in self.kpi.targets.anchors
        ]

    @cached_property
    def curve(self) -> drawing.Curve | None:
        return self.kpi.targets and drawing.curve(self.kpi.targets, self.kpi.now)

    @cached_property
    def gauge(self) -> drawing.Gauge | None:
        return None if self.kpi.now is None else drawing.gauge(self.kpi.now)

    @property
    def level(self) -> str | None:
        return None if self.kpi.now is None else level_by_points(Fraction(self.kpi.now))

    @property
    def group(self) -> int | None:
        return None if self.kpi.now is None else group_of(self.kpi.now)

    @property
    def next_group(self) -> tuple[int, int] | None:
        """(number, whole points where it begins) of the group above that of the present score."""
        if self.group is None or self.group == len(GROUPS):
            return None
        above = GROUPS[self.group]
        return above.number, above.low


# --- year on year -----------------------------------------------------------------------------


@dataclass(frozen=True)
class YearRow:
    """A category or a topic over the years; `scores` has a place for every year, None where it has no score.

    `results` are the assessments of these years, where the tree of each score stands.
    """

    code: str
    name: str
    scores: tuple[str | None, ...]
    results: tuple[int, ...] = ()

    @property
    def cells(self) -> list[tuple[int, str | None]]:
        return list(zip(self.results, self.scores, strict=True))

    @property
    def is_category(self) -> bool:
        return "." not in self.code

    @property
    def change(self) -> str:
        """The last year against the one before, with its sign; "" where either has no score."""
        if len(self.scores) < 2 or None in self.scores[-2:]:
            return ""
        points = Decimal(self.scores[-1]) - Decimal(self.scores[-2])
        return f"{points:+.2f}".replace("-", "−") if points else "0.00"

    @property
    def spark(self) -> tuple[str, ...]:
        return drawing.spark(self.scores)


def year_rows(years: Sequence[Year], total: str) -> list[YearRow]:
    """The total, named by the caller, then every category with its topics; names as the latest year has them."""
    names: dict[str, str] = {}
    for year in years:
        for category in year.scores["categories"]:
            names[category["code"]] = category["name"]
            names |= {topic["code"]: topic["name"] for topic in category["topics"]}
    names |= {
        code: name for code, name in names_of(edition_tree(years[-1].cycle.edition)).items() if code in names
    }
    results = tuple(year.assessment for year in years)
    rows = [YearRow("total", total, tuple(year.by_code["total"] for year in years), results)]
    return rows + [
        YearRow(code, names[code], tuple(year.by_code.get(code) for year in years), results)
        for code in sorted(names, key=code_order)
    ]


def year_lines(years: Sequence[Year]) -> drawing.Lines:
    return drawing.lines([year.year for year in years], [year.by_code["total"] for year in years])


def peer_spread(peers: Peers) -> Spread | None:
    return None if peers.scores is None else spread(GROUPS[peers.group - 1], peers.scores)


# --- the next best part -----------------------------------------------------------------------


@dataclass(frozen=True)
class GainRow:
    gain: Gain
    item: Item
    level: str
    url: str
    topic: str

    @property
    def total(self) -> str:
        return display_score(self.gain.total)

    @property
    def after(self) -> str:
        return display_score(self.gain.after)


@dataclass(frozen=True)
class ReachRow:
    reach: Reach
    name: str
    url: str
    latest: str
    target: str

    @property
    def needs(self) -> str:
        return "" if self.reach.needs is None else figure_text(self.reach.needs)

    @property
    def percent(self) -> str:
        return self.reach.scored.result.percent_display or ""

    @property
    def total(self) -> str:
        return display_score(self.reach.total)


def gain_rows(source: Source) -> list[GainRow]:
    tree = source.marks.tree
    rows = []
    for gain in next_best(source.marks):
        _category, topic, item = tree.place_of_part[gain.code]
        url = f"{topic_url(source, topic.code)}#p{gain.code}"
        rows.append(GainRow(gain, item, tree.parts[gain.code].level, url, topic.code))
    return rows


def reach_rows(source: Source) -> list[ReachRow]:
    return [
        ReachRow(
            reach,
            reach.scored.indicator.name,
            topic_url(source, reach.scored.indicator.topic),
            figure_text(_fraction(next(iter(reach.scored.indicator.results[-1:]), None))),
            figure_text(_fraction(reach.scored.indicator.target)),
        )
        for reach in next_bands(source.marks)
    ]


def topic_url(source: Source, code: str) -> str:
    """Where a topic is worked on, or where its result stands."""
    name = "assessments:topic" if source.kind == DRAFT else "results:topic"
    return reverse(name, args=[source.assessment.pk, code])


def _fraction(value) -> Fraction | None:
    return None if value is None else Fraction(value)


# --- what if ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Compared:
    """A score as it is and as it would be, of a category or (None) of the whole; `change` "" where nothing changes."""

    category: Category | None
    before: str
    after: str
    change: str


def compared(tree: Edition, before: Score, after: Score) -> list[Compared]:
    """Every category, the total last."""
    rows = [
        _compared(category, before.by_category[category.code].score, after.by_category[category.code].score)
        for category in tree.categories
        if category.code in before.by_category
    ]
    return [*rows, _compared(None, before.total, after.total)]


def _compared(category: Category | None, before: Fraction, after: Fraction) -> Compared:
    change = after - before
    sign = "+" if change > 0 else "−"
    shown = f"{sign}{display_score(abs(change))}" if change else ""
    return Compared(category, display_score(before), display_score(after), shown)


def at(kpi: Kpi, now: Fraction) -> Kpi:
    """The same type and targets with another score."""
    return replace(kpi, now=now)
