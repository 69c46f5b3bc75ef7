"""Type, targets, attainment and weight of the agencies of an order, as the page of the cycle says them at this moment.

No sheet has frozen them: last year's result may be corrected, and the weight follows the agency's type of today. So an
order keeps them beside its sheets, and what changes afterwards is another order.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessments.models import Cycle
from criteria.scoring import display_score
from results.standing.reading import Line, lines_of, rules_of


def kpi_rows(cycle: Cycle, totals: Sequence[tuple[int, Decimal]]) -> list[dict[str, Any]]:
    """A row for every (agency, verified total) in this order. Four queries."""
    lines = {line.agency.pk: line for line in lines_of(cycle, rules_of(cycle).rules)}
    return [_row(lines[agency], total) for agency, total in totals]


def _row(line: Line, total: Decimal) -> dict[str, Any]:
    # Of the sheet that is in the file, whatever was published since.
    kpi = replace(line.kpi, now=total)
    goal, share = kpi.targets, kpi.share
    chosen = kpi.choice if kpi.is_chosen else None
    return {
        "last_score": _score(kpi.last),
        "last_group": kpi.group,
        "kpi_type": kpi.kpi_type,
        "is_overlapping": kpi.is_overlapping,
        "is_chosen": kpi.is_chosen,
        "chosen_base": _score(chosen and chosen.base),
        "chosen_because": chosen and chosen.reason,
        "target_50": _score(goal and goal.half),
        "target_75": _score(goal and goal.standard),
        "target_100": _score(goal and goal.full),
        "verified_total": _score(total),
        "attainment": _score(kpi.attainment),
        "agency_kind": line.agency.kind,
        "weight": share and share.weight_words,
        "points": (share and share.points_words) or None,
    }


def _score(value: Fraction | Decimal | None) -> str | None:
    return None if value is None else display_score(Fraction(value))
