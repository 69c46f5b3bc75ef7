"""What dashboards count: the latest published sheet of every assessment, in rows that SQL can sum.

Each row is taken from a frozen payload (`extracting`) and is written when a sheet is frozen, never by hand. Points are
kept in hundredths, so that sums and means are exact on every database. An assessment has one summary: a correction
replaces it, so nothing of an earlier revision is ever counted.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Cycle
from pmqa.accounts.models import Agency


class SheetSummary(models.Model):
    """One published result. `ministry` is the name that was frozen; the kind of the agency is that of today."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="summary")
    sheet = models.OneToOneField("results.ResultSheet", on_delete=models.CASCADE, related_name="summary")
    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    ministry = models.CharField(max_length=200, blank=True)
    claimed = models.PositiveIntegerField()
    verified = models.PositiveIntegerField()
    group = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=16, blank=True)

    class Meta:
        verbose_name = _("สรุปผล")
        verbose_name_plural = _("สรุปผล")
        constraints = [
            # Also the way from a result to that of the year before.
            models.UniqueConstraint(fields=["agency", "cycle"], name="summary_once"),
            models.CheckConstraint(
                condition=Q(claimed__lte=50000, verified__lte=50000), name="summary_totals_in_range"
            ),
        ]
        indexes = [models.Index(fields=["cycle", "ministry"], name="summary_of_cycle")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.cycle_id}"


class ScoreSummary(models.Model):
    """A category ("1") or a topic ("1.1") of a result: points, level, parts passed of all by level, and its OFI."""

    summary = models.ForeignKey(SheetSummary, on_delete=models.CASCADE, related_name="scores")
    code = models.CharField(max_length=16)
    claimed = models.PositiveIntegerField(null=True)
    verified = models.PositiveIntegerField(null=True)
    level = models.CharField(max_length=16, blank=True)
    basic_passed = models.PositiveSmallIntegerField(default=0)
    basic_total = models.PositiveSmallIntegerField(default=0)
    advance_passed = models.PositiveSmallIntegerField(default=0)
    advance_total = models.PositiveSmallIntegerField(default=0)
    significance_passed = models.PositiveSmallIntegerField(default=0)
    significance_total = models.PositiveSmallIntegerField(default=0)
    has_ofi = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["summary", "code"], name="score_summary_once"),
            models.CheckConstraint(
                condition=Q(
                    basic_passed__lte=F("basic_total"),
                    advance_passed__lte=F("advance_total"),
                    significance_passed__lte=F("significance_total"),
                ),
                name="score_summary_passed_of_total",
            ),
        ]
        indexes = [
            # Means of some categories over several cycles, from the index alone.
            models.Index(fields=["code", "summary", "verified", "claimed"], name="score_by_code"),
            # Who had an OFI of a topic the year before.
            models.Index(fields=["summary", "code"], condition=Q(has_ofi=True), name="score_with_ofi"),
        ]

    def __str__(self) -> str:
        return f"{self.summary_id} {self.code}"


class IndicatorSummary(models.Model):
    """The indicators of one group ("7.1.1") in a result: how many, how many passed, and the sum of their points."""

    summary = models.ForeignKey(SheetSummary, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=16)
    count = models.PositiveSmallIntegerField()
    passed = models.PositiveSmallIntegerField()
    points = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["summary", "code"], name="indicator_summary_once"),
            models.CheckConstraint(
                condition=Q(passed__lte=F("count")), name="indicator_summary_passed_of_count"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.summary_id} {self.code}"


class FailedPart(models.Model):
    """A part of Form 3 that a result says did not pass."""

    summary = models.ForeignKey(SheetSummary, on_delete=models.CASCADE, related_name="failed_parts")
    code = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["summary", "code"], name="failed_part_once")]

    def __str__(self) -> str:
        return f"{self.summary_id} {self.code}"
