"""A report is read by a second person before it is issued: what was confirmed, and the wording that was proposed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment


class Vetting(models.Model):
    """One person's word for the texts of a report as they were: `fingerprint` is of all that would be printed, so a
    later change of any of them leaves the word without effect."""

    class Kind(models.TextChoices):
        READ = "read", _("อ่านทานแล้ว")
        SIGNED = "signed", _("ลงนามรับรองเนื้อหา")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="vettings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(_("เมื่อ"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("การอ่านทานรายงาน")
        verbose_name_plural = _("การอ่านทานรายงาน")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "kind", "fingerprint", "by"], name="vetting_once_each"
            ),
            models.CheckConstraint(condition=Q(kind__in=["read", "signed"]), name="vetting_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} {self.kind}"


class Wording(models.Model):
    """Other words for one text of the report, proposed by who vets it; the lead takes them or not. Both are kept.

    `code` names the section as FeedbackSection does, `before` is its text when the proposal was made.
    """

    class State(models.TextChoices):
        OPEN = "open", _("รอหัวหน้าทีม")
        ACCEPTED = "accepted", _("ใช้ถ้อยคำนี้")
        DECLINED = "declined", _("ไม่ใช้")
        WITHDRAWN = "withdrawn", _("ผู้เสนอถอน")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="wordings")
    code = models.CharField(max_length=32)
    before = models.TextField()
    text = models.TextField(_("ถ้อยคำที่เสนอ"))
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(_("เสนอเมื่อ"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_by_name = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ถ้อยคำที่เสนอ")
        verbose_name_plural = _("ถ้อยคำที่เสนอ")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "code"], condition=Q(state="open"), name="wording_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "withdrawn"]),
                name="wording_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="wording_settling_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} {self.code}"
