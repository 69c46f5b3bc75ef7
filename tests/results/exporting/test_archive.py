"""All reports of a cycle in one package: the same bytes from the same sheets, and nothing lost when a worker dies."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from pmqa.accounts.models import Agency, LogEntry
from pmqa.files import keep
from pmqa.jobs.models import Job
from pmqa.jobs.services import run, run_queued, sweep
from results.exporting import archive
from results.exporting.models import Export
from results.models import Report
from tests import factories
from tests.results import payloads
from tests.results.exporting import builders

SIX = tuple(f"DEMO-{number:03d}" for number in range(1, 7))


def short_payload() -> dict:
    """A sheet that prints in a fraction of a second: one topic, one indicator."""
    payload = payloads.partial_payload()
    (category,) = payload["categories"]
    category["topics"] = category["topics"][:1]
    return payload


def issue(cycle, codes=SIX) -> None:
    for code in codes:
        builders.issue(cycle, agency=factories.make_agency(code=code), payload=short_payload())


def store(report: Report, content: bytes) -> None:
    """As somebody had it printed before."""
    name = f"reports/{report.pk}.pdf"
    Report.objects.filter(pk=report.pk).update(
        file=name, sha256=keep(name, content), rendered_at=timezone.now()
    )


def printed() -> list[str]:
    """Which reports were printed, by key, each time that one was."""
    rows = LogEntry.objects.filter(action="report.rendered").order_by("pk")
    return list(rows.values_list("object_id", flat=True))


@pytest.mark.django_db
def test_six_reports_are_one_package_that_says_what_is_in_it(cycle, administrator):
    issue(cycle)
    made = builders.made(cycle, "zip", by=administrator)
    assert len(printed()) == len(set(printed())) == 6
    data = builders.content(made)
    assert hashlib.sha256(data).hexdigest() == made.sha256
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert names == ["index.csv", "manifest.json", *(f"{cycle.year}/{code}-r1.pdf" for code in SIX)]
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_STORED}
        lines = csv.DictReader(io.StringIO(package.read("index.csv").decode("utf-8-sig")))
        listed = json.loads(package.read("manifest.json"))["reports"]
        for line, entry, name in zip(lines, listed, names[2:], strict=True):
            pdf = package.read(name)
            assert pdf.startswith(b"%PDF")
            assert line["file"] == entry["file"] == name
            assert line["sha256"] == entry["sha256"] == hashlib.sha256(pdf).hexdigest()
            assert line["size"] == str(entry["size"]) == str(len(pdf))
    assert (made.job.progress, made.job.total) == (12, 12)

    Agency.objects.update(name="เปลี่ยนแล้ว")
    Export.objects.all().delete()
    assert builders.content(builders.made(cycle, "zip", by=administrator)) == data
    assert len(printed()) == 6


@pytest.mark.django_db
def test_a_long_print_lets_others_work_and_goes_on_where_it_was(cycle, administrator, monkeypatch):
    monkeypatch.setattr(archive, "SLICE", 0)
    issue(cycle, SIX[:2])
    ordered = builders.order(cycle, "zip", by=administrator)
    states = []
    for _go in range(2):
        run(ordered.job_id)
        job = Job.objects.get(pk=ordered.job_id)
        states.append((job.status, job.attempts, len(printed())))
    # A stop of its own accord is no failed attempt.
    assert states == [("queued", 0, 1), ("done", 1, 2)]
    assert len(set(printed())) == 2


WORKER = """
import sys
import django
django.setup()
from django.db.models.signals import post_save
from pmqa.accounts.models import LogEntry
from pmqa.jobs.services import run
post_save.connect(lambda instance, **_: print(instance.action, flush=True), sender=LogEntry, weak=False)
run(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="its test database is in this process alone")
def test_a_worker_that_is_killed_in_the_middle_loses_none_and_repeats_none(cycle, administrator, tmp_path):
    """SIGKILL of a process that prints reports; the sweep gives the job to the next worker."""
    issue(cycle)
    for report in Report.objects.order_by("pk")[:2]:
        store(report, b"%PDF-1.7 printed before")
    ordered = builders.order(cycle, "zip", by=administrator)
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(ordered.job_id)],
        env={**os.environ, "DATABASE_URL": _address(), "PMQA_VAR": str(tmp_path)},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        for _report in range(2):
            assert worker.stdout.readline() == "report.rendered\n"
        worker.kill()
    before = {row.pk: _file_of(row) for row in Report.objects.exclude(file="")}
    # Two from before, one at least of the worker; of the next it may have died before it was said.
    assert 3 <= len(before) <= 4
    job = Job.objects.get(pk=ordered.job_id)
    assert (job.status, Export.objects.get().file.name) == ("running", "")

    Job.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert sweep() == 1
    run_queued()

    made = Export.objects.get()
    with zipfile.ZipFile(io.BytesIO(builders.content(made))) as package:
        assert len(package.namelist()) == 2 + len(SIX)
        assert package.testzip() is None
    assert len(printed()) == len(set(printed())) == len(SIX) - 2
    assert {row.pk: _file_of(row) for row in Report.objects.filter(pk__in=before)} == before
    _folders, files = default_storage.listdir(f"exports/{made.pk}")
    assert len(files) == 1


def _file_of(report: Report) -> tuple[str, int]:
    """Name and inode: a file that was written again has another."""
    return report.file.name, os.stat(default_storage.path(report.file.name)).st_ino  # noqa: PTH116


def _address() -> str:
    used = connection.settings_dict
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**used)


@pytest.mark.slow
@pytest.mark.django_db
def test_three_hundred_reports_are_made_in_one_job(cycle, administrator):
    codes = [f"N-{number:03d}" for number in range(300)]
    issue(cycle, codes)
    ordered = builders.order(cycle, "zip", by=administrator)
    while Job.objects.get(pk=ordered.job_id).status == Job.Status.QUEUED:
        run(ordered.job_id)
    made = Export.objects.get()
    assert (made.state.state, made.job.attempts) == ("ready", 1)
    with made.file.open("rb") as file, zipfile.ZipFile(file) as package:
        assert package.namelist()[2:] == [f"{cycle.year}/{code}-r1.pdf" for code in codes]
    assert len(printed()) == len(set(printed())) == len(codes)
