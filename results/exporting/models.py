"""Files that administrators order from the results of a cycle, and what of a cycle is open to everybody."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Cycle
from pmqa.jobs.made import MadeState, made_state
from pmqa.jobs.models import Job
from results.exporting.dictionary import TABLES


class Export(models.Model):
    """One file made from the published results of a cycle; `file` appears only when it is whole.

    `sheets` are the results that were published when it was ordered, so that a file that is made in several goes
    is of one moment; `kpi` says of each of them, in the same order, what stands in no sheet and was so at that moment,
    where the table was ordered. `digest` is the SHA-256 of what was ordered: the same order is the same row, made once.
    """

    class Kind(models.TextChoices):
        TABLES = "tables", _("ตารางข้อมูล")
        REPORTS = "reports", _("รายงานป้อนกลับทุกฉบับ")

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel (XLSX)"
        CSV = "csv", "CSV (ZIP)"
        JSON = "json", "JSON Lines (ZIP)"
        ZIP = "zip", "PDF (ZIP)"

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="exports")
    kind = models.CharField(_("ชนิด"), max_length=8, choices=Kind.choices)
    form = models.CharField(_("รูปแบบ"), max_length=4, choices=Format.choices)
    tables = models.JSONField(default=list)
    sheets = models.JSONField(default=list)
    kpi = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.FileField(upload_to="exports", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ordered_by_name = models.CharField(max_length=200)
    ordered_at = models.DateTimeField(_("สั่งเมื่อ"))
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(_("เก็บถึง"))

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        verbose_name = _("ไฟล์ส่งออก")
        verbose_name_plural = _("ไฟล์ส่งออก")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="tables", form__in=["xlsx", "csv", "json"]) | Q(kind="reports", form="zip"),
                name="export_form_of_kind",
            ),
            models.CheckConstraint(
                condition=Q(file="", sha256="", made_at=None)
                | (~Q(file="") & ~Q(sha256="") & Q(made_at__isnull=False)),
                name="export_file_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.kind} {self.form}"

    @property
    def table_names(self) -> list[str]:
        return [table.th for table in TABLES if table.name in self.tables]

    @property
    def has_all_tables(self) -> bool:
        return len(self.tables) == len(TABLES)

    @property
    def state(self) -> MadeState:
        return made_state(self.file, self.job)


class OpenData(models.Model):
    """The public part of a cycle's results; while there is such a row anybody may read it, without log-in.

    `document` is what is read: made from the frozen sheets by a job, with its date in it, and None until then.
    It changes only when an administrator says so again.
    """

    cycle = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="open_data")
    with_agencies = models.BooleanField(_("คะแนนรายหน่วยงาน"), default=False)
    sheets = models.JSONField(default=list)
    document = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_by_name = models.CharField(max_length=200)
    opened_at = models.DateTimeField(_("เปิดเผยเมื่อ"))

    class Meta:
        verbose_name = _("ข้อมูลเปิด")
        verbose_name_plural = _("ข้อมูลเปิด")
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=True, digest="") | (Q(document__isnull=False) & ~Q(digest="")),
                name="open_data_document_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id}"
