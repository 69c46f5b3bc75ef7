"""Taking marks back: after the save, several in one press, and back again."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assessments.models import Status
from pmqa.errors import Conflict, Refused
from reviews.models import Verdict
from reviews.services import marking, undoing
from reviews.services.siblings import use_for_siblings
from tests import factories
from tests.reviews import cases


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    return cases.open_case(reviewer, other, lead=lead, agency=agency, cycle=cycle)


def answer(case, code="1.1.1.1"):
    return factories.answer_of(case, code)


def stored(case, code="1.1.1.1", *, by):
    verdict = Verdict.objects.get(answer=answer(case, code), assignment__reviewer=by)
    return verdict.outcome, verdict.comment


def test_the_first_mark_is_taken_back_to_unmarked(case, reviewer):
    cases.mark(answer(case), by=reviewer, outcome="pass")
    undoing.undo(case, by=reviewer)
    assert stored(case, by=reviewer) == ("", "")
    assert marking.marking_gaps(case, reviewer)[0].code == "1.1.1.1"


def test_mark_and_comment_come_back_and_go_again(case, reviewer):
    cases.mark(answer(case), by=reviewer, outcome="fail", comment="ความเห็นแรก")
    cases.mark(answer(case), by=reviewer, outcome="pass", comment="", version=1)
    undoing.undo(case, by=reviewer)
    assert stored(case, by=reviewer) == ("fail", "ความเห็นแรก")
    undoing.undo(case, by=reviewer, again=True)
    assert stored(case, by=reviewer) == ("pass", "")
    undoing.undo(case, by=reviewer)
    assert stored(case, by=reviewer) == ("fail", "ความเห็นแรก")


def test_a_comment_that_saved_itself_many_times_is_one_thing_to_take_back(case, reviewer):
    for version, text in enumerate(("", "มี", "มีแผน", "มีแผน แต่ทั้งนี้ ควรแสดงให้เห็นผล")):
        cases.mark(answer(case), by=reviewer, outcome="fail", comment=text, version=version)
    undoing.undo(case, by=reviewer)
    assert stored(case, by=reviewer) == ("", "")


def test_another_sitting_is_another_thing_to_take_back(case, reviewer):
    cases.mark(answer(case), by=reviewer, outcome="fail", comment="เช้า")
    with time_machine.travel(timezone.now() + undoing.SITTING + timedelta(minutes=1)):
        cases.mark(answer(case), by=reviewer, outcome="fail", comment="บ่าย", version=1)
        undoing.undo(case, by=reviewer)
    assert stored(case, by=reviewer) == ("fail", "เช้า")


def test_the_last_change_of_the_case_goes_first_and_only_ones_own(case, reviewer, other):
    cases.mark(answer(case, "1.1.1.1"), by=reviewer)
    cases.mark(answer(case, "7.1.1"), by=reviewer)
    cases.mark(answer(case, "1.1.1.1"), by=other)
    assert [verdict.answer.part.code for verdict in undoing.undo(case, by=reviewer)] == ["7.1.1"]
    assert [verdict.answer.part.code for verdict in undoing.undo(case, by=reviewer)] == ["1.1.1.1"]
    assert stored(case, by=other) == ("pass", "")
    with pytest.raises(Refused) as refused:
        undoing.undo(case, by=reviewer)
    assert refused.value.code == "nothing"


def test_a_note_to_self_is_no_part_of_the_mark(case, reviewer):
    said = {"judged_version": 1, "outcome": "pass", "comment": "", "internal_note": ""}
    marking.save_verdict(answer(case), version=0, own_note="กลับมาอ่านอีกครั้ง", **said, by=reviewer)
    marking.save_verdict(answer(case), version=1, own_note="อ่านแล้ว", **said, by=reviewer)
    undoing.undo(case, by=reviewer)
    verdict = Verdict.objects.get()
    assert (verdict.outcome, verdict.own_note) == ("", "อ่านแล้ว")


def test_a_page_that_does_not_know_of_the_undo_runs_into_a_conflict(case, reviewer):
    cases.mark(answer(case), by=reviewer)
    undoing.undo(case, by=reviewer)
    with pytest.raises(Conflict):
        cases.mark(answer(case), by=reviewer, outcome="fail", version=1)


def test_what_is_handed_in_stays(case, reviewer):
    cases.mark(answer(case), by=reviewer)
    cases.mark_everything(case, by=reviewer, besides=["1.1.1.1"])
    marking.hand_in(case, by=reviewer)
    with pytest.raises(Refused) as refused:
        undoing.undo(case, by=reviewer)
    assert refused.value.code == "nothing"
    case.status = Status.CONSENSUS
    case.save()
    with pytest.raises(Refused) as refused:
        undoing.undo(case, by=reviewer)
    assert refused.value.code == "closed"


def test_the_page_opens_at_what_was_taken_back_and_says_so(case, reviewer, as_user):
    cases.mark(answer(case, "2.1.1.1"), by=reviewer, outcome="fail", comment="ควรแสดงผล")
    reply = as_user(reviewer).post(reverse("reviews:undo", args=[case.pk]), follow=True)
    assert reply.redirect_chain[-1][0].endswith("?part=2.1.1.1#p2.1.1.1")
    assert "เลิกทำ 2.1.1.1 แล้ว กลับเป็น “ยังไม่ตรวจ”" in reply.content.decode()
    reply = as_user(reviewer).post(reverse("reviews:undo", args=[case.pk]), {"way": "again"}, follow=True)
    assert "ทำซ้ำ 2.1.1.1 แล้ว เป็น “ไม่ผ่าน”" in reply.content.decode()


# --- sibling parts -------------------------------------------------------------------------------


def give(case, chosen, *, by, code="2.1.1.1"):
    return use_for_siblings(
        answer(case, code), chosen={answer(case, to).pk: version for to, version in chosen.items()}, by=by
    )


def test_chosen_siblings_take_mark_and_comment_and_one_undo_takes_them_back(case, reviewer):
    cases.mark(answer(case, "2.1.1.2"), by=reviewer, outcome="pass", comment="เดิม", note="ในทีม")
    cases.mark(answer(case, "2.1.1.1"), by=reviewer, outcome="fail", comment="ควรแสดงผลลัพธ์")
    applied = give(case, {"2.1.1.2": 1, "2.1.1.3": 0}, by=reviewer)
    assert [len(applied.changed), applied.stale] == [2, []]
    for code in ("2.1.1.1", "2.1.1.2", "2.1.1.3"):
        assert stored(case, code, by=reviewer) == ("fail", "ควรแสดงผลลัพธ์")
    assert Verdict.objects.get(answer=answer(case, "2.1.1.2")).internal_note == "ในทีม"
    assert len(undoing.undo(case, by=reviewer)) == 2
    assert stored(case, "2.1.1.2", by=reviewer) == ("pass", "เดิม")
    assert stored(case, "2.1.1.3", by=reviewer) == ("", "")
    assert stored(case, "2.1.1.1", by=reviewer) == ("fail", "ควรแสดงผลลัพธ์")
    assert len(undoing.undo(case, by=reviewer, again=True)) == 2


def test_a_sibling_that_moved_on_is_named_and_the_others_are_changed(case, reviewer, as_user):
    cases.mark(answer(case, "2.1.1.2"), by=reviewer, outcome="pass", comment="ใหม่กว่า")
    cases.mark(answer(case, "2.1.1.1"), by=reviewer, outcome="fail", comment="ควรแสดงผลลัพธ์")
    chosen = [f"{answer(case, code).pk}:0" for code in ("2.1.1.2", "2.1.1.3")]
    url = reverse("reviews:siblings", args=[case.pk, answer(case, "2.1.1.1").pk])
    page = as_user(reviewer).post(url, {"sibling": chosen}, follow=True).content.decode()
    assert "2.1.1.2 เปลี่ยนจากที่เห็นในหน้านี้" in page
    assert stored(case, "2.1.1.2", by=reviewer) == ("pass", "ใหม่กว่า")
    assert stored(case, "2.1.1.3", by=reviewer) == ("fail", "ควรแสดงผลลัพธ์")


def test_nothing_outside_the_item_and_nothing_from_an_unmarked_part(case, reviewer, as_user):
    url = reverse("reviews:siblings", args=[case.pk, answer(case, "2.1.1.1").pk])
    browser = as_user(reviewer)
    page = browser.post(url, {"sibling": f"{answer(case, '2.1.1.2').pk}:0"}, follow=True).content.decode()
    assert "ลงผลส่วนนี้และบันทึกก่อน" in page
    cases.mark(answer(case, "2.1.1.1"), by=reviewer)
    foreign = [f"{answer(case, code).pk}:0" for code in ("2.1.1.2", "1.1.1.1")]
    assert browser.post(url, {"sibling": foreign}).status_code == 403
    assert browser.post(url, {"sibling": "x"}).status_code == 403
    assert Verdict.objects.count() == 1
