"""Who may publish and read results. Composed once, at the foot; default is no."""

import rules

from assessments.models import PRELIMINARY, Assessment, Status
from assessments.rules import is_member
from pmqa.accounts.rules import add_admin_rights, is_administrator, is_auditor, is_executive, is_officer
from reviews.rules import is_assigned


@rules.predicate
def is_published(user, assessment: Assessment) -> bool:
    return assessment.status == Status.REPORT_ISSUED


@rules.predicate
def is_decided(user, assessment: Assessment) -> bool:
    return assessment.status in (Status.CONSENSUS_DONE, *PRELIMINARY, Status.REPORT_ISSUED)


@rules.predicate
def is_told(user, assessment: Assessment) -> bool:
    return assessment.status in PRELIMINARY


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
rules.add_perm("results.correct", is_administrator & is_published)
# Results that wait for publication, as a list.
rules.add_perm("results.follow", is_administrator | is_auditor)
# Whole-government pictures: executives see published results in groups of five or more, the others everything.
rules.add_perm("results.dashboard", is_administrator | is_auditor | is_executive)
rules.add_perm("results.dashboard_all", is_administrator | is_auditor)
# One's own result among others of the same kind.
rules.add_perm("results.benchmark", (is_member | is_administrator | is_auditor) & is_published)
add_admin_rights("results", "resultsheet", view_only=True)
