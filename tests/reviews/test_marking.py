import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Answer, Status
from pmqa.accounts.models import LogEntry, Membership, User
from pmqa.errors import Conflict, Refused
from reviews.comments import is_comment, references, split_at_codes
from reviews.models import Assignment, Consensus, Verdict
from reviews.services import marking
from tests import factories
from tests.reviews import cases


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    return cases.open_case(reviewer, other, lead=lead, agency=agency, cycle=cycle)


def test_the_first_mark_is_version_one_and_the_same_again_stays_so(case, reviewer):
    answer = factories.answer_of(case, "1.1.1.1")
    saved = cases.mark(answer, by=reviewer, outcome="fail", comment="ควรแสดงผล")
    assert (saved.version, saved.outcome, saved.judged_version) == (1, "fail", answer.version)
    assert cases.mark(answer, by=reviewer, outcome="fail", comment="ควรแสดงผล", version=1).version == 1
    assert cases.mark(answer, by=reviewer, outcome="pass", version=1).version == 2


def test_two_first_saves_are_one_save_and_one_conflict(case, reviewer):
    answer = factories.answer_of(case, "1.1.1.1")
    cases.mark(answer, by=reviewer, outcome="fail", comment="จากหน้าต่างแรก")
    with pytest.raises(Conflict) as conflict:
        cases.mark(answer, by=reviewer, outcome="fail", comment="จากหน้าต่างที่สอง")
    assert (conflict.value.current.comment, conflict.value.current.version) == ("จากหน้าต่างแรก", 1)


def test_a_save_on_an_old_version_is_a_conflict(case, reviewer):
    answer = factories.answer_of(case, "1.1.1.1")
    cases.mark(answer, by=reviewer)
    cases.mark(answer, by=reviewer, outcome="unsure", version=1)
    with pytest.raises(Conflict):
        cases.mark(answer, by=reviewer, outcome="fail", version=1)
    with pytest.raises(Conflict) as conflict:
        cases.mark(factories.answer_of(case, "1.1.2.1"), by=reviewer, version=7)
    assert conflict.value.current.version == 0


def test_two_reviewers_never_meet(case, reviewer, other):
    answer = factories.answer_of(case, "1.1.1.1")
    cases.mark(answer, by=reviewer, outcome="pass")
    assert cases.mark(answer, by=other, outcome="fail", comment="ไม่ครบถ้วน").version == 1
    assert Verdict.objects.count() == 2


def test_comments_are_stored_normalised_and_never_cut(case, reviewer):
    answer = factories.answer_of(case, "1.1.1.1")
    saved = cases.mark(answer, by=reviewer, comment="น\u0e4dา\u0e49\r\nดี")
    assert saved.comment == "น\u0e49\u0e33\nดี" or saved.comment == "น\u0e33\u0e49\nดี"
    with pytest.raises(Refused) as refused:
        cases.mark(answer, by=reviewer, comment="ก" * 20_001, version=1)
    assert refused.value.code == "too_long"
    assert cases.mark(answer, by=reviewer, comment="ก" * 20_000, version=1).version == 2


def test_nobody_marks_what_is_not_theirs(case, lead, administrator, officer, coordinator):
    answer = factories.answer_of(case, "1.1.1.1")
    for person in (lead, administrator, officer, coordinator, factories.make_user()):
        with pytest.raises(PermissionDenied):
            cases.mark(answer, by=person)
    assert not Verdict.objects.exists()


def test_only_the_assigned_categories_are_marked(case, reviewer):
    Assignment.objects.filter(reviewer=reviewer, category__code="2").delete()
    with pytest.raises(PermissionDenied):
        cases.mark(factories.answer_of(case, "2.1.1.1"), by=reviewer)
    with pytest.raises(PermissionDenied):
        cases.mark(factories.answer_of(case, "OP1.vision"), by=reviewer)
    assert cases.mark(factories.answer_of(case, "1.1.1.1"), by=reviewer).version == 1


def test_a_reviewer_who_joins_the_ministry_marks_no_more(case, reviewer):
    Membership.objects.create(
        user=reviewer, agency=factories.make_agency(ministry=case.agency.ministry), role="viewer"
    )
    with pytest.raises(PermissionDenied):
        cases.mark(factories.answer_of(case, "1.1.1.1"), by=User.objects.get(pk=reviewer.pk))


def test_marks_wait_for_the_start(case, reviewer):
    Assignment.objects.filter(reviewer=reviewer).update(opened_at=None)
    with pytest.raises(Refused) as refused:
        cases.mark(factories.answer_of(case, "1.1.1.1"), by=reviewer)
    assert refused.value.code == "closed"
    marking.open_case(case, by=reviewer)
    cases.mark(factories.answer_of(case, "1.1.1.1"), by=reviewer)


def test_opening_twice_keeps_the_first_time(case, reviewer):
    first = Assignment.objects.filter(reviewer=reviewer).first().opened_at
    marking.open_case(case, by=reviewer)
    assert Assignment.objects.filter(reviewer=reviewer).first().opened_at == first
    assert LogEntry.objects.filter(action="review.opened", actor=reviewer).count() == 1


def test_no_mark_outside_the_review_and_none_of_a_removed_indicator(case, reviewer):
    indicator = factories.answer_of(case, "7.1.1")
    Answer.objects.filter(pk=indicator.pk).update(removed_at=timezone.now())
    with pytest.raises(Refused) as refused:
        cases.mark(factories.answer_of(case, "7.1.1"), by=reviewer)
    assert refused.value.code == "removed"
    case.status = Status.CONSENSUS
    case.save()
    with pytest.raises(Refused) as refused:
        cases.mark(factories.answer_of(case, "1.1.1.1"), by=reviewer)
    assert refused.value.code == "closed"


def test_every_kind_of_gap_is_found_in_the_order_of_the_form(case, reviewer):
    cases.mark_everything(case, by=reviewer, besides=["1.1.1.1", "6.1.3.1"])
    Verdict.objects.filter(answer__part__code="1.2.1.1").update(outcome="unsure")
    Verdict.objects.filter(answer__part__code="2.1.1.1").update(outcome="fail", comment=" • ....\n")
    Verdict.objects.filter(answer__part__code="2.1.1.2").update(outcome="fail", comment="ควรแสดงผล")
    Answer.objects.filter(assessment=case, part__code="3.1.1.1").update(version=5)
    gaps = [(mark.code, mark.gap) for mark in marking.marking_gaps(case, reviewer)]
    assert gaps == [
        ("1.1.1.1", "unmarked"),
        ("1.2.1.1", "unsure"),
        ("2.1.1.1", "comment"),
        ("3.1.1.1", "changed"),
        ("6.1.3.1", "unmarked"),
    ]


def test_a_hand_in_with_gaps_names_the_first_and_changes_nothing(case, reviewer):
    cases.mark_everything(case, by=reviewer, besides=["6.1.3.1", "7.6.5"])
    with pytest.raises(marking.Unfinished) as unfinished:
        marking.hand_in(case, by=reviewer)
    assert [gap.code for gap in unfinished.value.gaps] == ["6.1.3.1", "7.6.5.1"]
    assert "6.1.3.1" in str(unfinished.value)
    assert not Assignment.objects.exclude(handed_in_at=None).exists()


def test_after_hand_in_marks_are_closed_and_a_second_press_is_no_second_hand_in(case, reviewer):
    cases.mark_everything(case, by=reviewer)
    marking.hand_in(case, by=reviewer)
    handed_in = Assignment.objects.filter(reviewer=reviewer).values_list("handed_in_at", flat=True)
    first = list(handed_in)
    marking.hand_in(case, by=reviewer)
    assert list(handed_in.all()) == first
    assert LogEntry.objects.filter(action="review.handed_in").count() == 1
    with pytest.raises(Refused) as refused:
        cases.mark(factories.answer_of(case, "1.1.1.1"), by=reviewer, outcome="unsure", version=1)
    assert refused.value.code == "closed"


def test_the_last_hand_in_settles_what_is_agreed_and_leaves_what_is_disputed(case, reviewer, other):
    for person in (reviewer, other):
        cases.mark_everything(case, by=person)
    Verdict.objects.filter(assignment__reviewer=other, answer__part__code="1.2.2.1").update(
        outcome="fail", comment="ควรแสดงผล"
    )
    marking.hand_in(case, by=reviewer)
    assert (cases.status_of(case), Consensus.objects.count()) == (Status.IN_REVIEW, 0)
    marking.hand_in(case, by=other)
    assert (cases.status_of(case), Consensus.objects.count()) == (Status.CONSENSUS, 159)
    assert case.changes.first().actor is None


def test_nobody_without_marks_hands_in(case, lead, administrator):
    for person in (lead, administrator):
        with pytest.raises(PermissionDenied):
            marking.hand_in(case, by=person)


def test_dots_bullets_and_spaces_are_no_comment():
    for text in ("", "....", "  \n", "• -", "–", "ๆ", "...1..."):
        assert not is_comment(text)
    for text in ("ดี", "ไม่ชัด", "no", "12"):
        assert is_comment(text)


def test_codes_of_the_form_are_found_and_longer_numbers_are_not():
    known = {"1.4.1", "1.4.1.1", "2.2.2"}
    assert references("ดู1.4.1 กับ (1.4.1.1) และ 2.2.2. อีกครั้ง 1.4.1", known) == ["1.4.1", "1.4.1.1", "2.2.2"]
    assert references("รุ่น 1.4.1.1.2 กับ 12.2.2.2 และ 9.9.9", known) == []


@given(st.text(alphabet="ก 124.()–\n", max_size=40))
def test_splitting_at_codes_loses_nothing(text):
    assert "".join(piece for piece, _is_code in split_at_codes(text, {"1.4.1", "2.2.2.1"})) == text
