"""What surrounds an assignment: conflicts declared, people who left, what reviewers know, teams given at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Cycle


class Declaration(models.Model):
    """What a reviewer said about ties to the agency before the case opened. Kept for ever; nothing is changed.

    Whoever opened a case before declarations were asked for has none: the press of the button was the declaration.
    """

    class Kind(models.TextChoices):
        KIN = "kin", _("คู่สมรส ญาติ หรือคนใกล้ชิดทำงานที่หน่วยงานนี้")
        WORKED = "worked", _("เคยทำงาน เป็นที่ปรึกษา หรือเป็นวิทยากรให้หน่วยงานนี้")
        INTEREST = "interest", _("มีสัญญา ทุน หรือผลประโยชน์กับหน่วยงานนี้")
        DISPUTE = "dispute", _("มีข้อพิพาทกับหน่วยงานนี้")
        OTHER = "other", _("เหตุอื่นที่ทำให้ไม่เป็นกลาง")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="declarations")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declarations"
    )
    has_conflict = models.BooleanField()
    kind = models.CharField(max_length=16, choices=Kind.choices, blank=True)
    words = models.TextField(blank=True)
    declared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(has_conflict=False, kind="", words="")
                | (Q(has_conflict=True) & ~Q(kind="") & ~Q(words="")),
                name="declaration_explains_a_conflict",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.reviewer_id} {self.kind or 'none'}"


class Departure(models.Model):
    """One person has left the team of a case under review: their marks are set aside and no longer count.

    While it `is_awaited`, somebody is to be found for the duties, and the case does not go on to consensus.
    """

    class Kind(models.TextChoices):
        CONFLICT = "conflict", _("แจ้งส่วนได้ส่วนเสีย")
        OWN = "own", _("ขอถอนตัว")
        WITHDRAWN = "withdrawn", _("ผู้ดูแลระบบถอน")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="departures")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    reason = models.TextField(blank=True)
    categories = models.JSONField(default=list, help_text="Codes of the categories that the person marked.")
    was_lead = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_awaited = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["conflict", "own", "withdrawn"]), name="departure_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(is_awaited=False) | Q(successor=None), name="departure_awaits_or_is_replaced"
            ),
            models.UniqueConstraint(
                fields=["assessment", "reviewer"], condition=Q(is_awaited=True), name="departure_awaited_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.reviewer_id} {self.kind}"


class ReviewerProfile(models.Model):
    """Who may be proposed for a case, and for which categories (none named: all)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="reviewer_profile",
        verbose_name=_("บุคคล"),
    )
    categories = models.JSONField(
        _("หมวดที่ถนัด"), default=list, blank=True, help_text=_("ไม่เลือกหมวดใด หมายถึงทุกหมวด")
    )
    can_lead = models.BooleanField(_("เป็นหัวหน้าทีมได้"), default=False)
    is_available = models.BooleanField(
        _("รับงานตรวจ"), default=True, help_text=_("ไม่เลือก: การจัดทีมอัตโนมัติจะข้ามคนนี้")
    )

    class Meta:
        ordering = ["user"]
        verbose_name = _("ผู้ตรวจประเมิน")
        verbose_name_plural = _("ผู้ตรวจประเมิน")

    def __str__(self) -> str:
        return str(self.user)


class Batch(models.Model):
    """Teams of many cases given at once. `before` and `after` are their duties, so that it can be undone:
    key of the case -> rows of [reviewer, category, marks, is_lead].

    Where it gave a second reviewer to a sample of what one person marks alone, `drawn` says to what, as rows of
    [case, category code], and `seed` how it was drawn."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="batches")
    before = models.JSONField()
    after = models.JSONField()
    applied_at = models.DateTimeField(default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    drawn = models.JSONField(default=list)
    seed = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.cycle} {self.applied_at:%Y-%m-%d %H:%M}"
