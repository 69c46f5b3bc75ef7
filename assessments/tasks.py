"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from assessments.services import printing


@shared_task
def clear_prints() -> None:
    printing.clear_drafts()
