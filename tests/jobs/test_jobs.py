"""Background work: claimed once, tried again, rescued when a worker or a message is lost."""

import threading
from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from pmqa.jobs import services
from pmqa.jobs.models import Job
from pmqa.jobs.services import Unfinished, enqueue, register, run, run_queued, send, sweep

KIND = "test_jobs"
calls: list[dict] = []


def heartbeat_is_heard() -> bool:
    long_ago = timezone.now() - timedelta(hours=1)
    Job.objects.update(heartbeat_at=long_ago)
    pause = threading.Event()
    return any(Job.objects.get().heartbeat_at > long_ago or pause.wait(0.01) for _look in range(6000))


@register(KIND)
def work(args, progress):
    calls.append(args)
    if args.get("fail"):
        raise OSError("no room")
    if args.get("steal"):
        Job.objects.update(attempts=9)
    if args.get("long"):
        args["heard"] = heartbeat_is_heard()
    progress(2, 4)
    if args.get("rest") and len(calls) < 5:
        raise Unfinished
    if args.get("never"):
        raise AssertionError("the work went on after it was taken over")


@pytest.fixture(autouse=True)
def _no_calls():
    calls.clear()


@pytest.fixture
def use_broker(monkeypatch):
    """Send messages to the broker at this address until the test ends."""

    def use(url: str) -> None:
        monkeypatch.setattr(current_app.conf, "broker_url", url)
        # Both pools of connections keep the address that they were made with.
        monkeypatch.setattr(current_app, "_pool", None)
        monkeypatch.setattr(current_app.amqp, "_producer_pool", None)

    return use


@pytest.fixture
def waiting(use_broker):
    """A broker in memory; tells how many messages wait in it."""
    use_broker("memory://")
    with current_app.connection_for_write() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        yield queue.qsize
        queue.clear()


def job_in(status: str, **extra) -> Job:
    return Job.objects.create(kind=KIND, key=f"k{Job.objects.count()}", status=status, **extra)


def test_a_job_runs_once_and_is_done(db):
    job = enqueue(KIND, key="a", number=1)
    run(job.pk)
    run(job.pk)
    job.refresh_from_db()
    assert calls == [{"number": 1}]
    assert (job.status, job.attempts, job.progress, job.total) == ("done", 1, 4, 4)
    assert job.finished_at is not None


def test_an_unfinished_key_is_never_queued_twice(db):
    first = enqueue(KIND, key="a")
    assert enqueue(KIND, key="a") == first
    Job.objects.update(status=Job.Status.RUNNING)
    assert enqueue(KIND, key="a") == first
    Job.objects.update(status=Job.Status.DONE)
    second = enqueue(KIND, key="a")
    assert (second != first, Job.objects.count()) == (True, 2)


def test_an_unknown_kind_is_refused(db):
    with pytest.raises(ValueError, match="unknown job kind"):
        enqueue("no such work", key="a")


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match="registered twice"):
        register(KIND)(lambda args, progress: None)


def test_a_failure_is_tried_three_times_and_then_told(db):
    job = enqueue(KIND, key="a", fail=True)
    run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error, job.finished_at) == ("queued", 1, "OSError: no room", None)
    run_queued()
    job.refresh_from_db()
    assert (job.status, job.attempts, len(calls)) == ("failed", 3, 3)
    assert job.finished_at is not None


def test_a_later_attempt_clears_the_error(db):
    job = job_in("queued", args={}, attempts=1, error="OSError: no room")
    run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == ("done", "")


def test_a_job_of_somebody_else_is_left_alone(db):
    job = job_in("running", attempts=1, heartbeat_at=timezone.now())
    run(job.pk)
    assert calls == []


def test_work_that_was_taken_over_ends_and_writes_nothing(db):
    job = enqueue(KIND, key="a", steal=True, never=True)
    run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.progress, job.error) == ("running", 9, 0, "")


def test_work_that_rests_lets_others_go_first_and_no_rest_is_a_failure(db, waiting):
    job = enqueue(KIND, key="a", rest=True)
    for number in range(1, 5):
        run(job.pk)
        job.refresh_from_db()
        assert (job.status, job.attempts, job.error, waiting()) == ("queued", 0, "", number)
    run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, len(calls), waiting()) == ("done", 1, 5, 4)


@time_machine.travel("2026-11-21T09:00:00+07:00", tick=False)
def test_a_lost_worker_is_noticed_after_a_minute(db, waiting):
    now = timezone.now()
    alive = job_in("running", attempts=1, heartbeat_at=now - timedelta(seconds=50))
    dead = job_in("running", attempts=1, heartbeat_at=now - timedelta(seconds=70))
    hopeless = job_in("running", attempts=3, heartbeat_at=now - timedelta(seconds=70))
    assert sweep() == 1
    assert waiting() == 1
    states = dict(Job.objects.values_list("pk", "status"))
    assert states == {alive.pk: "running", dead.pk: "queued", hopeless.pk: "failed"}
    hopeless.refresh_from_db()
    assert (hopeless.error, hopeless.finished_at is None) == ("worker lost", False)
    run_queued()
    dead.refresh_from_db()
    assert (dead.status, dead.attempts) == ("done", 2)


def test_a_lost_message_is_sent_again_ever_more_rarely(db, waiting):
    sent = []
    with time_machine.travel("2026-11-21T09:00:00+07:00", tick=False) as clock:
        start = timezone.now()
        job = enqueue(KIND, key="a")
        send(job.pk)
        for _tick in range(60):
            clock.shift(timedelta(seconds=10))
            if sweep():
                sent.append(int((timezone.now() - start).total_seconds()))
    assert sent == [30, 70, 150, 310]
    assert waiting() == 1 + len(sent)


def test_one_sweep_sends_so_many_at_most(db, waiting, monkeypatch):
    monkeypatch.setattr(services, "SWEEP_LIMIT", 3)
    for _number in range(5):
        job_in("queued")
    assert sweep() == 3
    assert waiting() == 3
    assert sweep() == 2


def test_without_a_broker_the_job_stays_queued_and_nobody_waits(db, use_broker, caplog, monkeypatch):
    use_broker("redis://127.0.0.1:1/0")
    slept: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", slept.append)
    job = enqueue(KIND, key="a")
    send(job.pk)
    job.refresh_from_db()
    assert (job.status, job.sent_at is None) == ("queued", False)
    assert slept == [], (
        "the client tries again for seconds, while a person looks at a page that does not come"
    )
    assert "was not sent, the sweep will" in caplog.text


def test_a_long_step_keeps_its_heartbeat(transactional_db, monkeypatch):
    """A thread reports although the work does not; it ends with the work."""
    monkeypatch.setattr(services, "HEARTBEAT", timedelta(milliseconds=20))
    job = Job.objects.create(kind=KIND, key="slow", args={"long": True})
    run(job.pk)
    assert calls[0]["heard"] is True
    assert "heartbeat" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(("seconds", "limits"), [(None, [None, None]), (600, [660, 600])])
def test_a_long_job_is_sent_with_its_own_limits(db, waiting, seconds, limits):
    """Hard and soft, as the worker reads them."""
    send(job_in("queued", seconds=seconds).pk)
    with current_app.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(block=False)
    assert message.headers["timelimit"] == limits
