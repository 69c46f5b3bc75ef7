"""Who may do what with a case under review. Composed once, at the foot; default is no."""

from collections.abc import Iterable
from datetime import date, datetime, time

import rules
from django.db.models import Case, Exists, OuterRef, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import HANDED_OVER, WITH_AGENCY, Assessment, Status
from assessments.rules import is_coordinator, is_head, is_member, writes_category
from pmqa.accounts import separation
from pmqa.accounts.models import Agency, Membership, User
from pmqa.accounts.rules import add_admin_rights, is_administrator, is_auditor, is_officer
from reviews.decided import SETTLED
from reviews.models import REVIEWABLE, Assignment
from reviews.team_models import Declaration

# Whoever served in a ministry may judge none of its agencies for so long; the same holds for a conflict that
# somebody declared.
YEARS_APART = 3
# From the first assignment until the result is published.
UNDER_REVIEW = tuple(status for status in HANDED_OVER if status != Status.REPORT_ISSUED)
# What ties a reviewer to an agency, the strongest first.
AGENCY, MINISTRY, DECLARED = "agency", "ministry", "declared"


def apart_since() -> date:
    today = timezone.localdate()
    # A 29 February has no day of its own in other years.
    return today.replace(year=today.year - YEARS_APART, day=min(today.day, 28))


def tie_to(agency: Agency) -> Case:
    """For a queryset of people: what forbids each to judge `agency`, "" if nothing does."""
    served = Membership.objects.since(apart_since()).filter(user=OuterRef("pk"))
    declared = Declaration.objects.filter(
        reviewer=OuterRef("pk"),
        has_conflict=True,
        declared_at__gte=_declared_since(),
        assessment__agency=agency,
    )
    return Case(
        When(Exists(served.filter(agency=agency)), then=Value(AGENCY)),
        When(Exists(served.filter(agency__ministry=agency.ministry_id)), then=Value(MINISTRY)),
        When(Exists(declared), then=Value(DECLARED)),
        default=Value(""),
    )


@separation.register
def is_reviewing(person: User) -> bool:
    """Whether the person judges a case of any agency now. OPDC, who sees both sides, gives a reviewer a role."""
    return Assignment.objects.active().filter(reviewer=person, assessment__status__in=UNDER_REVIEW).exists()


def _declared_since() -> datetime:
    return timezone.make_aware(datetime.combine(apart_since(), time.min))


def ties(people: Iterable[int], agencies: Iterable[Agency]) -> dict[tuple[int, int], str]:
    """(person, agency) -> what `tie_to` says, for any number of both. Two queries."""
    found: dict[tuple[int, int], str] = {}
    people = list(people)
    by_ministry: dict[int, list[int]] = {}
    for agency in agencies:
        by_ministry.setdefault(agency.ministry_id, []).append(agency.pk)
    chosen = {pk for pks in by_ministry.values() for pk in pks}
    declared = Declaration.objects.filter(
        reviewer__in=people, has_conflict=True, declared_at__gte=_declared_since()
    )
    for person, agency in declared.values_list("reviewer", "assessment__agency"):
        if agency in chosen:
            found[person, agency] = DECLARED
    served = Membership.objects.since(apart_since()).filter(user__in=people)
    for person, own, ministry in served.order_by().values_list("user", "agency", "agency__ministry"):
        for agency in by_ministry.get(ministry, ()):
            if agency == own:
                found[person, agency] = AGENCY
            elif found.get((person, agency)) != AGENCY:
                found[person, agency] = MINISTRY
    return found


def tie_words(tie: str) -> str:
    """The rule that a tie breaks, named, as part of a sentence."""
    sentences = {
        AGENCY: _("ผู้ตรวจต้องไม่มีบทบาทในหน่วยงานนี้ ขณะนี้หรือภายใน %(years)d ปี (กฎการแบ่งแยกหน้าที่ข้อ 1)"),
        MINISTRY: _("ผู้ตรวจต้องไม่มีบทบาทในกระทรวงเดียวกันภายใน %(years)d ปี (กฎการแบ่งแยกหน้าที่ข้อ 1)"),
        DECLARED: _("ผู้ตรวจแจ้งส่วนได้ส่วนเสียกับหน่วยงานนี้ภายใน %(years)d ปี (กฎการแบ่งแยกหน้าที่ข้อ 1)"),
    }
    return sentences[tie] % {"years": YEARS_APART}


def tied_ministries(user) -> set[int]:
    """Where a role, now or lately, keeps this person from judging any agency. No query of its own."""
    since = apart_since()
    return {entry.agency.ministry_id for entry in user.all_memberships if entry.is_since(since)}


def is_tied(user, agency: Agency) -> bool:
    return agency.ministry_id in tied_ministries(user)


def assignments_of(user, assessment: Assessment) -> list[Assignment]:
    """This person's active rows of the case, read once per person and case."""
    known = _known_assignments(user)
    if assessment.pk not in known:
        rows = Assignment.objects.active().filter(reviewer=user, assessment=assessment)
        known[assessment.pk] = list(rows.select_related("category"))
    return known[assessment.pk]


def judging_since(assessment: Assessment) -> dict[int, datetime]:
    """Everybody who judges the case or ever did, and since when. What they read tells no agency who they are."""
    rows = Assignment.objects.filter(assessment=assessment).order_by("-assigned_at")
    return dict(rows.values_list("reviewer", "assigned_at"))


def remember_assignments(user, assessment: Assessment, rows: list[Assignment]) -> None:
    """Spare `assignments_of` its query where a page has read the rows already."""
    _known_assignments(user)[assessment.pk] = rows


def forget_assignments(user, assessment: Assessment) -> None:
    """They have just been changed: read them again when asked."""
    _known_assignments(user).pop(assessment.pk, None)


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
        and not is_tied(user, assessment.agency)
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
def has_opened(user, assessment: Assessment) -> bool:
    """Has declared that nothing ties them to the agency; before that no content opens, whatever the state."""
    return any(row.opened_at for row in assignments_of(user, assessment))


@rules.predicate
def is_settled(user, assessment: Assessment) -> bool:
    """Everybody has handed in, so the team may see each other's marks."""
    return assessment.status in SETTLED


is_staff = is_administrator | is_officer | is_auditor

rules.add_perm("reviews.read", is_assigned)
rules.add_perm("reviews.mark", is_assigned & has_marks_to_make)
rules.add_perm("reviews.lead", is_assigned & leads & has_opened)
rules.add_perm("reviews.finish", is_assigned & leads & has_opened)
rules.add_perm("reviews.read_consensus", ((is_assigned & has_opened) | (is_auditor & ~judges)) & is_settled)
# The texts of a report as they will be printed, for who reads them a second time; see services/vetting.py for who.
rules.add_perm(
    "reviews.read_vetting",
    ((is_assigned & leads & has_opened) | is_officer | is_administrator | (is_auditor & ~judges))
    & is_settled,
)
rules.add_perm(
    "reviews.vet", ((is_assigned & leads & has_opened) | is_officer | is_administrator) & is_settled
)
rules.add_perm("reviews.weigh", ((is_assigned & leads & has_opened) | (is_auditor & ~judges)) & is_settled)
rules.add_perm("reviews.follow", is_staff)
rules.add_perm("reviews.follow_marking", is_staff & ~is_blind)
rules.add_perm("reviews.assign", is_administrator)
# Marks that no longer count: kept for whoever audits, but not while they judge the case themselves.
rules.add_perm("reviews.read_set_aside", is_auditor & ~judges)
rules.add_perm("reviews.open_review", is_administrator)
rules.add_perm("reviews.send_back", is_officer | is_administrator)
rules.add_perm("reviews.reopen", is_administrator)
# Of a Chapter: the coordinator adds to every answer, an owner to those of the own categories.
rules.add_perm("reviews.answer_ticket", writes_category)
rules.add_perm("reviews.appeal", is_coordinator | is_head)
rules.add_perm("reviews.decide_appeal", is_assigned & leads & has_opened)
# Two hats: an auditor who judges a case does not hear what its agency says to itself.
rules.set_perm("assessments.look_inside", is_member | (is_auditor & ~judges))
add_admin_rights("reviews", "assignment", "reviewerprofile")
