"""Who people are: ministries, agencies, users, their dated roles, and the log of what was done."""

from datetime import date
from functools import cached_property

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pmqa.versioning import Versioned

CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", _("ใช้อักษรอังกฤษ ตัวเลข . _ หรือ - เท่านั้น"))


# The most of a person's name that is shown and copied; first and last name may have 150 characters each.
NAME_LENGTH = 200


class Ministry(models.Model):
    code = models.CharField(_("รหัส"), max_length=32, unique=True, validators=[CODE])
    name = models.CharField(_("ชื่อกระทรวง"), max_length=200)
    name_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=200, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("กระทรวง")
        verbose_name_plural = _("กระทรวง")

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("ส่วนราชการ")
        PROVINCE = "province", _("จังหวัด")
        OTHER = "other", _("หน่วยงานอื่น")

    code = models.CharField(_("รหัส"), max_length=32, unique=True, validators=[CODE])
    name = models.CharField(_("ชื่อหน่วยงาน"), max_length=200)
    name_en = models.CharField(_("ชื่อภาษาอังกฤษ"), max_length=200, blank=True)
    kind = models.CharField(_("ประเภท"), max_length=16, choices=Kind.choices, default=Kind.DEPARTMENT)
    ministry = models.ForeignKey(
        Ministry, on_delete=models.PROTECT, related_name="agencies", verbose_name=_("กระทรวง")
    )
    is_active = models.BooleanField(_("ใช้งานอยู่"), default=True)
    is_demo = models.BooleanField(_("ข้อมูลสมมติ"), default=False, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("หน่วยงาน")
        verbose_name_plural = _("หน่วยงาน")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["department", "province", "other"]), name="agency_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class EmailUserManager(UserManager):
    """Accounts are known by e-mail; there is no user name."""

    def _create_user(self, email, password, **extra):
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email, password=None, **extra):
        return self._create_user(email, password, **{"is_staff": False, "is_superuser": False, **extra})

    def create_superuser(self, email, password=None, **extra):
        return self._create_user(email, password, **{"is_staff": True, "is_superuser": True, **extra})


class User(AbstractUser):
    username = None
    email = models.EmailField(_("อีเมล"), unique=True)
    is_demo = models.BooleanField(_("ข้อมูลสมมติ"), default=False, editable=False)
    wants_work_mail = models.BooleanField(_("รับอีเมลแจ้งงานที่รออยู่"), default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = EmailUserManager()

    class Meta:
        ordering = ["email"]
        verbose_name = _("บุคคล")
        verbose_name_plural = _("บุคคล")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower")]

    def __str__(self) -> str:
        # Histories copy the name into a column of this length.
        return (self.get_full_name() or self.email)[:NAME_LENGTH]

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    @cached_property
    def all_memberships(self) -> tuple["Membership", ...]:
        """Agency roles past, present and to come, read once per request."""
        return tuple(self.memberships.select_related("agency"))

    @cached_property
    def current_memberships(self) -> tuple["Membership", ...]:
        """Agency roles in force today."""
        today = timezone.localdate()
        return tuple(entry for entry in self.all_memberships if entry.is_current(today))

    @cached_property
    def current_offices(self) -> frozenset[str]:
        """OPDC roles in force today, read once per request."""
        return frozenset(self.appointments.current().values_list("role", flat=True))


def in_force(starts_on: date | None, ends_on: date | None, today: date) -> bool:
    """Whether a dated row counts on this day: both ends do, an empty end is open."""
    return (starts_on is None or starts_on <= today) and (ends_on is None or ends_on >= today)


class DatedQuerySet(models.QuerySet):
    def current(self, today: date | None = None):
        """Rows in force today, or on the day given: `in_force` for the database."""
        today = today or timezone.localdate()
        begun = Q(starts_on=None) | Q(starts_on__lte=today)
        return self.filter(begun & (Q(ends_on=None) | Q(ends_on__gte=today)))


class Dated(models.Model):
    """A role held from one day to another."""

    starts_on = models.DateField(_("ตั้งแต่วันที่"), null=True, blank=True)
    ends_on = models.DateField(_("ถึงวันที่"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="%(class)s_dates_in_order",
                violation_error_message=_("วันสิ้นสุดต้องไม่มาก่อนวันเริ่ม"),
            )
        ]

    def is_current(self, today: date) -> bool:
        """As `DatedQuerySet.current` for a row that is read already."""
        return in_force(self.starts_on, self.ends_on, today)


def once(name: str, *fields: str) -> tuple[models.UniqueConstraint, models.UniqueConstraint]:
    """The same role at most once from one day; SQLite has no NULLS NOT DISTINCT, hence two constraints."""
    return (
        models.UniqueConstraint(fields=[*fields, "starts_on"], name=f"{name}_once"),
        models.UniqueConstraint(fields=[*fields], condition=Q(starts_on=None), name=f"{name}_once_undated"),
    )


class MembershipQuerySet(DatedQuerySet):
    def current(self, today: date | None = None):
        """In force, and not ended in the course of this day."""
        return super().current(today).filter(ended_at=None)

    def since(self, day: date):
        """Held on this day or later, be it for a part of it."""
        later = Q(ends_on=None) | Q(ends_on__gte=day)
        return self.filter(later & (Q(ended_at=None) | Q(ended_at__date__gte=day)))

    def coming_or_current(self):
        """Everything that has not ended, whether or not it has begun."""
        today = timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), ended_at=None)


class Membership(Versioned, Dated):
    """What a person is in an agency. An owner may write the categories named (empty: none); a contributor writes
    the items asked of them. Never deleted: `ends_on` is the last day, `ended_at` the moment of an end at once."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("ผู้ประสานงาน")
        OWNER = "owner", _("เจ้าภาพหมวด")
        CONTRIBUTOR = "contributor", _("ผู้ร่วมเขียน")
        HEAD = "head", _("หัวหน้าส่วนราชการ")
        ACTING_HEAD = "acting_head", _("รักษาการหัวหน้าส่วนราชการ")
        VIEWER = "viewer", _("ผู้อ่าน")

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("บุคคล")
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("หน่วยงาน")
    )
    role = models.CharField(_("บทบาท"), max_length=16, choices=Role.choices)
    categories = models.JSONField(
        _("หมวดที่เขียนได้"),
        default=list,
        blank=True,
        help_text=_('รหัสหมวดในวงเล็บ เช่น ["1", "7", "OP"] ใช้กับเจ้าภาพหมวด'),
    )
    order_reference = models.CharField(
        _("เลขที่คำสั่ง"),
        max_length=200,
        blank=True,
        help_text=_("คำสั่งแต่งตั้งรักษาการ พิมพ์ในใบรับเมื่อลงนาม"),
    )
    ended_at = models.DateTimeField(_("สิ้นสุดทันทีเมื่อ"), null=True, blank=True, editable=False)
    # What whoever added them calls the person, and when: all the agency is told before they have signed in since.
    called = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    added_at = models.DateTimeField(null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["agency", "role", "user"]
        verbose_name = _("บทบาทในหน่วยงาน")
        verbose_name_plural = _("บทบาทในหน่วยงาน")
        constraints = [
            *Dated.Meta.constraints,
            # The same role at most once from one day; one that was ended at once may be given again that day.
            models.UniqueConstraint(
                fields=["user", "agency", "role", "starts_on"],
                condition=Q(ended_at=None),
                name="membership_once",
            ),
            models.UniqueConstraint(
                fields=["user", "agency", "role"],
                condition=Q(starts_on=None, ended_at=None),
                name="membership_once_undated",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=["coordinator", "owner", "contributor", "head", "acting_head", "viewer"]
                ),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.agency}"

    @property
    def known_as(self) -> str:
        """The name that the agency sees. Whether an address had an account elsewhere is told by no name of it:
        until the person has signed in as a member they are called what whoever added them typed."""
        joined = self.added_at is None or (self.user.last_login and self.user.last_login >= self.added_at)
        return str(self.user) if joined else self.called or self.user.email

    def is_current(self, today: date) -> bool:
        """As `MembershipQuerySet.current`: what was ended at once is over at once."""
        return self.ended_at is None and super().is_current(today)

    def is_since(self, day: date) -> bool:
        """As `MembershipQuerySet.since`."""
        ended = self.ended_at and timezone.localdate(self.ended_at)
        return all(last is None or last >= day for last in (self.ends_on, ended))


class Appointment(Dated):
    """What a person is at OPDC (สำนักงาน ก.พ.ร.), for all agencies."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("ผู้ดูแลระบบ (สำนักงาน ก.พ.ร.)")
        OFFICER = "officer", _("เจ้าหน้าที่ประจำเรื่อง")
        AUDITOR = "auditor", _("ผู้ตรวจสอบ (อ่านอย่างเดียว)")
        EXECUTIVE = "executive", _("ผู้บริหาร (อ่านผลที่ประกาศแล้ว)")

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="appointments", verbose_name=_("บุคคล")
    )
    role = models.CharField(_("หน้าที่"), max_length=16, choices=Role.choices)

    class Meta(Dated.Meta):
        ordering = ["role", "user"]
        verbose_name = _("หน้าที่ใน สำนักงาน ก.พ.ร.")
        verbose_name_plural = _("หน้าที่ใน สำนักงาน ก.พ.ร.")
        constraints = [
            *Dated.Meta.constraints,
            *once("appointment", "user", "role"),
            models.CheckConstraint(
                condition=Q(role__in=["administrator", "officer", "auditor", "executive"]),
                name="appointment_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class LogHead(models.Model):
    """The one row whose lock puts log entries in order; holds the digest of the newest."""

    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.digest


class LogEntry(models.Model):
    """One thing done. Append-only; names are copied so that the entry outlives people and objects."""

    at = models.DateTimeField(_("เวลา"), default=timezone.now)
    actor = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("ผู้กระทำ")
    )
    actor_name = models.CharField(_("ชื่อผู้กระทำ"), max_length=200, blank=True)
    action = models.CharField(_("การกระทำ"), max_length=64)
    agency = models.ForeignKey(
        Agency, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("หน่วยงาน")
    )
    object_type = models.CharField(_("ชนิด"), max_length=64, blank=True)
    object_id = models.CharField(_("เลขที่"), max_length=64, blank=True)
    object_label = models.CharField(_("สิ่งที่ถูกกระทำ"), max_length=300, blank=True)
    data = models.JSONField(_("รายละเอียด"), default=dict)
    previous_digest = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("บันทึกเหตุการณ์")
        verbose_name_plural = _("บันทึกเหตุการณ์")
        indexes = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["agency", "-id"]),
            models.Index(fields=["action", "-id"], name="log_by_action"),
            models.Index(fields=["at"], name="log_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.action} · {self.object_label}"
