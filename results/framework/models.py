"""The KPI framework of a cycle, for all agencies or for one type of them, and its components."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Cycle
from pmqa.accounts.models import Agency
from pmqa.versioning import Versioned
from results.framework.weights import PERFORMANCE, POTENTIAL, WHOLE, Component, Framework


class KpiFramework(Versioned):
    """`kind` "" is for every agency whose type has none of its own.

    The weight of Performance base is stored, that of Potential base is the rest of 100: the two cannot disagree. That
    the components sum up to it is the service's to hold, which replaces all of them at once.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="kpi_frameworks")
    kind = models.CharField(_("ประเภท"), max_length=16, blank=True, choices=Agency.Kind.choices)
    performance = models.DecimalField(_("น้ำหนัก Performance base"), max_digits=5, decimal_places=2)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_by_name = models.CharField(max_length=200)
    changed_at = models.DateTimeField(_("แก้เมื่อ"))

    class Meta:
        verbose_name = _("กรอบตัวชี้วัด")
        verbose_name_plural = _("กรอบตัวชี้วัด")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind"], name="kpi_framework_once"),
            models.CheckConstraint(
                condition=Q(performance__gt=0, performance__lt=100), name="kpi_framework_groups"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["", *Agency.Kind.values]), name="kpi_framework_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.kind}".strip()

    @property
    def framework(self) -> Framework:
        """As data to reckon with; reads the components, which lists prefetch."""
        return Framework(
            self.performance, WHOLE - self.performance, tuple(row.component for row in self.components.all())
        )


class KpiComponent(models.Model):
    """A line of a framework; see `results.framework.weights.Component`."""

    class Group(models.TextChoices):
        PERFORMANCE = PERFORMANCE, _("Performance base ประสิทธิผลการดำเนินงาน")
        POTENTIAL = POTENTIAL, _("Potential base ศักยภาพในการดำเนินงาน")

    framework = models.ForeignKey(KpiFramework, on_delete=models.CASCADE, related_name="components")
    place = models.PositiveSmallIntegerField()
    group = models.CharField(_("กลุ่ม"), max_length=16, choices=Group.choices)
    name = models.CharField(_("ชื่อ"), max_length=200)
    name_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=200, blank=True)
    weight = models.DecimalField(_("น้ำหนัก"), max_digits=5, decimal_places=2)
    bases = models.JSONField(_("ฐาน"), default=list)
    least = models.PositiveSmallIntegerField(_("ตัวชี้วัดอย่างน้อย"), default=1)
    most = models.PositiveSmallIntegerField(_("ตัวชี้วัดไม่เกิน"), default=1)
    is_pmqa = models.BooleanField(_("คือ PMQA 4.0"), default=False)

    class Meta:
        ordering = ["framework", "place"]
        verbose_name = _("องค์ประกอบของกรอบตัวชี้วัด")
        verbose_name_plural = _("องค์ประกอบของกรอบตัวชี้วัด")
        constraints = [
            models.UniqueConstraint(fields=["framework", "place"], name="kpi_component_once"),
            models.UniqueConstraint(
                fields=["framework"], condition=Q(is_pmqa=True), name="kpi_component_one_pmqa"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="kpi_component_weight"),
            models.CheckConstraint(
                condition=Q(least__gte=1, most__gte=F("least")), name="kpi_component_counts"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="kpi_component_named"),
            models.CheckConstraint(
                condition=Q(group__in=[PERFORMANCE, POTENTIAL]), name="kpi_component_group_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def component(self) -> Component:
        return Component(
            group=self.group,
            name=self.name,
            name_en=self.name_en,
            weight=self.weight,
            bases=tuple(self.bases),
            least=self.least,
            most=self.most,
            is_pmqa=self.is_pmqa,
        )
