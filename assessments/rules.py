"""Who may do what with an assessment. Composed once, at the foot; default is no."""

from typing import NamedTuple

import rules

from assessments.models import HANDED_OVER, WITH_AGENCY, AskedItem, Assessment, Evidence
from pmqa.accounts.models import Agency, Membership
from pmqa.accounts.rules import add_admin_rights, is_administrator, is_auditor, is_officer

Role = Membership.Role


# Who gives which role in an agency, never to oneself. The head names heads, coordinators and whoever stands in; so
# does the administrator. A coordinator names the writers and readers, and records who stands in for the head only
# with the number of the order and both dates, which are printed on the receipt. Nobody makes themselves anything.
GIVEN_BY = {
    Role.HEAD: frozenset(Role),
    Role.ACTING_HEAD: frozenset({Role.COORDINATOR, Role.OWNER, Role.CONTRIBUTOR, Role.VIEWER}),
    Role.COORDINATOR: frozenset({Role.ACTING_HEAD, Role.OWNER, Role.CONTRIBUTOR, Role.VIEWER}),
    Role.OWNER: frozenset({Role.CONTRIBUTOR}),
}
# What a coordinator has recorded about the head's post, only the head or the administrator ends before its day.
ENDED_BY = GIVEN_BY | {Role.COORDINATOR: GIVEN_BY[Role.COORDINATOR] - {Role.ACTING_HEAD}}
LEADERS = frozenset({Role.COORDINATOR, Role.HEAD, Role.ACTING_HEAD})
# Of whom items are asked; an owner is asked for items of other categories.
WRITERS = frozenset({Role.OWNER, Role.CONTRIBUTOR})


class Chapter(NamedTuple):
    """The object of "assessments.edit": a category of an assessment as a whole, or one `item` of it."""

    assessment: Assessment
    category: str
    item: str = ""


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
    """The coordinator writes everything, owners the categories named in their role."""
    agency = chapter.assessment.agency_id
    return Role.COORDINATOR in _roles(user, agency) or chapter.category in _own_categories(user, agency)


def _own_categories(user, agency_id: int) -> set[str]:
    return {
        code
        for entry in user.current_memberships
        if entry.agency_id == agency_id and entry.role == Role.OWNER
        for code in entry.categories
    }


def asked_items(user, assessment: Assessment) -> dict[str, AskedItem]:
    """What this person is asked to write, by code of the item; read once per person, and only for who writes."""
    if not _roles(user, assessment.agency_id) & WRITERS:
        return {}
    # An attribute, not an entry of __dict__: request.user is a proxy with a __dict__ of its own.
    if not hasattr(user, "known_asked"):
        rows = AskedItem.objects.current().filter(user=user, assessment__status__in=WITH_AGENCY)
        user.known_asked = {}
        for row in rows.order_by("due_on", "pk"):
            user.known_asked.setdefault(row.assessment_id, {})[row.item] = row
    return user.known_asked.get(assessment.pk, {})


@rules.predicate
def is_asked(user, chapter: Chapter) -> bool:
    """For the item, a right of its own beside that to its category."""
    return bool(chapter.item) and chapter.item in asked_items(user, chapter.assessment)


@rules.predicate
def is_coordinator(user, assessment: Assessment) -> bool:
    return Role.COORDINATOR in _roles(user, assessment.agency_id)


@rules.predicate
def speaks(user, assessment: Assessment) -> bool:
    """Everybody of the agency but who only reads."""
    return bool(_roles(user, assessment.agency_id) - {Role.VIEWER})


@rules.predicate
def writes_something(user, assessment: Assessment) -> bool:
    """At least one category or item, as "assessments.edit" says."""
    agency = assessment.agency_id
    return (
        Role.COORDINATOR in _roles(user, agency)
        or bool(_own_categories(user, agency))
        or bool(asked_items(user, assessment))
    )


@rules.predicate
def coordinates(user, agency: Agency) -> bool:
    return Role.COORDINATOR in _roles(user, agency.pk)


def roles_given_by(user, agency: Agency) -> frozenset[str]:
    """The roles that this person may give to others in the agency."""
    return _of_table(GIVEN_BY, user, agency)


def roles_ended_by(user, agency: Agency) -> frozenset[str]:
    return _of_table(ENDED_BY, user, agency)


def _of_table(table: dict[str, frozenset[str]], user, agency: Agency) -> frozenset[str]:
    if is_administrator(user):
        return frozenset(Role)
    return frozenset().union(*(table.get(role, ()) for role in _roles(user, agency.pk)))


@rules.predicate
def belongs(user, agency: Agency) -> bool:
    return bool(_roles(user, agency.pk))


@rules.predicate
def keeps_people(user, agency: Agency) -> bool:
    return bool(roles_given_by(user, agency))


@rules.predicate
def leads_work(user, agency: Agency) -> bool:
    return bool(_roles(user, agency.pk) & LEADERS)


@rules.predicate
def asks_for(user, chapter: Chapter) -> bool:
    """Coordinator and heads ask for any item and set any day; an owner those of their own categories."""
    agency = chapter.assessment.agency_id
    return bool(_roles(user, agency) & LEADERS) or chapter.category in _own_categories(user, agency)


@rules.predicate
def keeps_evidence(user, assessment: Assessment) -> bool:
    """Whoever writes anything adds to the register and replaces in it."""
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
rules.add_perm("assessments.edit", writes_category | is_asked)
# Form 1 says what the agency as a whole applies for.
rules.add_perm("assessments.apply", is_coordinator)
rules.add_perm("assessments.ask", asks_for)
rules.add_perm("assessments.keep_evidence", keeps_evidence)
rules.add_perm("assessments.withdraw_evidence", may_withdraw)
rules.add_perm("assessments.import_file", writes_something)
rules.add_perm("assessments.start", coordinates)
# The people of an agency: its members, and OPDC's administrator and auditor, read who is what.
rules.add_perm("assessments.see_people", belongs | is_administrator | is_auditor)
rules.add_perm("assessments.keep_people", keeps_people)
rules.add_perm("assessments.hand_over", leads_work | is_administrator)
# The pack of open work tells what stands in a draft, which the administrator does not read.
rules.add_perm("assessments.lead_work", leads_work)
rules.add_perm("assessments.check", is_coordinator)
rules.add_perm("assessments.submit", is_head)
rules.add_perm("assessments.withdraw", is_coordinator | is_head)
# History, comments and presence are the agency's own: neither reviewers nor the officer of the case.
rules.add_perm("assessments.look_inside", is_member | is_auditor)
rules.add_perm("assessments.comment", speaks)
rules.add_perm("assessments.appear", is_member)
rules.add_perm("assessments.follow", is_administrator | is_officer | is_auditor)
# More time: one administrator proposes it, another one confirms it (services.timing).
rules.add_perm("assessments.extend", is_administrator)
# Proposals that give no time yet, or never did, are no agency's to read.
rules.add_perm("assessments.see_proposals", is_administrator | is_auditor)
add_admin_rights("assessments", "cycle")
add_admin_rights("assessments", "assessment", view_only=True)
