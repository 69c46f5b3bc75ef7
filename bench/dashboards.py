"""The dashboard of ten times as many agencies: a database of its own for each size, the whole page by a test client."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FEW, MANY = 800, 8000


def dashboards() -> None:
    """Print what the page takes with few and with many agencies, three cycles each, and how the two stand."""
    few, many = (_measured(agencies) for agencies in (FEW, MANY))
    print(
        f"dashboard of {MANY} agencies: {many * 1000:.0f} ms; of {FEW}: {few * 1000:.0f} ms; ratio {many / few:.2f}"
    )


def _measured(agencies: int) -> float:
    with tempfile.TemporaryDirectory(prefix="pmqa-bench-") as place:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        done = subprocess.run(
            [sys.executable, "-m", "bench.dashboards", str(agencies)],
            cwd=ROOT, env=kept | {"PMQA_VAR": place}, check=True, capture_output=True, text=True,
        )  # fmt: skip
    return float(done.stdout.split()[-1])


def _measure(agencies: int) -> float:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction
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
    client = Client()
    client.force_login(
        factories.make_official("administrator"), backend="pmqa.accounts.backends.EmailBackend"
    )

    def visit() -> None:
        assert client.get("/results/dashboard/").status_code == 200

    return seconds(visit)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmqa.settings")
    print(_measure(int(sys.argv[1])))
