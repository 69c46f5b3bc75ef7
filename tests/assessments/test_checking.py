"""The internal check: two clicks for a small agency, part by part for a large one; what changes must be read again."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.checks import fingerprint, read_checks
from assessments.models import Assessment, Cycle, Indicator, PartCheck, PartNote, Proposal, Status
from assessments.reading import read_answers
from assessments.services import answers, checking, indicators
from pmqa.accounts.models import LogEntry
from pmqa.errors import Conflict, Refused
from tests import factories

pytestmark = pytest.mark.django_db

PART, TEXT = "1.1.2.1", "ข้อความที่แก้ตามที่ส่งกลับ"


@pytest.fixture
def complete(agency, cycle):
    return factories.make_assessment(agency=agency, cycle=cycle, complete=True)


@pytest.fixture
def checked(complete, coordinator):
    """In the internal check, nothing checked yet."""
    return checking.start_check(complete, by=coordinator)


@pytest.fixture
def owner(agency):
    return factories.make_member(agency, "owner", categories=["1", "7"])


def part(assessment, code=PART):
    return factories.answer_of(assessment, code)


def save(assessment, by, code=PART, text=TEXT):
    answer = part(assessment, code)
    return answers.save_answer(
        answer, version=answer.version, claim="done", values={"detail": text}, category=code[0], by=by
    )


def seen(assessment):
    return fingerprint(read_answers(assessment).every)


def status(assessment):
    return Assessment.objects.get(pk=assessment.pk).status


def code_of(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def count(assessment):
    return read_checks(assessment).count(read_answers(assessment).every)


# --- starting ---------------------------------------------------------------------------------


def test_two_clicks_of_the_coordinator_bring_it_before_the_head(as_user, coordinator, complete):
    client = as_user(coordinator)
    page = client.get(f"/assessments/{complete.pk}/check/").content.decode()
    assert "เริ่มตรวจทานภายใน" in page
    page = client.post(f"/assessments/{complete.pk}/check/start/", follow=True).content.decode()
    assert "ตรวจแล้ว 0 จาก 185" in page
    form = page[page.index(f"/assessments/{complete.pk}/propose/") :]
    posted = form.split('name="seen" value="')[1][:64]
    client.post(f"/assessments/{complete.pk}/propose/", {"seen": posted})
    assert status(complete) == Status.AWAITING_HEAD
    assert count(complete).is_complete
    assert set(PartCheck.objects.values_list("checked_by", flat=True)) == {coordinator.pk}
    frozen = Proposal.objects.get()
    assert frozen.content["parts"][PART]["claim"] == "done"
    assert LogEntry.objects.get(action="assessment.checked").data == {"answers": 185}


def test_with_gaps_or_out_of_time_no_check_begins(coordinator, complete):
    other = factories.make_assessment(cycle=complete.cycle)
    writer = factories.make_member(other.agency, "coordinator")
    assert code_of(lambda: checking.start_check(other, by=writer)) == "gaps"
    Cycle.objects.filter(pk=complete.cycle_id).update(closes_at=timezone.now() - timedelta(seconds=1))
    assert code_of(lambda: checking.start_check(complete, by=coordinator)) == "closed"


@pytest.mark.parametrize(
    ("step", "start", "end"),
    [
        (checking.start_check, Status.DRAFTING, Status.INTERNAL_CHECK),
        (checking.stop_check, Status.INTERNAL_CHECK, Status.DRAFTING),
        (checking.recall, Status.AWAITING_HEAD, Status.INTERNAL_CHECK),
    ],
)
def test_a_double_click_is_one_step(coordinator, complete, step, start, end):
    Assessment.objects.filter(pk=complete.pk).update(status=start)
    for _click in range(2):
        step(complete, by=coordinator)
    assert status(complete) == end
    assert complete.changes.filter(to_status=end, from_status=start).count() == 1


def test_proposing_twice_is_one_proposal(coordinator, checked):
    for _click in range(2):
        checking.propose(checked, seen=seen(checked), by=coordinator)
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize("role", ["owner", "contributor", "viewer", "head"])
def test_only_the_coordinator_checks(agency, checked, role):
    person = factories.make_member(agency, role, categories=["1"])
    for act in (
        lambda: checking.check_answer(part(checked), version=1, by=person),
        lambda: checking.check_many(checked, seen=seen(checked), by=person),
        lambda: checking.send_part_back(part(checked), note="แก้", by=person),
        lambda: checking.stop_check(checked, by=person),
        lambda: checking.propose(checked, by=person),
    ):
        with pytest.raises(PermissionDenied):
            act()


# --- locked, and sent back --------------------------------------------------------------------


def test_in_the_check_writing_is_locked_and_what_was_typed_stays_on_the_page(as_user, owner, checked):
    assert code_of(lambda: save(checked, owner)) == "closed"
    client = as_user(owner)
    page = client.get(f"/assessments/{checked.pk}/1.1/").content.decode()
    assert "อยู่ระหว่างตรวจทานภายใน" in page
    assert "<textarea" not in page
    data = {"version": "1", "claim": "done", "detail": TEXT}
    response = client.post(f"/assessments/{checked.pk}/parts/{PART}/", data)
    assert response.status_code == 403
    assert TEXT in response.content.decode()


def test_a_part_that_was_sent_back_shows_why_and_is_written_again_by_its_writers(
    as_user, owner, coordinator, checked
):
    checking.send_part_back(part(checked), note="เพิ่มผลในปีล่าสุด <b>", by=coordinator)
    client = as_user(owner)
    page = client.get(f"/assessments/{checked.pk}/1.1/").content.decode()
    assert "เพิ่มผลในปีล่าสุด &lt;b&gt;" in page
    assert page.count("data-autosave") == 1
    assert "readonly" not in page
    assert f'id="p{PART}" method="post"' in page
    todo = unescape(client.get(f"/assessments/{checked.pk}/").content.decode())
    assert f"แก้ไข {PART} ที่ส่งกลับ" in todo
    save(checked, owner)
    assert code_of(lambda: save(checked, owner, code="1.1.3.1")) == "closed"
    viewer = factories.make_member(checked.agency, "viewer")
    with pytest.raises(PermissionDenied):
        save(checked, viewer)


def test_an_indicator_that_was_sent_back_opens_its_topic_and_no_other(as_user, owner, coordinator, checked):
    answer = part(checked, "7.1.3")
    checking.send_part_back(answer, note="เลือกตัวชี้วัดอื่น", by=coordinator)
    page = as_user(owner).get(f"/assessments/{checked.pk}/7.1/").content.decode()
    assert "เลือกตัวชี้วัดอื่น" in page
    assert page.count("data-autosave") == 5
    assert "readonly" not in page
    indicators.remove_indicator(answer, version=1, category="7", by=owner)
    new = indicators.add_indicator(checked, "7.1.5", by=owner)
    with pytest.raises(Refused):
        indicators.add_indicator(checked, "7.2.1", by=owner)
    Indicator.objects.filter(pk=new.pk).update(name="ใหม่", unit="คน", target=1, result_3=1)
    for other in read_answers(checked).every:
        checking.check_answer(other, version=other.version, by=coordinator)
    # The note on the indicator that is gone keeps nobody from going on.
    checking.propose(checked, by=coordinator)
    assert not PartNote.objects.open().exists()


def test_what_was_sent_back_is_closed_after_the_deadline_too(owner, coordinator, checked):
    checking.send_part_back(part(checked), note="แก้", by=coordinator)
    Cycle.objects.filter(pk=checked.cycle_id).update(closes_at=timezone.now() - timedelta(seconds=1))
    assert code_of(lambda: save(checked, owner)) == "closed"


def test_the_same_note_twice_is_one_and_an_empty_one_comes_back_with_the_reason(
    as_user, coordinator, checked
):
    client = as_user(coordinator)
    place = f"/assessments/{checked.pk}/internal/answers/{part(checked).pk}/back/"
    for _click in range(2):
        assert client.post(place, {"note": "เพิ่มผล"}).status_code == 302
    assert PartNote.objects.count() == 1
    response = client.post(place, {"note": "  "})
    assert response.status_code == 422
    assert "ระบุสิ่งที่ต้องแก้ก่อน" in response.content.decode()
    response = client.post(place, {"note": "ก" * 100_000})
    assert response.status_code == 422
    assert "ก" * 100_000 in response.content.decode()


# --- checked ----------------------------------------------------------------------------------


def test_an_answer_that_changes_after_it_was_checked_is_unchecked_again(owner, coordinator, checked):
    checking.check_many(checked, seen=seen(checked), by=coordinator)
    assert count(checked).is_complete
    checking.send_part_back(part(checked), note="แก้", by=coordinator)
    assert count(checked).ready == 184
    assert code_of(lambda: checking.propose(checked, by=coordinator)) == "unchecked"
    saved = save(checked, owner)
    checking.check_answer(saved, version=saved.version, by=coordinator)
    assert count(checked).is_complete
    assert not PartNote.objects.open().exists()
    checking.stop_check(checked, by=coordinator)
    save(checked, owner, text="แก้อีกครั้ง")
    checking.start_check(checked, by=coordinator)
    # Everything else is as it was read: only this one must be read again.
    assert count(checked).ready == 184


def test_a_check_of_what_has_changed_since_is_a_conflict_and_shows_the_new_text(
    as_user, owner, coordinator, checked
):
    checking.send_part_back(part(checked), note="แก้", by=coordinator)
    save(checked, owner)
    with pytest.raises(Conflict):
        checking.check_answer(part(checked), version=1, by=coordinator)
    response = as_user(coordinator).post(
        f"/assessments/{checked.pk}/internal/answers/{part(checked).pk}/checked/", {"version": "1"}
    )
    assert response.status_code == 409
    assert TEXT in response.content.decode()
    assert PartNote.objects.open().exists()


def test_a_stale_page_checks_nothing(owner, coordinator, checked):
    old = seen(checked)
    checking.stop_check(checked, by=coordinator)
    save(checked, owner)
    checking.start_check(checked, by=coordinator)
    assert code_of(lambda: checking.check_many(checked, seen=old, by=coordinator)) == "changed"
    assert code_of(lambda: checking.propose(checked, seen=old, by=coordinator)) == "changed"
    assert count(checked).ready == 0


def test_a_topic_is_checked_at_once_but_for_what_was_sent_back(as_user, coordinator, checked):
    checking.send_part_back(part(checked), note="แก้", by=coordinator)
    client = as_user(coordinator)
    page = client.get(f"/assessments/{checked.pk}/internal/1.1/").content.decode()
    posted = page.split('name="seen" value="')[1][:64]
    client.post(
        f"/assessments/{checked.pk}/internal/checked/", {"topic": "1.1", "seen": posted, "back": "topic"}
    )
    topic = read_answers(checked, topic="1.1").every
    found = read_checks(checked).count(topic)
    assert (found.ready, found.total) == (len(topic) - 1, len(topic))
    assert count(checked).ready == len(topic) - 1


# --- before the head --------------------------------------------------------------------------


def test_nothing_is_written_before_the_head_until_it_is_recalled(owner, coordinator, complete):
    factories.await_head(complete, by=coordinator)
    assert code_of(lambda: save(complete, owner)) == "closed"
    assert code_of(lambda: checking.send_part_back(part(complete), note="แก้", by=coordinator)) == "move"
    checking.recall(complete, by=coordinator)
    assert status(complete) == Status.INTERNAL_CHECK
    assert count(complete).is_complete


def test_the_head_finds_what_waits_and_gives_it_back_with_notes(as_user, head, owner, coordinator, complete):
    factories.await_head(complete, by=coordinator)
    client = as_user(head)
    home = client.get("/", follow=True).content.decode()
    assert "รอลงนาม" in home
    place = f"/assessments/{complete.pk}/decline/"
    wrong = client.post(place, {"reason": "ยังไม่ครบ", "code_1": "9.9", "note_1": "แก้ตรงนี้"})
    assert wrong.status_code == 422
    assert "ไม่มีส่วนนี้" in wrong.content.decode()
    assert "แก้ตรงนี้" in wrong.content.decode()
    assert status(complete) == Status.AWAITING_HEAD
    data = {
        "reason": "ขาดผลปีล่าสุด",
        "code_1": PART,
        "note_1": "เพิ่มผล",
        "code_2": "7.1.3.1",
        "note_2": "ตรวจเป้าหมาย",
    }
    client.post(place, data)
    assert status(complete) == Status.DRAFTING
    page = as_user(coordinator).get(f"/assessments/{complete.pk}/").content.decode()
    for text in ("ขาดผลปีล่าสุด", "เพิ่มผล", "ตรวจเป้าหมาย"):
        assert text in page
    assert "เพิ่มผล" in as_user(owner).get(f"/assessments/{complete.pk}/1.1/").content.decode()
    # The notes stay with their parts into the next check, and keep it from being proposed unread.
    checking.start_check(complete, by=coordinator)
    assert count(complete).ready == 183


def test_without_a_reason_the_head_gives_nothing_back(as_user, head, coordinator, complete):
    factories.await_head(complete, by=coordinator)
    response = as_user(head).post(f"/assessments/{complete.pk}/decline/", {"reason": ""})
    assert response.status_code == 422
    assert status(complete) == Status.AWAITING_HEAD


def test_nothing_is_given_back_twice(head, coordinator, complete):
    factories.await_head(complete, by=coordinator)
    checking.decline(complete, reason="แก้", notes=[(part(complete), "เพิ่มผล")], by=head)
    assert code_of(lambda: checking.decline(complete, reason="แก้", notes=[], by=head)) == "move"
    assert PartNote.objects.count() == 1


def test_a_returned_case_goes_the_same_way_again(head, coordinator, complete):
    factories.hand_over(complete, by=head)
    Assessment.objects.filter(pk=complete.pk).update(status=Status.RETURNED)
    factories.await_head(complete, by=coordinator)
    assert status(complete) == Status.AWAITING_HEAD
