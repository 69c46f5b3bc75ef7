"""The clock of questions to the agency: silence ends them, and changes nothing."""

from assessments.models import Assessment
from pmqa.accounts import log
from reviews.ticket_models import Ticket


def expire(locked: Assessment) -> int:
    """End the questions of a locked case whose time was over when the lock was asked for; how many."""
    over = list(Ticket.objects.overdue(locked.asked_at).filter(assessment=locked))
    for ticket in over:
        ticket.state = Ticket.State.EXPIRED
        ticket.save(update_fields=["state"])
        log.record("review.ticket_expired", locked, by=None, agency=locked.agency, answer=ticket.answer_id)
    return len(over)


def tickets_wait(locked: Assessment) -> bool:
    """Whether the agency of a locked case may still answer a question; ends those whose time is over."""
    expire(locked)
    return Ticket.objects.open().filter(assessment=locked).exists()
