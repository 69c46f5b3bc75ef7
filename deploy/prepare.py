"""Brings the data folder up to the code before the product starts; `deploy/run.py` calls it at every start.

One process for all steps, because loading Django for each would take longer than the steps. Progress goes to
standard error; standard output carries only the lines about the demonstration accounts.
"""

import hashlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BACKUPS_KEPT = 10


def back_up_sqlite(folder: Path) -> Path:
    """Copy the SQLite database into `folder`, keep the newest BACKUPS_KEPT copies, return the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f"before-migrate-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite3"
    unfinished = copy.with_suffix(".part")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(unfinished)])
    unfinished.chmod(0o600)
    unfinished.rename(copy)
    for old in sorted(folder.glob("before-migrate-*.sqlite3"))[:-BACKUPS_KEPT]:
        old.unlink()
    return copy


def migrate() -> None:
    """Run the migrations that wait; a database that is embedded and not empty is backed up first."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.vendor == "sqlite" and executor.recorder.has_table():
        _say(f"Backup before the migration: {back_up_sqlite(settings.VAR / 'backups')}")
    call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)


def load_criteria() -> None:
    """Load the criteria that came with the code; what is stored already survives any error in the files."""
    from criteria.models import Edition  # models can be imported only after django.setup()

    try:
        call_command("load_criteria", write=True, stdout=sys.stderr)
    except CommandError as error:
        if not Edition.objects.exists():
            raise
        _say(f"The criteria in the database stay as they are: {error}")


def collect_static() -> None:
    """Gather, name and compress the static files; that takes seconds, so only where a source has changed."""
    stamp = settings.VAR / "static.fingerprint"
    fingerprint = static_fingerprint()
    collected = (settings.STATIC_ROOT / "staticfiles.json").exists()
    if collected and stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint, encoding="ascii")


def static_fingerprint() -> str:
    """A digest of name, size and time of every static file, and of how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def load_demonstration() -> None:
    """Fill an empty database with the demonstration; print its accounts as long as they are there."""
    from pmqa.accounts.models import Agency

    call_command("demo", accounts=Agency.objects.exists(), stdout=sys.stdout, stderr=sys.stderr)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmqa.settings")
    django.setup()
    try:
        migrate()
        call_command("createcachetable", stdout=sys.stderr)
        load_criteria()
        collect_static()
        if settings.DEMO:
            load_demonstration()
    except CommandError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
