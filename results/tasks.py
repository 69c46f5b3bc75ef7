"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from results.exporting import ordering


@shared_task
def clear_exports() -> None:
    ordering.clear_expired()
