"""What Celery sees: ids in, services called, nothing else."""

from celery import shared_task

from pmqa.jobs import services


@shared_task
def run_job(job_id: int) -> None:
    services.run(job_id)


@shared_task
def sweep() -> None:
    services.sweep()
