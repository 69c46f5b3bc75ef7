"""Stage 2: the score of an agency's Application Report, which one administrator records and another confirms."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from criteria.fields import plain_number
from pmqa.accounts.second_person import Proposed
from results.stage_two.showing import ShownStageTwo, shown_stage_two


class StageTwo(Proposed):
    """The score of stage 2 as somebody recorded it; it stands once a second administrator has confirmed it.

    The last one confirmed is the one that stands, beside the score of stage 1 and never in one figure with it: each
    has a scale of its own. Without a score the row takes back the one that stood before.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="stage_two")
    score = models.DecimalField(_("คะแนนที่ได้"), max_digits=7, decimal_places=2, null=True)
    # The full score: not the same for all awards, so it is stated each time.
    scale = models.PositiveSmallIntegerField(_("คะแนนเต็ม"), null=True, validators=[MinValueValidator(1)])
    decided_on = models.DateField(_("วันที่มีมติ"), null=True)
    decided_by = models.CharField(_("คณะที่มีมติ"), max_length=300, blank=True)
    note = models.TextField(_("หมายเหตุ"), blank=True)
    # Why it is recorded anew, or taken back.
    reason = models.TextField(_("เหตุผล"), blank=True)

    class Meta(Proposed.Meta):
        verbose_name = _("คะแนนขั้นที่ 2")
        verbose_name_plural = _("คะแนนขั้นที่ 2")
        constraints = [
            *Proposed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(score=None, scale=None, decided_on=None)
                | Q(score__isnull=False, scale__isnull=False, decided_on__isnull=False)
                & Q(score__gte=0, scale__gte=1, score__lte=F("scale")),
                name="stagetwo_score_on_its_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.score}/{self.scale}"

    @property
    def frozen(self) -> dict[str, Any] | None:
        """As a result sheet holds it; None for a row that takes a score back."""
        if self.score is None:
            return None
        return {
            "score": plain_number(self.score),
            "scale": self.scale,
            "decided_on": self.decided_on.isoformat(),
            "decided_by": self.decided_by,
            "note": self.note,
        }

    @property
    def shown(self) -> ShownStageTwo | None:
        return shown_stage_two({"stage_two": self.frozen})


def standing(assessment: Assessment) -> dict[str, Any] | None:
    """What was confirmed last, as a sheet holds it. One query."""
    row = assessment.stage_two.confirmed().first()
    return row and row.frozen
