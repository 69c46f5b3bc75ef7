"""Queue, run and rescue jobs.

A kind is a function `work(args, progress)` registered by its app. Running it twice must do no harm:
a worker may die after the work and before the row says so.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from pmqa.jobs.models import Job

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
# A running job that has not reported for this long has lost its worker.
STALE_AFTER = timedelta(seconds=60)
# A queued job whose message may be lost is sent again after this long.
RESEND_AFTER = timedelta(seconds=20)

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


def enqueue(kind: str, *, key: str, by: Any = None, **args: Any) -> Job:
    """Write a job and send it on commit; an unfinished job with the same key is returned instead."""
    if kind not in _kinds:
        raise ValueError(f"unknown job kind {kind!r}")
    unfinished = Job.objects.filter(key=key, status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    if job := unfinished.first():
        return job
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, key=key, args=args, requested_by=by)
    except IntegrityError:
        return unfinished.get()
    transaction.on_commit(lambda: send(job.pk))
    return job


def send(job_id: int) -> None:
    """Hand the id to the broker. A broker that is down only means that the sweep sends it later."""
    from pmqa.jobs.tasks import run_job  # the task module imports this one

    Job.objects.filter(pk=job_id).update(sent_at=timezone.now())
    try:
        run_job.apply_async([job_id], retry=False)
    except Exception as error:  # noqa: BLE001 (whatever the broker's client raises, the row stays queued)
        logger.warning("job %s was not sent, the sweep will: %s", job_id, error)


def run(job_id: int) -> None:
    """Claim and run one queued job; a job that somebody else has claimed is left alone."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, status=Job.Status.QUEUED).update(
        status=Job.Status.RUNNING, attempts=F("attempts") + 1, heartbeat_at=now, progress=0, error=""
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    mine = Job.objects.filter(pk=job_id, status=Job.Status.RUNNING, attempts=job.attempts)

    def progress(done: int, total: int) -> None:
        mine.update(progress=done, total=total, heartbeat_at=timezone.now())

    try:
        _kinds[job.kind](job.args, progress)
    except Exception as error:
        logger.exception("job %s failed", job_id)
        again = job.attempts < MAX_ATTEMPTS
        mine.update(
            status=Job.Status.QUEUED if again else Job.Status.FAILED,
            error=f"{type(error).__name__}: {error}"[:2000],
            finished_at=None if again else timezone.now(),
        )
    else:
        mine.update(status=Job.Status.DONE, progress=F("total"), finished_at=timezone.now(), error="")


def sweep() -> int:
    """Requeue jobs whose worker died, fail those out of attempts, re-send lost messages; return how many were sent."""
    now = timezone.now()
    stale = Job.objects.filter(status=Job.Status.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    stale.filter(attempts__gte=MAX_ATTEMPTS).update(
        status=Job.Status.FAILED, error="worker lost", finished_at=now
    )
    stale.update(status=Job.Status.QUEUED, sent_at=None)
    lost = Job.objects.filter(Q(sent_at=None) | Q(sent_at__lt=now - RESEND_AFTER), status=Job.Status.QUEUED)
    ids = list(lost.order_by("pk").values_list("pk", flat=True)[:100])
    for job_id in ids:
        send(job_id)
    return len(ids)


def run_queued() -> None:
    """Run everything that is queued, here and now: for commands and tests that have no worker."""
    while job := Job.objects.filter(status=Job.Status.QUEUED).order_by("pk").first():
        run(job.pk)
