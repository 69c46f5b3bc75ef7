import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.models import Assessment, Status
from assessments.workflow import lock
from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from reviews.comments import is_comment
from reviews.decided import agreement, judged_answers
from reviews.models import Assignment, Consensus, Verdict
from reviews.services import consensus, feedback, marking, replacing
from tests import factories
from tests.reviews import cases
from tests.reviews.settled import SHOWN, disputed, failed, settled_case


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    """One disputed part (1.2.2.1), one agreed fail (1.4.3.1), everything else passed."""
    opinions = disputed() | failed("1.4.3.1")
    return settled_case(reviewer, other, lead=lead, opinions=opinions, agency=agency, cycle=cycle)


def decide(case, code="1.2.2.1", *, by, version=0, outcome="pass", comment="", reason="หลักฐานครบถ้วน"):
    return consensus.decide(
        factories.answer_of(case, code),
        version=version,
        outcome=outcome,
        comment=comment,
        reason=reason,
        by=by,
    )


def row_of(case, code) -> Consensus | None:
    return Consensus.objects.filter(answer=factories.answer_of(case, code)).first()


@pytest.fixture
def marked_by_three(lead, agency, cycle):
    """In review, everything passed by three people who have not handed in."""
    team = [factories.make_user() for _n in range(3)]
    case = cases.open_case(*team, lead=lead, agency=agency, cycle=cycle)
    for person in team:
        cases.mark_everything(case, by=person)
    return case, team


# --- from marks to consensus ------------------------------------------------------------------


def test_equal_marks_count_and_the_rest_waits_for_the_lead(case):
    assert cases.status_of(case) == Status.CONSENSUS
    assert consensus.undecided(judged_answers(case)) == ["1.2.2.1"]
    fail = row_of(case, "1.4.3.1")
    assert (fail.outcome, fail.basis, fail.comment, fail.version) == ("fail", "agreed", SHOWN, 1)
    assert fail.decided_by is None


def test_different_comments_of_equal_marks_are_kept_one_below_the_other(reviewer, other, lead):
    opinions = {"1.1.1.1": [("fail", "ควรแสดงผล"), ("fail", "ควรแสดงแนวโน้ม")]}
    case = settled_case(reviewer, other, lead=lead, opinions=opinions)
    assert row_of(case, "1.1.1.1").comment == "ควรแสดงผล\n\nควรแสดงแนวโน้ม"


def test_one_reviewer_alone_counts_as_such(reviewer, lead):
    case = settled_case(reviewer, lead=lead, opinions={"1.1.1.1": [("fail", SHOWN)]})
    assert row_of(case, "1.1.1.1").basis == row_of(case, "2.1.1.1").basis == "single"
    assert consensus.undecided(judged_answers(case)) == []


def test_a_lead_who_marks_is_one_of_the_reviewers(reviewer, lead):
    case = settled_case(reviewer, lead=lead, lead_marks=True, opinions=disputed())
    assert consensus.undecided(judged_answers(case)) == ["1.2.2.1"]
    assert decide(case, by=lead).basis == "lead_decided"


def test_whoever_stepped_aside_does_not_count(reviewer, other, lead):
    third = factories.make_user()
    case = cases.open_case(reviewer, other, third, lead=lead)
    cases.mark(factories.answer_of(case, "1.1.1.1"), by=third, outcome="fail", comment=SHOWN)
    for person in (reviewer, other):
        cases.mark_everything(case, by=person)
        marking.hand_in(case, by=person)
    assert cases.status_of(case) == Status.IN_REVIEW
    replacing.recuse(case, reviewer=third, reason="ภารกิจเร่งด่วน", by=third)
    assert cases.status_of(case) == Status.IN_REVIEW
    replacing.waive(case, reviewer=third, by=factories.make_official("administrator"))
    assert cases.status_of(case) == Status.CONSENSUS
    assert row_of(case, "1.1.1.1").outcome == "pass"


def test_a_category_with_one_reviewer_beside_others_with_two(reviewer, other, lead):
    case = cases.open_case(reviewer, other, lead=lead)
    Assignment.objects.filter(assessment=case, reviewer=other, category__code="2").update(
        recused_at=timezone.now()
    )
    for person in (reviewer, other):
        cases.mark_everything(case, by=person)
        marking.hand_in(case, by=person)
    assert row_of(case, "1.1.1.1").basis == "agreed"
    assert row_of(case, "2.1.1.1").basis == "single"


def test_what_cannot_be_after_hand_in_is_left_to_the_lead(reviewer, other, lead):
    """No mark, two equal unsure marks, one mark of two: never a verdict by accident."""
    case = cases.open_case(reviewer, other, lead=lead)
    for person in (reviewer, other):
        cases.mark_everything(case, by=person, besides=["1.1.1.1"])
    verdicts = Verdict.objects.filter(assignment__assessment=case)
    verdicts.filter(answer__part__code="1.1.2.1").update(outcome="unsure")
    verdicts.filter(answer__part__code="1.1.3.1", assignment__reviewer=other).delete()
    Assignment.objects.filter(assessment=case).update(handed_in_at=timezone.now())
    consensus.settle(lock(case))
    assert consensus.undecided(judged_answers(case)) == ["1.1.1.1", "1.1.2.1", "1.1.3.1"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_row_exists_exactly_where_the_marks_agree(marked_by_three, data):
    """Any marks of two or three reviewers: what counts is what all of them said, and nothing else."""
    case, team = marked_by_three
    present = team[: data.draw(st.integers(2, 3), label="reviewers")]
    outcomes = st.lists(
        st.sampled_from(["pass", "fail", "unsure"]), min_size=len(present), max_size=len(present)
    )
    answers = {row.code: row.answer.pk for row in judged_answers(case)[::20]}
    said = data.draw(st.dictionaries(st.sampled_from(sorted(answers)), outcomes, max_size=8), label="marks")
    with transaction.atomic():
        Assignment.objects.filter(assessment=case).exclude(reviewer__in=present).update(
            recused_at=timezone.now()
        )
        for code, marks in said.items():
            for person, outcome in zip(present, marks, strict=True):
                Verdict.objects.filter(answer=answers[code], assignment__reviewer=person).update(
                    outcome=outcome, comment=SHOWN
                )
        consensus.settle(lock(case))
        expected = {code: agreement(marks) for code, marks in said.items()}
        for row in judged_answers(case):
            assert row.outcome == (expected.get(row.code, "pass") or "")
            assert row.outcome != "fail" or is_comment(row.consensus.comment)
        transaction.set_rollback(True)


# --- the lead's word --------------------------------------------------------------------------


def test_v5_a_dispute_is_decided_with_a_reason(case, lead):
    with pytest.raises(consensus.Unfinished) as unfinished:
        consensus.finish(case, by=lead)
    assert (unfinished.value.code, unfinished.value.codes) == ("undecided", ("1.2.2.1",))
    assert "1.2.2.1" in str(unfinished.value)
    with pytest.raises(Refused) as refused:
        decide(case, by=lead, reason=" … ")
    assert refused.value.code == "reason"
    saved = decide(case, by=lead, outcome="fail", comment="ควรแสดงผล", reason="ยังไม่เห็นผลลัพธ์")
    assert (saved.basis, saved.version, saved.decided_by) == ("lead_decided", 1, lead)
    entry = LogEntry.objects.get(action="review.decided")
    assert entry.data["before"] is None
    assert entry.data["after"] == "fail"
    assert "ควรแสดงผล" not in str(entry.data)
    assert consensus.finish(case, by=lead).status == Status.CONSENSUS_DONE


@pytest.mark.parametrize("comment", ["", "....", " ☐ ☐ "])
def test_a_fail_needs_a_comment(case, lead, comment):
    with pytest.raises(Refused) as refused:
        decide(case, by=lead, outcome="fail", comment=comment)
    assert refused.value.code == "comment"
    assert row_of(case, "1.2.2.1") is None


@pytest.mark.parametrize("outcome", ["", "unsure", "maybe"])
def test_only_pass_and_fail_count(case, lead, outcome):
    with pytest.raises(Refused) as refused:
        decide(case, by=lead, outcome=outcome)
    assert refused.value.code == "outcome"


def test_texts_are_normalised_and_never_cut(case, lead):
    with pytest.raises(Refused) as refused:
        decide(case, by=lead, comment="ก" * 20_001)
    assert refused.value.code == "too_long"
    assert decide(case, by=lead, comment="  นํ้า\r\nดี ").comment == "น้ำ\nดี"


def test_rewording_an_agreed_fail_keeps_its_basis_and_needs_no_reason(case, lead):
    saved = decide(case, "1.4.3.1", by=lead, version=1, outcome="fail", comment="ควรแสดงแนวโน้ม", reason="")
    assert (saved.basis, saved.comment, saved.version) == ("agreed", "ควรแสดงแนวโน้ม", 2)


def test_changing_what_was_agreed_needs_a_reason_and_stays_the_leads(case, lead):
    with pytest.raises(Refused) as refused:
        decide(case, "1.4.3.1", by=lead, version=1, outcome="pass", reason="")
    assert refused.value.code == "reason"
    changed = decide(case, "1.4.3.1", by=lead, version=1, outcome="pass")
    assert changed.basis == "lead_decided"
    back = decide(case, "1.4.3.1", by=lead, version=2, outcome="fail", comment=SHOWN)
    assert back.basis == "lead_decided"


def test_a_decision_of_the_lead_keeps_needing_its_reason(case, lead):
    decide(case, by=lead)
    with pytest.raises(Refused) as refused:
        decide(case, by=lead, version=1, outcome="fail", comment=SHOWN, reason="")
    assert refused.value.code == "reason"


def test_two_tabs_are_one_save_and_one_conflict(case, lead):
    decide(case, by=lead, reason="จากหน้าต่างแรก")
    with pytest.raises(Conflict) as conflict:
        decide(case, by=lead, outcome="fail", comment=SHOWN, reason="จากหน้าต่างที่สอง")
    assert conflict.value.current.reason == "จากหน้าต่างแรก"
    assert row_of(case, "1.2.2.1").outcome == "pass"


def test_the_same_decision_twice_is_one(case, lead):
    decide(case, by=lead)
    assert decide(case, by=lead).version == 1
    assert LogEntry.objects.filter(action="review.decided").count() == 1


def test_an_indicator_is_decided_like_a_part(reviewer, other, lead):
    case = settled_case(reviewer, other, lead=lead, opinions=disputed("7.1.1"))
    assert consensus.undecided(judged_answers(case)) == ["7.1.1.1"]
    assert decide(case, "7.1.1", by=lead, outcome="fail", comment=SHOWN).outcome == "fail"
    assert consensus.finish(case, by=lead).status == Status.CONSENSUS_DONE


@pytest.mark.parametrize("who", ["reviewer", "administrator", "stranger"])
def test_nobody_else_decides_or_finishes(case, reviewer, administrator, who):
    person = {"reviewer": reviewer, "administrator": administrator, "stranger": factories.make_user()}[who]
    with pytest.raises(PermissionDenied):
        decide(case, by=person)
    with pytest.raises(PermissionDenied):
        consensus.finish(case, by=person)


def test_nothing_is_decided_before_consensus(reviewer, other, lead):
    case = cases.open_case(reviewer, other, lead=lead)
    with pytest.raises(Refused) as refused:
        decide(case, by=lead)
    assert refused.value.code == "closed"


# --- closing and opening again ----------------------------------------------------------------


def test_finishing_twice_is_finishing_once(case, lead, reviewer):
    decide(case, by=lead)
    consensus.finish(case, by=lead)
    assert consensus.finish(case, by=lead).status == Status.CONSENSUS_DONE
    assert case.changes.filter(to_status=Status.CONSENSUS_DONE).count() == 1
    with pytest.raises(PermissionDenied):
        consensus.finish(case, by=reviewer)


def test_v15_every_missing_part_is_named(case, lead):
    Consensus.objects.filter(answer__part__code__in=["6.1.3.1", "6.1.4.1"]).delete()
    decide(case, by=lead)
    with pytest.raises(consensus.Unfinished) as unfinished:
        consensus.finish(case, by=lead)
    assert unfinished.value.codes == ("6.1.3.1", "6.1.4.1")
    assert str(unfinished.value) == "ยังปิดไม่ได้ ยังไม่ตัดสิน 6.1.3.1 6.1.4.1"


def test_a_long_list_of_missing_parts_is_counted(case, lead):
    Consensus.objects.filter(answer__part__code__startswith="6.").delete()
    with pytest.raises(consensus.Unfinished) as unfinished:
        consensus.finish(case, by=lead)
    assert str(unfinished.value).endswith(f"และอีก {len(unfinished.value.codes) - 8} ส่วน")


def test_a_bare_fail_keeps_the_consensus_open(case, lead):
    decide(case, by=lead)
    Consensus.objects.filter(answer__part__code="1.4.3.1").update(comment="....")
    with pytest.raises(consensus.Unfinished) as unfinished:
        consensus.finish(case, by=lead)
    assert (unfinished.value.code, unfinished.value.codes) == ("comment", ("1.4.3.1",))


def test_reopened_the_lead_decides_again(case, lead, administrator):
    decide(case, by=lead)
    consensus.finish(case, by=lead)
    with pytest.raises(Refused) as refused:
        decide(case, by=lead, version=1, outcome="fail", comment=SHOWN)
    assert refused.value.code == "closed"
    with pytest.raises(PermissionDenied):
        consensus.reopen(case, note="ขอแก้", by=lead)
    with pytest.raises(Refused) as refused:
        consensus.reopen(case, note=" ... ", by=administrator)
    assert refused.value.code == "note"
    consensus.reopen(case, note="ดู 1.2.2.1 อีกครั้ง", by=administrator)
    assert case.changes.first().note == "ดู 1.2.2.1 อีกครั้ง"
    assert decide(case, by=lead, version=1, outcome="fail", comment=SHOWN).version == 2
    assert consensus.finish(case, by=lead).status == Status.CONSENSUS_DONE


def test_the_log_of_the_agency_names_nobody_of_the_team(case, lead, administrator):
    last = LogEntry.objects.latest("pk").pk
    decide(case, by=lead)
    feedback.save_section(case, "pillar:1", version=0, text="ข้อความ", included=True, by=lead)
    consensus.finish(case, by=lead)
    consensus.reopen(case, note="ดู 1.2.2.1 อีกครั้ง", by=administrator)
    entries = LogEntry.objects.filter(pk__gt=last)
    assert {"review.decided", "review.section_saved", "review.reopened"} <= {row.action for row in entries}
    assert [row.action for row in entries if row.agency and row.actor == lead] == []
    assert not any(row.agency for row in entries if row.action.startswith("review."))


def test_a_published_case_stays_closed(case, administrator):
    Assessment.objects.filter(pk=case.pk).update(status=Status.REPORT_ISSUED)
    with pytest.raises(Refused) as refused:
        consensus.reopen(case, note="ขอแก้", by=administrator)
    assert refused.value.code == "move"
