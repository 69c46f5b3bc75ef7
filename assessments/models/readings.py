"""Who of OPDC has opened what an agency wrote: a line that the agency itself reads."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reading(models.Model):
    """Somebody from outside the agency opened its assessment on that day; the first thing they opened.

    `in_log`: the audit log has its line too, which the clock writes, so that reading a page waits for no lock.
    """

    class What(models.TextChoices):
        DRAFT = "draft", _("ร่างคำตอบ")
        SUBMITTED = "submitted", _("คำตอบที่ส่งแล้ว")
        RESULT = "result", _("ผลการประเมิน")

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person_name = models.CharField(_("ผู้เปิดอ่าน"), max_length=200)
    # The offices that the person held on that day, as codes.
    offices = models.JSONField(default=list)
    what = models.CharField(_("สิ่งที่เปิดอ่าน"), max_length=9, choices=What.choices)
    day = models.DateField()
    at = models.DateTimeField(_("เปิดอ่านเมื่อ"))
    in_log = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("การเปิดอ่าน")
        verbose_name_plural = _("การเปิดอ่าน")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "person", "day"], name="reading_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(what__in=["draft", "submitted", "result"]), name="reading_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(in_log=False), name="reading_waits_for_log")
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.person_name} {self.day}"
