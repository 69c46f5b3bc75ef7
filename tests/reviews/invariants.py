"""What holds of every case of a cycle, whatever has happened: each a named check that says what is wrong."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from assessments import snapshot
from assessments.models import PRELIMINARY, WITH_AGENCY, Assessment, Cycle, Extension, Status, StatusChange
from assessments.reading import read_answers
from assessments.workflow import MOVES
from pmqa.accounts import log
from pmqa.accounts.models import LogEntry, Membership
from results import sheet
from results.explaining import contributions
from results.models import ResultSheet
from reviews.comments import is_comment
from reviews.decided import SETTLED, judged_answers
from reviews.models import Appeal, Assignment, Consensus, Outcome, Ticket, Verdict, Weighing
from reviews.reading import HANDLED
from reviews.services.tickets import original_digest

WRITERS = ("coordinator", "owner", "contributor")
DECIDED = (Status.CONSENSUS_DONE, *PRELIMINARY, Status.REPORT_ISSUED)
CHECKS: dict[str, Callable[[Assessment], Iterator[str]]] = {}
# These read much, so they are made where a case has come to another state.
DEEP = ("the log is a chain", "the copy is what was signed", "the leaves make the total")


def check(name: str):
    def keep(function):
        CHECKS[name] = function
        return function

    return keep


def broken(assessment: Assessment, *, deep: bool = True) -> list[str]:
    """Every check that does not hold, with its name."""
    case = Assessment.objects.with_places().get(pk=assessment.pk)
    return [
        f"{case} ({case.status}): {name}: {fault}"
        for name, function in CHECKS.items()
        if deep or name not in DEEP
        for fault in function(case)
    ]


@check("every move is in the table, has its actor, time and reason, and one line in the log")
def _moves(case):
    # The first row, from nowhere, is the beginning.
    changes = list(StatusChange.objects.filter(assessment=case).exclude(from_status="").order_by("at", "pk"))
    for change in changes:
        move = MOVES.get((change.from_status, change.to_status))
        if move is None:
            yield f"no such move: {change.from_status} -> {change.to_status}"
            continue
        if move.permission and not change.actor_name:
            yield f"{change.to_status} without an actor"
        if move.note_required and not change.note.strip():
            yield f"{change.to_status} without a reason"
    for earlier, later in pairwise(changes):
        if earlier.to_status != later.from_status:
            yield f"{earlier.to_status} and then from {later.from_status}"
    if changes and changes[-1].to_status != case.status:
        yield f"the last move leads to {changes[-1].to_status}"
    logged = LogEntry.objects.filter(
        action="assessment.status_changed", object_type=case._meta.label_lower, object_id=str(case.pk)
    )
    if logged.count() != len(changes):
        yield f"{len(changes)} moves, {logged.count()} lines in the log"


@check("the log is a chain")
def _chain(case):
    if links := log.broken_links():
        yield f"broken at {links}"


@check("nobody may write answers and give marks in one cycle")
def _two_sides(case):
    judges = Assignment.objects.active().filter(assessment__cycle=case.cycle).values("reviewer")
    both = Membership.objects.current().filter(
        role__in=WRITERS, user__in=judges, agency__assessments__cycle=case.cycle
    )
    yield from (f"{row.user} is {row.role} of {row.agency}" for row in both)


@check("the copy is what was signed")
def _copy(case):
    if case.status in WITH_AGENCY:
        return
    submission = case.submissions.filter(withdrawn_at=None).first()
    if submission is None:
        yield "no submission"
        return
    if snapshot.digest_of(submission.content) != submission.digest:
        yield "its digest is another one"
    now = snapshot.build(case, read_answers(case))
    if any(now[key] != submission.content[key] for key in ("parts", "indicators")):
        yield "the answers have changed since"


@check("the leaves make the total")
def _leaves(case):
    if case.status not in DECIDED:
        return
    payload = sheet.build(case, at=None)
    for side in ("claimed", "verified"):
        total = Fraction(payload["scores"][side]["total"])
        if abs(contributions(payload["trees"][side]) - total) > Fraction("0.005"):
            yield f"{side}: {total}"


@check("what is final has one mark for every part, and nothing counts before the marks are in")
def _one_mark(case):
    if case.status in DECIDED:
        yield from (f"{row.code} has none" for row in judged_answers(case) if not row.outcome)
    elif case.status not in SETTLED and Consensus.objects.filter(answer__assessment=case).exists():
        yield "there is a consensus"


@check("no fail without a comment")
def _comments(case):
    handed_in = Verdict.objects.filter(
        assignment__assessment=case, outcome="fail", assignment__handed_in_at__isnull=False
    )
    yield from (f"verdict {row.pk}" for row in handed_in if not is_comment(row.comment))
    if case.status in DECIDED:
        rows = Consensus.objects.filter(answer__assessment=case, outcome=Outcome.FAIL)
        yield from (f"consensus {row.pk}" for row in rows if not is_comment(row.comment))


@check("what is handed in is whole: no mark is missing or unsure")
def _whole(case):
    if case.status not in SETTLED:
        return
    rows = Assignment.objects.active().filter(assessment=case, marks=True)
    yield from (f"{row} is not handed in" for row in rows if row.handed_in_at is None)
    open_marks = Verdict.objects.filter(assignment__in=rows).exclude(outcome__in=HANDLED)
    yield from (f"verdict {row.pk} is {row.outcome or 'unmarked'}" for row in open_marks)


@check("a decision of the lead has its reason, and its sources are comments on the same answer")
def _reasons(case):
    rows = Consensus.objects.filter(answer__assessment=case)
    yield from (
        f"consensus {row.pk} without a reason"
        for row in rows
        if row.basis == "lead_decided" and not is_comment(row.reason)
    )
    answers = dict(Verdict.objects.filter(answer__assessment=case).values_list("pk", "answer"))
    for row in rows:
        if any(answers.get(source) != row.answer_id for source in row.sources):
            yield f"consensus {row.pk} has sources of another answer"


@check("a topic of category 7 has five indicators when it is signed")
def _five(case):
    if case.status in WITH_AGENCY:
        return
    count: dict[str, int] = {}
    for row in judged_answers(case):
        if row.is_indicator:
            count[row.topic.code] = count.get(row.topic.code, 0) + 1
    yield from (f"{topic} has {n}" for topic, n in count.items() if n != 5)


@check("nobody has more time without a confirmed line in the ledger")
def _time(case):
    confirmed = Extension.objects.filter(assessment=case, state=Extension.State.CONFIRMED)
    if case.extended_until and not confirmed.exists():
        yield f"until {case.extended_until}"


@check("a request keeps the mark it was about, and is not decided by who gave it")
def _appeals(case):
    for appeal in Appeal.objects.filter(assessment=case):
        if appeal.before.get("outcome") != Outcome.FAIL:
            yield f"appeal {appeal.pk} about {appeal.before}"
        if appeal.decided_at and Verdict.objects.filter(
            answer=appeal.answer_id, assignment__reviewer=appeal.decided_by
        ).exclude(outcome=""):
            yield f"appeal {appeal.pk} decided by who marked it"
    if case.status == Status.FINALISED and Appeal.objects.open().filter(assessment=case).exists():
        yield "final with an open request"


@check("who was not submitted has no result and no score")
def _missed(case):
    if case.status in WITH_AGENCY and ResultSheet.objects.filter(assessment=case).exists():
        yield "there is a sheet"


@check("a question leaves the answer as it was signed, and only what came in time is used")
def _tickets(case):
    for ticket in Ticket.objects.filter(assessment=case):
        if original_digest(case, ticket.code) != ticket.original_digest:
            yield f"{ticket}: the answer is another one"
        added = {"text": ticket.addition, "evidence": ticket.evidence}
        if ticket.answered_at and snapshot.digest_of(added) != ticket.addition_digest:
            yield f"{ticket}: the addition is another one"
        if case.status in SETTLED and ticket.state == Ticket.State.OPEN:
            yield f"{ticket} is open"
    for weighing in Weighing.objects.filter(ticket__assessment=case).select_related("ticket"):
        if weighing.ticket.state != Ticket.State.ANSWERED:
            yield f"{weighing.ticket}: what was not added in time counted"


@check("a mark that is handed in has weighed what the agency added")
def _weighed(case):
    weighed = set(
        Weighing.objects.filter(ticket__assessment=case).values_list("ticket__answer", "assignment")
    )
    marks = Verdict.objects.filter(
        answer__assessment=case,
        answer__ticket__state=Ticket.State.ANSWERED,
        outcome__in=Outcome.values,
        assignment__recused_at=None,
        assignment__marks=True,
        assignment__handed_in_at__isnull=False,
    )
    places = marks.values_list("answer", "assignment")
    yield from (
        f"answer {answer}, assignment {row}" for answer, row in places if (answer, row) not in weighed
    )


@check("who abstains says why, is no source and no mark, and leaves enough marks")
def _abstentions(case):
    standing = Verdict.objects.filter(
        assignment__assessment=case, outcome="abstain", assignment__recused_at=None, assignment__marks=True
    )
    for row in standing.exclude(assignment__handed_in_at=None):
        if not row.ground or not is_comment(row.reason):
            yield f"verdict {row.pk} without a reason"
    if case.status not in SETTLED:
        return
    used = {pk for row in Consensus.objects.filter(answer__assessment=case) for pk in row.sources} & set(
        standing.values_list("pk", flat=True)
    )
    yield from (f"verdict {pk} is a source" for pk in sorted(used))
    for answer in set(standing.values_list("answer", flat=True)):
        left = Verdict.objects.filter(
            answer=answer, outcome__in=Outcome.values, assignment__recused_at=None, assignment__marks=True
        )
        outcomes = list(left.values_list("outcome", flat=True))
        if len(outcomes) < case.cycle.least_reviewers:
            yield f"answer {answer} has {len(outcomes)} marks"
        counted = Consensus.objects.filter(answer=answer, basis__in=["single", "agreed"]).first()
        if counted and (counted.basis == "single") != (len(outcomes) == 1):
            yield f"answer {answer} is {counted.basis} with {len(outcomes)} marks"


def edition_in_use(cycle: Cycle) -> tuple[str, str, timedelta]:
    """What may not change while the cycle runs: the criteria, the policy, the time for all."""
    fresh = Cycle.objects.select_related("edition").get(pk=cycle.pk)
    return fresh.edition.checksum, str(fresh.policy), fresh.closes_at - fresh.opens_at
