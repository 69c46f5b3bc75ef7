"""More time for one agency: what one administrator proposes and another one confirms."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from pmqa.accounts.second_person import Proposed


class Extension(Proposed):
    """More time for one agency, with the reason; `until` None ends an extension that was given before.

    Every agency reads the confirmed ones. Lines from before a second person was asked for were settled by nobody.
    """

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="extensions"
    )
    until = models.DateTimeField(_("ขยายเวลาถึง"), null=True)
    reason = models.TextField(_("เหตุผล"))

    class Meta(Proposed.Meta):
        constraints = [
            *Proposed.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason


def waiting_in_cycle():
    """For a queryset of cycles: how many proposals wait in each, without a query of its own."""
    rows = Extension.objects.waiting().filter(assessment__cycle=OuterRef("pk")).order_by()
    return Coalesce(Subquery(rows.values("assessment__cycle").annotate(n=Count("pk")).values("n")), 0)
