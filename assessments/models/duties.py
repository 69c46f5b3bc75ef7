"""Who is to write what by when inside an agency, and how work went from one person to another. Nothing of it blocks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmqa.accounts.models import NAME_LENGTH, Agency, Dated, MembershipQuerySet
from pmqa.versioning import Versioned

MAX_NOTE = 1_000


def _somebody() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")


class AskedItem(Versioned, Dated):
    """An item that a person is asked to write: the right to write it, a note and a day. Taken back, it is kept."""

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="asked_items"
    )
    item = models.CharField(_("ข้อ"), max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="asked_items")
    user_name = models.CharField(max_length=NAME_LENGTH)
    note = models.TextField(_("หมายเหตุ"), max_length=MAX_NOTE, blank=True)
    due_on = models.DateField(_("ส่งภายใน"), null=True, blank=True)
    asked_by = _somebody()
    asked_by_name = models.CharField(max_length=NAME_LENGTH)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["assessment", "item", "user"], condition=Q(ended_at=None), name="asked_item_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} → {self.user_name}"


class CategoryDue(Versioned):
    """The day by which the owners of a category want to be done, inside the agency. None: no day."""

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="category_dues"
    )
    category = models.CharField(_("หมวด"), max_length=8)
    due_on = models.DateField(_("ส่งภายใน"), null=True)

    class Meta:
        ordering = ["category"]
        constraints = [models.UniqueConstraint(fields=["assessment", "category"], name="category_due_once")]

    def __str__(self) -> str:
        return f"{self.category} {self.due_on}"


class HandOver(models.Model):
    """All open work of a person that went to a successor in one step.

    `moved` says what: {"roles": [{"old", "new", "role", "categories", "was_added"}], "asked": [{"old", "new",
    "was_added"}], "mentions": number}. The way back moves exactly that.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="hand_overs")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    person_name = models.CharField(max_length=NAME_LENGTH)
    successor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    successor_name = models.CharField(max_length=NAME_LENGTH)
    from_day = models.DateField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="reversed_by")
    moved = models.JSONField(default=dict)
    by = _somebody()
    by_name = models.CharField(max_length=NAME_LENGTH)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=models.F("successor")), name="hand_over_to_another")
        ]

    def __str__(self) -> str:
        return f"{self.person_name} → {self.successor_name}"
