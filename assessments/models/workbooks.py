"""A workbook that came back and waits for its person to read what it would change."""

from django.db import models
from django.db.models import F, Q

from assessments.models.incoming import WaitingFile


class WorkbookImport(WaitingFile):
    """`contents` is `assessments.workbook.reading.Contents`."""

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="workbook_imports"
    )

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
