"""What Celery's clock calls: services, nothing else."""

from celery import shared_task

from assessments.services import evidence, looking, printing, readings, uploads


@shared_task
def clear_prints() -> None:
    printing.clear_drafts()
    looking.clear_old()


@shared_task
def log_readings() -> None:
    readings.write_log()


@shared_task
def tidy_evidence() -> None:
    """Throw away abandoned uploads, and ask again for files that the scanner has not judged."""
    uploads.expire()
    evidence.order_missing_scans()
