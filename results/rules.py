"""Who may publish and read results. Composed once, at the foot; default is no."""

from typing import NamedTuple

import rules
from django.db.models import QuerySet

from assessments.models import PRELIMINARY, Assessment, Status
from assessments.rules import belongs, is_coordinator, is_head, is_member, writes_category
from pmqa.accounts.rules import add_admin_rights, is_administrator, is_auditor, is_executive, is_officer
from reviews.models import Assignment
from reviews.rules import has_opened, is_assigned, leads, tied_ministries


class PlanChapter(NamedTuple):
    """The object of "results.add_card": one category of the plan of a published result."""

    assessment: Assessment
    category: str


@rules.predicate
def is_published(user, assessment: Assessment) -> bool:
    return assessment.status == Status.REPORT_ISSUED


@rules.predicate
def is_decided(user, assessment: Assessment) -> bool:
    return assessment.status in (Status.CONSENSUS_DONE, *PRELIMINARY, Status.REPORT_ISSUED)


@rules.predicate
def is_told(user, assessment: Assessment) -> bool:
    return assessment.status in PRELIMINARY


@rules.predicate
def is_of_published(user, place) -> bool:
    """Of a card or a `PlanChapter`."""
    return place.assessment.status == Status.REPORT_ISSUED


def led_cases(user) -> QuerySet[Assignment]:
    """The published cases that `is_assigned & leads & has_opened` is true of, for lists."""
    rows = Assignment.objects.active_for(user).filter(is_lead=True, opened_at__isnull=False)
    return rows.filter(assessment__status=Status.REPORT_ISSUED).exclude(
        assessment__agency__ministry__in=tied_ministries(user)
    )


@rules.predicate
def leads_published(user) -> bool:
    return led_cases(user).exists()


@rules.predicate
def owns_card(user, card) -> bool:
    """Whoever is named as responsible, as long as they belong to the agency."""
    return card.owner_id == user.pk and is_member(user, card.assessment)


@rules.predicate
def belongs_anywhere(user) -> bool:
    """Whoever has a role in some agency, or an office."""
    return user.is_authenticated and bool(user.current_memberships or user.current_offices)


@rules.predicate
def has_sent_report(user, assessment: Assessment) -> bool:
    """Whether the Application Report of this assessment is submitted; False where there is none."""
    report = getattr(assessment, "application_report", None)
    return report is not None and report.is_submitted


rules.add_perm("results.publish", is_administrator)
rules.add_perm("results.release", is_administrator)
rules.add_perm(
    "results.read_preliminary",
    (is_member | is_assigned | is_officer | is_administrator | is_auditor) & is_told,
)
rules.add_perm("results.preview", (is_administrator | is_auditor) & is_decided)
rules.add_perm(
    "results.read",
    (is_member | is_assigned | is_officer | is_executive | is_administrator | is_auditor) & is_published,
)
# Whoever judges an agency sees how its last published result judged the same parts.
rules.add_perm("results.read_before", is_assigned)
rules.add_perm("results.order_report", (is_member | is_administrator | is_officer) & is_published)
rules.add_perm(
    "results.order_page", (is_member | is_administrator | is_officer | is_executive) & is_published
)
rules.add_perm("results.correct", is_administrator & is_published)
# The score of stage 2: one administrator records it, another one confirms it (stage_two.services).
rules.add_perm("results.record_stage_two", is_administrator & is_published)
rules.add_perm("results.follow_stage_two", (is_administrator | is_auditor) & is_published)
# Stage 2: OPDC invites and follows by states; the agency's text is its own and the auditor's until it is submitted.
rules.add_perm("results.invite_to_stage_two", is_administrator)
rules.add_perm("results.follow_application_reports", is_officer | is_administrator | is_auditor)
rules.add_perm(
    "results.see_application_report",
    (is_member | is_officer | is_administrator | is_auditor | (is_assigned & has_sent_report)) & is_published,
)
rules.add_perm(
    "results.read_application_report",
    (is_member | is_auditor | ((is_officer | is_administrator | is_assigned) & has_sent_report))
    & is_published,
)
rules.add_perm("results.answer_invitation", (is_coordinator | is_head) & is_published)
rules.add_perm("results.submit_application_report", is_head & is_published)
# All published results of a cycle as data, and all their reports.
rules.add_perm("results.export", is_administrator | is_auditor)
# What of a cycle anybody may read.
rules.add_perm("results.open_data", is_administrator)
# Results that wait for publication, as a list.
rules.add_perm("results.follow", is_administrator | is_auditor)
# Where an agency stands: its own people and OPDC; whoever judges it is told nothing of what it claims.
rules.add_perm(
    "results.forecast",
    is_member
    | is_auditor
    | ((is_officer | is_administrator) & (is_told | is_published))
    | (is_executive & is_published),
)
rules.add_perm("results.stand", belongs | is_administrator | is_auditor)
# Of an agency, of which at least one result is published.
rules.add_perm("results.stand_published", is_officer | is_executive)
rules.add_perm("results.set_targets", is_administrator)
# The plan that follows from a result: all of the agency read it, and so do its reviewers and OPDC, who follow it up.
rules.add_perm(
    "results.read_plan", (is_member | is_officer | is_administrator | is_auditor | is_assigned) & is_published
)
# What of an approved plan is still to be done and by when: executives ask no more of it, and read no more.
rules.add_perm(
    "results.read_promises",
    (is_member | is_officer | is_executive | is_administrator | is_auditor) & is_published,
)
rules.add_perm("results.add_card", writes_category & is_of_published)
rules.add_perm("results.edit_card", (writes_category | owns_card) & is_of_published)
rules.add_perm("results.approve_plan", is_head & is_published)
rules.add_perm("results.submit_follow_up", (is_coordinator | is_head) & is_published)
rules.add_perm(
    "results.reply_follow_up", ((is_assigned & leads & has_opened) | (is_officer & ~is_member)) & is_published
)
# What waits in the plans of all agencies: OPDC, and whoever replies sees the own cases.
rules.add_perm("results.follow_all_plans", is_officer | is_administrator | is_auditor)
rules.add_perm("results.follow_plans", is_officer | is_administrator | is_auditor | leads_published)
# Whole-government pictures of published results. An administrator and an auditor follow every agency by name: hiding a
# small group would keep nothing from them. An executive may open a published result too, one by one and seen by its
# agency in its log; but pictures are shown and passed on, so theirs have groups of five or more only, and nothing that
# gives a smaller one away (`dashboard.suppression`). Officers work on cases and are given no picture of scores.
rules.add_perm("results.dashboard", is_administrator | is_auditor | is_executive)
rules.add_perm("results.dashboard_all", is_administrator | is_auditor)
# How far a cycle is, in states and without a score. Whoever follows cases sees each by name: no small group is hidden.
# An officer knows a case from the day that it is handed over; what is still with the agencies is one number to them.
rules.add_perm("results.season", is_administrator | is_officer | is_auditor)
rules.add_perm("results.season_drafts", is_administrator | is_auditor)
# One's own result among others of the same kind.
rules.add_perm("results.benchmark", (is_member | is_administrator | is_auditor) & is_published)
# What agencies share of their outstanding work: all of them and OPDC read it, coordinator or head decide.
rules.add_perm("results.read_library", belongs_anywhere)
rules.add_perm("results.read_sharing", (is_member | is_administrator | is_auditor) & is_published)
rules.add_perm("results.share_highlight", (is_coordinator | is_head) & is_published)
rules.add_perm("results.hide_entry", is_administrator)
add_admin_rights("results", "resultsheet", view_only=True)
