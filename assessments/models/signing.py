"""On the way from the last word typed to the signature: checks, notes, what was proposed."""

from django.conf import settings
from django.db import models
from django.db.models import Q


def _somebody() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")


class PartCheck(models.Model):
    """An answer was read and found ready for the head. It counts only while the answer has that `version`."""

    answer = models.OneToOneField(
        "assessments.Answer", on_delete=models.CASCADE, primary_key=True, related_name="internal_check"
    )
    version = models.PositiveIntegerField()
    checked_by = _somebody()
    checked_by_name = models.CharField(max_length=200)
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.version}"


class PartNoteQuerySet(models.QuerySet):
    def open(self):
        """Not yet answered by a check of the part."""
        return self.filter(closed_at=None)


class PartNote(models.Model):
    """Why an answer was sent back, and to whoever reads it: what to do. Open until the answer is checked."""

    answer = models.ForeignKey("assessments.Answer", on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    written_by = _somebody()
    written_by_name = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = PartNoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="part_note_says_something")]
        indexes = [models.Index(fields=["answer"], condition=Q(closed_at=None), name="part_note_open")]

    def __str__(self) -> str:
        return self.text


class Proposal(models.Model):
    """What was put before the head. Kept, so that what changed since the head looked can be shown."""

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="proposals"
    )
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    proposed_by = _somebody()
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.digest
