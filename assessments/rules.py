"""Who may do what with an assessment. Composed once, at the foot; default is no."""

from typing import NamedTuple

import rules

from assessments.models import HANDED_OVER, Assessment, Evidence
from pmqa.accounts.models import Agency, Membership
from pmqa.accounts.rules import add_admin_rights, is_administrator, is_auditor, is_officer

Role = Membership.Role


class Chapter(NamedTuple):
    """The object of "assessments.edit": one category of one assessment."""

    assessment: Assessment
    category: str


def _roles(user, agency_id: int) -> set[str]:
    return {entry.role for entry in user.current_memberships if entry.agency_id == agency_id}


@rules.predicate
def is_member(user, assessment: Assessment) -> bool:
    return bool(_roles(user, assessment.agency_id))


@rules.predicate
def is_head(user, assessment: Assessment) -> bool:
    return bool(_roles(user, assessment.agency_id) & {Role.HEAD, Role.ACTING_HEAD})


@rules.predicate
def writes_category(user, chapter: Chapter) -> bool:
    """The coordinator writes everything, owners and contributors the categories named in their role."""
    return any(
        entry.role == Role.COORDINATOR
        or (entry.role in (Role.OWNER, Role.CONTRIBUTOR) and chapter.category in entry.categories)
        for entry in user.current_memberships
        if entry.agency_id == chapter.assessment.agency_id
    )


@rules.predicate
def is_coordinator(user, assessment: Assessment) -> bool:
    return Role.COORDINATOR in _roles(user, assessment.agency_id)


@rules.predicate
def speaks(user, assessment: Assessment) -> bool:
    """Everybody of the agency but who only reads."""
    return bool(_roles(user, assessment.agency_id) - {Role.VIEWER})


@rules.predicate
def writes_something(user, assessment: Assessment) -> bool:
    """At least one category, as `writes_category` says."""
    return any(
        entry.role == Role.COORDINATOR or (entry.role in (Role.OWNER, Role.CONTRIBUTOR) and entry.categories)
        for entry in user.current_memberships
        if entry.agency_id == assessment.agency_id
    )


@rules.predicate
def coordinates(user, agency: Agency) -> bool:
    return Role.COORDINATOR in _roles(user, agency.pk)


@rules.predicate
def keeps_evidence(user, assessment: Assessment) -> bool:
    """Whoever writes anything adds to the register and replaces in it (roles.md 2.1)."""
    return bool(_roles(user, assessment.agency_id) & {Role.COORDINATOR, Role.OWNER, Role.CONTRIBUTOR})


@rules.predicate
def may_withdraw(user, evidence: Evidence) -> bool:
    """The coordinator everything; others their own entries, as long as nobody else cites them."""
    agency = evidence.assessment.agency_id
    if Role.COORDINATOR in _roles(user, agency):
        return True
    others = evidence.citations.exclude(cited_by=user)
    return (
        keeps_evidence(user, evidence.assessment) and evidence.added_by_id == user.pk and not others.exists()
    )


@rules.predicate
def is_handed_over(user, assessment: Assessment) -> bool:
    return assessment.status in HANDED_OVER


rules.add_perm("assessments.read", is_member | is_auditor | (is_officer & is_handed_over))
rules.add_perm("assessments.read_drafts", is_member | is_auditor)
rules.add_perm("assessments.edit", writes_category)
rules.add_perm("assessments.keep_evidence", keeps_evidence)
rules.add_perm("assessments.withdraw_evidence", may_withdraw)
rules.add_perm("assessments.import_file", writes_something)
rules.add_perm("assessments.start", coordinates)
rules.add_perm("assessments.check", is_coordinator)
rules.add_perm("assessments.submit", is_head)
rules.add_perm("assessments.withdraw", is_coordinator | is_head)
# History, comments and presence are the agency's own: neither reviewers nor the officer of the case.
rules.add_perm("assessments.look_inside", is_member | is_auditor)
rules.add_perm("assessments.comment", speaks)
rules.add_perm("assessments.appear", is_member)
rules.add_perm("assessments.follow", is_administrator | is_officer | is_auditor)
add_admin_rights("assessments", "cycle", "assessment")
