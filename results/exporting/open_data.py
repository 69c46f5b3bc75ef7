"""The public part of a cycle: what an administrator opens is read by anybody, as it was made from the frozen sheets.

Never more than groups of agencies and, where that is opened too, the verified scores by agency: no answer, no comment,
no evidence, nothing that an agency said of itself.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Cycle
from assessments.snapshot import digest_of
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.cells import csv_table
from pmqa.errors import Refused
from pmqa.jobs.services import Progress, enqueue
from results.dashboard.suppression import LEAST, untold
from results.exporting.dictionary import (
    CATEGORIES,
    DICTIONARY,
    OPEN_PUBLISHER,
    OPEN_TITLE,
    PUBLIC_AGENCIES,
    PUBLIC_SUMMARY,
    PUBLIC_TABLES,
    SCHEMA,
    Table,
    described,
)
from results.exporting.models import OpenData
from results.exporting.published import published_in
from results.exporting.writing import plain
from results.models import ResultSheet

OPEN_JOB = "open_data"
_SCORE_COLUMNS = ("verified_total", *(f"category_{code}" for code in CATEGORIES))


# --- opening and closing ------------------------------------------------------------------------


def state_digest(cycle: Cycle) -> str:
    """Of what an administrator is shown before the last word: what is open now, and the results there are."""
    opened = OpenData.objects.filter(cycle=cycle).values_list("with_agencies", "digest").first()
    return digest_of([opened and list(opened), [digest for _pk, digest in _sheets(cycle)]])


@transaction.atomic
def open_up(cycle: Cycle, *, with_agencies: bool, seen: str, by: User) -> OpenData:
    """Open the public part of the results that are published now; again, it is made anew from those.

    Raises PermissionDenied, or Refused with code "changed" (not what `seen` was) or "none" (nothing is published).
    """
    locked = _lock(cycle, by=by)
    if seen != state_digest(locked):
        raise Refused(_("ผลที่ประกาศเปลี่ยนไปหลังจากที่ท่านเปิดหน้านี้ ตรวจแล้วยืนยันอีกครั้ง"), code="changed")
    sheets = [pk for pk, _digest in _sheets(locked)]
    if not sheets:
        raise Refused(_("รอบนี้ยังไม่มีผลที่ประกาศ จึงไม่มีข้อมูลให้เปิดเผย"), code="none")
    opened, _is_new = OpenData.objects.update_or_create(
        cycle=locked,
        defaults={
            "with_agencies": with_agencies,
            "sheets": sheets,
            "document": None,
            "digest": "",
            "opened_by": by,
            "opened_by_name": str(by),
            "opened_at": timezone.now(),
        },
    )
    # Of this opening: a job that still makes the one before stores nothing any more.
    key = f"open_data:{opened.pk}:{opened.opened_at.timestamp()}"
    opened.job = enqueue(OPEN_JOB, key=key, by=by, opened=opened.pk)
    opened.save(update_fields=["job"])
    log.record(
        "open_data.opened",
        opened,
        by=by,
        year=locked.year,
        with_agencies=with_agencies,
        results=len(sheets),
    )
    return opened


@transaction.atomic
def close(cycle: Cycle, *, by: User) -> None:
    """Take the public part back; nobody can read it from now on. Closing twice is once. Raises PermissionDenied."""
    locked = _lock(cycle, by=by)
    opened = OpenData.objects.filter(cycle=locked).first()
    if opened is None:
        return
    log.record("open_data.closed", opened, by=by, year=locked.year)
    opened.delete()


def _lock(cycle: Cycle, *, by: User) -> Cycle:
    if not by.has_perm("results.open_data"):
        raise PermissionDenied(_("ผู้เปิดเผยข้อมูลคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    return Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)


def _sheets(cycle: Cycle) -> list[tuple[int, str]]:
    return list(published_in(cycle).values_list("pk", "digest"))


# --- making -------------------------------------------------------------------------------------


def make(pk: int, *, progress: Progress) -> None:
    """The document of what was opened, from its sheets; made already, or closed since, it is left alone."""
    opened = OpenData.objects.select_related("cycle__edition").filter(pk=pk).first()
    if opened is None or opened.document is not None:
        return
    document = build(opened, progress=progress)
    # Opened again in the meantime it is made of other sheets: that order has its own say.
    rows = OpenData.objects.filter(pk=pk, opened_at=opened.opened_at)
    rows.update(document=document, digest=digest_of(document))


def build(opened: OpenData, *, progress: Progress) -> dict[str, Any]:
    """What everybody reads: the dataset in words, means of groups, agencies where they are open, the dictionary."""
    rows = [_agency_row(sheet) for sheet in _read(opened.sheets)]
    progress(len(rows), len(rows))
    tables = _opened_tables(opened.with_agencies)
    found = {
        PUBLIC_SUMMARY.name: summary(rows, year=opened.cycle.year),
        PUBLIC_AGENCIES.name: [{name: row[name] for name in PUBLIC_AGENCIES.names} for row in rows],
    }
    return {
        "schema": SCHEMA,
        "dataset": {
            "title": OPEN_TITLE.format(cycle=opened.cycle.name),
            "title_en": f"PMQA 4.0 results, fiscal year B.E. {opened.cycle.year}",
            "publisher": OPEN_PUBLISHER,
            "publisher_en": "Office of the Public Sector Development Commission (OPDC)",
            "licence": settings.OPEN_DATA_LICENCE,
            "as_of": timezone.localtime(opened.opened_at).isoformat(timespec="seconds"),
            "year": opened.cycle.year,
            "edition": opened.cycle.edition.code,
            "results": len(rows) if _may_count(rows) else None,
        },
        "tables": {table.name: found[table.name] for table in tables},
        "dictionary": described(tables),
    }


def _read(sheets: Iterable[int]) -> Iterable[ResultSheet]:
    """Of each payload only what is public; the categories come as a JSON list."""
    return (
        ResultSheet.objects.filter(pk__in=list(sheets))
        .defer("payload")
        .annotate(
            agency_code=KT("payload__agency__code"),
            agency_name=KT("payload__agency__name"),
            ministry=KT("payload__agency__ministry"),
            year=KT("payload__cycle__year"),
            edition=KT("payload__edition__code"),
            level=KT("payload__scores__verified__level"),
            **{
                f"{what}_{place}": KT(f"payload__scores__verified__categories__{place}__{what}")
                for place in range(len(CATEGORIES))
                for what in ("code", "score")
            },
        )
        .order_by("assessment__agency__code", "assessment_id")
    )


def _agency_row(sheet: ResultSheet) -> dict[str, Any]:
    places = range(len(CATEGORIES))
    scores = {getattr(sheet, f"code_{place}"): getattr(sheet, f"score_{place}") for place in places}
    return {
        "agency_code": sheet.agency_code,
        "agency_name": sheet.agency_name,
        "ministry": sheet.ministry or "",
        "year": int(sheet.year),
        "edition": sheet.edition,
        "policy": f"{sheet.policy_name} v{sheet.policy_version}",
        "verified_total": f"{sheet.verified_total:.2f}",
        "verified_level": sheet.level,
        **{f"category_{code}": scores.get(code) for code in CATEGORIES},
    }


def summary(rows: list[dict[str, Any]], *, year: int) -> list[dict[str, Any]]:
    """The means of all and of each ministry; a group that is hidden keeps its row, and says nothing else."""
    ministries: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        ministries.setdefault(row["ministry"], []).append(row)
    kept_back = untold({name: len(group) for name, group in ministries.items()})
    lines = [("all", "", rows, not _may_count(rows))]
    lines += [("ministry", name, group, name in kept_back) for name, group in sorted(ministries.items())]
    return [
        {"year": year, "group": kind, "name": name, "is_suppressed": is_hidden}
        | (dict.fromkeys(("agencies", *_SCORE_COLUMNS)) if is_hidden else _means(group))
        for kind, name, group, is_hidden in lines
    ]


def _means(group: list[dict[str, Any]]) -> dict[str, Any]:
    return {"agencies": len(group)} | {
        name: _mean([row[name] for row in group if row[name] is not None]) for name in _SCORE_COLUMNS
    }


def _mean(scores: list[str]) -> str | None:
    if len(scores) < LEAST:
        return None
    mean = sum(map(Decimal, scores)) / len(scores)
    return str(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _may_count(rows: list[dict[str, Any]]) -> bool:
    return not untold({"": len(rows)})


# --- reading ------------------------------------------------------------------------------------


def tables_of(*, with_agencies: bool) -> tuple[Table, ...]:
    """The tables of an open document; its dictionary is one as well."""
    return (*_opened_tables(with_agencies), DICTIONARY)


def _opened_tables(with_agencies: bool) -> tuple[Table, ...]:
    return PUBLIC_TABLES if with_agencies else (PUBLIC_SUMMARY,)


def in_order(opened: OpenData) -> dict[str, Any]:
    """The document with its digest, its columns in the order of the dictionary: PostgreSQL keeps no order of keys."""
    document = opened.document
    return {
        "digest": opened.digest,
        "schema": document["schema"],
        "dataset": document["dataset"],
        "tables": {
            table.name: _ordered(document["tables"][table.name], table)
            for table in _opened_tables(opened.with_agencies)
        },
        "dictionary": _ordered(document["dictionary"], DICTIONARY),
    }


def _ordered(rows: list[dict[str, Any]], table: Table) -> list[dict[str, Any]]:
    return [{name: row[name] for name in table.names} for row in rows]


def table_csv(document: dict[str, Any], table: Table) -> bytes:
    """One of them, as Excel opens it."""
    rows = document["dictionary"] if table == DICTIONARY else document["tables"][table.name]
    return csv_table(table.names, ([plain(row[name]) for name in table.names] for row in rows))
