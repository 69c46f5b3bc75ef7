"""What an agency asks to be looked at again after its preliminary result, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Assessment


class AppealQuerySet(models.QuerySet):
    def standing(self):
        """Asked and not taken back."""
        return self.filter(withdrawn_at=None)

    def open(self):
        """Waiting for a decision."""
        return self.standing().filter(decided_at=None)


class Appeal(models.Model):
    """A second look at one failed answer. The mark that was looked at is kept beside the one that counts now.

    `evidence` holds numbers of the register as it was submitted: nothing new may be brought. `before` is the
    outcome and the comment that the agency was told first.
    """

    class Decision(models.TextChoices):
        KEPT = "kept", _("คงผลเดิม")
        CHANGED = "changed", _("เปลี่ยนเป็นผ่าน")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="appeals")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="appeals")
    # As people see it, which for an indicator is not in its row; what was submitted keeps its places.
    code = models.CharField(_("ส่วน"), max_length=32)
    reason = models.TextField(_("เหตุผลที่ขอทบทวน"))
    evidence = models.JSONField(_("หลักฐานที่อ้าง"), default=list)
    before = models.JSONField(default=dict)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    filed_by_name = models.CharField(max_length=200)
    filed_at = models.DateTimeField(_("ยื่นเมื่อ"))
    withdrawn_at = models.DateTimeField(_("ถอนเมื่อ"), null=True)
    decision = models.CharField(_("ผลการพิจารณา"), max_length=8, choices=Decision.choices, blank=True)
    decision_reason = models.TextField(_("เหตุผลของผลการพิจารณา"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(_("พิจารณาเมื่อ"), null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["filed_at", "pk"]
        verbose_name = _("คำขอทบทวน")
        verbose_name_plural = _("คำขอทบทวน")
        constraints = [
            models.UniqueConstraint(
                fields=["answer"], condition=Q(withdrawn_at=None), name="appeal_once_for_each_answer"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | (Q(decision__in=["kept", "changed"], decided_at__isnull=False) & ~Q(decision_reason="")),
                name="appeal_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(decided_at=None), name="appeal_decided_or_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.code}"

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.decided_at is None
