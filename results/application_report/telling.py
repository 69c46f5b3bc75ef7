"""The mail of an invitation to stage 2, sent by a job: one to each who may answer it. It names no agency."""

from pmqa.accounts.mail import send
from results.application_report.models import ApplicationReport
from results.reading import leaders_of


def tell_of_invitation(report: ApplicationReport) -> int:
    """How many mails were sent: none once the agency has answered, nor to whoever wants no mails about work."""
    if report.state != ApplicationReport.State.INVITED:
        return 0
    people = leaders_of(report.assessment).filter(wants_work_mail=True)
    return sum(send("results/email/invited", person, due_on=report.due_on) for person in people)
