"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from results import issuing


@shared_task
def issue_due() -> None:
    issuing.issue_due()
