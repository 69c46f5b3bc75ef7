"""The mail of an invitation to stage 2, sent by a job: one to each who may answer it. It names no agency."""

from assessments.rules import LEADERS
from pmqa.accounts.mail import send
from pmqa.accounts.models import Membership, User
from results.application_report.models import ApplicationReport


def tell_of_invitation(report: ApplicationReport) -> int:
    """How many mails were sent: none once the agency has answered, nor to whoever wants no mails about work."""
    if report.state != ApplicationReport.State.INVITED:
        return 0
    who = Membership.objects.current().filter(agency=report.assessment.agency_id, role__in=LEADERS)
    people = User.objects.filter(is_active=True, wants_work_mail=True, pk__in=who.values("user")).order_by(
        "pk"
    )
    return sum(send("results/email/invited", person, due_on=report.due_on) for person in people)
