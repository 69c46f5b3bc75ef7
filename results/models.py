"""What it comes to: frozen result sheets and the reports printed from them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Cycle
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


class Release(models.Model):
    """Preliminary results of a cycle, told to all their agencies at one instant by two administrators.

    `cases` are the assessments that the first one saw as ready; `left_out` says why others are not among them.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="releases")
    cases = models.JSONField(default=list)
    left_out = models.TextField(_("เหตุผลที่ไม่รวมทุกเรื่อง"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(_("เสนอเมื่อ"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(_("แจ้งผลเมื่อ"), null=True)
    appeals_until = models.DateTimeField(_("ขอทบทวนได้ถึง"), null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("การแจ้งผลเบื้องต้น")
        verbose_name_plural = _("การแจ้งผลเบื้องต้น")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"],
                condition=models.Q(confirmed_at=None, withdrawn_at=None),
                name="release_one_open_proposal",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("proposed_by")),
                name="release_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} ({len(self.cases)})"


# The tables of the packages, where Django looks for them.
from results.dashboard.models import (  # noqa: E402
    FailedPart,
    IndicatorSummary,
    ScoreSummary,
    SheetSummary,
)

__all__ = [
    "FailedPart",
    "IndicatorSummary",
    "Release",
    "Report",
    "ResultSheet",
    "ScoreSummary",
    "SheetSummary",
]
