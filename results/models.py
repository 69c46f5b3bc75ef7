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

    class Correction(models.TextChoices):
        """Why there is another revision. Marks are changed by an appeal, never by a correction; with the score of
        stage 2 nothing was wrong (`results.stage_two`)."""

        ARITHMETIC = "arithmetic", _("คำนวณผิด")
        CLERICAL = "clerical", _("บันทึกหรือพิมพ์ผิด")
        STAGE_TWO = "stage_two", _("บันทึกคะแนนขั้นที่ 2")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="sheets")
    revision = models.PositiveSmallIntegerField(_("ครั้งที่"))
    policy_name = models.CharField(_("หลักเกณฑ์การให้คะแนน"), max_length=64)
    policy_version = models.PositiveSmallIntegerField()
    claimed_total = models.DecimalField(_("คะแนนประเมินตนเอง"), max_digits=6, decimal_places=2)
    verified_total = models.DecimalField(_("คะแนนจากผู้ตรวจ"), max_digits=6, decimal_places=2)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    correction = models.CharField(_("ชนิดของการแก้ไข"), max_length=10, choices=Correction.choices, blank=True)
    reason = models.TextField(_("เหตุผลของการแก้ไข"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("ประกาศเมื่อ"))

    class Meta:
        ordering = ["-revision"]
        verbose_name = _("ผลการประเมิน")
        verbose_name_plural = _("ผลการประเมิน")
        # By which a paper is verified.
        indexes = [models.Index(fields=["digest"], name="sheet_by_digest")]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "revision"], name="sheet_once"),
            models.CheckConstraint(
                condition=models.Q(claimed_total__range=(0, 500), verified_total__range=(0, 500)),
                name="sheet_totals_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(correction="")
                | models.Q(correction__in=["arithmetic", "clerical", "stage_two"], revision__gt=1),
                name="sheet_correction_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} ({self.revision})"

    @property
    def adds_stage_two(self) -> bool:
        """Whether this revision only says the score of stage 2 beside what was published before."""
        return self.correction == self.Correction.STAGE_TWO


class Report(models.Model):
    """One printed document of a sheet; `file` appears only when it is whole."""

    class Kind(models.TextChoices):
        FEEDBACK = "feedback", _("รายงานป้อนกลับ")
        DECK = "deck", _("สไลด์นำเสนอผล")
        MINISTER = "minister", _("สรุปหน้าเดียวสำหรับผู้บริหาร")

    sheet = models.ForeignKey(ResultSheet, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.FileField(upload_to="reports", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("รายงาน")
        verbose_name_plural = _("รายงาน")
        # By which a file is verified.
        indexes = [models.Index(fields=["sha256"], name="report_by_sha256")]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "kind"], name="report_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["feedback", "deck", "minister"]), name="report_kind_known"
            ),
        ]

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


class TimedIssue(models.Model):
    """The moment at which the reports of a cycle are to be issued; until then it may be cancelled.

    `job` is what the clock ordered then; where nothing could be ordered `problem` says why.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="timed_issues")
    issue_at = models.DateTimeField(_("ออกรายงานเมื่อ"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ordered_by_name = models.CharField(max_length=200)
    ordered_at = models.DateTimeField(_("ตั้งเวลาเมื่อ"))
    cancelled_by_name = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("การตั้งเวลาออกรายงาน")
        verbose_name_plural = _("การตั้งเวลาออกรายงาน")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"],
                condition=models.Q(started_at=None, cancelled_at=None),
                name="timed_issue_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(started_at=None) | models.Q(cancelled_at=None),
                name="timed_issue_started_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.issue_at:%Y-%m-%d %H:%M}"


# Models of this app that are kept beside what uses them.
from results.application_report.models import ApplicationReport, ReportEntry  # noqa: E402
from results.dashboard.models import (  # noqa: E402
    FailedPart,
    IndicatorSummary,
    ScoreSummary,
    SheetSummary,
)
from results.exporting.models import Export, OpenData  # noqa: E402
from results.framework.models import KpiComponent, KpiFramework  # noqa: E402
from results.improvement.models import ApprovedPlan, Card, FollowUp, Plan, Progress, Reply  # noqa: E402
from results.library.models import LibraryEntry, LibraryTag  # noqa: E402
from results.stage_two.models import StageTwo  # noqa: E402
from results.standing.models import TargetRules, TypeChoice  # noqa: E402

__all__ = [
    "ApplicationReport",
    "ApprovedPlan",
    "Card",
    "Export",
    "FailedPart",
    "FollowUp",
    "IndicatorSummary",
    "KpiComponent",
    "KpiFramework",
    "LibraryEntry",
    "LibraryTag",
    "OpenData",
    "Plan",
    "Progress",
    "Release",
    "Reply",
    "Report",
    "ReportEntry",
    "ResultSheet",
    "ScoreSummary",
    "SheetSummary",
    "StageTwo",
    "TargetRules",
    "TimedIssue",
    "TypeChoice",
]
