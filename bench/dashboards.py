"""The dashboard of ten times as many agencies: a database of its own for each size, the whole page by a test client.

On SQLite the work is ours, so it is counted in seconds of this process; PostgreSQL works in processes of its own, so
there it is the time that passes, which is the machine's as much as ours.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deploy.with_servers import postgresql

ROOT = Path(__file__).resolve().parent.parent
FEW, MANY = 800, 8000
PAGES = ("", "?category=4", "topics/")


def dashboards() -> None:
    """Print what pages take with few and with many agencies, three cycles each, and how the two stand."""
    for where in ("SQLite", "PostgreSQL"):
        few, many = (_measured(agencies, where) for agencies in (FEW, MANY))
        for page, small, large in zip(PAGES, few, many, strict=True):
            print(
                f"dashboard/{page} on {where}, {MANY} agencies: {large * 1000:.0f} ms; of {FEW}: "
                f"{small * 1000:.0f} ms; ratio {large / small:.2f}"
            )


def _measured(agencies: int, where: str) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="pmqa-bench-") as place:
        folder = Path(place)
        folder.chmod(0o755)
        if where == "SQLite":
            return _run(agencies, folder, None)
        with postgresql(folder / "postgresql") as url:
            return _run(agencies, folder, url)


def _run(agencies: int, folder: Path, url: str | None) -> list[float]:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ["PMQA_VAR"] = str(folder / "var")
    if url:
        environ["DATABASE_URL"] = url
    done = subprocess.run(
        [sys.executable, "-m", "bench.dashboards", str(agencies)],
        cwd=ROOT, env=environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [float(seconds) for seconds in done.stdout.split()[-len(PAGES) :]]


def _measure(agencies: int) -> list[float]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test import Client

    from bench.__main__ import seconds
    from tests import factories
    from tests.results.dashboard.nation import make_nation

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    for name in ("migrate", "createcachetable"):
        call_command(name, verbosity=0)
    call_command("load_criteria", write=True, stdout=sys.stderr)
    with transaction.atomic():
        make_nation(agencies=agencies, whole=0)
    clock = time.process_time
    if connection.vendor == "postgresql":
        clock = time.perf_counter
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client = Client()
    client.force_login(
        factories.make_official("administrator"), backend="pmqa.accounts.backends.EmailBackend"
    )

    def visit(page: str) -> None:
        assert client.get(f"/results/dashboard/{page}").status_code == 200

    return [seconds(lambda page=page: visit(page), clock=clock) for page in PAGES]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmqa.settings")
    print(*_measure(int(sys.argv[1])))
