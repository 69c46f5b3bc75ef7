"""What one person proposes and another has to confirm: a row that is settled once, and never changes otherwise."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pmqa.accounts.models import User
from pmqa.errors import Refused


class State(models.TextChoices):
    PROPOSED = "proposed", gettext_lazy("รอผู้ดูแลระบบอีกคนยืนยัน")
    CONFIRMED = "confirmed", gettext_lazy("มีผลแล้ว")
    DECLINED = "declined", gettext_lazy("ไม่ยืนยัน")
    TAKEN_BACK = "taken_back", gettext_lazy("ผู้เสนอถอนคืน")


class ProposedQuerySet(models.QuerySet):
    def waiting(self):
        """Neither confirmed nor closed."""
        return self.filter(state=State.PROPOSED)

    def confirmed(self):
        """What took effect, the newest first."""
        return self.filter(state=State.CONFIRMED).order_by("-settled_at", "-pk")

    def closed_without_effect(self):
        return self.filter(state__in=[State.DECLINED, State.TAKEN_BACK]).order_by("-settled_at", "-pk")


class Proposed(models.Model):
    """A proposal about the `assessment` that the model names. It takes effect once a second person has confirmed it.

    Whoever settles it confirms, declines (with `answer`, the reason) or takes their own proposal back. A row never
    changes otherwise, so who confirms confirms what they read. The caller of what settles it holds the lock of the
    assessment; the same person doing the same again changes nothing.
    """

    State = State

    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_by_name = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    objects = ProposedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(state="proposed"), name="%(class)s_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", settled_at=None)
                | Q(state__in=["confirmed", "declined", "taken_back"], settled_at__isnull=False),
                name="%(class)s_settled_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(settled_by=F("proposed_by")),
                name="%(class)s_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="%(class)s_declined_with_a_reason"
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        return self.state == State.PROPOSED

    def is_done(self, state: str, by: User) -> bool:
        """Whether the same person did the same before. Raises Refused, code "settled", if anything else was done."""
        if self.is_waiting:
            return False
        if (self.state, self.settled_by_id) == (state, by.pk):
            return True
        raise Refused(
            _("ข้อเสนอนี้ปิดไปแล้ว: %(state)s โดย %(name)s")
            % {"state": self.get_state_display(), "name": self.settled_by_name},
            code="settled",
        )

    def is_confirmed(self, *, by: User) -> bool:
        """Whether this person, who may not be the one who proposed it, has confirmed it before.

        Raises PermissionDenied, or Refused with code "settled".
        """
        if self.proposed_by_id == by.pk:
            raise PermissionDenied(_("ผู้ยืนยันต้องเป็นผู้ดูแลระบบอีกคน ไม่ใช่ผู้เสนอ"))
        return self.is_done(State.CONFIRMED, by)

    def decline(self, *, reason: str, by: User, at: datetime) -> bool:
        """Somebody else does not agree and says why; whether that is new.

        Raises PermissionDenied, or Refused with code "settled" or "reason".
        """
        if self.proposed_by_id == by.pk:
            raise PermissionDenied(_("ข้อเสนอของตนเองให้ใช้ปุ่มถอนคืน"))
        if self.is_done(State.DECLINED, by):
            return False
        if not reason:
            raise Refused(_("ระบุเหตุผลที่ไม่ยืนยัน เพื่อให้ผู้เสนอทราบ"), code="reason")
        self.settle(State.DECLINED, by=by, at=at, answer=reason)
        return True

    def take_back(self, *, by: User, at: datetime) -> bool:
        """Whoever proposed it thinks otherwise; whether that is new.

        Raises PermissionDenied, or Refused with code "settled".
        """
        if self.proposed_by_id != by.pk:
            raise PermissionDenied(_("ผู้ถอนคืนคือผู้เสนอ หากไม่เห็นด้วยให้ใช้ปุ่มไม่ยืนยัน"))
        if self.is_done(State.TAKEN_BACK, by):
            return False
        self.settle(State.TAKEN_BACK, by=by, at=at)
        return True

    def settle(self, state: str, *, by: User, at: datetime, answer: str = "") -> None:
        """Store how it ended, of a row that waits still."""
        self.state, self.answer = state, answer
        self.settled_by, self.settled_by_name, self.settled_at = by, str(by), at
        self.save(update_fields=["state", "answer", "settled_by", "settled_by_name", "settled_at"])
