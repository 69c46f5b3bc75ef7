"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from reviews.services import appeals


@shared_task
def finalise_due() -> None:
    appeals.finalise_due()
