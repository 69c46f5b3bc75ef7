"""Follow-ups of all agencies that wait: submitted ones for a reply, overdue ones for their agency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Assessment, Cycle, Status
from pmqa.accounts.models import User
from pmqa.cells import csv_table
from pmqa.thai import BANGKOK
from results.improvement.models import FollowUp, Plan
from results.improvement.months import ROUNDS, Round, published_until, round_of
from results.rules import led_cases
from reviews.models import Assignment
from reviews.notices import Notice

# What a follow-up waits for.
REPLY, OVERDUE = "reply", "overdue"
STATES = {REPLY: gettext_lazy("รอความเห็น"), OVERDUE: gettext_lazy("เลยกำหนด ยังไม่ส่ง")}


def plans_for(user: User) -> QuerySet[Plan]:
    """Plans that this person follows up: OPDC all, others those of the cases they lead; none of the own agency."""
    plans = Plan.objects.filter(assessment__status=Status.REPORT_ISSUED)
    if not user.has_perm("results.follow_all_plans"):
        plans = plans.filter(assessment__in=led_cases(user).values("assessment"))
    return plans.exclude(assessment__agency__in=[entry.agency_id for entry in user.current_memberships])


def cycles_of(plans: QuerySet[Plan]) -> list[Cycle]:
    return list(Cycle.objects.filter(pk__in=plans.values("assessment__cycle")).order_by("-year", "pk"))


def awaiting_reply(plans: QuerySet[Plan]) -> QuerySet[FollowUp]:
    """Submitted, and at least one of its cards without a reply; what waits longest first."""
    found = FollowUp.objects.filter(plan__in=plans, submitted_at__isnull=False)
    found = found.annotate(replied=Count("replies")).filter(replied__lt=F("card_count"))
    return found.order_by("submitted_at", "pk")


def overdue(plans: QuerySet[Plan], today: date) -> QuerySet:
    """(key of the plan, publication, months) of every round that is past its day and was not submitted."""
    six, twelve = (_not_submitted(plans, months, today) for months in ROUNDS)
    return six.union(twelve, all=True)


def longest_first(found: Iterable[tuple[int, datetime, int]]) -> list[tuple[int, Round]]:
    """What `overdue` found as key of the plan and round, in the order of their days."""
    rounds = [(key, round_of(published_at, months)) for key, published_at, months in found]
    return sorted(rounds, key=lambda row: (row[1].due_on, row[0]))


def _not_submitted(plans: QuerySet[Plan], months: int, today: date) -> QuerySet:
    sent = FollowUp.objects.filter(plan=OuterRef("pk"), months=months, submitted_at__isnull=False)
    end = published_until(today, months) + timedelta(days=1)
    late = plans.filter(published_at__lt=datetime(end.year, end.month, end.day, tzinfo=BANGKOK))
    return late.filter(~Exists(sent)).values_list("pk", "published_at", Value(months))


@dataclass(frozen=True)
class Line:
    """One follow-up in the list. `people` are the leads who may reply; `told_at` is the last mail to the agency."""

    assessment: Assessment
    around: Round
    today: date
    submitted_at: datetime | None = None
    cards: int = 0
    replied: int = 0
    people: Sequence[User] = ()
    told_at: datetime | None = None

    @property
    def months(self) -> str:
        return str(FollowUp.Months(self.around.months).label)

    @property
    def submitted_on(self) -> date | None:
        return timezone.localdate(self.submitted_at) if self.submitted_at else None

    @property
    def is_late(self) -> bool:
        return bool(self.submitted_on and self.around.is_late(self.submitted_on))

    @property
    def days(self) -> int:
        """Since it was submitted, or since it was due."""
        return (self.today - (self.submitted_on or self.around.due_on)).days

    @property
    def days_words(self) -> str:
        return ngettext("%(n)d วัน", "%(n)d วัน", self.days) % {"n": self.days} if self.days else _("วันนี้")

    @property
    def who(self) -> str:
        """Who is to act now."""
        if not self.submitted_at:
            return _("หน่วยงาน")
        return ", ".join(map(str, self.people)) or _("เจ้าหน้าที่ประจำเรื่อง")


def reply_lines(rows: Iterable[FollowUp], today: date) -> list[Line]:
    """Of what `awaiting_reply` found. Two queries."""
    rows = list(rows)
    plans = _plans(row.plan_id for row in rows)
    leads = _leads(plan.assessment_id for plan in plans.values())
    return [
        Line(
            assessment=plans[row.plan_id].assessment,
            around=round_of(plans[row.plan_id].published_at, row.months),
            today=today,
            submitted_at=row.submitted_at,
            cards=row.card_count,
            replied=row.replied,
            people=leads.get(plans[row.plan_id].assessment_id, ()),
        )
        for row in rows
    ]


def overdue_lines(rows: Iterable[tuple[int, Round]], today: date) -> list[Line]:
    """Of what `longest_first` put in order. Two queries."""
    rows = list(rows)
    plans = _plans(key for key, _around in rows)
    told = {
        (row.plan_id, row.months): row.overdue_at or row.reminded_at or row.told_at
        for row in FollowUp.objects.filter(plan__in=plans).defer("content")
    }
    return [
        Line(plans[key].assessment, around, today, told_at=told.get((key, around.months)))
        for key, around in rows
    ]


def _plans(keys: Iterable[int]) -> dict[int, Plan]:
    return Plan.objects.select_related("assessment__agency__ministry", "assessment__cycle").in_bulk(set(keys))


def _leads(assessments: Iterable[int]) -> dict[int, list[User]]:
    """Who leads each case now and has opened it, everybody once."""
    rows = Assignment.objects.active().filter(
        assessment__in=list(assessments), is_lead=True, opened_at__isnull=False
    )
    found: dict[int, dict[User, None]] = {}
    for row in rows.select_related("reviewer").order_by("assessment", "pk"):
        found.setdefault(row.assessment_id, {})[row.reviewer] = None
    return {key: list(people) for key, people in found.items()}


def lines_csv(state: str, lines: Iterable[Line]) -> bytes:
    """The whole list as it is filtered, one line for each follow-up."""
    head = [
        _("รหัสหน่วยงาน"),
        _("หน่วยงาน"),
        _("กระทรวง"),
        _("รอบการประเมิน"),
        _("รอบ (เดือน)"),
        _("กำหนดส่ง"),
        _("ส่งเมื่อ"),
        _("รอมาแล้ว (วัน)") if state == REPLY else _("เลยกำหนด (วัน)"),
        _("รายการทั้งหมด"),
        _("มีความเห็นแล้ว"),
        _("ผู้ที่ต้องดำเนินการ"),
        _("แจ้งหน่วยงานล่าสุด"),
    ]
    return csv_table(head, map(_cells, lines))


def _cells(line: Line) -> tuple:
    agency = line.assessment.agency
    return (
        agency.code,
        agency.name,
        agency.ministry.name,
        line.assessment.cycle.name,
        line.around.months,
        line.around.due_on.isoformat(),
        line.submitted_on.isoformat() if line.submitted_on else "",
        line.days,
        line.cards or "",
        line.replied if line.cards else "",
        line.who,
        timezone.localdate(line.told_at).isoformat() if line.told_at else "",
    )


def notice(user: User) -> Notice | None:
    """What stands above a reviewer's queue and OPDC's list of cases while a reply is awaited. One query."""
    count = awaiting_reply(plans_for(user)).count()
    if not count:
        return None
    words = ngettext(
        "ความคืบหน้าของแผนพัฒนา %(n)d เรื่องรอความเห็น", "ความคืบหน้าของแผนพัฒนา %(n)d เรื่องรอความเห็น", count
    ) % {"n": count}
    return Notice(words, reverse("results:follow_ups"))
