"""An assessment as a workbook, and a workbook back into the assessment: nothing is stored before it was looked at."""

from collections.abc import Mapping
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import snapshot
from assessments.files import packages
from assessments.files.packages import Unfit
from assessments.incoming.changes import CHANGE, CONFLICT, FAULT, KEEP, LEFT_OUT, Change, Plan
from assessments.models import Assessment, WorkbookImport
from assessments.models.incoming import KEPT_FOR
from assessments.reading import Answers, indicator_code, read_answers, tree_of
from assessments.services.answers import save_answer
from assessments.services.incoming import Choice, Unsettled, check_open, is_settled, names_of, writable
from assessments.services.indicators import FIGURES, add_indicator, save_indicator
from assessments.workbook import comparing, reading, words, writing
from assessments.workbook.layout import CLAIM, SCHEMA, Source, StoredIndicator, StoredPart
from assessments.workbook.reading import Contents
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.thai import thai_datetime

# --- out ----------------------------------------------------------------------------------------


def export(assessment: Assessment, *, by: User) -> bytes:
    """The workbook of everything that is stored now."""
    answers = read_answers(assessment)
    source = source_of(assessment, answers)
    file = writing.write(source)
    log.record(
        "assessment.workbook_exported",
        assessment,
        by=by,
        agency=assessment.agency,
        digest=source.identity["digest"],
    )
    return file


def source_of(assessment: Assessment, answers: Answers) -> Source:
    """What a workbook is made of, with everything by which it is known again."""
    tree, now = tree_of(assessment), timezone.now()
    digest = snapshot.digest_of(snapshot.build(assessment, answers))
    identity = {
        "schema": SCHEMA,
        "assessment": str(assessment.pk),
        "edition": tree.checksum,
        "exported_at": now.isoformat(timespec="seconds"),
        "digest": digest,
        "agency": assessment.agency.name,
        "cycle": assessment.cycle.name,
    }
    heading = (assessment.agency.name, assessment.cycle.name, tree.title_th, str(assessment.pk))
    return Source(
        edition=tree,
        identity=identity,
        heading=tuple(zip(words.HEADING, (*heading, thai_datetime(now, "full"), digest), strict=True)),
        years=assessment.cycle.result_years,
        parts={
            code: StoredPart(answer.version, answer.claim, answer.values)
            for code, answer in answers.parts.items()
        },
        indicators={
            group: [
                StoredIndicator(
                    id=answer.pk,
                    code=indicator_code(group, position),
                    version=answer.version,
                    figures={name: getattr(answer.indicator, name) for name in FIGURES},
                )
                for position, answer in enumerate(rows, start=1)
            ]
            for group, rows in answers.indicators.items()
        },
    )


# --- in: look first -----------------------------------------------------------------------------


def receive(assessment: Assessment, file: IO[bytes], *, size: int, name: str, by: User) -> WorkbookImport:
    """Read an uploaded workbook and keep what it says until its person has looked at it.

    Raises Unfit for a file that is no workbook of this assessment, PermissionDenied, or Refused when the
    assessment is not open. An upload takes the place of the same person's last one.
    """
    check_open(assessment, by)
    packages.examine(file, size, packages.WORKBOOK)
    contents = reading.read(file)
    _check_identity(assessment, contents)
    now = timezone.now()
    with transaction.atomic():
        check_open(assessment, by)
        WorkbookImport.objects.filter(expires_at__lte=now).delete()
        WorkbookImport.objects.filter(assessment=assessment, by=by, applied_at=None).delete()
        return WorkbookImport.objects.create(
            assessment=assessment,
            by=by,
            file_name=name[:200],
            contents=contents.as_json(),
            created_at=now,
            expires_at=now + KEPT_FOR,
        )


def _check_identity(assessment: Assessment, contents: Contents) -> None:
    found = contents.identity
    if found.get("edition") != tree_of(assessment).checksum:
        raise Unfit("other_edition")
    if found.get("assessment") != str(assessment.pk):
        raise Unfit("other_assessment", agency=found.get("agency", ""), cycle=found.get("cycle", ""))


def plan(pending: WorkbookImport, answers: Answers, *, by: User) -> Plan:
    """What the kept workbook would change of what is stored now."""
    assessment = pending.assessment
    return comparing.compare(
        assessment, answers, Contents.from_json(pending.contents), may_write=writable(assessment, by)
    )


# --- in: then store -----------------------------------------------------------------------------


@transaction.atomic
def apply(pending: WorkbookImport, *, choices: Mapping[str, Choice], by: User) -> WorkbookImport:
    """Store what the workbook changes, all or nothing, through the services of the pages.

    Every change must have been seen as it is now: Unsettled tells of those that were not, and of conflicts without a
    choice. Raises Refused or PermissionDenied as `receive`. Applying twice returns the first result.
    """
    locked = check_open(pending.assessment, by)
    current = WorkbookImport.objects.filter(pk=pending.pk).first()
    if current is None or current.is_expired:
        raise Refused(_("ตัวอย่างนี้หมดอายุหรือมีไฟล์ใหม่มาแทนแล้ว นำเข้าไฟล์อีกครั้ง"), code="expired")
    pending = current
    if pending.applied_at:
        return pending
    pending.assessment = locked
    found = plan(pending, read_answers(locked), by=by)
    open_keys = frozenset(
        change.key for change in found.of(CHANGE, CONFLICT) if not is_settled(change, choices)
    )
    if open_keys:
        raise Unsettled(open_keys)
    kept = [change for change in found.of(CHANGE, CONFLICT) if choices[change.key].keep == KEEP]
    written = [change for change in found.of(CHANGE, CONFLICT) if choices[change.key].keep != KEEP]
    for change in written:
        _write(locked, change, by=by)
    pending.summary = {
        "cells": sum(len(change.lines) for change in written),
        "written": names_of(written),
        "kept": names_of(kept),
        "faults": names_of(found.of(FAULT)),
        "left_out": names_of(found.of(LEFT_OUT)),
    }
    pending.contents, pending.applied_at = {}, timezone.now()
    pending.save(update_fields=["summary", "contents", "applied_at"])
    counts = {name: len(codes) for name, codes in pending.summary.items() if name != "cells"}
    log.record(
        "assessment.workbook_imported",
        locked,
        by=by,
        agency=locked.agency,
        cells=pending.summary["cells"],
        **counts,
    )
    return pending


def _write(assessment: Assessment, change: Change, *, by: User) -> None:
    category = change.category.code
    if change.answer and not change.group:
        save_answer(
            change.answer,
            version=change.version,
            claim=change.write[CLAIM],
            values=change.write["values"],
            category=category,
            by=by,
        )
        return
    answer = change.answer or add_indicator(assessment, change.group, by=by).answer
    save_indicator(answer, version=answer.version, category=category, by=by, **change.write)
