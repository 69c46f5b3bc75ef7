"""Frameworks of a cycle as stored, what is proposed where none is, and the weight of PMQA 4.0 for an agency."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from assessments.models import Cycle
from pmqa.accounts.models import Agency
from results.framework.models import KpiComponent, KpiFramework
from results.framework.weights import Framework, standard

# What stands for "every type without a framework of its own".
EVERY_KIND = ""
KINDS = (EVERY_KIND, *Agency.Kind.values)


def frameworks_of(cycle: Cycle) -> list[KpiFramework]:
    """Two queries: those of a cycle, that of every kind first."""
    rows = KpiFramework.objects.filter(cycle=cycle).prefetch_related("components")
    return sorted(rows, key=lambda row: KINDS.index(row.kind))


def framework_of(cycle: Cycle, kind: str) -> KpiFramework | None:
    """Two queries at most."""
    return KpiFramework.objects.filter(cycle=cycle, kind=kind).prefetch_related("components").first()


@dataclass(frozen=True)
class Proposal:
    """What a form starts from; `source` is the stored framework that it copies, None for the standard."""

    framework: Framework
    source: KpiFramework | None = None


def proposal_of(cycle: Cycle, kind: str) -> Proposal:
    """Two queries. That of the latest earlier cycle of the track, of the kind itself before that of every kind.

    For one kind, what this cycle has for every kind is nearer than what another year had for every kind.
    """
    rows = KpiFramework.objects.filter(
        cycle__track=cycle.track, cycle__year__lte=cycle.year, kind__in={kind, EVERY_KIND}
    )
    found = [
        row
        for row in rows.select_related("cycle").prefetch_related("components")
        if row.cycle.year < cycle.year or (row.cycle_id == cycle.pk and row.kind != kind)
    ]
    nearest = max(found, key=lambda row: (row.kind == kind, row.cycle.year, row.pk), default=None)
    return Proposal(nearest.framework, nearest) if nearest else Proposal(standard())


def pmqa_weight(cycle: Cycle | OuterRef, kind: str | OuterRef) -> Subquery:
    """An expression: the weight of PMQA 4.0 in a cycle for a type of agency, that of the type itself before that of
    every type; NULL where no framework was saved."""
    rows = KpiComponent.objects.filter(
        framework__cycle=cycle, framework__kind__in=(kind, EVERY_KIND), is_pmqa=True
    )
    # The key of "every type" is empty, and stands before all others.
    return Subquery(rows.order_by("-framework__kind").values("weight")[:1])
