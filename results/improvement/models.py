"""The improvement plan of a published result: a card for every observation, and what is said of it later."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from pmqa.accounts.models import NAME_LENGTH
from pmqa.versioning import Versioned

# Characters of one blank of a card or of a follow-up.
LONGEST = 3000


def _somebody(**options):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", **options
    )


class Plan(models.Model):
    """The plan of one agency after one published result.

    `follows` are the keys of the sheets that the cards were made from: the latest of this assessment and of the years
    before. `number` counts the changes of what is planned; an approval names the number that the head has read.
    """

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="plan")
    follows = models.JSONField(default=list)
    published_at = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)
    approved_number = models.PositiveIntegerField(null=True)
    approved_at = models.DateTimeField(_("อนุมัติเมื่อ"), null=True)
    approved_by = _somebody()
    approved_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    class Meta:
        verbose_name = _("แผนพัฒนาองค์การ")
        verbose_name_plural = _("แผนพัฒนาองค์การ")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_number=None, approved_at=None)
                | Q(approved_number__lte=F("number"), approved_at__isnull=False),
                name="plan_approved_as_it_was",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment} ({self.number})"

    @property
    def is_approved(self) -> bool:
        return self.approved_number is not None

    @property
    def is_changed_since(self) -> bool:
        """Whether something planned has changed since the head approved it."""
        return self.approved_number is not None and self.approved_number != self.number


class ApprovedPlan(models.Model):
    """A plan as the head approved it: `content` (approved.py) with its SHA-256, by which a paper is verified."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="approvals")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    approved_at = models.DateTimeField(_("อนุมัติเมื่อ"))

    class Meta:
        ordering = ["-number"]
        verbose_name = _("แผนที่อนุมัติ")
        verbose_name_plural = _("แผนที่อนุมัติ")
        indexes = [models.Index(fields=["digest"], name="approved_plan_by_digest")]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_approved_once")]

    def __str__(self) -> str:
        return f"{self.plan} ({self.number})"


class Card(Versioned):
    """One thing to improve.

    `source` says where it came from: "ofi:1.2" or "advice:2" of the frozen sheet; "part:1.2.2.1" or "indicator:7.1.1.1"
    for what failed and none of its opportunities for improvement speaks of; "" for one that the agency added. Title,
    observation, parts and `indicator`, the figures of a failed one, are the words of the sheet; a corrected result
    rewrites them, and `is_dropped` a card that it no longer calls for.
    `repeat` is in how many published results running this was observed, `earlier` the assessments of the years
    before, `part_years` the same number for each part that failed before. No card is ever deleted.
    """

    class Horizon(models.TextChoices):
        ONE_YEAR = "one_year", _("ภายใน 1 ปี")
        THREE_YEARS = "three_years", _("ภายใน 3 ปี")

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("ยังไม่เริ่ม")
        UNDER_WAY = "under_way", _("กำลังทำ")
        DONE = "done", _("แก้แล้ว")
        WONT_DO = "wont_do", _("ไม่ทำ")

    # While there is still something to do.
    OPEN = (State.NOT_STARTED, State.UNDER_WAY)

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cards")
    source = models.CharField(max_length=32, blank=True)
    key = models.UUIDField(null=True)
    category = models.CharField(_("หมวด"), max_length=8)
    topic = models.CharField(_("หัวข้อ"), max_length=8, blank=True)
    title = models.CharField(_("ชื่อ"), max_length=300)
    observation = models.TextField(_("ข้อสังเกต"), blank=True)
    parts = models.JSONField(default=list)
    indicator = models.JSONField(null=True)
    repeat = models.PositiveSmallIntegerField(default=1)
    earlier = models.JSONField(default=list)
    part_years = models.JSONField(default=dict)
    is_dropped = models.BooleanField(default=False)

    horizon = models.CharField(_("ระยะเวลา"), max_length=16, choices=Horizon.choices, blank=True)
    owner = _somebody(verbose_name=_("ผู้รับผิดชอบ"))
    owner_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    measure = models.TextField(_("สิ่งที่จะทำ"), blank=True)
    success = models.TextField(_("วัดความสำเร็จอย่างไร"), blank=True)
    due_on = models.DateField(_("แล้วเสร็จภายใน"), null=True)
    state = models.CharField(_("สถานะ"), max_length=16, choices=State.choices, default=State.NOT_STARTED)
    reason = models.TextField(_("เหตุผลที่ไม่ทำ"), blank=True)
    evidence = models.TextField(_("หลักฐาน"), blank=True)
    added_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    updated_at = models.DateTimeField(null=True)
    updated_by = _somebody()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("รายการในแผนพัฒนา")
        verbose_name_plural = _("รายการในแผนพัฒนา")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "source"], condition=~Q(source=""), name="card_once_for_an_observation"
            ),
            models.UniqueConstraint(fields=["plan", "key"], name="card_added_once"),
            models.CheckConstraint(
                condition=~Q(state="wont_do") | ~Q(reason=""), name="card_set_aside_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(horizon__in=["", "one_year", "three_years"]), name="card_horizon_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["not_started", "under_way", "done", "wont_do"]),
                name="card_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.title}".strip()

    @property
    def assessment(self) -> Assessment:
        return self.plan.assessment

    @property
    def is_own(self) -> bool:
        """Added by the agency itself."""
        return not self.source

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return not self.is_dropped and self.state in self.OPEN

    @property
    def is_reported(self) -> bool:
        """Whether a follow-up speaks of it."""
        return not self.is_dropped and self.state != self.State.WONT_DO


class FollowUp(models.Model):
    """A follow-up of a plan, so many months after publication.

    `content` is what the agency submitted, frozen, and `card_count` how many cards it speaks of: so many replies are
    awaited. The agency was told at most once that it had opened, that it was soon due, and that it was overdue.
    """

    class Months(models.IntegerChoices):
        SIX = 6, _("6 เดือน")
        TWELVE = 12, _("12 เดือน")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="follow_ups")
    months = models.PositiveSmallIntegerField(choices=Months.choices)
    told_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(_("ส่งเมื่อ"), null=True)
    submitted_by = _somebody()
    submitted_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    content = models.JSONField(null=True)
    card_count = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["months"]
        verbose_name = _("การติดตามแผนพัฒนา")
        verbose_name_plural = _("การติดตามแผนพัฒนา")
        # By which a paper is verified.
        indexes = [models.Index(fields=["digest"], name="follow_up_by_digest")]
        constraints = [
            models.UniqueConstraint(fields=["plan", "months"], name="follow_up_once"),
            models.CheckConstraint(condition=Q(months__in=(6, 12)), name="follow_up_months"),
            models.CheckConstraint(
                condition=Q(submitted_at=None, content=None, digest="")
                | (Q(submitted_at__isnull=False, content__isnull=False) & ~Q(digest="")),
                name="follow_up_frozen_when_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} +{self.months}"


class Progress(Versioned):
    """What the agency says of one card in one follow-up."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="progress")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="progress")
    text = models.TextField(_("ความคืบหน้า"), blank=True)
    evidence = models.TextField(_("หลักฐาน"), blank=True)
    updated_at = models.DateTimeField(null=True)
    updated_by = _somebody()

    class Meta:
        verbose_name = _("ความคืบหน้า")
        verbose_name_plural = _("ความคืบหน้า")
        constraints = [models.UniqueConstraint(fields=["follow_up", "card"], name="progress_once")]

    def __str__(self) -> str:
        return f"{self.follow_up}: {self.card}"


class Reply(Versioned):
    """What the reviewers' side says of one card of a submitted follow-up; the agency never learns who wrote it."""

    class Verdict(models.TextChoices):
        ENOUGH = "enough", _("เพียงพอ")
        NOT_ENOUGH = "not_enough", _("ยังไม่เพียงพอ")

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="replies")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="replies")
    verdict = models.CharField(_("ความเห็น"), max_length=16, choices=Verdict.choices)
    comment = models.TextField(_("ข้อเสนอแนะ"), blank=True)
    written_at = models.DateTimeField()
    written_by = _somebody()

    class Meta:
        verbose_name = _("ความเห็นต่อความคืบหน้า")
        verbose_name_plural = _("ความเห็นต่อความคืบหน้า")
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "card"], name="reply_once"),
            models.CheckConstraint(
                condition=~Q(verdict="not_enough") | ~Q(comment=""), name="reply_says_what_is_missing"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["enough", "not_enough"]), name="reply_verdict_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up}: {self.card}"
