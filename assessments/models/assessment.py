"""What an agency says: cycles, assessments, answers, indicators, and the frozen submissions."""

from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from criteria.models import Edition, Part
from pmqa.accounts.models import Agency, Appointment, Membership, User
from pmqa.versioning import Versioned
from pmqa.working_days import after_working_days, working_days_until


def check_days(value: object) -> None:
    """Validator: a list of days as text, 2027-01-04."""
    try:
        for day in value:
            date.fromisoformat(day)
    except (TypeError, ValueError):
        raise ValidationError(_('ใส่วันที่แบบ ["2027-01-04", "2027-01-05"] ปีเป็น ค.ศ.')) from None


class Cycle(models.Model):
    """One fiscal year (พ.ศ.) of an edition and a scoring policy, with its dates.

    `policy` is {"name": ..., "parameters": {...}} of `criteria.scoring`.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, verbose_name=_("ฉบับของเกณฑ์"))
    year = models.PositiveSmallIntegerField(_("ปีงบประมาณ พ.ศ."))
    track = models.CharField(_("สาย"), max_length=32, default="department")
    name = models.CharField(_("ชื่อรอบ"), max_length=200)
    policy = models.JSONField(_("หลักเกณฑ์การให้คะแนน"), default=dict, blank=True)
    opens_at = models.DateTimeField(_("เปิดรับ"))
    closes_at = models.DateTimeField(_("ปิดรับ"))
    grace_until = models.DateTimeField(
        _("ผ่อนผันถึง"),
        null=True,
        blank=True,
        help_text=_("ส่งหลังปิดรับได้ถึงเวลานี้ โดยระบุว่าล่าช้า เว้นว่างถ้าไม่ผ่อนผัน"),
    )
    review_closes_at = models.DateTimeField(_("กำหนดส่งผลการตรวจ"))
    appeal_days = models.PositiveSmallIntegerField(
        _("วันทำการที่ขอทบทวนได้"),
        default=0,
        help_text=_("นับจากวันแจ้งผลเบื้องต้น 0 คือไม่มีขั้นผลเบื้องต้น ประกาศผลได้ทันที"),
    )
    ticket_days = models.PositiveSmallIntegerField(
        _("วันทำการที่หน่วยงานชี้แจงคำถามของผู้ตรวจได้"),
        default=5,
        help_text=_("นับจากวันที่ผู้ตรวจถาม 0 คือผู้ตรวจถามไม่ได้"),
    )
    ticket_limit = models.PositiveSmallIntegerField(_("คำถามของผู้ตรวจต่อหนึ่งเรื่องไม่เกิน"), default=5)
    vetting = models.BooleanField(
        _("อ่านทานรายงานก่อนประกาศ"),
        default=False,
        help_text=_("ต้องมีผู้อ่านทานที่ไม่ได้เขียน และหัวหน้าทีมลงนามรับรองเนื้อหา จึงประกาศผลได้"),
    )
    least_reviewers = models.PositiveSmallIntegerField(
        _("ผู้ลงผลอย่างน้อยต่อหมวด"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("1 คือเรื่องหนึ่งมีผู้ตรวจรายเดียวได้ และสุ่มตรวจซ้ำอย่างน้อยร้อยละ 20 ได้ที่หน้าจัดทีม"),
    )
    requires_application = models.BooleanField(
        _("ต้องมีใบสมัครก่อนส่ง"), default=False, help_text=_("แบบฟอร์มที่ 1: ระดับรางวัล และผู้ติดต่อ")
    )
    requires_profile = models.BooleanField(
        _("ต้องกรอกลักษณะสำคัญขององค์การก่อนส่ง"),
        default=False,
        help_text=_("แบบฟอร์มที่ 2 ถ้าไม่เลือก ยังแนะนำให้กรอก แต่ไม่ขวางการส่ง"),
    )
    stage_two_scale = models.PositiveSmallIntegerField(
        _("คะแนนเต็มของขั้นที่ 2"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("รายงานผลการดำเนินการพัฒนาองค์การ (Application Report) ระบุใหม่ได้ทุกครั้งที่บันทึกคะแนน"),
    )
    # Beyond those of the calendar; the cabinet adds some every year.
    extra_holidays = models.JSONField(
        _("วันหยุดราชการเพิ่มเติม"),
        default=list,
        blank=True,
        validators=[check_days],
        help_text=_('เช่น ["2027-01-04"] ตามมติคณะรัฐมนตรี วันหยุดปกติและวันหยุดชดเชยมีอยู่แล้ว'),
    )

    class Meta:
        ordering = ["-year", "track"]
        verbose_name = _("รอบการประเมิน")
        verbose_name_plural = _("รอบการประเมิน")
        constraints = [
            models.UniqueConstraint(fields=["year", "track", "edition"], name="cycle_once"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")) & Q(closes_at__lte=F("review_closes_at")),
                name="cycle_dates_in_order",
                violation_error_message=_("วันเปิดรับ ปิดรับ และกำหนดส่งผลการตรวจ ต้องเรียงกัน"),
            ),
            models.CheckConstraint(
                condition=Q(grace_until=None)
                | (Q(grace_until__gte=F("closes_at")) & Q(grace_until__lte=F("review_closes_at"))),
                name="cycle_grace_in_order",
                violation_error_message=_("เวลาผ่อนผันต้องอยู่ระหว่างปิดรับกับกำหนดส่งผลการตรวจ"),
            ),
            models.CheckConstraint(condition=Q(least_reviewers__gte=1), name="cycle_is_judged_by_somebody"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def result_years(self) -> tuple[int, int, int]:
        """The three fiscal years of results in Form 4, oldest first; the last is the year before the cycle."""
        return self.year - 3, self.year - 2, self.year - 1

    def after_working_days(self, start: datetime, count: int) -> datetime:
        """The end of the office day that is `count` working days after `start`, by the calendar of this cycle."""
        return after_working_days(start, count, self._holidays_added)

    def working_days_until(self, end: datetime, now: datetime) -> int:
        """The office days left until `end`, by the same calendar."""
        return working_days_until(end, now, self._holidays_added)

    @property
    def _holidays_added(self) -> list[date]:
        return [date.fromisoformat(day) for day in self.extra_holidays]


class Status(models.TextChoices):
    """The life of an assessment; `workflow.MOVES` says how it goes on."""

    DRAFTING = "drafting", _("กำลังจัดทำ")
    INTERNAL_CHECK = "internal_check", _("ตรวจทานภายใน")
    AWAITING_HEAD = "awaiting_head", _("รอหัวหน้าลงนาม")
    SUBMITTED = "submitted", _("ส่งแล้ว รอมอบหมายผู้ตรวจ")
    RETURNED = "returned", _("ส่งกลับแก้ไข")
    IN_REVIEW = "in_review", _("อยู่ระหว่างตรวจ")
    CONSENSUS = "consensus", _("หาฉันทามติ")
    CONSENSUS_DONE = "consensus_done", _("ได้ผลฉันทามติแล้ว รอประกาศ")
    PRELIM_RELEASED = "prelim_released", _("แจ้งผลเบื้องต้นแล้ว")
    APPEAL_OPEN = "appeal_open", _("พิจารณาคำขอทบทวน")
    FINALISED = "finalised", _("ผลเป็นที่สุด รอออกรายงาน")
    REPORT_ISSUED = "report_issued", _("ประกาศผลแล้ว")


EDITABLE = (Status.DRAFTING, Status.RETURNED)
# Still the agency's own: nothing of it has been handed over, or it was given back.
WITH_AGENCY = (*EDITABLE, Status.INTERNAL_CHECK, Status.AWAITING_HEAD)
# The agency knows its preliminary result; the report has not been issued.
PRELIMINARY = (Status.PRELIM_RELEASED, Status.APPEAL_OPEN, Status.FINALISED)
HANDED_OVER = tuple(status for status in Status if status not in WITH_AGENCY)


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """What a member of an agency, or OPDC, may see. Reviewers come through `reviews`.

        Members see their own agency. The administrator and the auditor see every assessment's place in
        the cycle; an officer sees a case once it has been submitted; an executive sees published results.
        Contents of a draft are a further right (`rules.read`).
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        offices = user.current_offices
        if {Appointment.Role.ADMINISTRATOR, Appointment.Role.AUDITOR} & offices:
            return self
        mine = Q(agency__in=[membership.agency_id for membership in user.current_memberships])
        if Appointment.Role.OFFICER in offices:
            mine |= Q(status__in=HANDED_OVER) | ~Q(submitted_at=None)
        if Appointment.Role.EXECUTIVE in offices:
            mine |= Q(status=Status.REPORT_ISSUED)
        return self.filter(mine)

    def with_places(self):
        """Everything that a page names an assessment by, and its application, in one join."""
        return self.select_related("agency__ministry", "cycle__edition", "application")


class Assessment(models.Model):
    """One agency in one cycle."""

    cycle = models.ForeignKey(
        Cycle, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("รอบการประเมิน")
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("หน่วยงาน")
    )
    # That of the same agency in the cycle before; found once, when this one was started.
    previous = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(_("สถานะ"), max_length=16, choices=Status.choices, default=Status.DRAFTING)
    extended_until = models.DateTimeField(_("ขยายเวลาถึง"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("ส่งเมื่อ"), null=True, blank=True)
    # Set when the preliminary result is released: until then a second look may be asked for.
    appeals_until = models.DateTimeField(_("ขอทบทวนได้ถึง"), null=True, editable=False)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-cycle__year", "agency__code"]
        verbose_name = _("การประเมินตนเอง")
        verbose_name_plural = _("การประเมินตนเอง")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "agency"], name="assessment_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="assessment_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.cycle.year}"

    @property
    def has_result(self) -> bool:
        """Whether the agency has been told a result, be it preliminary."""
        return self.status in (*PRELIMINARY, Status.REPORT_ISSUED)

    @property
    def due_at(self):
        """The last moment to submit in time: the cycle's, or this agency's extension."""
        return max(filter(None, (self.cycle.closes_at, self.extended_until)))

    @property
    def closes_at(self):
        """The last moment to submit at all: after `due_at` comes the grace of the cycle, if it has one."""
        return max(filter(None, (self.due_at, self.cycle.grace_until)))

    def is_in_time(self, at: datetime | None = None) -> bool:
        """Whether the agency may still work on it, whatever its status. Decisions pass the database's clock."""
        return self.cycle.opens_at <= (at or timezone.now()) <= self.closes_at

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether every answer may be written: an editable status, between opening and closing."""
        return self.status in EDITABLE and self.is_in_time(at)


class Claim(models.TextChoices):
    """สถานะการดำเนินการ of a part (Form 3, the two left columns and the heading's own tick)."""

    NOT_STARTED = "not_started", _("ยังไม่ได้ดำเนินการ")
    STARTED = "started", _("อยู่ระหว่างเริ่มดำเนินการ")
    DONE = "done", _("ดำเนินการแล้ว")


class AnswerQuerySet(models.QuerySet):
    def present(self):
        """Without indicators that were removed."""
        return self.filter(removed_at=None)


class Answer(Versioned):
    """What an agency wrote for a part. An indicator group has several, each with its `indicator`.

    `values` maps the field keys of the part to what was typed: text for one blank, a list for kind
    "list", a list of rows for kind "table". Removed indicators keep their row, so that removal can be undone.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField(default=1)
    claim = models.CharField(_("สถานะการดำเนินการ"), max_length=16, choices=Claim.choices, blank=True)
    values = models.JSONField(default=dict)
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)
    # Brought over from the assessment before, and not saved by anybody since: "ยังไม่ได้ปรับปรุง".
    carried_over = models.BooleanField(default=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("คำตอบ")
        verbose_name_plural = _("คำตอบ")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "part", "ordinal"], name="answer_once"),
            models.CheckConstraint(condition=Q(claim__in=["", *Claim.values]), name="answer_claim_known"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}/{self.ordinal}"


class Indicator(models.Model):
    """The figures of one indicator of Form 4; saved together with its answer, whose version guards both.

    Empty numbers mean "no data", which is not 0.
    """

    class Direction(models.TextChoices):
        HIGHER = "higher_is_better", _("มากดีกว่า")
        LOWER = "lower_is_better", _("น้อยดีกว่า")

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, primary_key=True)
    name = models.TextField(_("ชื่อตัวชี้วัด"), blank=True)
    unit = models.CharField(_("หน่วยนับ"), max_length=100, blank=True)
    direction = models.CharField(
        _("ทิศทาง"), max_length=20, choices=Direction.choices, default=Direction.HIGHER
    )
    target = models.DecimalField(_("ค่าเป้าหมาย"), max_digits=24, decimal_places=6, null=True, blank=True)
    result_1 = models.DecimalField(_("ผลปีแรก"), max_digits=24, decimal_places=6, null=True, blank=True)
    result_2 = models.DecimalField(_("ผลปีก่อน"), max_digits=24, decimal_places=6, null=True, blank=True)
    result_3 = models.DecimalField(_("ผลปีล่าสุด"), max_digits=24, decimal_places=6, null=True, blank=True)
    target_basis = models.TextField(_("ที่มาของค่าเป้าหมาย"), blank=True)
    peer_name = models.CharField(_("คู่เทียบ"), max_length=300, blank=True)
    peer_result = models.DecimalField(_("ผลของคู่เทียบ"), max_digits=24, decimal_places=6, null=True, blank=True)

    class Meta:
        verbose_name = _("ตัวชี้วัด")
        verbose_name_plural = _("ตัวชี้วัด")
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=["higher_is_better", "lower_is_better"]),
                name="indicator_direction_known",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def results(self):
        """Three fiscal years, oldest first; the last is scored."""
        return self.result_1, self.result_2, self.result_3


class AnswerRevision(models.Model):
    """What an answer was. Saves by one person within one sitting extend their revision."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    saved_at = models.DateTimeField()
    restored_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    # The printed form of a past year that this text came from.
    print_import = models.ForeignKey(
        "assessments.PrintImport", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["answer", "version"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.version}"


# Who signs, the head first: whoever is both signs as head.
SIGNERS = (Membership.Role.HEAD, Membership.Role.ACTING_HEAD)


class Submission(models.Model):
    """The frozen copy of what was submitted; `digest` is the SHA-256 of its canonical JSON, printed on the receipt.

    `capacity` says as what the person signed, `order_reference` by which order an acting head did. A withdrawn
    submission keeps its copy.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField(_("ครั้งที่"))
    submitted_at = models.DateTimeField(_("ส่งเมื่อ"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_by_name = models.CharField(max_length=200)
    capacity = models.CharField(
        max_length=16, blank=True, choices=[(role.value, role.label) for role in SIGNERS]
    )
    order_reference = models.CharField(max_length=200, blank=True)
    is_late = models.BooleanField(_("ล่าช้า"), default=False)
    withdrawn_at = models.DateTimeField(_("ถอนเมื่อ"), null=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("ฉบับที่ส่ง")
        verbose_name_plural = _("ฉบับที่ส่ง")
        # By which a paper is verified.
        indexes = [models.Index(fields=["digest"], name="submission_by_digest")]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="submission_once"),
            models.CheckConstraint(
                condition=Q(capacity__in=["", *(role.value for role in SIGNERS)]),
                name="submission_capacity_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} ({self.number})"


class StatusChange(models.Model):
    """One move of an assessment, with who made it and why."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="changes")
    from_status = models.CharField(max_length=16, choices=Status.choices, blank=True)
    to_status = models.CharField(max_length=16, choices=Status.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_status__in=["", *Status.values], to_status__in=Status.values),
                name="status_change_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"

    @property
    def is_withdrawal(self) -> bool:
        """The agency took back what it had submitted; nobody gave it back."""
        return self.from_status in HANDED_OVER and self.to_status == Status.DRAFTING
