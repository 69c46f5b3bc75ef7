"""Form 1: what the agency applies for with this assessment."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pmqa.versioning import Versioned


class Application(Versioned):
    """The application of one agency in one cycle: for which award, and whom OPDC asks about it.

    What else the award's own form asks is not published, so nothing else is kept. The contact is personal data: the
    agency and OPDC read it, nobody else; what others are told is `award` and `categories`.
    """

    class Award(models.TextChoices):
        WHOLE = "whole", _("ทั้งรางวัล (ดีเด่น)")
        CATEGORIES = "categories", _("รายหมวด")

    assessment = models.OneToOneField(
        "assessments.Assessment", on_delete=models.CASCADE, primary_key=True, related_name="application"
    )
    award = models.CharField(_("ระดับรางวัลที่สมัคร"), max_length=10, choices=Award.choices, blank=True)
    # Codes of the edition, in its order; none unless the award is given by category.
    categories = models.JSONField(_("หมวดที่สมัคร"), default=list, blank=True)
    contact_name = models.CharField(_("ชื่อผู้ติดต่อ"), max_length=200, blank=True)
    contact_position = models.CharField(_("ตำแหน่ง"), max_length=200, blank=True)
    contact_phone = models.CharField(_("โทรศัพท์"), max_length=100, blank=True)
    contact_mail = models.CharField(_("อีเมลของหน่วยงาน"), max_length=254, blank=True)
    remarks = models.TextField(_("หมายเหตุ"), blank=True)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("ใบสมัคร")
        verbose_name_plural = _("ใบสมัคร")
        constraints = [
            models.CheckConstraint(
                condition=Q(award__in=["", "whole", "categories"]), name="application_award_known"
            ),
            models.CheckConstraint(
                condition=Q(award="categories") | Q(categories=[]), name="application_categories_of_award"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.award}"

    @property
    def applied(self) -> dict[str, Any]:
        """What anybody who may see the assessment is told of it."""
        return {"award": self.award, "categories": self.categories}

    @property
    def words(self) -> str:
        return award_words(self.applied)


def award_words(applied: Mapping[str, Any] | None) -> str:
    """What is applied for, in the reader's language: "รายหมวด หมวด 4"; "" where nothing is.

    `applied` has "award" and "categories", as `Application.applied`, a submission and a result have them.
    """
    if not applied or not applied["award"]:
        return ""
    if applied["award"] != Application.Award.CATEGORIES:
        return str(Application.Award(applied["award"]).label)
    return gettext("รายหมวด หมวด %(codes)s") % {"codes": ", ".join(applied["categories"])}
