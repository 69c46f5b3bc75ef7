"""The checks of the simulation find what they are for."""

import pytest

from assessments.models import Assessment, StatusChange, Submission
from assessments.snapshot import digest_of
from pmqa.accounts.models import LogEntry, Membership
from reviews.models import Consensus, Ticket, Verdict, Weighing
from reviews.services import consensus
from reviews.services.tickets import original_digest
from tests import factories
from tests.reviews.invariants import CHECKS, broken
from tests.reviews.settled import failed, settled_case

pytestmark = pytest.mark.django_db


def _asked(case, code):
    answer = factories.answer_of(case, code)
    return {
        "assessment": case,
        "answer": answer,
        "code": code,
        "question": "ผลอยู่ที่ใด",
        "assignment": answer.verdicts.first().assignment,
        "opened_at": case.cycle.opens_at,
        "due_at": case.cycle.closes_at,
        "original_digest": original_digest(case, code),
    }


def _added(case):
    text = {"text": "อยู่ในย่อหน้าที่สอง", "evidence": []}
    return {
        "addition": text["text"],
        "addition_digest": digest_of(text),
        "answered_at": case.cycle.opens_at,
    }


def _ticket_that_counted_too_late(case, reviewer):
    late = Ticket.objects.create(**_asked(case, "1.1.1.1") | {"original_digest": "0"}, state="expired")
    Weighing.objects.create(
        ticket=late, assignment=late.assignment, counted=True, weighed_at=case.cycle.closes_at
    )


def test_each_check_finds_its_fault(reviewer, other, lead, cycle):
    case = settled_case(reviewer, other, lead=lead, opinions=failed("1.4.3.1"), cycle=cycle)
    consensus.finish(case, by=lead)
    assert broken(case) == []
    agency = factories.make_assessment(cycle=cycle).agency
    mine = Consensus.objects.filter(answer__assessment=case)
    foreign = Verdict.objects.filter(answer__part__code="1.1.1.1").values_list("pk", flat=True)[0]

    Membership.objects.create(user=reviewer, agency=agency, role="coordinator")
    _ticket_that_counted_too_late(case, reviewer)
    unheard = Ticket.objects.create(**_asked(case, "1.1.2.1"), state="answered", **_added(case))
    assert unheard.original_digest
    Verdict.objects.filter(answer__part__code="4.1.1.1").update(outcome="abstain")
    mine.filter(outcome="fail").update(comment="....", sources=[foreign])
    mine.filter(answer__part__code="2.1.1.1").delete()
    Verdict.objects.filter(outcome="fail").update(comment=" - ")
    Verdict.objects.filter(answer__part__code="1.2.1.1").update(outcome="unsure")
    StatusChange.objects.filter(assessment=case, to_status="consensus_done").update(actor_name="")
    LogEntry.objects.filter(action="review.handed_in").update(actor_name="อีกคน")
    Submission.objects.filter(assessment=case).update(digest="0")
    Assessment.objects.filter(pk=case.pk).update(extended_until=cycle.closes_at)
    factories.answer_of(case, "7.1.1").indicator.delete()
    case.answers.filter(part__code="7.1.1").update(removed_at=cycle.opens_at)

    found = "\n".join(broken(case))
    silent = [name for name in CHECKS if f": {name}: " not in found]
    assert silent == [
        "the leaves make the total",
        "a request keeps the mark it was about, and is not decided by who gave it",
        "who was not submitted has no result and no score",
    ]
