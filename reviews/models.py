"""What reviewers judge: assignments, verdicts, consensus, the sections of the feedback."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import PRELIMINARY, Answer, Assessment, Status
from criteria.models import Category
from pmqa.versioning import Versioned
from reviews import team_models, vetting_models  # noqa: F401 (their models are of this app)
from reviews.appeal_models import Appeal  # noqa: F401 (Django finds models through this module)
from reviews.ticket_models import Ticket, Weighing  # noqa: F401 (the same)

# An assessment's reviewers may open it in these; earlier it is not theirs, later it is the agency's result.
REVIEWABLE = (Status.IN_REVIEW, Status.CONSENSUS, Status.CONSENSUS_DONE, *PRELIMINARY, Status.REPORT_ISSUED)


class AssignmentQuerySet(models.QuerySet):
    def active(self):
        return self.filter(recused_at=None)

    def active_for(self, user):
        """The reviewer's door: rows that let `user` see a case now. Nothing before the review is opened."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.active().filter(reviewer=user, assessment__status__in=REVIEWABLE)


class Assignment(models.Model):
    """One reviewer for one category of one assessment. A lead who does not mark has `marks` false.

    `parts` and `words` say how much there is to read, counted again when the review opens: from then on it is frozen.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("การประเมินตนเอง")
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("หมวด"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("ผู้ตรวจประเมิน"),
    )
    marks = models.BooleanField(_("ลงผลการตรวจ"), default=True)
    is_lead = models.BooleanField(_("หัวหน้าทีม"), default=False)
    parts = models.PositiveIntegerField(default=0, editable=False)
    words = models.PositiveIntegerField(default=0, editable=False)
    assigned_at = models.DateTimeField(_("มอบหมายเมื่อ"), auto_now_add=True)
    opened_at = models.DateTimeField(_("เปิดอ่านเมื่อ"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("ส่งผลเมื่อ"), null=True, blank=True)
    recused_at = models.DateTimeField(_("ถอนตัวเมื่อ"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["assessment", "category", "reviewer"]
        verbose_name = _("การมอบหมายผู้ตรวจ")
        verbose_name_plural = _("การมอบหมายผู้ตรวจ")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "category", "reviewer"], name="assignment_once"),
            models.CheckConstraint(condition=Q(marks=True) | Q(is_lead=True), name="assignment_has_a_duty"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.category.code} · {self.reviewer}"


class Outcome(models.TextChoices):
    PASS = "pass", _("ผ่าน")
    FAIL = "fail", _("ไม่ผ่าน")


class Pillar(models.TextChoices):
    """The three pillars of ระบบราชการ 4.0, by which a Feedback Report prints outstanding work."""

    OPEN = "1", _("เปิดกว้างและเชื่อมโยงกัน")
    CITIZENS = "2", _("ยึดประชาชนเป็นศูนย์กลาง")
    MODERN = "3", _("มีขีดสมรรถนะสูงและทันสมัย")


class Verdict(Versioned):
    """One reviewer's own mark of one answer. No row means unmarked, version 0.

    `judged_version` is the version of the answer that was on the screen. A fail without a comment may be
    stored while it is being written; hand-in refuses it. `strength` is what the report may praise, under the
    `pillar`; `own_note` is for its writer's eyes alone, then and later. Whoever abstains on this one answer says why:
    `ground` and `reason`, which stay inside OPDC. An abstention is handled and is no mark.

    `other` is the content before the last change, kept for undo; once undone it is what was undone, and
    `is_undone` says so. Marks that were changed in one press have one `turn` and are undone together.
    """

    class Outcome(models.TextChoices):
        UNMARKED = "", _("ยังไม่ตรวจ")
        PASS = "pass", _("ผ่าน")
        FAIL = "fail", _("ไม่ผ่าน")
        UNSURE = "unsure", _("ไม่แน่ใจ")
        ABSTAIN = "abstain", _("งดลงผล")

    class Ground(models.TextChoices):
        CONFLICT = "conflict", _("มีส่วนได้ส่วนเสียเฉพาะส่วนนี้")
        KNOWLEDGE = "knowledge", _("ไม่มีความรู้พอที่จะตัดสินส่วนนี้")

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="verdicts")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="verdicts")
    outcome = models.CharField(_("ผลการตรวจ"), max_length=8, choices=Outcome.choices, blank=True)
    comment = models.TextField(_("ความเห็นถึงส่วนราชการ"), blank=True)
    internal_note = models.TextField(_("บันทึกภายในทีม"), blank=True)
    strength = models.TextField(_("จุดเด่น"), blank=True)
    pillar = models.CharField(_("ด้านของผลงานที่โดดเด่น"), max_length=1, choices=Pillar.choices, blank=True)
    own_note = models.TextField(_("บันทึกส่วนตัว"), blank=True)
    ground = models.CharField(_("เหตุที่งดลงผล"), max_length=16, choices=Ground.choices, blank=True)
    reason = models.TextField(_("เหตุผลที่งดลงผล"), blank=True)
    judged_version = models.PositiveIntegerField()
    updated_at = models.DateTimeField()
    other = models.JSONField(null=True, editable=False)
    turned_at = models.DateTimeField(null=True, editable=False)
    turn = models.UUIDField(null=True, editable=False)
    is_undone = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("ผลการตรวจ")
        verbose_name_plural = _("ผลการตรวจ")
        constraints = [
            models.UniqueConstraint(fields=["answer", "assignment"], name="verdict_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "pass", "fail", "unsure", "abstain"]),
                name="verdict_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="abstain", ground__in=["", "conflict", "knowledge"])
                | (~Q(outcome="abstain") & Q(ground="", reason="")),
                name="verdict_ground_of_an_abstention",
            ),
            models.CheckConstraint(condition=Q(pillar__in=["", *Pillar.values]), name="verdict_pillar_known"),
            models.CheckConstraint(
                condition=Q(other__isnull=True, turned_at__isnull=True, is_undone=False)
                | Q(other__isnull=False, turned_at__isnull=False),
                name="verdict_turn_is_whole",
            ),
        ]
        # There are few, and every page of a team asks for them.
        indexes = [models.Index(fields=["answer"], condition=Q(outcome="abstain"), name="verdict_abstained")]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.outcome}"

    @property
    def is_abstention(self) -> bool:
        return self.outcome == self.Outcome.ABSTAIN


class Consensus(Versioned):
    """The verdict that counts: the only one that is scored and reported.

    `sources` are the verdicts whose comments made the comment, by primary key, in the order of the team; the lead may
    have reworded it. They stand in the row itself, so that text and sources change in one compare and swap.
    """

    class Basis(models.TextChoices):
        SINGLE = "single", _("ผู้ตรวจรายเดียว")
        AGREED = "agreed", _("เห็นตรงกัน")
        LEAD = "lead_decided", _("หัวหน้าทีมตัดสิน")
        APPEAL = "appeal", _("ทบทวนตามคำขอ")

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="consensus")
    outcome = models.CharField(_("ผลฉันทามติ"), max_length=8, choices=Outcome.choices)
    comment = models.TextField(_("ความเห็นถึงส่วนราชการ"), blank=True)
    basis = models.CharField(_("ที่มา"), max_length=16, choices=Basis.choices)
    reason = models.TextField(_("เหตุผลของหัวหน้าทีม"), blank=True)
    sources = models.JSONField(
        default=list, help_text="Primary keys of the verdicts whose comments were used."
    )
    judged_version = models.PositiveIntegerField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("ผลฉันทามติ")
        verbose_name_plural = _("ผลฉันทามติ")
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["pass", "fail"]), name="consensus_outcome_known"),
            models.CheckConstraint(
                condition=Q(basis__in=["single", "agreed", "lead_decided", "appeal"]),
                name="consensus_basis_known",
            ),
            models.CheckConstraint(
                condition=~Q(basis="lead_decided") | ~Q(reason=""), name="lead_gives_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.outcome}"


class FeedbackSection(Versioned):
    """One text of the Feedback Report: `draft` is what the comments proposed, `text` what the lead made of it.

    Codes: "ofi:1.2", "pillar:1".."pillar:3", "advice:1".., "closing", "direction:1".."direction:3".
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="feedback")
    code = models.CharField(max_length=32)
    draft = models.TextField(blank=True)
    text = models.TextField(_("ข้อความ"), blank=True)
    included = models.BooleanField(_("พิมพ์ในรายงาน"), default=True)
    sources = models.JSONField(default=list, help_text="Part codes whose comments made the draft.")
    updated_at = models.DateTimeField(null=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "code"], name="section_once")]

    def __str__(self) -> str:
        return self.code


class ImportedMark(models.Model):
    """A verdict found in a printed form: kept as imported, shown as that, counted in no average."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="imported_mark")
    outcome = models.CharField(_("ผลในแบบพิมพ์"), max_length=8, choices=Outcome.choices)
    comment = models.TextField(_("ความเห็นในแบบพิมพ์"), blank=True)
    source = models.CharField(_("แฟ้ม"), max_length=200)
    printed_on = models.DateField(_("วันที่พิมพ์"), null=True)
    imported_at = models.DateTimeField(_("นำเข้าเมื่อ"))

    class Meta:
        verbose_name = _("ผลการตรวจที่นำเข้า")
        verbose_name_plural = _("ผลการตรวจที่นำเข้า")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="imported_mark_outcome_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.outcome}"


class PhraseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and what was shared with a team of which one is: at once where its lead shared it, else
        after one's own marks of that case are in, so that no wording tells how a colleague marks it."""
        return self.filter(
            Q(owner=user)
            | Q(
                Exists(
                    Assignment.objects.active()
                    .filter(assessment=OuterRef("team"), reviewer=user)
                    .filter(
                        Q(handed_in_at__isnull=False)
                        | Q(marks=False)
                        | Q(
                            Exists(
                                Assignment.objects.active().filter(
                                    assessment=OuterRef("assessment"),
                                    reviewer=OuterRef(OuterRef("owner")),
                                    is_lead=True,
                                )
                            )
                        )
                    )
                )
            )
        )


class Phrase(models.Model):
    """Words that a reviewer keeps for later comments, in any case. `team` is the case with whose reviewers they
    are shared; without one they are the owner's alone."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="phrases", verbose_name=_("ผู้เก็บ")
    )
    team = models.ForeignKey(
        Assessment,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("ทีมของเรื่อง"),
    )
    text = models.CharField(_("ข้อความ"), max_length=500)
    kept_at = models.DateTimeField(_("เก็บเมื่อ"), auto_now_add=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("ข้อความในคลัง")
        verbose_name_plural = _("ข้อความในคลัง")
        constraints = [
            models.UniqueConstraint(fields=["owner", "team", "text"], name="phrase_shared_once"),
            models.UniqueConstraint(
                fields=["owner", "text"], condition=Q(team=None), name="phrase_kept_once"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="phrase_says_something"),
        ]

    def __str__(self) -> str:
        return self.text
