"""A printed form of a past year that was read, and waits for its person; afterwards the record of its import."""

from django.db import models
from django.db.models import F, Q

from assessments.models.incoming import WaitingFile


class PrintImport(WaitingFile):
    """`contents` is the document of `assessments.importing`; `print_year` the round that the print is of.

    placements: what was decided on each unplaced line, by its place in the list: "1.1.1.1|economy", or `ASIDE`.
    choices: what was chosen of each change, by its key: [version seen, choice].
    undo: what each answer was before, once the print was stored; see `services.printed.undo`.
    """

    ASIDE = "aside"

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="print_imports"
    )
    print_year = models.PositiveSmallIntegerField()
    placements = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    undo = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "by"], condition=Q(applied_at=None), name="print_import_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="print_import_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(applied_at__isnull=False),
                name="print_import_undone_once_applied",
            ),
        ]
