"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from results.improvement import following


@shared_task
def follow_plans() -> None:
    following.make_missing()
    following.remind()
