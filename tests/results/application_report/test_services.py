"""The way of an Application Report: invited, accepted, written, submitted; and what is refused on it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.snapshot import digest_of
from pmqa.accounts.models import LogEntry, User
from pmqa.errors import Conflict, Refused
from pmqa.jobs.services import run_queued
from pmqa.thai import thai_date
from results.application_report import services
from results.application_report.models import ApplicationReport
from results.application_report.telling import tell_of_invitation
from results.models import ResultSheet
from tests import factories as base
from tests.results.application_report import reports
from tests.results.application_report.reports import publish, submit, write

TEXT = "หน่วยงานใช้ข้อมูลคาดการณ์และทบทวนทุกไตรมาส"
SHORT = {"result_1": "", "reason": ""}


def refused(code: str):
    return pytest.raises(Refused, check=lambda error: error.code == code)


def actions() -> list[str]:
    rows = LogEntry.objects.filter(action__startswith="application_report").order_by("pk")
    return [action.partition(".")[2] for action in rows.values_list("action", flat=True)]


def let_the_last_day_pass() -> None:
    ApplicationReport.objects.update(due_on=timezone.localdate() - timedelta(days=1))


# --- inviting ---------------------------------------------------------------------------------


def test_an_agency_that_applied_is_invited_once(administrator):
    case = publish()
    report = reports.invite(case, by=administrator)
    assert (report.state, report.categories, report.asked) == ("invited", ["4"], 1)
    again = services.invite(case, due_on=reports.last_day(90), by=administrator)
    assert (again.pk, again.due_on) == (report.pk, report.due_on)
    assert actions() == ["invited"]


def test_who_cannot_be_invited(administrator, officer, cycle):
    with refused("no_award"):
        reports.invite(publish(award="", cycle=cycle), by=administrator)
    case = publish(cycle=cycle)
    with refused("past"):
        services.invite(case, due_on=timezone.localdate(), by=administrator)
    with pytest.raises(PermissionDenied):
        reports.invite(case, by=officer)
    type(case).objects.update(status="finalised")
    with refused("unpublished"):
        reports.invite(case, by=administrator)


def test_an_invitation_keeps_what_was_asked_and_copied_on_its_day(report, coordinator):
    ResultSheet.objects.update(payload={})
    page = reports.page_of(report, coordinator)
    assert [chapter.key for chapter in page.chapters] == ["profile", "4", "results"]


def test_comparisons_come_from_what_was_submitted(administrator):
    case = publish()
    code = next(row["code"] for row in case.sheets.get().payload["indicators"] if row["topic"] == "7.6")
    content = {"indicators": [{"code": code, "peer_name": "กรมสมมติ", "peer_result": "55"}]}
    now = timezone.now()
    case.submissions.create(number=1, submitted_at=now, content=content, digest="0" * 64)
    report = reports.invite(case, by=administrator)
    found = next(row for row in report.base["indicators"] if row["code"] == code)
    assert (found["peer_name"], found["peer_result"]) == ("กรมสมมติ", "55")


# --- answering --------------------------------------------------------------------------------


def test_coordinator_or_head_accepts_once(invited, coordinator, head):
    assert services.accept(invited, by=head).state == "writing"
    assert services.accept(invited, by=coordinator).answered_by == head
    with refused("answered"):
        services.decline(invited, reason="ไม่พร้อม", by=head)
    assert actions() == ["invited", "accepted"]


def test_declining_needs_a_reason_and_may_be_asked_again(invited, coordinator, administrator):
    with refused("reason"):
        services.decline(invited, reason=" ", by=coordinator)
    declined = services.decline(invited, reason="ภารกิจเร่งด่วน", by=coordinator)
    assert (declined.state, declined.reason) == ("declined", "ภารกิจเร่งด่วน")
    assert reports.invite(invited.assessment, by=administrator).state == "invited"
    assert services.accept(invited, by=coordinator).reason == ""


def test_an_owner_or_a_neighbour_does_not_answer(invited, agency):
    for person in (
        base.make_member(agency, "owner", categories=["4"]),
        base.make_member(base.make_agency(), "head"),
    ):
        with pytest.raises(PermissionDenied):
            services.accept(invited, by=person)


def test_after_the_last_day_only_another_day_helps(invited, coordinator, administrator):
    let_the_last_day_pass()
    with refused("closed"):
        services.accept(invited, by=coordinator)
    services.move_due(invited, due_on=reports.last_day(), by=administrator)
    assert services.accept(invited, by=coordinator).state == "writing"
    assert actions() == ["invited", "due_moved", "accepted"]


# --- writing ----------------------------------------------------------------------------------


def test_who_writes_what(report, coordinator, head, agency):
    owner = base.make_member(agency, "owner", categories=["4"])
    assert write(report, "4-overall", owner, text=TEXT).is_answer
    write(report, "4-overall", coordinator, version=1, text=f"{TEXT} แก้")
    for code in ("OP1.vision", "7.6.1.1"):
        with pytest.raises(PermissionDenied):
            write(report, code, owner, **SHORT if code[0] == "7" else {"text": TEXT})
    with pytest.raises(PermissionDenied):
        write(report, "4-overall", head, version=2, text=TEXT)


def test_the_same_again_changes_nothing_and_an_old_version_is_a_conflict(report, coordinator, agency):
    write(report, "4-overall", coordinator, text=TEXT)
    assert write(report, "4-overall", coordinator, text=TEXT).version == 1
    with pytest.raises(Conflict) as caught:
        write(report, "4-overall", coordinator, text="อีกฉบับ")
    assert caught.value.current.values == {"text": TEXT}
    # What was only copied is no row.
    assert write(report, "OP1.vision", coordinator).pk is None
    assert actions() == ["invited", "accepted", "saved"]


def test_the_log_says_whose_text_it_is_from_now_on_and_no_word_of_it(report, coordinator, agency):
    other = base.make_member(agency, "coordinator")
    write(report, "4-overall", coordinator, text=TEXT)
    write(report, "4-overall", coordinator, version=1, text=f"{TEXT} 2")
    write(report, "4-overall", other, version=2, text=f"{TEXT} 3")
    saved = LogEntry.objects.filter(action="application_report.saved").order_by("pk")
    assert [(entry.actor, entry.data) for entry in saved] == [
        (coordinator, {"section": "4-overall"}), (other, {"section": "4-overall"}),
    ]  # fmt: skip


def test_nothing_is_written_before_accepting_or_after_the_last_day(invited, coordinator):
    with refused("unanswered"):
        write(invited, "4-overall", coordinator, text=TEXT)
    services.accept(invited, by=coordinator)
    let_the_last_day_pass()
    with refused("closed"):
        write(invited, "4-overall", coordinator, text=TEXT)
    assert not invited.entries.exists()


# --- submitting -------------------------------------------------------------------------------


def test_what_is_submitted_is_frozen_with_its_digest_and_stage_1_stays(report, coordinator, head):
    sheet = ResultSheet.objects.values().get()
    write(report, "4-overall", coordinator, text=TEXT)
    write(report, "OP1.vision", coordinator, text="วิสัยทัศน์ใหม่")
    sent = submit(report, head)
    assert (sent.state, sent.number, sent.capacity) == ("submitted", 1, "head")
    assert digest_of(sent.content) == sent.digest
    said = {
        section["code"]: section.get("text")
        for chapter in sent.content["chapters"]
        for block in chapter["blocks"]
        for section in block["sections"]
    }
    assert (said["4-overall"], said["OP1.vision"]) == (TEXT, "วิสัยทัศน์ใหม่")
    assert ResultSheet.objects.values().get() == sheet
    assert services.submit(report, seen=sent.digest, by=head).number == 1
    with refused("submitted"):
        write(report, "4-overall", coordinator, version=1, text="แก้หลังส่ง")
    with refused("submitted"):
        services.submit(report, seen="0" * 64, by=head)
    with refused("submitted"):
        services.move_due(report, due_on=reports.last_day(90), by=base.make_official("administrator"))


def test_a_category_without_a_word_and_a_short_indicator_without_a_reason_are_mended_first(
    report, coordinator, head
):
    write(report, "7.6.1.1", coordinator, **SHORT)
    page = reports.page_of(report, head)
    assert [entry.code for entry in page.missing() if entry.blocks] == ["4", "7.6.1.1"]
    with refused("gaps"):
        submit(report, head)
    # One element of ADLI is a word, too.
    write(report, "4-learning", coordinator, e1="วงรอบการปรับปรุง")
    write(report, "7.6.1.1", coordinator, version=1, **SHORT | {"reason": "เริ่มเก็บเมื่อปีก่อน"})
    assert submit(report, head).is_submitted


def test_a_role_model_that_answers_no_need_is_worth_a_look(report, coordinator, head):
    years = {"result_1": "70", "result_2": "75", "result_3": "80", "direction": "higher_is_better"}
    write(report, "7.6.1.1", coordinator, **years, peer_result="60")
    look = next(entry for entry in reports.page_of(report, head).missing() if entry.code == "7.6.1.1")
    assert (look.words, look.blocks) == ("ขาด I", False)


def test_the_head_submits_what_the_head_was_shown_in_time(report, coordinator, head):
    write(report, "4-overall", coordinator, text=TEXT)
    seen = reports.digest_now(report, head)
    with pytest.raises(PermissionDenied):
        services.submit(report, seen=seen, by=coordinator)
    let_the_last_day_pass()
    with refused("closed"):
        services.submit(report, seen=seen, by=head)
    ApplicationReport.objects.update(due_on=timezone.localdate())
    write(report, "4-overall", coordinator, version=1, text=f"{TEXT} แก้")
    with refused("changed"):
        services.submit(report, seen=seen, by=head)
    assert submit(report, head).is_submitted


def test_an_acting_head_submits_by_order(report, coordinator, agency):
    acting = base.make_user()
    today = timezone.localdate()
    agency.memberships.create(
        user=acting, role="acting_head", order_reference="คำสั่ง 12/2570", starts_on=today, ends_on=today
    )
    write(report, "4-overall", coordinator, text=TEXT)
    sent = submit(report, acting)
    assert (sent.capacity, sent.order_reference) == ("acting_head", "คำสั่ง 12/2570")


def test_the_database_keeps_states_whole(report):
    for wrong in ({"state": "submitted"}, {"state": "declined"}, {"state": "lost"}, {"digest": "0" * 64}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            ApplicationReport.objects.update(**wrong)


def test_an_invitation_is_mailed_to_those_who_may_answer_it_until_one_has(
    invited, coordinator, head, agency, administrator
):
    base.make_member(agency, "owner", categories=["4"])
    quiet = base.make_member(agency, "coordinator")
    User.objects.filter(pk=quiet.pk).update(wants_work_mail=False)
    reports.invite(invited.assessment, by=administrator)
    run_queued()
    assert [message.to for message in mail.outbox] == [[coordinator.email], [head.email]]
    for message in mail.outbox:
        assert "คำเชิญเข้าสู่ขั้นที่ 2" in message.subject
        assert thai_date(invited.due_on) in message.body
        assert agency.name not in message.subject + message.body
    services.accept(invited, by=head)
    invited.refresh_from_db()
    assert tell_of_invitation(invited) == 0
