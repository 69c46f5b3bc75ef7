"""Editions of the criteria as rows, so that answers and marks can point at them.

Pages and engine read the tree (`criteria.catalogue`); these tables give it keys, constraints and PROTECT.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from criteria.structure import CATEGORY_KINDS, LEVEL_SOURCES, LEVELS, TAGGED

LEVEL_OR_NONE = ["", *LEVELS]


class Edition(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("ร่าง")
        PUBLISHED = "published", _("ประกาศใช้")
        RETIRED = "retired", _("ฉบับเดิม")

    code = models.CharField(_("รหัส"), max_length=32, unique=True)
    series = models.CharField(max_length=16, default="forms")
    year = models.PositiveSmallIntegerField(_("พ.ศ."))
    revision = models.PositiveSmallIntegerField(_("ครั้งที่แก้ไข"), default=1)
    title_th = models.CharField(_("ชื่อ"), max_length=200)
    title_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=200)
    status = models.CharField(_("สถานะ"), max_length=16, choices=Status.choices, default=Status.DRAFT)
    checksum = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("ประกาศใช้เมื่อ"), null=True, blank=True)

    class Meta:
        ordering = ["-year", "-revision"]
        verbose_name = _("ฉบับของเกณฑ์")
        verbose_name_plural = _("ฉบับของเกณฑ์")
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "revision"], name="edition_once"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "retired"]), name="edition_status_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title_th


class Category(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="categories")
    code = models.CharField(max_length=8)
    kind = models.CharField(max_length=16)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    intent_th = models.TextField(blank=True)
    guide = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["edition", "order"]
        verbose_name = _("หมวด")
        verbose_name_plural = _("หมวด")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="category_once"),
            models.CheckConstraint(condition=Q(kind__in=list(CATEGORY_KINDS)), name="category_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class Topic(models.Model):
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="topics")
    code = models.CharField(max_length=8)
    name_th = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    short_th = models.CharField(max_length=200, blank=True)
    guide = models.JSONField(default=dict)
    answers_required = models.PositiveSmallIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["category", "order"]
        verbose_name = _("หัวข้อ")
        verbose_name_plural = _("หัวข้อ")
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="topic_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class Item(models.Model):
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=40)
    title_th = models.TextField()
    title_en = models.TextField(blank=True)
    level = models.CharField(max_length=16, blank=True)
    level_source = models.CharField(max_length=16, default=TAGGED)
    level_reason = models.TextField(blank=True)
    hint_th = models.TextField(blank=True)
    description_th = models.TextField(blank=True)
    required = models.BooleanField(default=False)
    number = models.CharField(max_length=16, blank=True, default="")
    area_th = models.CharField(max_length=200, blank=True, default="")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["topic", "order"]
        verbose_name = _("ข้อ")
        verbose_name_plural = _("ข้อ")
        constraints = [
            models.UniqueConstraint(fields=["topic", "code"], name="item_once"),
            models.CheckConstraint(condition=Q(level__in=LEVEL_OR_NONE), name="item_level_known"),
            models.CheckConstraint(
                condition=Q(level_source__in=list(LEVEL_SOURCES)), name="item_level_source_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title_th}"


class Part(models.Model):
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="parts")
    code = models.CharField(max_length=40)
    prompt_th = models.TextField(blank=True)
    level = models.CharField(max_length=16, blank=True)
    level_reason = models.TextField(blank=True)
    fields = models.JSONField(default=list)
    min_fields = models.PositiveSmallIntegerField(default=0)
    min_answers = models.PositiveSmallIntegerField(default=1)
    max_answers = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=16, blank=True, default="")
    compulsory = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["item", "order"]
        verbose_name = _("ส่วนที่ตอบ")
        verbose_name_plural = _("ส่วนที่ตอบ")
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="part_once"),
            models.CheckConstraint(condition=Q(level__in=LEVEL_OR_NONE), name="part_level_known"),
            models.CheckConstraint(
                condition=Q(max_answers__gte=models.F("min_answers")), name="part_answers_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.code
