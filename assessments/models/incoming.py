"""What every file that waits for its person has in common."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

# A preview holds answers outside the assessment, so it is not kept for long.
KEPT_FOR = timedelta(hours=24)


class WaitingFile(models.Model):
    """One upload, seen by whoever made it only. `contents` is what was read of it, as JSON.

    Once applied it keeps the `summary` alone: a second click is shown what the first one did.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    contents = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    applied_at = models.DateTimeField(null=True)
    summary = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
