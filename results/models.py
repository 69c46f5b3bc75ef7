"""What it comes to: frozen result sheets and the reports printed from them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from pmqa.jobs.models import Job


class ResultSheet(models.Model):
    """A published result, frozen (docs/result-sheet.md). A correction is a new revision with a reason.

    The totals, 0 to 500 rounded to two decimals, stand outside the payload only so that lists can sort by them.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="sheets")
    revision = models.PositiveSmallIntegerField(_("ครั้งที่"))
    policy_name = models.CharField(_("หลักเกณฑ์การให้คะแนน"), max_length=64)
    policy_version = models.PositiveSmallIntegerField()
    claimed_total = models.DecimalField(_("คะแนนประเมินตนเอง"), max_digits=6, decimal_places=2)
    verified_total = models.DecimalField(_("คะแนนจากผู้ตรวจ"), max_digits=6, decimal_places=2)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.TextField(_("เหตุผลของการแก้ไข"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("ประกาศเมื่อ"))

    class Meta:
        ordering = ["-revision"]
        verbose_name = _("ผลการประเมิน")
        verbose_name_plural = _("ผลการประเมิน")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "revision"], name="sheet_once"),
            models.CheckConstraint(
                condition=models.Q(claimed_total__range=(0, 500), verified_total__range=(0, 500)),
                name="sheet_totals_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} ({self.revision})"


class Report(models.Model):
    """One printed document of a sheet; `file` appears only when it is whole."""

    class Kind(models.TextChoices):
        FEEDBACK = "feedback", _("รายงานป้อนกลับ")

    sheet = models.ForeignKey(ResultSheet, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.FileField(upload_to="reports", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("รายงาน")
        verbose_name_plural = _("รายงาน")
        constraints = [models.UniqueConstraint(fields=["sheet", "kind"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.kind}"
