"""Questions to the agency: one for an answer, a clock in working days, an addition that leaves the original alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.models import Status
from assessments.reading import read_answers
from assessments.snapshot import build, digest_of
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from reviews.models import Assignment, Ticket, Weighing
from reviews.services import marking, tickets
from tests import factories
from tests.reviews import cases
from tests.reviews.questions import ADDITION, PART, QUESTION, add, ask, end_time, hand_in, reloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reviewer, other, lead):
    return cases.open_case(reviewer, other, lead=lead)


@pytest.fixture
def coordinator(case):
    return factories.make_member(case.agency, "coordinator")


# --- asking -----------------------------------------------------------------------------------


def test_the_clock_runs_in_working_days_of_the_cycle(case, reviewer):
    ticket = ask(case, reviewer)
    assert (ticket.code, ticket.state) == (PART, Ticket.State.OPEN)
    assert ticket.due_at == case.cycle.after_working_days(ticket.opened_at, 5)


def test_the_answer_as_submitted_has_its_digest(case, reviewer):
    frozen = case.submissions.first().content
    assert ask(case, reviewer).original_digest == digest_of(frozen["parts"][PART])
    indicator = tickets.ask(factories.answer_of(case, "7.1.1"), question=QUESTION, by=reviewer)
    assert indicator.code == "7.1.1.1"
    assert indicator.original_digest == digest_of(frozen["indicators"][0])


def test_the_same_question_twice_is_one(case, reviewer):
    assert ask(case, reviewer).pk == ask(case, reviewer).pk
    with pytest.raises(Refused, match="ท่านถามส่วนนี้แล้ว"):
        ask(case, reviewer, question="คำถามอื่นของคนเดียวกัน")


def test_what_the_others_ask_is_refused_as_a_full_case_is(case, reviewer, other):
    """One sentence for both: whoever is refused does not learn that a colleague asked about this part."""
    ask(case, other)
    with pytest.raises(Refused) as asked:
        ask(case, reviewer)
    type(case.cycle).objects.filter(pk=case.cycle_id).update(ticket_limit=1)
    with pytest.raises(Refused) as full:
        ask(case, reviewer, code="1.1.1.1")
    assert (asked.value.code, full.value.code) == ("full", "full")
    assert str(asked.value).replace("5", "1") == str(full.value)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("....", "question"),
        ("ยาว" * 400, "too_long"),
        ("ทำไมคำตอบนี้แย่มาก", "question"),
        ("ถามโดย {name} ว่าผลอยู่ที่ใด", "question"),
    ],
)
def test_words_that_are_no_question_to_an_agency(case, reviewer, question, code):
    with pytest.raises(Refused) as refused:
        ask(case, reviewer, question=question.format(name=reviewer.first_name))
    assert refused.value.code == code
    assert not Ticket.objects.exists()


def test_a_cycle_without_days_has_no_questions(case, reviewer):
    type(case.cycle).objects.filter(pk=case.cycle_id).update(ticket_days=0)
    with pytest.raises(Refused) as refused:
        ask(case, reviewer)
    assert refused.value.code == "off"


def test_only_who_marks_the_part_asks_and_only_before_handing_in(case, reviewer, lead, coordinator):
    for person in (lead, coordinator, factories.make_user()):
        with pytest.raises(PermissionDenied):
            ask(case, person)
    hand_in(case, reviewer)
    with pytest.raises(Refused) as refused:
        ask(case, reviewer)
    assert refused.value.code == "closed"


# --- the addition -----------------------------------------------------------------------------


def test_an_addition_leaves_the_original_alone(case, reviewer, coordinator):
    before = case.submissions.first().digest
    ticket = add(ask(case, reviewer), coordinator)
    assert (ticket.state, ticket.addition) == (Ticket.State.ANSWERED, ADDITION)
    assert ticket.addition_digest == digest_of({"text": ADDITION, "evidence": []})
    now = cases.reloaded(case)
    assert digest_of(build(now, read_answers(now))) == before
    assert ticket.original_digest == tickets.original_digest(now, PART)


def test_the_same_addition_twice_is_one_and_another_is_refused(case, reviewer, coordinator):
    ticket = ask(case, reviewer)
    add(ticket, coordinator)
    first = reloaded(ticket)
    assert add(ticket, coordinator).answered_at == first.answered_at
    with pytest.raises(Refused, match="ชี้แจงได้ครั้งเดียว") as refused:
        add(ticket, factories.make_member(case.agency, "coordinator"), addition="คำชี้แจงอื่น")
    assert refused.value.code == "twice"
    assert reloaded(ticket).addition == ADDITION


@pytest.mark.parametrize(
    ("word", "code"), [({"addition": "- -"}, "addition"), ({"evidence": [7]}, "evidence")]
)
def test_what_cannot_be_added(case, reviewer, coordinator, word, code):
    ticket = ask(case, reviewer)
    with pytest.raises(Refused) as refused:
        add(ticket, coordinator, **word)
    assert refused.value.code == code
    assert reloaded(ticket).answered_at is None


def test_an_owner_answers_for_the_own_categories_and_nobody_else(case, reviewer):
    ticket = ask(case, reviewer)
    for role in ("head", "contributor", "viewer"):
        with pytest.raises(PermissionDenied):
            add(ticket, factories.make_member(case.agency, role))
    with pytest.raises(PermissionDenied):
        add(ticket, factories.make_member(case.agency, "owner", categories=["2"]))
    assert add(ticket, factories.make_member(case.agency, "owner", categories=["1"])).is_answered


def test_what_comes_after_the_time_is_kept_and_not_used(case, reviewer, coordinator):
    ticket = ask(case, reviewer)
    end_time(case)
    late = add(ticket, coordinator)
    assert (late.state, late.is_late, late.addition) == (Ticket.State.EXPIRED, True, ADDITION)
    with pytest.raises(Refused) as refused:
        tickets.weigh(ticket, counted=True, by=reviewer)
    assert refused.value.code == "unanswered"
    cases.mark_everything(case, by=reviewer)
    assert marking.marking_gaps(case, reviewer) == ()


# --- what it makes of marks and of the road -----------------------------------------------------


def test_silence_ends_with_the_clock_and_the_marks_go_on_from_the_original(case, reviewer, other):
    """Five days, no answer: the question is over, and consensus opens by itself."""
    ticket = ask(case, reviewer)
    hand_in(case, reviewer)
    hand_in(case, other)
    assert cases.status_of(case) == Status.IN_REVIEW
    assert tickets.expire_due() == 0
    end_time(case)
    assert tickets.expire_due() == 1
    assert reloaded(ticket).state == Ticket.State.EXPIRED
    assert cases.status_of(case) == Status.CONSENSUS
    assert tickets.expire_due() == 0


def test_the_last_hand_in_ends_what_is_over_without_waiting_for_the_clock(case, reviewer, other):
    ask(case, reviewer)
    hand_in(case, reviewer)
    end_time(case)
    hand_in(case, other)
    assert cases.status_of(case) == Status.CONSENSUS


def test_a_late_addition_lets_the_case_go_on_as_well(case, reviewer, other, coordinator):
    ticket = ask(case, reviewer)
    hand_in(case, reviewer)
    hand_in(case, other)
    end_time(case)
    add(ticket, coordinator)
    assert cases.status_of(case) == Status.CONSENSUS


def test_each_mark_says_whether_the_addition_counted_before_hand_in(case, reviewer, other, coordinator):
    ticket = add(ask(case, reviewer), coordinator)
    for person in (reviewer, other):
        cases.mark_everything(case, by=person)
        with pytest.raises(marking.Unfinished, match="ระบุว่าใช้คำชี้แจงหรือไม่") as unfinished:
            marking.hand_in(case, by=person)
        assert [gap.code for gap in unfinished.value.gaps] == [PART]
    tickets.weigh(ticket, counted=True, by=reviewer)
    tickets.weigh(ticket, counted=False, by=other)
    tickets.weigh(ticket, counted=False, by=other)
    for person in (reviewer, other):
        marking.hand_in(case, by=person)
    assert cases.status_of(case) == Status.CONSENSUS
    said = Weighing.objects.order_by("pk").values_list("assignment__reviewer", "counted")
    assert list(said) == [(reviewer.pk, True), (other.pk, False)]


def test_who_had_handed_in_gets_the_category_back_and_judges_by_the_same_facts(
    case, reviewer, other, coordinator
):
    ticket = ask(case, reviewer)
    hand_in(case, other)
    hand_in(case, reviewer)
    add(ticket, coordinator)
    open_ = Assignment.objects.filter(assessment=case, marks=True, handed_in_at=None)
    assert set(open_.values_list("reviewer", "category__code")) == {(reviewer.pk, "1"), (other.pk, "1")}
    for person in (reviewer, other):
        tickets.weigh(ticket, counted=True, by=person)
        marking.hand_in(case, by=person)
    assert cases.status_of(case) == Status.CONSENSUS


def test_who_has_handed_in_weighs_no_more(case, reviewer, other, coordinator):
    ticket = add(ask(case, reviewer), coordinator)
    tickets.weigh(ticket, counted=True, by=reviewer)
    hand_in(case, reviewer)
    with pytest.raises(Refused) as refused:
        tickets.weigh(ticket, counted=False, by=reviewer)
    assert refused.value.code == "closed"


# --- what is written down ---------------------------------------------------------------------


def test_log_of_the_agency_has_the_addition_and_names_no_reviewer(case, reviewer, other, coordinator):
    ticket = ask(case, reviewer)
    hand_in(case, other)
    add(ticket, coordinator)
    tickets.weigh(ticket, counted=True, by=reviewer)
    own = LogEntry.objects.filter(agency=case.agency)
    answered = own.get(action="review.ticket_answered")
    assert answered.data == {
        "answer": ticket.answer_id,
        "digest": reloaded(ticket).addition_digest,
        "late": False,
    }
    assert not own.filter(actor__in=[reviewer, other]).exists()
    assert not own.filter(action__in=["review.ticket_opened", "review.hand_in_returned"]).exists()
    assert (
        LogEntry.objects.filter(
            action__in=["review.ticket_opened", "review.ticket_weighed"], actor=reviewer
        ).count()
        == 2
    )


def test_the_database_keeps_one_question_for_an_answer_and_no_half_addition(case, reviewer):
    ticket = ask(case, reviewer)
    rows = Ticket.objects.filter(pk=ticket.pk)
    for wrong in (
        {"state": "answered"},
        {"addition": "คำชี้แจง"},
        {"question": ""},
        {"state": "expired", "answered_at": ticket.opened_at, "addition": "ก", "addition_digest": "0"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    ticket.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        ticket.save(force_insert=True)
