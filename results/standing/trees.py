"""Where the tree of a published score stands: pages of this package print scores of several years and agencies."""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.models import Cycle
from pmqa.accounts.models import Agency
from results.explaining import BASES
from results.reading import latest_sheets
from results.standing.sources import DRAFT, Source

_CLAIMED, VERIFIED = BASES


@dataclass(frozen=True, slots=True)
class Trees:
    """What the figures of one agency in one cycle are made of. `last` is the assessment of last year's score; `now`
    and `basis` are where the score stands that counts now. None where there is none."""

    last: int | None = None
    now: int | None = None
    basis: str = VERIFIED


def published(agencies: Iterable[Agency], cycle: Cycle) -> dict[int, Trees]:
    """One query: agency -> where its published scores of a cycle and of the year before stand."""
    rows = latest_sheets().filter(
        assessment__agency__in=agencies,
        assessment__cycle__track=cycle.track,
        assessment__cycle__year__in=(cycle.year - 1, cycle.year),
    )
    found: dict[int, dict[str, int]] = {}
    for agency, year, assessment in rows.order_by("pk").values_list(
        "assessment__agency", "assessment__cycle__year", "assessment"
    ):
        found.setdefault(agency, {})["now" if year == cycle.year else "last"] = assessment
    return {agency: Trees(**places) for agency, places in found.items()}


def of_source(source: Source, last: int | None) -> Trees:
    """Where the score of these marks stands; `last` as in `Trees`."""
    return Trees(last, source.assessment.pk, DRAFT if source.kind == DRAFT else VERIFIED)
