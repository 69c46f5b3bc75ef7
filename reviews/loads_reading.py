"""Everybody's load: what is left to mark, until when, how fast it goes and how fast it would have to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from pmqa.accounts.models import User
from reviews.duties import ASSIGNABLE
from reviews.loads import Work, pace
from reviews.models import Assignment, Verdict
from reviews.reading import HANDLED
from reviews.team_models import ReviewerProfile

# How far back the pace of somebody is looked at.
DAYS = 7


@dataclass
class _Desk:
    cases: int = 0
    unopened: int = 0
    total: int = 0
    closed: int = 0
    recent: int = 0
    words: float = 0
    dates: list[tuple[datetime, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Load:
    """One reviewer: `cases` wait for marks, `unopened` of them are not begun; `per_day` is how fast it went lately."""

    person: User
    cases: int
    unopened: int
    total: int
    closed: int
    per_day: float
    work: Work

    @property
    def is_behind(self) -> bool:
        """Whether the pace of the last days does not do, of whoever has begun. Advice: nobody is judged by it."""
        has_begun = self.cases > self.unopened
        return has_begun and not self.work.is_late and self.per_day < self.work.pace


def read_loads(viewer: User) -> tuple[list[Load], bool]:
    """Everybody, most left first, and whether cases of the viewer's own were left out. Four queries."""
    hidden = set(
        Assignment.objects.active()
        .filter(reviewer=viewer, marks=True, handed_in_at=None, assessment__status__in=ASSIGNABLE)
        .values_list("assessment_id", flat=True)
    )
    homes = [entry.agency_id for entry in viewer.current_memberships]
    open_ = (
        Assignment.objects.active()
        .filter(marks=True, handed_in_at=None, assessment__status__in=ASSIGNABLE)
        .exclude(assessment__in=hidden)
        .exclude(assessment__agency__in=homes)
    )
    desks = _desks(open_)
    known = Q(pk__in=desks) | Q(pk__in=ReviewerProfile.objects.filter(is_available=True).values("user"))
    people = User.objects.filter(known, is_active=True)
    loads = [_load(person, desks.get(person.pk, _Desk())) for person in people]
    loads.sort(key=lambda load: (-load.work.parts, load.person.email))
    return loads, bool(hidden or homes)


def _desks(open_) -> dict[int, _Desk]:
    marks = (
        Verdict.objects.filter(
            assignment__in=open_.values("pk"), outcome__in=HANDLED, answer__removed_at=None
        )
        .values_list("assignment__reviewer", "assignment__assessment")
        .annotate(
            closed=Count("pk"),
            recent=Count("pk", filter=Q(updated_at__gte=timezone.now() - timedelta(days=DAYS))),
        )
        .order_by()
    )
    made = {(person, case): (closed, recent) for person, case, closed, recent in marks}
    cases = (
        open_.values_list("reviewer", "assessment", "assessment__cycle__review_closes_at")
        .annotate(parts=Sum("parts"), words=Sum("words"), opened=Max("opened_at"))
        .order_by()
    )
    desks: dict[int, _Desk] = {}
    for person, case, due, parts, words, opened in cases:
        desk = desks.setdefault(person, _Desk())
        closed, recent = made.get((person, case), (0, 0))
        left = max(parts - closed, 0)
        desk.cases += 1
        desk.unopened += opened is None
        desk.total += max(parts, closed)
        desk.closed += closed
        desk.recent += recent
        desk.words += words * left / parts if parts else 0
        desk.dates.append((due, left))
    return desks


def _load(person: User, desk: _Desk) -> Load:
    waiting = [(due, left) for due, left in desk.dates if left]
    return Load(
        person=person,
        cases=desk.cases,
        unopened=desk.unopened,
        total=desk.total,
        closed=desk.closed,
        per_day=round(desk.recent / DAYS, 1),
        work=Work(
            parts=sum(left for _due, left in waiting),
            words=round(desk.words),
            due=min((due for due, _left in waiting), default=None),
            pace=pace(waiting),
        ),
    )
