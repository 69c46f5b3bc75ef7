"""An agency's result among agencies of the same kind, without names: mean, median and quartiles of the others.

A figure is told only where five or more stand on each side of what it divides, not counting results that the reader
knows already: the mean of five or more, the median of ten or more, the quartiles of twenty or more. Among five, the
quartiles would be the scores themselves. The least is never told: it is always the score of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.models import Assessment
from pmqa.accounts.models import User
from results.dashboard import drawing
from results.dashboard.extracting import HUNDREDTHS
from results.dashboard.models import ScoreSummary, SheetSummary
from results.dashboard.suppression import LEAST
from results.dashboard.table import UNTOLD, drawn, number, points, signed
from results.report_rows import ScoreRow, code_order, score_rows

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Spread:
    """Exact figures of a group of scores; quartiles lie between neighbours as in spreadsheets (inclusive). None is not
    told."""

    mean: Fraction
    first: Fraction | None = None
    median: Fraction | None = None
    third: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One's own points beside the spread of the others, as texts: the mean, then the quartiles if any are told."""

    code: str
    name: str
    own: str
    difference: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Benchmark:
    """`lines` are empty where the others are too few; `heads` name the figures of the others."""

    count: int
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    chart: SafeString

    @property
    def is_told(self) -> bool:
        return bool(self.lines)


def spread(counts: Mapping[int, int], *, known: int = 0) -> Spread | None:
    """From hundredths of points and how many have so many; None where nothing is told. The reader knows `known`."""
    total = sum(counts.values())
    unknown = total - known
    if unknown < LEAST:
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
    has_median, has_quartiles = unknown >= 2 * LEAST, unknown >= 4 * LEAST
    return Spread(
        mean,
        quartile(1) if has_quartiles else None,
        quartile(2) if has_median else None,
        quartile(3) if has_quartiles else None,
    )


def benchmark(assessment: Assessment, payload: Mapping, reader: User) -> Benchmark:
    """At most four queries. `payload` is that of the latest sheet of this published assessment."""
    others = SheetSummary.objects.filter(
        cycle=assessment.cycle_id, agency__kind=assessment.agency.kind
    ).exclude(assessment=assessment)
    count = others.count()
    also = {row.agency_id for row in reader.current_memberships} - {assessment.agency_id}
    known = others.filter(agency__in=also).count() if also else 0
    if count - known < LEAST:
        return Benchmark(count, (), (), drawn(""))
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
    spreads = {code: spread(own, known=known) for code, own in counts.items()}
    own = [
        ScoreRow(TOTAL, _("คะแนนรวม"), None, payload["scores"]["verified"]["total"], ""),
        *sorted(
            (row for category in score_rows(payload) for row in (category, *category.rows)),
            key=lambda row: code_order(row.code),
        ),
    ]
    # Of a topic that few others have a score in, as little is told as of a small group.
    shown = [(row, found) for row in own if (found := spreads.get(row.code))]
    heads = {
        "mean": _("เฉลี่ย"), "first": _("ควอร์ไทล์ 1"), "median": _("ค่ากลาง"), "third": _("ควอร์ไทล์ 3"),
    }  # fmt: skip
    told = [name for name in heads if getattr(spreads[TOTAL], name) is not None]
    lines = tuple(_line(row, [getattr(found, name) for name in told]) for row, found in shown)
    return Benchmark(count, tuple(heads[name] for name in told), lines, drawn(_chart(shown)))


def _line(row: ScoreRow, others: Sequence[Fraction | None]) -> Line:
    own, mean = None if row.verified is None else Fraction(row.verified), others[0]
    return Line(
        row.code if row.code != TOTAL else "",
        row.name,
        points(own),
        signed(None if own is None else own - mean),
        tuple(str(UNTOLD) if figure is None else points(figure) for figure in others),
    )


def _chart(shown: Sequence[tuple[ScoreRow, Spread]]) -> str:
    """The total and the categories; topics stand in the table."""
    wide = [(row, found) for row, found in shown if "." not in row.code]
    ranges = [
        (
            _("รวม") if row.code == TOTAL else row.code,
            float(found.mean),
            None if found.first is None else (float(found.first), float(found.third)),
            number(None if row.verified is None else Fraction(row.verified)),
        )
        for row, found in wide
    ]
    return drawing.spread(
        ranges,
        title=_("คะแนนจากผู้ตรวจเทียบกับหน่วยงานประเภทเดียวกัน"),
        description=_("จุดคือหน่วยงานของท่าน ขีดตั้งคือค่าเฉลี่ยของหน่วยงานอื่น ตัวเลขอยู่ในตาราง"),
    )
