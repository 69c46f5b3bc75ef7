"""Abstaining on one answer: handled and no mark, with a reason, and another reviewer where too few marks are left."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Status
from pmqa.accounts.models import LogEntry
from pmqa.errors import Refused
from reviews.abstaining import lacking_codes
from reviews.consensus_reading import read_room
from reviews.decided import judged_answers, noted_strengths
from reviews.models import Assignment, Consensus, Verdict
from reviews.rules import forget_assignments
from reviews.services import assigning, consensus, marking, replacing, standing_in, undoing
from reviews.services.siblings import use_for_siblings
from reviews.weighing_reading import read_balance
from tests import factories
from tests.pages import timeless
from tests.reviews import cases, questions
from tests.reviews.settled import SHOWN

pytestmark = pytest.mark.django_db

PART, WORDS = "1.2.2.1", "คู่สมรสร่วมเขียนแผนที่อ้างในข้อนี้"


@pytest.fixture
def case(reviewer, other, lead):
    return cases.open_case(reviewer, other, lead=lead)


@pytest.fixture
def alone(reviewer, lead):
    """A case with a single reviewer."""
    return cases.open_case(reviewer, lead=lead)


def abstain(case, by, code=PART, *, ground="conflict", reason=WORDS, version=0, **said):
    answer = factories.answer_of(case, code)
    content = {"outcome": "abstain", "comment": "", "internal_note": "", "ground": ground, "reason": reason}
    return marking.save_verdict(
        answer, version=version, judged_version=answer.version, **content | said, by=by
    )


def hand_in(case, by, *besides):
    cases.mark_everything(case, by=by, besides=besides)
    marking.hand_in(case, by=by)


def lacking(case):
    return lacking_codes([case.pk]).get(case.pk, [])


# --- the reviewer -----------------------------------------------------------------------------


@pytest.mark.parametrize(("ground", "reason"), [("", WORDS), ("conflict", ""), ("knowledge", " .... ")])
def test_an_abstention_says_why_before_the_hand_in(case, reviewer, ground, reason):
    abstain(case, reviewer, ground=ground, reason=reason)
    with pytest.raises(marking.Unfinished, match="งดลงผลต้องเลือกเหตุ") as unfinished:
        hand_in(case, reviewer, PART)
    assert [gap.code for gap in unfinished.value.gaps] == [PART]


def test_an_abstention_is_handled_and_is_no_mark(case, reviewer, other):
    abstain(case, reviewer, comment=SHOWN, strength="ทำได้ดีมาก")
    hand_in(case, reviewer, PART)
    cases.mark(factories.answer_of(case, PART), by=other, outcome="fail", comment="ควรแสดงผล")
    hand_in(case, other, PART)
    assert cases.status_of(case) == Status.CONSENSUS
    counted = Consensus.objects.get(answer=factories.answer_of(case, PART))
    assert (counted.outcome, counted.basis, counted.comment) == ("fail", "single", "ควรแสดงผล")
    assert noted_strengths(case, judged_answers(case)) == []


def test_the_lead_cannot_use_what_an_abstaining_reviewer_typed(case, reviewer, other, lead):
    mark = abstain(case, reviewer, comment=SHOWN)
    hand_in(case, reviewer, PART)
    hand_in(case, other)
    with pytest.raises(Refused) as refused:
        consensus.decide(
            factories.answer_of(case, PART),
            version=1, outcome="fail", comment="", reason="หารือแล้ว", sources=[mark.pk], by=lead,
        )  # fmt: skip
    assert refused.value.code == "sources"


def test_it_is_taken_back_and_brought_again_until_the_hand_in(case, reviewer):
    cases.mark(factories.answer_of(case, PART), by=reviewer, outcome="pass")
    abstain(case, reviewer, version=1)
    undoing.undo(case, by=reviewer)
    stored = Verdict.objects.get(assignment__reviewer=reviewer)
    assert (stored.outcome, stored.ground, stored.reason) == ("pass", "", "")
    undoing.undo(case, by=reviewer, again=True)
    stored.refresh_from_db()
    assert (stored.outcome, stored.ground, stored.reason) == ("abstain", "conflict", WORDS)
    hand_in(case, reviewer, PART)
    with pytest.raises(Refused):
        undoing.undo(case, by=reviewer)


def test_a_mark_kept_before_anybody_could_abstain_comes_back(case, reviewer):
    cases.mark(factories.answer_of(case, PART), by=reviewer, outcome="pass")
    mark = abstain(case, reviewer, version=1)
    old = {name: value for name, value in mark.other.items() if name not in ("ground", "reason")}
    Verdict.objects.filter(pk=mark.pk).update(other=old)
    (back,) = undoing.undo(case, by=reviewer)
    assert (back.outcome, back.ground) == ("pass", "")


def test_siblings_take_the_reason_along(case, reviewer):
    source, sibling = factories.answer_of(case, "2.1.1.1"), factories.answer_of(case, "2.1.1.2")
    abstain(case, reviewer, "2.1.1.1")
    use_for_siblings(source, chosen={sibling.pk: 0}, by=reviewer)
    assert Verdict.objects.get(answer=sibling).reason == WORDS


def test_the_reason_leaves_with_the_abstention(case, reviewer):
    abstain(case, reviewer)
    mark = cases.mark(factories.answer_of(case, PART), by=reviewer, outcome="pass", version=1)
    assert (mark.ground, mark.reason) == ("", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.filter(pk=mark.pk).update(reason=WORDS)


def test_the_log_tells_that_and_not_why(case, reviewer):
    abstain(case, reviewer, ground="")
    abstain(case, reviewer, version=1)
    undoing.undo(case, by=reviewer)
    lines = LogEntry.objects.filter(action__startswith="review.abst").order_by("pk")
    assert [(line.action, line.data.get("ground")) for line in lines] == [
        ("review.abstained", ""),
        ("review.abstained", "conflict"),
        ("review.abstention_withdrawn", None),
    ]
    assert not any(line.agency_id or WORDS in json.dumps(line.data, ensure_ascii=False) for line in lines)


def test_an_addition_of_the_agency_is_not_weighed_by_who_abstains(case, reviewer, other):
    ticket = questions.ask(case, reviewer)
    questions.add(ticket, factories.make_member(case.agency, "coordinator"))
    abstain(case, reviewer)
    hand_in(case, reviewer, PART)
    with pytest.raises(marking.Unfinished):
        hand_in(case, other)


# --- another reviewer ----------------------------------------------------------------------------


def test_nothing_more_is_needed_where_the_others_suffice(case, reviewer, other):
    abstain(case, reviewer)
    assert lacking(case) == []
    abstain(case, other, ground="knowledge")
    assert lacking(case) == [PART]


def test_the_minimum_of_the_cycle_counts(reviewer, other, lead):
    case = cases.open_case(reviewer, other, lead=lead, cycle=factories.make_cycle(least_reviewers=2))
    abstain(case, reviewer)
    assert lacking(case) == [PART]


def test_the_case_waits_for_another_reviewer_of_the_category(alone, reviewer, lead):
    abstain(alone, reviewer)
    abstain(alone, reviewer, "7.1.1", ground="knowledge")
    hand_in(alone, reviewer, PART, "7.1.1")
    assert cases.status_of(alone) == Status.IN_REVIEW
    assert lacking(alone) == [PART, "7.1.1.1"]
    second, administrator = factories.make_user(), factories.make_official("administrator")
    assert standing_in.stand_in(alone, person=second, by=administrator)
    assert not standing_in.stand_in(alone, person=second, by=administrator)
    mine = Assignment.objects.filter(assessment=alone, reviewer=second)
    assert sorted(mine.values_list("category__code", flat=True)) == ["1", "7"]
    assert lacking(alone) == []
    assert cases.status_of(alone) == Status.IN_REVIEW
    marking.open_case(alone, by=second)
    hand_in(alone, second)
    assert cases.status_of(alone) == Status.CONSENSUS
    assert Consensus.objects.get(answer=factories.answer_of(alone, PART)).basis == "single"


def test_who_abstained_does_not_stand_in_and_who_is_blind_does_not_look(client, reviewer, lead):
    blind = factories.make_official("administrator")
    case = cases.open_case(reviewer, blind, lead=lead, cycle=factories.make_cycle(least_reviewers=2))
    abstain(case, reviewer)
    for person in (reviewer, blind):
        with pytest.raises(Refused) as refused:
            standing_in.stand_in(case, person=person, by=factories.make_official("administrator"))
        assert refused.value.code == "same"
    with pytest.raises(PermissionDenied):
        standing_in.stand_in(case, person=factories.make_user(), by=blind)
    client.force_login(blind)
    assert client.get(reverse("reviews:stand_in", args=[case.pk])).status_code == 403
    client.force_login(factories.make_official("administrator"))
    assert f"ข้อ {PART} ขาดผู้ลงผล" in client.get(reverse("reviews:stand_in", args=[case.pk])).content.decode()
    third = factories.make_user()
    data = {"successor": third.pk}
    assert client.post(reverse("reviews:stand_in", args=[case.pk]), data).status_code == 302
    assert lacking(case) == []


def test_who_leaves_takes_the_abstention_along(case, reviewer, other):
    abstain(case, reviewer)
    abstain(case, other)
    hand_in(case, other, PART)
    replacing.replace(
        case, reviewer=other, successor=factories.make_user(), by=factories.make_official("administrator")
    )
    assert lacking(case) == []


def test_a_review_does_not_open_with_fewer_than_the_cycle_asks_for(reviewer, lead):
    administrator = factories.make_official("administrator")
    case = cases.submitted_case(cycle=factories.make_cycle(least_reviewers=2))
    assigning.assign(case, reviewers=[reviewer], lead=lead, lead_marks=False, by=administrator)
    with pytest.raises(Refused, match="ไม่ถึง 2 คน") as refused:
        assigning.open_review(case, by=administrator)
    assert refused.value.code == "uncovered"
    assigning.assign(case, reviewers=[reviewer], lead=lead, lead_marks=True, by=administrator)
    assigning.open_review(case, by=administrator)


# --- who sees what ----------------------------------------------------------------------------


def page(client, person, route, *args):
    client.force_login(person)
    forget_assignments(person, args[0]) if args else None
    return client.get(reverse(route, args=[arg.pk if hasattr(arg, "pk") else arg for arg in args]))


NEEDS = f"ต้องหาผู้ตรวจแทนในข้อ {PART}"


def test_lead_and_administrator_are_told_that_a_part_lacks_a_mark_and_no_more(client, alone, reviewer, lead):
    cases.mark(factories.answer_of(alone, "1.1.1.1"), by=reviewer, outcome="fail", comment="ความเห็นลับ")
    abstain(alone, reviewer)
    administrator = factories.make_official("administrator")
    for person, route, args in (
        (lead, "reviews:queue", ()), (administrator, "reviews:case", (alone,)),
        (factories.make_official("officer"), "reviews:case", (alone,)),
    ):  # fmt: skip
        told = page(client, person, route, *args).content.decode()
        assert NEEDS in told
        assert WORDS not in told
        assert "ความเห็นลับ" not in told
    listed = page(client, administrator, "reviews:cases").content.decode()
    assert "หาผู้ตรวจแทน" in listed


def test_nobody_of_the_team_sees_before_the_own_hand_in_that_somebody_abstained(client, reviewer, other):
    """A lead who marks as well, and an administrator who judges the case: the bytes are the same."""
    lead = factories.make_official("administrator")
    case = cases.open_case(reviewer, other, lead=lead, lead_marks=True)
    cycle = case.cycle
    type(cycle).objects.filter(pk=cycle.pk).update(least_reviewers=3)
    readers = [
        (person, route, args)
        for person in (other, lead)
        for route, args in (
            ("reviews:queue", ()), ("reviews:topic", (case, "1.2")), ("reviews:hand_in", (case,)),
            ("reviews:case", (case,)), ("reviews:cases", ()),
        )
        if person == lead or "case" not in route
    ]  # fmt: skip
    before = [timeless(page(client, *reader[:2], *reader[2])) for reader in readers]
    abstain(case, reviewer)
    assert lacking(case) == [PART]
    assert [timeless(page(client, *reader[:2], *reader[2])) for reader in readers] == before
    hand_in(case, lead)
    assert NEEDS in page(client, lead, "reviews:queue").content.decode()


def test_the_team_sees_it_afterwards_and_the_agency_never(client, case, reviewer, other, lead):
    abstain(case, reviewer)
    hand_in(case, reviewer, PART)
    hand_in(case, other)
    answer = factories.answer_of(case, PART)
    told = page(client, lead, "reviews:decide", case, answer).content.decode()
    assert "งดลงผล" in told
    assert WORDS in told
    team = page(client, other, "reviews:decide", case, answer).content.decode()
    assert "มีส่วนได้ส่วนเสียเฉพาะส่วนนี้" in team
    # It may be about a person, and reviewers do not know each other.
    assert WORDS not in team
    coordinator = factories.make_member(case.agency, "coordinator")
    for route, args in (("assessments:overview", (case,)), ("assessments:topic", (case, "1.2"))):
        shown = page(client, coordinator, route, *args).content.decode()
        assert "งดลงผล" not in shown
        assert WORDS not in shown


def test_an_abstention_weighs_nothing(case, reviewer, other, lead):
    abstain(case, reviewer)
    hand_in(case, reviewer, PART)
    hand_in(case, other)
    balance = read_balance(read_room(cases.reloaded(case), lead, names=True))
    assert [share.disputed for _label, _name, share in balance.shares] == [0, 0]
    marked = sorted(share.marked for _label, _name, share in balance.shares)
    assert marked[1] - marked[0] == 1


# --- the page ---------------------------------------------------------------------------------


def test_the_page_saves_it_and_keeps_what_was_typed(client, case, reviewer):
    client.force_login(reviewer)
    answer = factories.answer_of(case, PART)
    place = reverse("reviews:mark", args=[case.pk, answer.pk])
    data = {
        "version": 0, "judged_version": answer.version, "outcome": "abstain", "ground": "knowledge",
        "reason": WORDS,
    }  # fmt: skip
    assert client.post(place, data).status_code == 302
    shown = page(client, reviewer, "reviews:topic", case, "1.2").content.decode()
    assert WORDS in shown
    reply = client.post(
        place, data | {"version": 1, "outcome": "pass"}, headers={"Accept": "application/json"}
    )
    assert reply.json()["state"] == "saved"
    assert Verdict.objects.get(answer=answer).reason == ""
    refused = client.post(place, data | {"version": 2, "reason": "ก" * 30_000})
    assert refused.status_code == 422
    assert "ก" * 1000 in refused.content.decode()


def test_it_costs_few_queries(client, alone, reviewer, lead, django_assert_max_num_queries):
    abstain(alone, reviewer)
    client.force_login(lead)
    with django_assert_max_num_queries(10):
        assert NEEDS in client.get(reverse("reviews:queue")).content.decode()
    client.force_login(factories.make_official("administrator"))
    for place in (
        reverse("reviews:case", args=[alone.pk]),
        reverse("reviews:cases"),
        reverse("reviews:stand_in", args=[alone.pk]),
    ):
        with django_assert_max_num_queries(12):
            assert client.get(place).status_code == 200
