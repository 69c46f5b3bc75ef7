"""The cases of a cycle as OPDC follows them: how many stand where, and the lines of the list, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import WITH_AGENCY, Assessment, Cycle, Status, Submission
from pmqa.accounts.models import Agency, User
from reviews.abstaining import unreplaced
from reviews.forms import CaseFilter
from reviews.models import Assignment
from reviews.team_models import Departure
from reviews.team_reading import Member


def _missed(cycle: Cycle) -> Q:
    """Drafts whose time is over: they were not submitted (ไม่ส่ง) and have no score, not 0."""
    now = timezone.now()
    late = Q(status__in=WITH_AGENCY) & (Q(extended_until=None) | Q(extended_until__lt=now))
    return late if max(filter(None, (cycle.closes_at, cycle.grace_until))) < now else Q(pk=None)


def _with_progress(rows: QuerySet[Assessment], user: User) -> QuerySet[Assessment]:
    """How many reviewers, and how many are awaited; `is_short` where somebody is to be found for who left or abstained;
    `is_blind` where the viewer must not learn that: before their own hand-in, and of their own agency for ever.
    """
    homes = [entry.agency_id for entry in user.current_memberships]
    active = Q(assignments__recused_at=None, assignments__marks=True)
    own = Assignment.objects.active().filter(
        assessment=OuterRef("pk"), reviewer=user, marks=True, handed_in_at=None
    )
    late = Submission.objects.filter(assessment=OuterRef("pk"), is_late=True, withdrawn_at=None)
    return rows.annotate(
        is_late=Exists(late),
        reviewers=Count("assignments__reviewer", filter=active, distinct=True),
        waiting=Count(
            "assignments__reviewer", filter=active & Q(assignments__handed_in_at=None), distinct=True
        ),
        is_blind=Q(Exists(own)) | Q(agency__in=homes),
        is_short=Exists(Departure.objects.filter(assessment=OuterRef("pk"), is_awaited=True))
        | Exists(unreplaced().filter(answer__assessment=OuterRef("pk"))),
    )


@dataclass(frozen=True)
class Line:
    """One case in the list. `state` is the status or "missed"; `action` is what is to be done next."""

    assessment: Assessment
    state: str
    state_name: str
    glyph: str
    tone: str
    action: str

    @property
    def handed_in(self) -> int:
        return self.assessment.reviewers - self.assessment.waiting

    @property
    def submitted_at(self) -> datetime | None:
        """When it was handed over; nothing for what is on the agency's desk again."""
        desk = self.assessment.status in WITH_AGENCY and self.assessment.status != Status.RETURNED
        return None if desk else self.assessment.submitted_at

    @property
    def shows_progress(self) -> bool:
        return bool(self.assessment.reviewers) and not self.assessment.is_blind


_LOOKS = {
    Status.DRAFTING: ("circle", ""),
    Status.INTERNAL_CHECK: ("circle-half", ""),
    Status.AWAITING_HEAD: ("pen", ""),
    CaseFilter.MISSED: ("dash-lg", ""),
    Status.RETURNED: ("arrow-left", "is-warn"),
    Status.SUBMITTED: ("inbox", "is-warn"),
    Status.IN_REVIEW: ("circle-half", "is-started"),
    Status.CONSENSUS: ("people", "is-started"),
    Status.CONSENSUS_DONE: ("check2", "is-done"),
    Status.PRELIM_RELEASED: ("check2", "is-done"),
    Status.APPEAL_OPEN: ("arrow-repeat", "is-warn"),
    Status.FINALISED: ("check2-square", "is-done"),
    Status.REPORT_ISSUED: ("check-circle-fill", "is-done"),
}


def _line(assessment: Assessment) -> Line:
    is_missed = assessment.status in WITH_AGENCY and timezone.now() > assessment.closes_at
    state = CaseFilter.MISSED if is_missed else assessment.status
    finds = assessment.is_short and not assessment.is_blind
    actions = {
        Status.SUBMITTED: _("เปิดการตรวจ") if assessment.reviewers else _("มอบหมายผู้ตรวจ"),
        Status.IN_REVIEW: _("หาผู้ตรวจแทน") if finds else _("ติดตามการตรวจ"),
        Status.CONSENSUS: _("รอหัวหน้าทีม"),
        Status.CONSENSUS_DONE: _("แจ้งผลเบื้องต้น") if assessment.cycle.appeal_days else _("ประกาศผล"),
        Status.PRELIM_RELEASED: _("รอพ้นเวลาขอทบทวน"),
        Status.APPEAL_OPEN: _("รอหัวหน้าทีม"),
        Status.FINALISED: _("ประกาศผล"),
        Status.REPORT_ISSUED: _("ดูผล"),
    }
    glyph, tone = _LOOKS[state]
    return Line(
        assessment=assessment,
        state=state,
        state_name=_("ไม่ส่ง") if is_missed else assessment.get_status_display(),
        glyph=glyph,
        tone=tone,
        action=actions.get(state, _("ดูเรื่องนี้")),
    )


def found(visible: QuerySet[Assessment], cycle: Cycle, chosen: Mapping[str, Any]) -> QuerySet[Assessment]:
    """The cases that the filter chooses of those that are visible, by code of the agency."""
    rows = _narrowed(visible, chosen, "agency__")
    if status := chosen.get("status"):
        missed = _missed(cycle)
        rows = (
            rows.filter(missed) if status == CaseFilter.MISSED else rows.filter(status=status).exclude(missed)
        )
    return rows.order_by("agency__code")


def lines_of(page: QuerySet[Assessment], user: User) -> list[Line]:
    """The lines of one page of `found`, in its order; only of these is counted who judges them. One query."""
    rows = _with_progress(Assessment.objects.filter(pk__in=page.values("pk")), user)
    return [_line(assessment) for assessment in rows.with_places().order_by("agency__code")]


def line_of(assessment: Assessment, team: Sequence[Member]) -> Line:
    """The line of one case whose team is read already."""
    assessment.reviewers = sum(member.marks for member in team)
    assessment.waiting = sum(member.marks and not member.handed_in_at for member in team)
    assessment.is_blind = assessment.is_short = False
    return _line(assessment)


def absent(cycle: Cycle, chosen: Mapping[str, Any]) -> QuerySet[Agency]:
    """Agencies that have not begun: they have no assessment and no score."""
    return _narrowed(_absent(cycle).select_related("ministry"), chosen, "")


def _narrowed(rows: QuerySet, chosen: Mapping[str, Any], agency: str) -> QuerySet:
    """Filter by ministry and by words of name or code; `agency` is the path to the agency."""
    if ministry := chosen.get("ministry"):
        rows = rows.filter(**{f"{agency}ministry": ministry})
    for word in chosen.get("q", "").split():
        rows = rows.filter(Q(**{f"{agency}name__icontains": word}) | Q(**{f"{agency}code__icontains": word}))
    return rows


def _absent(cycle: Cycle) -> QuerySet[Agency]:
    begun = Assessment.objects.filter(cycle=cycle, agency=OuterRef("pk"))
    return Agency.objects.filter(~Exists(begun), is_active=True)


def figures_of(cycle: Cycle, visible: QuerySet[Assessment]) -> list[tuple[str, str, int, str]]:
    """(filter value, name, count, tone) for every place on the road, in its order."""
    tones = {
        Status.DRAFTING: "tone-level-1",
        Status.INTERNAL_CHECK: "tone-level-1",
        Status.AWAITING_HEAD: "tone-level-1",
        Status.RETURNED: "tone-gold",
        Status.SUBMITTED: "tone-level-2",
        Status.IN_REVIEW: "tone-level-3",
        Status.CONSENSUS: "tone-level-3",
        Status.CONSENSUS_DONE: "tone-pass",
        Status.PRELIM_RELEASED: "tone-pass",
        Status.APPEAL_OPEN: "tone-gold",
        Status.FINALISED: "tone-pass",
        Status.REPORT_ISSUED: "tone-pass",
    }
    missed = _missed(cycle)
    counts = visible.aggregate(
        missed=Count("pk", filter=missed),
        **{status.value: Count("pk", filter=Q(status=status) & ~missed) for status in Status},
    )
    absent = _("ไม่ส่ง (ยังไม่เริ่ม)") if cycle.closes_at < timezone.now() else _("ยังไม่เริ่ม")
    rows = [(CaseFilter.ABSENT, absent, _absent(cycle).count(), "tone-idle")]
    rows += [(status.value, str(status.label), counts[status.value], tones[status]) for status in Status]
    rows.append((CaseFilter.MISSED, _("ไม่ส่ง"), counts["missed"], "tone-fail"))
    return [row for row in rows if row[2] or row[0] in (Status.SUBMITTED, Status.IN_REVIEW)]
