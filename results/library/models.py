"""The library of good practices: outstanding work of published reports that its agency agreed to share."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Status
from pmqa.accounts.models import NAME_LENGTH
from pmqa.versioning import Versioned
from results.models import ResultSheet
from reviews.models import Pillar

# Characters of what an agency adds to an entry.
LONGEST = 3000


def _somebody():
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )


class LibraryQuerySet(models.QuerySet):
    def shown(self):
        """What everybody of the library reads: shared, not hidden, and its result still published."""
        return self.filter(is_shared=True, hidden_at__isnull=True, assessment__status=Status.REPORT_ISSUED)

    def gone(self):
        """Shared from a revision whose text the latest one no longer has."""
        return self.filter(is_shared=True, gone_in__isnull=False)


class LibraryEntry(Versioned):
    """One piece of outstanding work and its agency's consent, which may be taken back at any time.

    `text` is copied from `sheet` when it is shared; `key` names it (`results.library.highlights`). `gone_in` is the
    revision that no longer has it, `saved_at` the last thing that the agency did. What the agency adds is `title` to
    `link`; `words` is all of it as it is searched.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="library_entries")
    sheet = models.ForeignKey(ResultSheet, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=32)
    pillar = models.CharField(_("ด้านของผลงานที่โดดเด่น"), max_length=1, choices=Pillar.choices)
    text = models.TextField(_("ข้อความจากรายงานป้อนกลับ"))
    gone_in = models.PositiveSmallIntegerField(null=True)

    title = models.CharField(_("ชื่อแนวปฏิบัติ"), max_length=200)
    approach = models.TextField(_("ทำอย่างไร"), blank=True)
    factors = models.TextField(_("ปัจจัยแห่งความสำเร็จ"), blank=True)
    future = models.TextField(_("แผนต่อไป"), blank=True)
    contact = models.CharField(_("หน่วยงานที่ติดต่อได้"), max_length=200, blank=True)
    link = models.URLField(_("ลิงก์"), max_length=500, blank=True)
    words = models.TextField(editable=False)

    is_shared = models.BooleanField(_("แบ่งปันอยู่"), default=False)
    shared_at = models.DateTimeField(_("แบ่งปันเมื่อ"))
    shared_by = _somebody()
    shared_by_name = models.CharField(max_length=NAME_LENGTH)
    saved_at = models.DateTimeField()
    saved_by_name = models.CharField(max_length=NAME_LENGTH)
    taken_back_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(_("ซ่อนเมื่อ"), null=True)
    hidden_by = _somebody()
    hidden_by_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    hidden_reason = models.TextField(_("เหตุผลที่ซ่อน"), blank=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        ordering = ["-shared_at", "-pk"]
        verbose_name = _("แนวปฏิบัติที่ดี")
        verbose_name_plural = _("แนวปฏิบัติที่ดี")
        indexes = [models.Index(fields=["is_shared", "-shared_at"], name="library_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "key"], name="library_entry_once"),
            models.CheckConstraint(condition=Q(pillar__in=Pillar.values), name="library_pillar_known"),
            models.CheckConstraint(
                condition=Q(is_shared=True, taken_back_at=None)
                | Q(is_shared=False, taken_back_at__isnull=False),
                name="library_shared_or_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason="")),
                name="library_hidden_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shown(self) -> bool:
        """As `LibraryQuerySet.shown`, of an entry whose assessment was read along."""
        return self.is_shared and self.hidden_at is None and self.assessment.status == Status.REPORT_ISSUED


class LibraryTag(models.Model):
    """A topic that an entry is about."""

    entry = models.ForeignKey(LibraryEntry, on_delete=models.CASCADE, related_name="tags")
    category = models.CharField(max_length=8)
    topic = models.CharField(max_length=8)

    class Meta:
        ordering = ["entry", "topic"]
        verbose_name = _("หัวข้อของแนวปฏิบัติ")
        verbose_name_plural = _("หัวข้อของแนวปฏิบัติ")
        indexes = [models.Index(fields=["topic"], name="library_by_topic")]
        constraints = [models.UniqueConstraint(fields=["entry", "topic"], name="library_tag_once")]

    def __str__(self) -> str:
        return self.topic
