"""Stage 2: the score of an agency's Application Report, which one administrator records and another confirms."""

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from criteria.fields import plain_number
from results.stage_two.showing import ShownStageTwo, shown_stage_two


class StageTwoQuerySet(models.QuerySet):
    def waiting(self):
        """Recorded, and neither confirmed nor closed."""
        return self.filter(state=StageTwo.State.PROPOSED)

    def confirmed(self):
        return self.filter(state=StageTwo.State.CONFIRMED)


class StageTwo(models.Model):
    """The score of stage 2 as somebody recorded it; it stands once a second administrator has confirmed it.

    The last one confirmed is the one that stands, beside the score of stage 1 and never in one figure with it: each
    has a scale of its own. Without a score the row takes back the one that stood before. Whoever settles a row
    confirms it, declines it (with `answer`, the reason), or takes their own back; nothing else of it ever changes.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("รอผู้ดูแลระบบอีกคนยืนยัน")
        CONFIRMED = "confirmed", _("ยืนยันแล้ว")
        DECLINED = "declined", _("ไม่ยืนยัน")
        TAKEN_BACK = "taken_back", _("ผู้บันทึกถอนคืน")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="stage_two")
    score = models.DecimalField(_("คะแนนที่ได้"), max_digits=7, decimal_places=2, null=True)
    # The full score: not the same for all awards, so it is stated each time.
    scale = models.PositiveSmallIntegerField(_("คะแนนเต็ม"), null=True, validators=[MinValueValidator(1)])
    decided_on = models.DateField(_("วันที่มีมติ"), null=True)
    decided_by = models.CharField(_("คณะที่มีมติ"), max_length=300, blank=True)
    note = models.TextField(_("หมายเหตุ"), blank=True)
    # Why it is recorded anew, or taken back.
    reason = models.TextField(_("เหตุผล"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(_("บันทึกเมื่อ"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_by_name = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    objects = StageTwoQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("คะแนนขั้นที่ 2")
        verbose_name_plural = _("คะแนนขั้นที่ 2")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(state="proposed"), name="stage_two_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(score=None, scale=None, decided_on=None)
                | Q(score__isnull=False, scale__isnull=False, decided_on__isnull=False)
                & Q(score__gte=0, scale__gte=1, score__lte=F("scale")),
                name="stage_two_score_on_its_scale",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", settled_at=None)
                | Q(state__in=["confirmed", "declined", "taken_back"], settled_at__isnull=False),
                name="stage_two_settled_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(settled_by=F("proposed_by")),
                name="stage_two_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="stage_two_declined_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.score}/{self.scale}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.PROPOSED

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
