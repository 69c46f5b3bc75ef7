"""An agency's result among agencies of the same kind, without names: least, quartiles and mean of the others.

Told only where the others are five or more: whoever reads it knows one result already, their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.models import Assessment
from results.dashboard import drawing
from results.dashboard.extracting import HUNDREDTHS
from results.dashboard.models import ScoreSummary, SheetSummary
from results.dashboard.suppression import LEAST
from results.dashboard.table import drawn, number, points, signed
from results.report_rows import ScoreRow, code_order, score_rows

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Spread:
    """Exact figures of a group of scores; quartiles lie between neighbours as in spreadsheets (inclusive)."""

    count: int
    least: Fraction
    first: Fraction
    median: Fraction
    third: Fraction
    mean: Fraction


@dataclass(frozen=True, slots=True)
class Line:
    """One's own points beside the spread of the others, as texts."""

    code: str
    name: str
    own: str
    difference: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Benchmark:
    """`lines` are empty where the others are too few."""

    count: int
    lines: tuple[Line, ...]
    chart: SafeString

    @property
    def is_told(self) -> bool:
        return bool(self.lines)


def spread(counts: Mapping[int, int]) -> Spread | None:
    """From hundredths of points and how many have so many; None for nobody."""
    total = sum(counts.values())
    if not total:
        return None
    ordered = sorted(counts)

    def at(place: int) -> int:
        """The score of the one at this place from the least, which is 0."""
        for value in ordered:
            place -= counts[value]
            if place < 0:
                return value
        return ordered[-1]

    def quartile(which: int) -> Fraction:
        whole, rest = divmod(which * (total - 1), 4)
        lower = at(whole)
        return (
            Fraction(lower * (4 - rest) + at(whole + 1) * rest, 4 * HUNDREDTHS)
            if rest
            else Fraction(lower, HUNDREDTHS)
        )

    mean = Fraction(sum(value * count for value, count in counts.items()), total * HUNDREDTHS)
    return Spread(total, Fraction(ordered[0], HUNDREDTHS), quartile(1), quartile(2), quartile(3), mean)


def benchmark(assessment: Assessment, payload: Mapping) -> Benchmark:
    """Three queries. `payload` is that of the latest sheet of this published assessment."""
    others = SheetSummary.objects.filter(
        cycle=assessment.cycle_id, agency__kind=assessment.agency.kind
    ).exclude(assessment=assessment)
    count = others.count()
    if count < LEAST:
        return Benchmark(count, (), drawn(""))
    counts: dict[str, dict[int, int]] = {
        TOTAL: dict(others.order_by().values_list("verified").annotate(n=Count("pk")))
    }
    rows = (
        ScoreSummary.objects.filter(summary__in=others)
        .exclude(verified=None)
        .order_by()
        .values_list("code", "verified")
        .annotate(n=Count("pk"))
    )
    for code, value, number_of in rows:
        counts.setdefault(code, {})[value] = number_of
    spreads = {code: spread(own) for code, own in counts.items()}
    own = [
        ScoreRow(TOTAL, _("คะแนนรวม"), None, payload["scores"]["verified"]["total"], ""),
        *sorted(
            (row for category in score_rows(payload) for row in (category, *category.rows)),
            key=lambda row: code_order(row.code),
        ),
    ]
    # Of a topic that few others have a score in, as little is told as of a small group.
    shown = [(row, found) for row in own if (found := spreads.get(row.code)) and found.count >= LEAST]
    return Benchmark(count, tuple(_line(row, found) for row, found in shown), drawn(_chart(shown)))


def _line(row: ScoreRow, others: Spread) -> Line:
    own = None if row.verified is None else Fraction(row.verified)
    figures = (others.least, others.first, others.median, others.third, others.mean)
    return Line(
        row.code if row.code != TOTAL else "",
        row.name,
        points(own),
        signed(None if own is None else own - others.mean),
        tuple(map(points, figures)),
    )


def _chart(shown: Sequence[tuple[ScoreRow, Spread]]) -> str:
    """The total and the categories; topics stand in the table."""
    wide = [(row, found) for row, found in shown if "." not in row.code]
    ranges = [
        (
            _("รวม") if row.code == TOTAL else row.code,
            [float(value) for value in (found.least, found.first, found.median, found.third)],
            number(None if row.verified is None else Fraction(row.verified)),
        )
        for row, found in wide
    ]
    return drawing.spread(
        ranges,
        title=_("คะแนนจากผู้ตรวจเทียบกับหน่วยงานประเภทเดียวกัน"),
        description=_("จุดคือหน่วยงานของท่าน กล่องคือครึ่งกลางของหน่วยงานอื่น ตัวเลขอยู่ในตาราง"),
    )
