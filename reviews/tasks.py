"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from reviews.services import appeals, tickets


@shared_task
def finalise_due() -> None:
    appeals.finalise_due()


@shared_task
def expire_tickets() -> None:
    tickets.expire_due()
