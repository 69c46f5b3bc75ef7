"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from results import issuing
from results.exporting import ordering
from results.improvement import approved, following


@shared_task
def issue_due() -> None:
    issuing.issue_due()


@shared_task
def clear_exports() -> None:
    ordering.clear_expired()


@shared_task
def follow_plans() -> None:
    following.make_missing()
    approved.freeze_earlier()
    following.remind()
