"""Questions to the agency, in a line each."""

from assessments.models import Assessment
from reviews.models import Ticket
from reviews.services import marking, tickets
from tests import factories
from tests.reviews import cases

PART = "1.2.2.1"
QUESTION = "ผลของปีล่าสุดอยู่ในย่อหน้าใดของคำตอบ"
ADDITION = "อยู่ในย่อหน้าที่สอง และในรายงานประจำปี หน้า 12"


def ask(case: Assessment, by, *, code: str = PART, question: str = QUESTION) -> Ticket:
    return tickets.ask(factories.answer_of(case, code), question=question, by=by)


def add(ticket: Ticket, by, *, addition: str = ADDITION, evidence=()) -> Ticket:
    return tickets.add(ticket, addition=addition, evidence=evidence, by=by)


def hand_in(case: Assessment, by) -> None:
    """Everything passes, what was marked before stays."""
    cases.mark_everything(case, by=by)
    marking.hand_in(case, by=by)


def end_time(case: Assessment) -> None:
    Ticket.objects.open().filter(assessment=case).update(due_at=case.cycle.opens_at)


def reloaded(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)
