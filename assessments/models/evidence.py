"""The evidence register of an assessment: entries, their versions, who cites them, and uploads under way.

An entry is a file or a link that is entered once and cited by many answers. Versions are never taken away: a newer
one follows, or the last one is withdrawn with a reason. `models` imports this module; relations go by name.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assessments.files.types import BY_CONTENT_TYPE, Kind
from pmqa.versioning import Versioned

NAME_LENGTH = 200


class Evidence(Versioned):
    """One entry of the register, known to people by its `number`; `version` guards what is typed about it.

    `key` comes with the form that made the entry, so that a form posted twice makes one.
    """

    class Kind(models.TextChoices):
        FILE = "file", _("ไฟล์")
        LINK = "link", _("ลิงก์")

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.CASCADE, related_name="evidence"
    )
    number = models.PositiveSmallIntegerField(_("เลขที่"))
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("ชนิด"), max_length=4, choices=Kind.choices)
    title = models.CharField(_("ชื่อหลักฐาน"), max_length=300)
    source_system = models.CharField(_("ระบบต้นทาง"), max_length=120, blank=True)
    reference = models.CharField(_("เลขที่อ้างอิง"), max_length=120, blank=True)
    effective_on = models.DateField(_("วันที่มีผล"), null=True, blank=True)
    note = models.TextField(_("หมายเหตุ"), blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        verbose_name = _("หลักฐาน")
        verbose_name_plural = _("หลักฐาน")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="evidence_number_once"),
            models.UniqueConstraint(fields=["assessment", "key"], name="evidence_key_once"),
            models.CheckConstraint(condition=Q(kind__in=["file", "link"]), name="evidence_kind_known"),
            models.CheckConstraint(condition=~Q(title=""), name="evidence_has_a_title"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class EvidenceVersionQuerySet(models.QuerySet):
    def latest_ones(self):
        """One of every entry: the version that counts, withdrawn or not."""
        return self.filter(is_latest=True)

    def in_use(self):
        return self.filter(is_latest=True, withdrawn_at=None)

    def handed_in(self):
        """What goes along with the assessment: in use, and cited by an answer that is present."""
        cited = Citation.objects.filter(evidence=OuterRef("evidence"), answer__removed_at=None)
        return self.in_use().filter(Exists(cited))


class EvidenceVersion(models.Model):
    """One state of an entry's file or link. Exactly one of an entry is the latest."""

    class Scan(models.TextChoices):
        NONE = "none", _("ยังไม่ได้ตรวจไวรัส")
        WAITING = "waiting", _("รอตรวจไวรัส")
        CLEAN = "clean", _("ตรวจไวรัสแล้ว สะอาด")
        SUSPICIOUS = "suspicious", _("พบสิ่งต้องสงสัย")

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("ฉบับที่"))
    is_latest = models.BooleanField(default=True)
    # Under an opaque name; `name` is what the file was called where it came from.
    file = models.FileField(blank=True, max_length=100)
    name = models.CharField(_("ชื่อไฟล์"), max_length=NAME_LENGTH, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("ขนาด"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.NONE)
    scanned_at = models.DateTimeField(null=True)
    # The upload that it was, so that a form posted twice makes one version.
    came_as = models.UUIDField(null=True, editable=False)
    url = models.CharField(_("ลิงก์"), max_length=2000, blank=True)
    # Of a link: when somebody opened it and found it good. The server never does.
    checked_at = models.DateTimeField(_("ตรวจแล้วเมื่อ"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("เพิ่มเมื่อ"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("ถอนเมื่อ"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_reason = models.TextField(_("เหตุผลที่ถอน"), blank=True)

    objects = EvidenceVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("ฉบับของหลักฐาน")
        verbose_name_plural = _("ฉบับของหลักฐาน")
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_version_once"),
            models.UniqueConstraint(
                fields=["evidence"], condition=Q(is_latest=True), name="evidence_has_one_latest"
            ),
            models.CheckConstraint(
                condition=(
                    ~Q(file="") & ~Q(name="") & ~Q(sha256="") & Q(size__gt=0) & Q(url="")
                    | Q(file="", name="", sha256="", size=None) & ~Q(url="")
                ),
                name="evidence_is_file_or_link",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="evidence_withdrawn_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(scan__in=["none", "waiting", "clean", "suspicious"]), name="evidence_scan_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} ({self.number})"

    @property
    def file_kind(self) -> Kind:
        return BY_CONTENT_TYPE[self.content_type]

    @property
    def is_served(self) -> bool:
        """Whether the file may leave: never a suspicious one, and where files are scanned only a clean one."""
        if self.scan == self.Scan.SUSPICIOUS or not self.file:
            return False
        return self.scan == self.Scan.CLEAN or not settings.CLAMAV_ADDRESS


class Citation(models.Model):
    """An answer rests on an entry of the register, whichever its latest version is."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="citations")
    answer = models.ForeignKey("assessments.Answer", on_delete=models.CASCADE, related_name="citations")
    cited_at = models.DateTimeField()
    cited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["evidence", "answer"], name="citation_once")]

    def __str__(self) -> str:
        return f"{self.evidence_id} → {self.answer_id}"


def cited_count():
    """For a queryset of answers: how many entries in use each cites, without a query of its own."""
    rows = Citation.objects.filter(
        answer=OuterRef("pk"), evidence__versions__is_latest=True, evidence__versions__withdrawn_at=None
    )
    counted = rows.order_by().values("answer").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class Upload(models.Model):
    """A file on its way. The bytes so far are in the private storage; `received` says how many count."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    # The browser's date of the file: the same file chosen again goes on where it stopped.
    modified = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0) & Q(received__lte=F("size")), name="upload_within_its_size"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        return f"uploads/{self.id.hex}"

    @property
    def is_complete(self) -> bool:
        return self.received == self.size
