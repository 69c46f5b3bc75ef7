"""What reviewers ask an agency about one answer, what it adds, and what each reviewer makes of that."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Answer, Assessment


class TicketQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Ticket.State.OPEN)

    def overdue(self, at):
        """Still open although the time of the agency is over at `at`."""
        return self.open().filter(due_at__lt=at)

    def shown_to(self, assignments):
        """What a reviewer with these rows of the case sees: one's own questions, and what the agency added in time
        to the categories of these rows. Who else has asked is not seen before that."""
        return self.filter(
            Q(assignment__in=[row.pk for row in assignments])
            | Q(
                state=Ticket.State.ANSWERED,
                assignment__category__in=[row.category_id for row in assignments],
            )
        )


class Ticket(models.Model):
    """One question about one answer, asked once. The answer stays as it was submitted; the agency only adds.

    `code` is the answer's as people see it. `evidence` holds numbers of the register as it was submitted. Both digests
    are SHA-256, of the answer as frozen and of what was added. What comes after `due_at` is kept in an expired ticket,
    and is not used.
    """

    class State(models.TextChoices):
        OPEN = "open", _("รอหน่วยงานชี้แจง")
        ANSWERED = "answered", _("หน่วยงานชี้แจงแล้ว")
        EXPIRED = "expired", _("ครบเวลาโดยไม่มีคำชี้แจง")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="tickets")
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="ticket")
    code = models.CharField(max_length=16)
    question = models.TextField(_("คำถาม"))
    assignment = models.ForeignKey("reviews.Assignment", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("ถามเมื่อ"))
    due_at = models.DateTimeField(_("ชี้แจงได้ถึง"))
    state = models.CharField(_("สถานะ"), max_length=8, choices=State.choices, default=State.OPEN)
    original_digest = models.CharField(max_length=64)
    addition = models.TextField(_("คำชี้แจง"), blank=True)
    evidence = models.JSONField(_("หลักฐานที่อ้าง"), default=list)
    addition_digest = models.CharField(max_length=64, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_by_name = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(_("ชี้แจงเมื่อ"), null=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        # The order of the form: that of the questions would tell who asked.
        ordering = ["answer__part_id", "answer__ordinal"]
        verbose_name = _("คำถามของผู้ตรวจ")
        verbose_name_plural = _("คำถามของผู้ตรวจ")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | Q(state="answered", answered_at__isnull=False, answered_at__lte=F("due_at"))
                | (Q(state="expired") & (Q(answered_at=None) | Q(answered_at__gt=F("due_at")))),
                name="ticket_answered_in_time_or_expired",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, addition="", addition_digest="")
                | (Q(answered_at__isnull=False) & ~Q(addition="") & ~Q(addition_digest="")),
                name="ticket_addition_is_whole",
            ),
            models.CheckConstraint(condition=~Q(question=""), name="ticket_asks_something"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.code}"

    @property
    def is_late(self) -> bool:
        """Whether something was added, and after its time."""
        return self.state == self.State.EXPIRED and self.answered_at is not None

    def is_open_at(self, now: datetime) -> bool:
        return self.state == self.State.OPEN and now <= self.due_at

    @property
    def is_open(self) -> bool:
        """For pages; each addition is decided anew by the clock of the database."""
        return self.is_open_at(timezone.now())

    @property
    def is_answered(self) -> bool:
        return self.state == self.State.ANSWERED

    @property
    def category_code(self) -> str:
        return self.code.split(".", maxsplit=1)[0]


class Weighing(models.Model):
    """Whether what the agency added counted in one reviewer's own mark."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="weighings")
    assignment = models.ForeignKey("reviews.Assignment", on_delete=models.PROTECT, related_name="+")
    counted = models.BooleanField(_("ใช้คำชี้แจงในการลงผล"))
    weighed_at = models.DateTimeField()

    class Meta:
        ordering = ["assignment_id"]
        verbose_name = _("การใช้คำชี้แจง")
        verbose_name_plural = _("การใช้คำชี้แจง")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "assignment"], name="weighing_once_for_each_mark")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.counted}"
