"""A workbook that came back and waits for its person to read what it would change."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# A preview holds answers outside the assessment, so it is not kept for long.
KEPT_FOR = timedelta(hours=24)


class WorkbookImport(models.Model):
    """One upload, seen by whoever made it only. `contents` is `assessments.workbook.reading.Contents`.

    Once applied it keeps the `summary` alone: a second click is shown what the first one did.
    """

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="workbook_imports"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    contents = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    applied_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "by"], condition=Q(applied_at=None), name="workbook_import_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="workbook_import_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
