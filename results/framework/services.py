"""What administrators decide about the KPI framework of a cycle."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Cycle
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused
from pmqa.versioning import insert_or_swap
from results import fixing
from results.framework.models import KpiComponent, KpiFramework
from results.framework.reading import EVERY_KIND, KINDS, framework_of
from results.framework.weights import Framework, as_data


@transaction.atomic
def store(cycle: Cycle, kind: str, *, version: int, framework: Framework, by: User) -> KpiFramework:
    """Store a framework whole: all of its components or none. The same again is no change.

    Raises PermissionDenied, Conflict, or Refused with code "locked" (a result of the cycle is known) or "framework"
    (it cannot be meant).
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of agency: {kind!r}")
    locked = fixing.lock(cycle, by=by)
    wanted = framework.in_order()
    stored = framework_of(locked, kind)
    if stored and stored.framework == wanted:
        return stored
    _refuse_if_told(locked)
    if wanted.faults():
        raise Refused(_("กรอบนี้ยังใช้ไม่ได้ ตรวจน้ำหนักและองค์ประกอบแล้วแก้ก่อน"), code="framework")
    made = insert_or_swap(
        KpiFramework,
        version,
        key={"cycle": locked, "kind": kind},
        performance=wanted.performance,
        changed_by=by,
        changed_by_name=str(by),
        changed_at=locked.asked_at,
    )
    made.components.all().delete()
    KpiComponent.objects.bulk_create(
        KpiComponent(
            framework=made,
            place=place,
            group=part.group,
            name=part.name,
            name_en=part.name_en,
            weight=part.weight,
            bases=list(part.bases),
            least=part.least,
            most=part.most,
            is_pmqa=part.is_pmqa,
        )
        for place, part in enumerate(wanted.components, start=1)
    )
    before = as_data(stored.framework) if stored else None
    after = as_data(wanted)
    log.record("framework.stored", made, by=by, year=locked.year, kind=kind, before=before, after=after)
    return made


@transaction.atomic
def drop(cycle: Cycle, kind: str, *, version: int, by: User) -> None:
    """From now on the agencies of this kind have the framework of every kind. None of its own is no change.

    Raises PermissionDenied, Conflict, or Refused with code "locked" or "every_kind" (nothing would be left).
    """
    locked = fixing.lock(cycle, by=by)
    if kind == EVERY_KIND:
        raise Refused(_("กรอบของทุกประเภทนำออกไม่ได้ แก้ได้"), code="every_kind")
    stored = framework_of(locked, kind)
    if stored is None:
        return
    _refuse_if_told(locked)
    if not KpiFramework.objects.filter(pk=stored.pk, version=version).exists():
        raise Conflict(stored)
    before = as_data(stored.framework)
    log.record("framework.dropped", stored, by=by, year=locked.year, kind=kind, before=before)
    stored.delete()


def _refuse_if_told(cycle: Cycle) -> None:
    if fixing.is_told(cycle):
        raise Refused(_("แจ้งผลของรอบนี้แล้ว กรอบตัวชี้วัดจึงแก้ไม่ได้"), code="locked")
