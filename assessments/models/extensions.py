"""More time for one agency: what one administrator proposes and another one confirms."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class ExtensionQuerySet(models.QuerySet):
    def waiting(self):
        """Proposed, and neither confirmed nor closed."""
        return self.filter(state=Extension.State.PROPOSED)

    def confirmed(self):
        """The ledger that every agency reads, newest first."""
        return self.filter(state=Extension.State.CONFIRMED).order_by("-settled_at", "-pk")

    def closed_without_effect(self):
        return self.filter(state__in=[Extension.State.DECLINED, Extension.State.TAKEN_BACK]).order_by(
            "-settled_at", "-pk"
        )


class Extension(models.Model):
    """More time for one agency, with the reason. It gives time only once a second administrator has confirmed it.

    `until` None ends an extension that was given before. Whoever settles it confirms, declines (with `answer`, the
    reason) or takes their own proposal back. A row never changes otherwise, so who confirms confirms what they read.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("รอผู้ดูแลระบบอีกคนยืนยัน")
        CONFIRMED = "confirmed", _("มีผลแล้ว")
        DECLINED = "declined", _("ไม่ยืนยัน")
        TAKEN_BACK = "taken_back", _("ผู้เสนอถอนคืน")

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="extensions"
    )
    until = models.DateTimeField(_("ขยายเวลาถึง"), null=True)
    reason = models.TextField(_("เหตุผล"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    # Lines from before a second person was asked for have nobody here.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_by_name = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(state="proposed"), name="extension_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", settled_at=None)
                | Q(state__in=["confirmed", "declined", "taken_back"], settled_at__isnull=False),
                name="extension_settled_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(settled_by=F("proposed_by")),
                name="extension_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="extension_declined_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.PROPOSED


def waiting_in_cycle():
    """For a queryset of cycles: how many proposals wait in each, without a query of its own."""
    rows = Extension.objects.waiting().filter(assessment__cycle=OuterRef("pk")).order_by()
    return Coalesce(Subquery(rows.values("assessment__cycle").annotate(n=Count("pk")).values("n")), 0)
