"""The score of an agency that counts now: of its unpublished assessment, else of its latest published year."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.models import Assessment, Cycle, Status
from results.standing.reading import Year
from results.standing.sources import Source, source_of


@dataclass(frozen=True)
class Present:
    """`source` only where the score is not published, and so an estimate."""

    cycle: Cycle
    score: Fraction | Decimal
    source: Source | None = None


def present_of(years: Sequence[Year], newest: Assessment | None) -> Present | None:
    """`years` are all published ones, `newest` the newest assessment that the reader may look into.

    At most two queries; None where there is neither a result nor anything to score.
    """
    if newest is not None and newest.status != Status.REPORT_ISSUED and (source := source_of(newest)):
        return Present(newest.cycle, source.marks.score.total, source)
    if years:
        return Present(years[-1].cycle, years[-1].verified_total)
    return None
