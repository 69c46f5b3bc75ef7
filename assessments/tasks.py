"""What Celery's clock sees of this app."""

from celery import shared_task

from assessments.services import evidence, uploads


@shared_task
def tidy_evidence() -> None:
    """Throw away abandoned uploads, and ask again for files that the scanner has not judged."""
    uploads.expire()
    evidence.order_missing_scans()
