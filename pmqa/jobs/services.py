"""Queue, run and rescue jobs.

A kind is a function `work(args, progress)` registered by its app. Running it twice must do no harm:
a worker may die after the work and before the row says so.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from pmqa.jobs.models import Job

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# A running job that has not reported for this long has lost its worker.
STALE_AFTER = timedelta(seconds=60)
# How often a worker reports by itself, however long one step of the work takes.
HEARTBEAT = timedelta(seconds=15)
# A queued job whose message may be lost is sent again after this long at the earliest.
RESEND_AFTER = timedelta(seconds=20)
# Seconds between telling a job that its time is over and ending its process.
GRACE = 60
# The most messages that one sweep sends.
SWEEP_LIMIT = 100

# By name, because the module of the task imports this one.
_TASK = "pmqa.jobs.tasks.run_job"


class Lost(Exception):
    """The job was given to another worker in the meantime; this one has nothing left to do."""


class Unfinished(Exception):
    """The work stops here of its own accord and is to go on later: other jobs take their turn in between.

    Work that may take longer than one attempt raises it between two steps that it would find done. Such a stop is
    no failure, so the attempt does not count.
    """


Progress = Callable[[int, int], None]
Work = Callable[[dict[str, Any], Progress], None]
_kinds: dict[str, Work] = {}


def register(kind: str) -> Callable[[Work], Work]:
    """Decorator: the function does the work of jobs of this kind."""

    def decorate(work: Work) -> Work:
        if _kinds.setdefault(kind, work) is not work:
            raise ValueError(f"job kind {kind!r} is registered twice")
        return work

    return decorate


def enqueue(kind: str, *, key: str, by: Any = None, seconds: int | None = None, **args: Any) -> Job:
    """Write a job and send it on commit; an unfinished job with the same key is returned instead.

    `seconds` is what one attempt may take where that is more than the settings allow every job.

    Raises ValueError for a kind that nobody registered.
    """
    if kind not in _kinds:
        raise ValueError(f"unknown job kind {kind!r}")
    unfinished = Job.objects.filter(key=key, status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    while True:
        if job := unfinished.first():
            return job
        try:
            with transaction.atomic():
                job = Job.objects.create(kind=kind, key=key, args=args, requested_by=by, seconds=seconds)
        except IntegrityError:
            # Somebody else wrote it just now, and it may even be finished by the time we look.
            continue
        transaction.on_commit(partial(send, job.pk))
        return job


def send(job_id: int) -> None:
    """Hand the id to the broker. A broker that is down only means that the sweep sends it later."""
    rows = Job.objects.filter(pk=job_id)
    rows.update(sent_at=timezone.now())
    seconds = rows.values_list("seconds", flat=True).first()
    limits = {"soft_time_limit": seconds, "time_limit": seconds + GRACE} if seconds else {}
    try:
        current_app.send_task(_TASK, [job_id], retry=False, **limits)
    except Exception as error:  # noqa: BLE001 (whatever the broker's client raises, the row stays queued)
        logger.warning("job %s was not sent, the sweep will: %s", job_id, error)


def run(job_id: int) -> None:
    """Claim and run one queued job; a job that somebody else has claimed is left alone."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, status=Job.Status.QUEUED).update(
        status=Job.Status.RUNNING, attempts=F("attempts") + 1, heartbeat_at=now, progress=0, total=0, error=""
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    mine = Job.objects.filter(pk=job_id, status=Job.Status.RUNNING, attempts=job.attempts)

    def progress(done: int, total: int) -> None:
        if not mine.update(progress=done, total=total, heartbeat_at=timezone.now()):
            raise Lost(f"job {job_id}, attempt {job.attempts}")

    try:
        with _reporting(mine):
            _kinds[job.kind](job.args, progress)
    except Lost as lost:
        logger.warning("%s was taken over", lost)
    except Unfinished:
        if mine.update(status=Job.Status.QUEUED, attempts=F("attempts") - 1, sent_at=None):
            send(job_id)
    except Exception as error:
        logger.exception("job %s failed", job_id)
        now = timezone.now()
        again = job.attempts < MAX_ATTEMPTS
        mine.update(
            status=Job.Status.QUEUED if again else Job.Status.FAILED,
            error=f"{type(error).__name__}: {error}"[:2000],
            # As if sent now: the sweep tries again after a pause, which grows with the age of the job.
            sent_at=now,
            finished_at=None if again else now,
        )
    else:
        mine.update(status=Job.Status.DONE, progress=F("total"), finished_at=timezone.now(), error="")


@contextmanager
def _reporting(mine: QuerySet[Job]) -> Iterator[None]:
    """Keep the heartbeat of a job going from a thread, because one step of the work may take minutes."""
    ended = threading.Event()

    def report() -> None:
        while not ended.wait(HEARTBEAT.total_seconds()):
            try:
                mine.update(heartbeat_at=timezone.now())
            except DatabaseError as error:
                logger.warning("heartbeat missed: %s", error)
            finally:
                connection.close()

    thread = threading.Thread(target=report, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def sweep() -> int:
    """Requeue jobs whose worker died, fail those out of attempts, re-send lost messages.

    Returns how many were sent.
    """
    now = timezone.now()
    stale = Job.objects.filter(status=Job.Status.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    stale.filter(attempts__gte=MAX_ATTEMPTS).update(
        status=Job.Status.FAILED, error="worker lost", finished_at=now
    )
    stale.update(status=Job.Status.QUEUED, sent_at=None)
    queued = Job.objects.filter(status=Job.Status.QUEUED).order_by("pk")
    ids = [job.pk for job in queued.only("created_at", "sent_at").iterator() if _is_due(job, now)]
    for job_id in ids[:SWEEP_LIMIT]:
        send(job_id)
    return len(ids[:SWEEP_LIMIT])


def _is_due(job: Job, now: datetime) -> bool:
    """Whether a queued job is to be sent (again).

    Each wait is as long as all the time before it, so that a long queue or a dead worker is not buried under
    messages for the same few jobs.
    """
    if job.sent_at is None:
        return True
    return now - job.sent_at > max(RESEND_AFTER, job.sent_at - job.created_at)


def run_queued() -> None:
    """Run everything that is queued, here and now: for commands and tests that have no worker."""
    while job := Job.objects.filter(status=Job.Status.QUEUED).order_by("pk").first():
        run(job.pk)
