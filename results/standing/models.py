"""What administrators say about the KPI of a cycle: the rules of its targets, and types that no score gives."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Cycle
from pmqa.accounts.models import Agency
from pmqa.versioning import Versioned
from results.standing.targets import RULES, TYPES, Rules

ANNOUNCED = Rules()


def _points(label: str, name: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=5, decimal_places=2, default=getattr(ANNOUNCED, name))


class TargetRules(Versioned):
    """The announced anchors and boundaries of a cycle (`results.standing.targets.Rules`); no row is the defaults."""

    cycle = models.OneToOneField(Cycle, on_delete=models.PROTECT, related_name="target_rules")
    from_2 = _points(_("ประเภทที่ 2 เริ่มที่คะแนน"), "from_2")
    from_3 = _points(_("ประเภทที่ 3 เริ่มที่คะแนน"), "from_3")
    half_1 = _points(_("ประเภทที่ 1: ค่าเป้าหมาย 50"), "half_1")
    full_1 = _points(_("ประเภทที่ 1: ค่าเป้าหมาย 100"), "full_1")
    half_2 = _points(_("ประเภทที่ 2: ค่าเป้าหมาย 50"), "half_2")
    growth_2 = _points(_("ประเภทที่ 2: ค่าเป้าหมาย 100 สูงกว่าปีก่อนร้อยละ"), "growth_2")
    half_3 = _points(_("ประเภทที่ 3: ค่าเป้าหมาย 50"), "half_3")
    growth_3 = _points(_("ประเภทที่ 3: ค่าเป้าหมาย 100 สูงกว่าปีก่อนร้อยละ"), "growth_3")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_by_name = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(_("แก้เมื่อ"), null=True)

    class Meta:
        verbose_name = _("ค่าเป้าหมายตัวชี้วัด")
        verbose_name_plural = _("ค่าเป้าหมายตัวชี้วัด")
        constraints = [
            models.CheckConstraint(
                condition=Q(from_2__gt=0, from_3__gt=F("from_2"), from_3__lte=500),
                name="target_rules_boundaries",
            ),
            models.CheckConstraint(
                condition=Q(half_1__gt=0, full_1__gt=F("half_1"), full_1__lte=500), name="target_rules_type_1"
            ),
            models.CheckConstraint(
                condition=Q(half_2__gt=0, half_2__lt=F("from_2"), growth_2__gt=0, growth_2__lte=100),
                name="target_rules_type_2",
            ),
            models.CheckConstraint(
                condition=Q(half_3__gt=0, half_3__lt=F("from_3"), growth_3__gt=0, growth_3__lte=100),
                name="target_rules_type_3",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}"

    @property
    def rules(self) -> Rules:
        return Rules(**{name: getattr(self, name) for name in RULES})


class TypeChoice(Versioned):
    """The KPI type of an agency that has no score of last year, picked with a reason; nobody guesses it.

    base: the score on which the targets of type 2 or 3 rest; none for type 1.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="type_choices")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="type_choices")
    kpi_type = models.PositiveSmallIntegerField(
        _("ประเภท"), choices=[(kpi_type, kpi_type) for kpi_type in TYPES]
    )
    base = models.DecimalField(_("คะแนนฐาน"), max_digits=5, decimal_places=2, null=True)
    reason = models.TextField(_("เหตุผล"))
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    chosen_by_name = models.CharField(max_length=200)
    chosen_at = models.DateTimeField(_("กำหนดเมื่อ"))

    class Meta:
        verbose_name = _("ประเภทที่ผู้ดูแลระบบกำหนด")
        verbose_name_plural = _("ประเภทที่ผู้ดูแลระบบกำหนด")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "agency"], name="type_choice_once"),
            models.CheckConstraint(
                condition=Q(kpi_type=1, base=None) | Q(kpi_type__in=(2, 3), base__gt=0, base__lte=500),
                name="type_choice_base_where_needed",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="type_choice_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.cycle}"
