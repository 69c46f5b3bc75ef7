"""Forms that were ordered on paper. `Print` is a model of this app; `assessments.models` imports it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pmqa.jobs.made import MadeState, made_state

# A print whose job may take longer than this has a million characters or more.
LONG_SECONDS = 300


class Form(models.TextChoices):
    """What can be printed."""

    ALL = "all", _("ทุกแบบฟอร์มรวมเป็นฉบับเดียว")
    FORM1 = "form1", _("แบบฟอร์มที่ 1 ใบสมัคร")
    FORM3 = "form3", _("แบบฟอร์มที่ 3")
    FORM4 = "form4", _("แบบฟอร์มที่ 4")
    PROFILE = "profile", _("ลักษณะสำคัญขององค์การ")


class PrintQuerySet(models.QuerySet):
    def of_drafts(self):
        return self.filter(submission=None)

    def of_submissions(self):
        return self.exclude(submission=None)

    def of_answers(self):
        """What the agency and OPDC order and find: neither a reviewer's own, nor one with the marks of a result."""
        return self.filter(reviewer=None, marks_digest="")

    def listed(self):
        """With what a list shows and without the contents."""
        return self.select_related("job", "submission").defer("content", "marks", "submission__content")


class Print(models.Model):
    """One printed form; `file` appears only when it is whole.

    The same content asked for in the same way is one row, so it is made once. `content` is that of a draft as it
    was when it was ordered; a submission has its own. `digest` is the SHA-256 of the content.

    A print that a reviewer ordered is that person's own: nobody else learns of it, and no scores are on it.
    `sha256` is that of the file, "" for files made before it was kept: by it a file is verified.

    `marks` are what a published result says of each answer (`paper.content.Judged`), as its app gave them, and
    `marks_digest` is the SHA-256 of that result.
    """

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.CASCADE, related_name="prints")
    submission = models.ForeignKey(
        "assessments.Submission", null=True, on_delete=models.CASCADE, related_name="prints"
    )
    form = models.CharField(_("แบบฟอร์ม"), max_length=8, choices=Form.choices)
    category = models.CharField(_("หมวด"), max_length=8, blank=True)
    thai_digits = models.BooleanField(_("เลขไทย"), default=False)
    digest = models.CharField(max_length=64)
    content = models.JSONField(null=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    marks = models.JSONField(null=True)
    marks_digest = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.FileField(upload_to="prints", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ordered_at = models.DateTimeField(_("สั่งเมื่อ"))

    objects = PrintQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        verbose_name = _("แบบฟอร์มที่พิมพ์")
        verbose_name_plural = _("แบบฟอร์มที่พิมพ์")
        indexes = [models.Index(fields=["sha256"], name="print_by_sha256")]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "form", "category", "thai_digits", "digest"],
                condition=Q(submission__isnull=True),
                name="print_of_draft_once",
            ),
            models.UniqueConstraint(
                fields=["submission", "form", "category", "thai_digits", "marks_digest"],
                condition=Q(submission__isnull=False, reviewer__isnull=True),
                name="print_of_submission_once",
            ),
            models.UniqueConstraint(
                fields=["submission", "reviewer", "form", "category", "thai_digits"],
                condition=Q(reviewer__isnull=False),
                name="print_of_reviewer_once",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | Q(submission__isnull=False, marks_digest=""),
                name="print_of_reviewer_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(marks__isnull=True, marks_digest="")
                | (Q(marks__isnull=False, submission__isnull=False) & ~Q(marks_digest="")),
                name="print_marks_of_submission",
            ),
            models.CheckConstraint(condition=Q(form__in=Form.values), name="print_form_known"),
            models.CheckConstraint(
                condition=Q(category="") | Q(form=Form.FORM3.value), name="print_category_of_form_3"
            ),
            models.CheckConstraint(
                condition=Q(submission__isnull=True, content__isnull=False)
                | Q(submission__isnull=False, content__isnull=True),
                name="print_has_one_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.form}{self.category}"

    @property
    def name(self) -> str:
        """What it is, in the reader's language."""
        if not self.category:
            return self.get_form_display()
        return _("%(form)s หมวด %(category)s") % {"form": self.get_form_display(), "category": self.category}

    @property
    def is_long(self) -> bool:
        """Whether making it may take minutes."""
        return self.job is not None and (self.job.seconds or 0) > LONG_SECONDS

    @property
    def state(self) -> MadeState:
        return made_state(self.file, self.job)
