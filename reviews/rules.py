"""Who may do what with a case under review. Composed once, at the foot; default is no."""

from datetime import date

import rules
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assessments.models import HANDED_OVER, WITH_AGENCY, Assessment, Status
from assessments.rules import is_coordinator, is_head, is_member, writes_category
from pmqa.accounts import separation
from pmqa.accounts.models import Agency, Membership, User
from pmqa.accounts.rules import add_admin_rights, is_administrator, is_auditor, is_officer
from reviews.decided import SETTLED
from reviews.models import REVIEWABLE, Assignment

# Whoever served in a ministry may judge none of its agencies for so long.
YEARS_APART = 3
# From the first assignment until the result is published.
UNDER_REVIEW = tuple(status for status in HANDED_OVER if status != Status.REPORT_ISSUED)


def _apart_since() -> date:
    today = timezone.localdate()
    # A 29 February has no day of its own in other years.
    return today.replace(year=today.year - YEARS_APART, day=min(today.day, 28))


def ministry_ties(agency: Agency) -> Exists:
    """For a queryset of people: whether each holds a role in the ministry of `agency`, or held one lately."""
    recent = Q(ends_on=None) | Q(ends_on__gte=_apart_since())
    return Exists(Membership.objects.filter(recent, user=OuterRef("pk"), agency__ministry=agency.ministry_id))


@separation.register
def is_reviewing(person: User) -> bool:
    """Whether the person judges a case of any agency now. OPDC, who sees both sides, gives a reviewer a role."""
    return Assignment.objects.active().filter(reviewer=person, assessment__status__in=UNDER_REVIEW).exists()


def serves_ministry(user, agency: Agency) -> bool:
    """Whether the person is a member of any agency of the same ministry today, without a query of its own."""
    return any(entry.agency.ministry_id == agency.ministry_id for entry in user.current_memberships)


def assignments_of(user, assessment: Assessment) -> list[Assignment]:
    """This person's active rows of the case, read once per person and case."""
    known = _known_assignments(user)
    if assessment.pk not in known:
        rows = Assignment.objects.active().filter(reviewer=user, assessment=assessment)
        known[assessment.pk] = list(rows.select_related("category"))
    return known[assessment.pk]


def remember_assignments(user, assessment: Assessment, rows: list[Assignment]) -> None:
    """Spare `assignments_of` its query where a page has read the rows already."""
    _known_assignments(user)[assessment.pk] = rows


def _known_assignments(user) -> dict[int, list[Assignment]]:
    # An attribute, not an entry of __dict__: request.user is a proxy with a __dict__ of its own.
    if not hasattr(user, "known_assignments"):
        user.known_assignments = {}
    return user.known_assignments


@rules.predicate
def is_assigned(user, assessment: Assessment) -> bool:
    return (
        assessment.status in REVIEWABLE
        and bool(assignments_of(user, assessment))
        and not serves_ministry(user, assessment.agency)
    )


@rules.predicate
def has_marks_to_make(user, assessment: Assessment) -> bool:
    return assessment.status == Status.IN_REVIEW and any(
        row.marks for row in assignments_of(user, assessment)
    )


@rules.predicate
def leads(user, assessment: Assessment) -> bool:
    return any(row.is_lead for row in assignments_of(user, assessment))


@rules.predicate
def is_blind(user, assessment: Assessment) -> bool:
    """A reviewer learns nothing of the others before handing in, in whatever other office."""
    return assessment.status in (*WITH_AGENCY, Status.SUBMITTED, Status.IN_REVIEW) and any(
        row.marks and row.handed_in_at is None for row in assignments_of(user, assessment)
    )


@rules.predicate
def judges(user, assessment: Assessment) -> bool:
    return bool(assignments_of(user, assessment))


@rules.predicate
def is_settled(user, assessment: Assessment) -> bool:
    """Everybody has handed in, so the team may see each other's marks."""
    return assessment.status in SETTLED


is_staff = is_administrator | is_officer | is_auditor

rules.add_perm("reviews.read", is_assigned)
rules.add_perm("reviews.mark", is_assigned & has_marks_to_make)
rules.add_perm("reviews.lead", is_assigned & leads)
rules.add_perm("reviews.finish", is_assigned & leads)
rules.add_perm("reviews.read_consensus", (is_assigned | is_auditor) & is_settled)
rules.add_perm("reviews.follow", is_staff)
rules.add_perm("reviews.follow_marking", is_staff & ~is_blind)
rules.add_perm("reviews.assign", is_administrator)
rules.add_perm("reviews.open_review", is_administrator)
rules.add_perm("reviews.send_back", is_officer | is_administrator)
rules.add_perm("reviews.reopen", is_administrator)
# Of a Chapter: the coordinator adds to every answer, an owner to those of the own categories.
rules.add_perm("reviews.answer_ticket", writes_category)
rules.add_perm("reviews.appeal", is_coordinator | is_head)
rules.add_perm("reviews.decide_appeal", is_assigned & leads)
# Two hats: an auditor who judges a case does not hear what its agency says to itself.
rules.set_perm("assessments.look_inside", is_member | (is_auditor & ~judges))
add_admin_rights("reviews", "assignment")
