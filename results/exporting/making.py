"""Making a file that was ordered, whole or not at all; a worker that dies in the middle is followed by another."""

import hashlib
from pathlib import Path
from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from pmqa.accounts import log
from pmqa.files import drop_folder, keeping
from pmqa.jobs.services import Progress
from results.exporting import archive, writing
from results.exporting.dictionary import EVIDENCE, SCHEMA, TABLES
from results.exporting.models import Export
from results.exporting.ordering import folder_of
from results.exporting.published import each_frozen


def make(pk: int, *, progress: Progress) -> None:
    """Write the file and say so; one that is there, or was cleared away since, is left alone.

    Raises pmqa.jobs.services.Unfinished where there is more to do than one go.
    """
    made = Export.objects.select_related("cycle__edition", "job").filter(pk=pk).first()
    if made is None or made.state.is_ready:
        return
    if made.kind == Export.Kind.REPORTS:
        archive.print_missing(made.sheets, progress=progress)
    # What a worker left that was killed while it wrote.
    drop_folder(folder_of(pk))
    name = f"{folder_of(pk)}/{made.cycle.year}-{made.digest[:12]}.{_ending(made)}"
    with keeping(name) as file:
        if made.kind == Export.Kind.REPORTS:
            archive.pack(file, made.sheets, progress=progress)
        else:
            _write_tables(file, made, progress)
    sha256 = _sha256_of(Path(default_storage.path(name)))
    with transaction.atomic():
        if not Export.objects.filter(pk=pk).update(file=name, sha256=sha256, made_at=timezone.now()):
            drop_folder(folder_of(pk))
            return
        log.record("export.made", made, by=None, kind=made.kind, form=made.form, sha256=sha256)


def _write_tables(file: BinaryIO, made: Export, progress: Progress) -> None:
    tables = [table for table in TABLES if table.name in made.tables]
    results = each_frozen(made.sheets, with_evidence=EVIDENCE in tables, kpi=made.kpi, progress=progress)
    about = {
        "schema": SCHEMA,
        "cycle": made.cycle.name,
        "year": made.cycle.year,
        "edition": made.cycle.edition.code,
        "results": len(made.sheets),
        "as_of": timezone.localtime(made.ordered_at).isoformat(timespec="seconds"),
        "content_digest": made.digest,
    }
    writing.write(file, made.form, tables, results, about=about)


def _ending(made: Export) -> str:
    return writing.ENDINGS.get(made.form, "zip")


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
