"""The Application Report of stage 2: the invitation, what the agency writes, and what it submitted."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import SIGNERS, Assessment
from criteria.application_report import Criteria, read_document
from pmqa.accounts.models import NAME_LENGTH
from pmqa.jobs.models import Job
from pmqa.versioning import Versioned


def _somebody():
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )


class ApplicationReport(models.Model):
    """One agency's report, from the invitation on; nothing of stage 1 is changed by it.

    `criteria` is the document of what is asked and `base` what was copied from `sheet` (profile, and the indicators
    that the opened `categories` lead to), both as they were when the agency was invited. `asked` is the number of
    questions. `content` is what was submitted, frozen with its digest; `file` its print, there once it is whole.
    """

    class State(models.TextChoices):
        INVITED = "invited", _("รอตอบรับ")
        DECLINED = "declined", _("ไม่เข้าร่วม")
        WRITING = "writing", _("กำลังเขียน")
        SUBMITTED = "submitted", _("ส่งแล้ว")

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="application_report")
    sheet = models.ForeignKey("results.ResultSheet", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("สถานะ"), max_length=10, choices=State.choices, default=State.INVITED)
    award = models.CharField(_("ระดับรางวัลที่สมัคร"), max_length=10)
    categories = models.JSONField(_("หมวดที่เปิด"))
    criteria = models.JSONField()
    base = models.JSONField()
    asked = models.PositiveSmallIntegerField()
    due_on = models.DateField(_("ส่งภายในวันที่"))

    invited_at = models.DateTimeField(_("เชิญเมื่อ"))
    invited_by = _somebody()
    invited_by_name = models.CharField(max_length=NAME_LENGTH)
    answered_at = models.DateTimeField(_("ตอบเมื่อ"), null=True)
    answered_by = _somebody()
    answered_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    reason = models.TextField(_("เหตุผลที่ไม่เข้าร่วม"), blank=True)

    # So many times it was submitted.
    number = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(_("ส่งเมื่อ"), null=True)
    submitted_by = _somebody()
    submitted_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    capacity = models.CharField(
        max_length=16, blank=True, choices=[(role.value, role.label) for role in SIGNERS]
    )
    order_reference = models.CharField(max_length=200, blank=True)
    content = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.FileField(upload_to="reports", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("รายงานผลการดำเนินการพัฒนาองค์การ")
        verbose_name_plural = _("รายงานผลการดำเนินการพัฒนาองค์การ")
        # By which a paper and a file are verified.
        indexes = [
            models.Index(fields=["digest"], name="application_report_by_digest"),
            models.Index(fields=["sha256"], name="application_report_by_sha256"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["invited", "declined", "writing", "submitted"]),
                name="application_report_state_known",
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=["", *(role.value for role in SIGNERS)]),
                name="application_report_capacity_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="application_report_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="submitted", number__gte=1, submitted_at__isnull=False, content__isnull=False)
                    & ~Q(digest="")
                )
                | (~Q(state="submitted") & Q(number=0, submitted_at=None, content=None, digest="")),
                name="application_report_frozen_when_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} AR"

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED

    @property
    def is_writing(self) -> bool:
        return self.state == self.State.WRITING

    def is_open(self, day: date) -> bool:
        """Until the end of the last day."""
        return day <= self.due_on

    @property
    def asks(self) -> Criteria:
        return read_document(self.criteria)


class ReportEntry(Versioned):
    """What was written in one section of a report (`sections.Section`), by key of its blanks.

    Without a row a section still says what was copied. `is_answer`: this is one of the questions, and not empty.
    """

    report = models.ForeignKey(ApplicationReport, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=64)
    values = models.JSONField(default=dict)
    is_answer = models.BooleanField(default=False)
    updated_at = models.DateTimeField(null=True)
    updated_by = _somebody()

    class Meta:
        verbose_name = _("ส่วนของรายงานขั้นที่ 2")
        verbose_name_plural = _("ส่วนของรายงานขั้นที่ 2")
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="report_entry_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.code}"


def with_answers(rows: models.QuerySet) -> models.QuerySet:
    """Reports with `answers`, how many questions are answered."""
    return rows.annotate(answers=models.Count("entries", filter=Q(entries__is_answer=True)))
