"""What administrators say about the KPI of a cycle is fixed once agencies know a result of it."""

from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from assessments.models import PRELIMINARY, Assessment, Cycle, Status
from pmqa.accounts.models import Agency, User

TOLD = frozenset({*PRELIMINARY, Status.REPORT_ISSUED})


def is_fixed(cycle: Cycle) -> bool:
    """Whether a result of the cycle is known: from then on its rules do not change. One query."""
    return Assessment.objects.filter(cycle=cycle, status__in=TOLD).exists()


def lock(cycle: Cycle, *, by: User) -> Cycle:
    """The cycle, locked, with the database's time as `asked_at`. Raises PermissionDenied."""
    if not by.has_perm("results.set_targets"):
        raise PermissionDenied(_("ผู้กำหนดค่าเป้าหมายคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    rows = Cycle.objects.select_for_update(of=("self",), no_key=True)
    return rows.annotate(asked_at=Now()).get(pk=cycle.pk)


def is_told(cycle: Cycle, agency: Agency | None = None) -> bool:
    """As `is_fixed`, of one agency or all, with the assessments locked: nobody is told a result meanwhile."""
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True).filter(cycle=cycle).order_by("pk")
    if agency is not None:
        rows = rows.filter(agency=agency)
    return not TOLD.isdisjoint(rows.values_list("status", flat=True))
