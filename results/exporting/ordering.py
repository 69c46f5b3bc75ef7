"""Ordering a file of a cycle's published results, handing it out, and clearing it away."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Cycle
from assessments.snapshot import digest_of
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.files import drop_folder
from pmqa.jobs.services import enqueue
from results.exporting.dictionary import KPI, SCHEMA, TABLES
from results.exporting.kpi import kpi_rows
from results.exporting.models import Export
from results.exporting.published import published_in

EXPORT_JOB = "export"
KEPT_FOR = timedelta(days=30)
# Measured by `make bench`: all tables of 300 results take 13 seconds as a workbook, 2 as CSV or JSON.
SECONDS = 840


@transaction.atomic
def order(cycle: Cycle, *, kind: str, form: str, tables: Sequence[str] = (), by: User) -> Export:
    """The file of these results in this form; ordered where it is neither there nor on its way.

    The same order again is the same file, kept for longer. Raises PermissionDenied, or Refused with code "none"
    (nothing is published).
    """
    if not by.has_perm("results.export"):
        raise PermissionDenied(_("ผู้ส่งออกข้อมูลของทั้งรอบคือผู้ดูแลระบบและผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    published = published_in(cycle).values_list("pk", "digest", "assessment__agency", "verified_total")
    sheets = [(pk, digest) for pk, digest, _agency, _total in published]
    if not sheets:
        raise Refused(_("รอบนี้ยังไม่มีผลที่ประกาศ จึงไม่มีข้อมูลให้ส่งออก"), code="none")
    # In the order of the dictionary, in whatever order they were ticked; reports have no tables.
    wanted = tables if kind == Export.Kind.TABLES else ()
    chosen = [table.name for table in TABLES if table.name in wanted]
    content = {
        "schema": SCHEMA,
        "cycle": cycle.pk,
        "kind": kind,
        "form": form,
        "tables": chosen,
        "sheets": sheets,
    }
    kpi = []
    if KPI.name in chosen:
        kpi = kpi_rows(cycle, [(agency, total) for _pk, _digest, agency, total in published])
        content["kpi"] = kpi
    now = timezone.now()
    made, is_new = Export.objects.update_or_create(
        digest=digest_of(content),
        defaults={"expires_at": now + KEPT_FOR},
        create_defaults={
            "cycle": cycle,
            "kind": kind,
            "form": form,
            "tables": chosen,
            "sheets": [pk for pk, _digest in sheets],
            "kpi": kpi,
            "ordered_by": by,
            "ordered_by_name": str(by),
            "ordered_at": now,
            "expires_at": now + KEPT_FOR,
        },
    )
    ordered = {"kind": kind, "form": form, "tables": chosen, "results": len(sheets), "year": cycle.year}
    log.record("export.ordered", made, by=by, is_new=is_new, **ordered)
    if made.state.is_ready or made.state.is_under_way:
        return made
    made.job = enqueue(EXPORT_JOB, key=f"export:{made.pk}", by=by, seconds=SECONDS, export=made.pk)
    made.save(update_fields=["job"])
    return made


def take(made: Export, *, by: User) -> None:
    """Note who takes the file. Raises PermissionDenied."""
    if not by.has_perm("results.export"):
        raise PermissionDenied(_("ผู้ส่งออกข้อมูลของทั้งรอบคือผู้ดูแลระบบและผู้ตรวจสอบของ สำนักงาน ก.พ.ร."))
    log.record("export.downloaded", made, by=by, kind=made.kind, form=made.form, sha256=made.sha256)


def clear_expired() -> int:
    """Remove files that are older than they are kept, with their rows. Returns how many."""
    old = Export.objects.filter(expires_at__lt=timezone.now())
    cleared = 0
    for pk in list(old.values_list("pk", flat=True)):
        # Not where somebody has ordered it again in the meantime.
        if old.filter(pk=pk).delete()[0]:
            drop_folder(folder_of(pk))
            cleared += 1
    return cleared


def folder_of(pk: int) -> str:
    return f"exports/{pk}"
