"""Who may do what with a case under review. Composed once, at the foot; default is no."""

import rules

from assessments.models import Assessment, Status
from pmqa.accounts.models import Agency
from pmqa.accounts.rules import add_admin_rights, is_administrator, is_auditor, is_officer
from reviews.models import REVIEWABLE, Assignment


def shares_ministry(user, agency: Agency) -> bool:
    """Separation of duties: a member of any agency of the ministry may not judge one of it (roles.md section 1)."""
    return user.memberships.current().filter(agency__ministry=agency.ministry_id).exists()


def assignments_of(user, assessment: Assessment) -> list[Assignment]:
    """This person's active rows of the case, read once per person and case."""
    known = user.__dict__.setdefault("_assignments", {})
    if assessment.pk not in known:
        rows = Assignment.objects.active().filter(reviewer=user, assessment=assessment)
        known[assessment.pk] = list(rows.select_related("category"))
    return known[assessment.pk]


@rules.predicate
def is_assigned(user, assessment: Assessment) -> bool:
    return assessment.status in REVIEWABLE and bool(assignments_of(user, assessment))


@rules.predicate
def marks_case(user, assessment: Assessment) -> bool:
    return assessment.status == Status.IN_REVIEW and any(
        row.marks for row in assignments_of(user, assessment)
    )


@rules.predicate
def leads_case(user, assessment: Assessment) -> bool:
    return assessment.status in REVIEWABLE and any(row.is_lead for row in assignments_of(user, assessment))


rules.add_perm("reviews.read", is_assigned)
rules.add_perm("reviews.mark", marks_case)
rules.add_perm("reviews.lead", leads_case)
rules.add_perm("reviews.finish", leads_case)
rules.add_perm("reviews.follow", is_administrator | is_officer | is_auditor)
rules.add_perm("reviews.assign", is_administrator)
rules.add_perm("reviews.open_review", is_administrator)
rules.add_perm("reviews.send_back", is_officer | is_administrator)
rules.add_perm("reviews.reopen", is_administrator)
add_admin_rights("reviews", "assignment")
