"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from results.improvement import following


@shared_task
def remind_of_follow_ups() -> None:
    following.remind()
