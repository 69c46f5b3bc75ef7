"""The pages of an Application Report: of the agency, of OPDC, and the print."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from pmqa.accounts.models import LogEntry
from pmqa.jobs.services import run_queued
from results.application_report import services
from results.application_report.models import ApplicationReport
from results.authenticity import read_code, verify, verify_file
from results.integrity import application_reports
from tests import factories as base
from tests.cases import enter_password_again, visit
from tests.pages import main_of, text_of
from tests.results.application_report import reports
from tests.results.application_report.reports import publish, submit, write

TEXT = "ร่างที่หน่วยงานเขียนไว้"
JSON = {"Accept": "application/json"}


def address(name: str, report, *args) -> str:
    return reverse(f"results:{name}", args=[report.assessment_id, *args])


def save(client: Client, report, code="4-overall", *, version=0, headers=None, **values):
    data = {"version": version, **values}
    return client.post(address("save_report_section", report, code), data, headers=headers)


def test_the_road_without_javascript(invited, coordinator, head, as_user, administrator):
    writer = as_user(coordinator)
    assert "เข้าร่วมขั้นที่ 2" in main_of(writer.get(address("application_report", invited)))
    assert writer.post(address("answer_invitation", invited), {"answer": "accept"}).status_code == 302
    assert save(writer, invited, text=TEXT).status_code == 302
    page = main_of(writer.get(address("report_chapter", invited, "4")))
    assert TEXT in page
    assert "ยังไม่มีคำถามทางการของหมวดนี้" in page
    signer = as_user(head)
    enter_password_again(signer, head)
    shown = signer.get(address("submit_report", invited))
    assert "ถอนคืนและแก้ไขไม่ได้" in main_of(shown)
    signer.post(address("submit_report", invited), {"seen": shown.context["digest"]})
    sent = ApplicationReport.objects.get()
    assert sent.is_submitted
    receipt = main_of(as_user(administrator).get(address("application_report", invited)))
    assert sent.digest in receipt
    assert reverse("results:stage_two", args=[invited.assessment_id]) in receipt
    assert TEXT in main_of(as_user(administrator).get(address("report_chapter", invited, "4")))


def test_submitting_asks_for_the_password_again(report, coordinator, head, as_user):
    write(report, "4-overall", coordinator, text=TEXT)
    seen = reports.digest_now(report, head)
    session = as_user(head)
    response = session.post(address("submit_report", report), {"seen": seen})
    assert "reauthenticate" in response.headers["Location"]
    assert not ApplicationReport.objects.get().is_submitted


def test_a_save_tells_the_script_what_else_changes(report, coordinator, as_user):
    client = as_user(coordinator)
    reply = save(client, report, "4-learning", e1="วงรอบการปรับปรุง", headers=JSON).json()
    assert (reply["state"], reply["version"]) == ("saved", 1)
    assert "1/2" in reply["fragments"]["cov-4"]
    figures = {"name": "ก", "unit": "ร้อยละ", "direction": "higher_is_better"}
    figures |= {"result_1": "๗๐", "result_2": "75", "result_3": "1,080", "peer_result": "78"}
    reply = save(client, report, "7.6.1.1", **figures, headers=JSON).json()
    assert "เข้าข่ายต้นแบบ" in reply["fragments"]["facts-7.6.1.1"]
    assert report.entries.get(code="7.6.1.1").values["result_3"] == "1080"


def test_a_slower_save_gets_both_texts(report, coordinator, as_user):
    client = as_user(coordinator)
    write(report, "4-overall", coordinator, text="ฉบับแรก")
    reply = save(client, report, text="ฉบับที่สอง", headers=JSON)
    assert (reply.status_code, reply.json()["theirs"]["values"]) == (409, {"text": "ฉบับแรก"})
    page = save(client, report, text="ฉบับที่สอง")
    assert page.status_code == 409
    assert "ฉบับแรก" in page.context["fields"][0].theirs
    merged = {"keep": "merged", "merged-text": "ฉบับรวม", "version": 1}
    client.post(address("save_report_section", report, "4-overall"), merged)
    assert report.entries.get().values == {"text": "ฉบับรวม"}


@pytest.mark.parametrize("headers", [None, JSON])
def test_what_is_refused_comes_back(report, coordinator, as_user, headers):
    client = as_user(coordinator)
    ApplicationReport.objects.update(due_on="2020-01-01")
    closed = save(client, report, text=TEXT, headers=headers)
    assert closed.status_code == 403
    assert "พ้นวันส่งรายงานแล้ว" in (closed.json()["message"] if headers else main_of(closed))
    ApplicationReport.objects.update(due_on=reports.last_day())
    long = save(client, report, text="ก" * 20_001, headers=headers)
    assert long.status_code == 422
    figure = save(client, report, "7.6.1.1", direction="up", result_3="ราวๆ ห้า", headers=headers)
    assert figure.status_code == 422
    if not headers:
        assert TEXT in main_of(closed)
        assert "ก" * 20_001 in main_of(long)
        assert "ราวๆ ห้า" in main_of(figure)
    assert not report.entries.exists()


def test_nul_and_controls_are_never_stored(report, coordinator, as_user):
    save(as_user(coordinator), report, text="ข้อ\0ความ\u200b")
    assert report.entries.get().values == {"text": "ข้อความ"}


def test_a_draft_is_the_agency_s_own_and_what_is_sent_opdc_reads(report, coordinator, head, officer, as_user):
    write(report, "4-overall", coordinator, text=TEXT)
    chapter = address("report_chapter", report, "4")
    executive, neighbour = base.make_official("executive"), base.make_member(base.make_agency(), "head")
    assert TEXT in main_of(as_user(base.make_official("auditor")).get(chapter))
    assert as_user(neighbour).get(chapter).status_code == 404
    for person in (officer, executive):
        assert as_user(person).get(chapter).status_code == 403
    seen = main_of(as_user(officer).get(address("application_report", report)))
    assert "1/1" in seen
    assert TEXT not in seen
    submit(report, head)
    assert TEXT in main_of(as_user(officer).get(chapter))
    assert as_user(neighbour).get(chapter).status_code == 404
    assert as_user(executive).get(chapter).status_code == 403


def test_the_result_leads_there_for_whoever_may_know_of_it(report, coordinator, as_user):
    link, url = address("application_report", report), address("result", report)
    assert link in main_of(as_user(coordinator).get(url))
    assert link not in main_of(as_user(base.make_official("executive")).get(url))


def test_members_who_do_not_write_read(report, coordinator, agency, as_user):
    write(report, "4-overall", coordinator, text=TEXT)
    page = as_user(base.make_member(agency, "viewer")).get(address("report_chapter", report, "4"))
    assert TEXT in main_of(page)
    assert "data-autosave" not in text_of(page)


def test_pages_stay_within_their_queries(report, coordinator, administrator, as_user):
    write(report, "4-overall", coordinator, text=TEXT)
    pages = [("application_report",), ("report_changes",), ("submit_report",)]
    pages += [("report_chapter", key) for key in ("profile", "4", "results")]
    for name, *args in pages:
        assert visit(as_user(coordinator), "GET", address(name, report, *args)).queries <= 12, name
    for name in ("application_reports", "invite_to_stage_two"):
        url = reverse(f"results:{name}", args=[report.assessment.cycle_id])
        assert visit(as_user(administrator), "GET", url).queries <= 12, name


def test_the_difference_to_stage_1_is_shown(report, coordinator, as_user):
    client = as_user(coordinator)
    url = address("report_changes", report)
    assert "ไม่มีส่วนใดต่าง" in main_of(client.get(url))
    write(report, "OP1.vision", coordinator, text="วิสัยทัศน์ใหม่ของขั้นที่ 2")
    write(report, "7.6.1.1", coordinator, target="99")
    changes = client.get(url).context["changes"]
    assert [change.code for change in changes] == ["OP1.vision", "7.6.1.1"]
    assert [field.key for field in changes[1].fields] == ["target"]
    assert "วิสัยทัศน์ใหม่" in changes[0].fields[0].theirs


def test_the_print_is_kept_and_verified_by_code_and_by_file(report, coordinator, head, as_user):
    write(report, "4-overall", coordinator, text=TEXT)
    sent = submit(report, head)
    client, url = as_user(coordinator), address("application_report_pdf", report)
    assert client.post(url).status_code == 404
    run_queued()
    content = b"".join(client.post(url).streaming_content)
    assert content.startswith(b"%PDF")
    assert LogEntry.objects.filter(action="application_report.downloaded").count() == 1
    finding = verify(read_code(f"{report.assessment.agency.code}-2570-{sent.digest[:12]}"))
    assert (finding.state, finding.what, finding.number) == ("current", "application_report", 1)
    assert verify_file(content) == finding
    assert list(application_reports()) == []
    stored = ApplicationReport.objects.get()
    stored.file.storage.delete(stored.file.name)
    assert "จัดทำ PDF ใหม่" in main_of(client.get(address("application_report", report)))
    client.post(address("print_application_report", report))
    run_queued()
    assert b"".join(client.post(url).streaming_content) == content
    stored.file.storage.delete(stored.file.name)
    stored.file.storage.save(stored.file.name, ContentFile(b"changed"))
    assert len(list(application_reports())) == 1


# --- OPDC -------------------------------------------------------------------------------------


def test_opdc_chooses_sees_what_would_be_done_and_invites(administrator, as_user):
    cycle = base.make_cycle()
    good, low, whole = (
        publish(cycle=cycle, verified=400),
        publish(cycle=cycle, verified=200),
        publish("whole", (), cycle=cycle, verified=450),
    )
    publish(award="", cycle=cycle)
    client, url = as_user(administrator), reverse("results:invite_to_stage_two", args=[cycle.pk])
    page = client.get(url, {"least": "๓๐๐"})
    assert {entry.sheet.assessment for entry in page.context["found"]} == {good, whole}
    assert page.context["without"] == 1
    assert len(client.get(url, {"award": "whole"}).context["found"]) == 1
    assert client.post(url, {"cases": [good.pk]}).status_code == 422
    asked = {"cases": [good.pk, whole.pk], "due_on": "30 ก.ย. 2599"}
    preview = client.post(url, asked)
    assert preview.status_code == 200
    assert not ApplicationReport.objects.exists()
    assert preview.context["is_preview"]
    assert client.post(url, asked | {"step": "invite"}).status_code == 302
    assert {report.assessment for report in ApplicationReport.objects.all()} == {good, whole}
    assert client.post(url, asked | {"step": "invite"}).status_code == 422
    late = client.post(url, {"cases": [low.pk], "due_on": "30 ก.ย. 2560", "step": "invite"})
    assert "วันส่งรายงานต้องเป็นวันหลังจากวันนี้" in main_of(late)


def test_the_page_of_the_cycle_counts_and_tells_no_word(report, coordinator, administrator, as_user):
    write(report, "4-overall", coordinator, text=TEXT)
    url = reverse("results:application_reports", args=[report.assessment.cycle_id])
    page = as_user(administrator).get(url)
    assert "1 จาก 1" in main_of(page)
    assert TEXT not in text_of(page)
    assert "รอตอบรับ 0" in main_of(page)
    assert list(as_user(administrator).get(url, {"state": "declined"}).context["rows"]) == []


def test_declining_and_moving_the_last_day_on_the_pages(invited, coordinator, administrator, as_user):
    client = as_user(coordinator)
    empty = client.post(address("answer_invitation", invited), {"answer": "decline", "reason": " "})
    assert empty.status_code == 422
    opdc = as_user(administrator)
    assert opdc.post(address("move_report_due", invited), {"due_on": "พรุ่งนี้"}).status_code == 422
    assert opdc.post(address("move_report_due", invited), {"due_on": "30 ก.ย. 2599"}).status_code == 302
    client.post(address("answer_invitation", invited), {"answer": "decline", "reason": "ภารกิจเร่งด่วน"})
    assert "ภารกิจเร่งด่วน" in main_of(opdc.get(address("application_report", invited)))


def test_it_waits_on_the_page_of_one_s_own_work(invited, coordinator, head, agency, as_user):
    todo = reverse("assessments:todo")
    owner = base.make_member(agency, "owner", categories=["4"])
    assert "ตอบคำเชิญเข้าสู่ขั้นที่ 2" in main_of(as_user(coordinator).get(todo))
    assert "ขั้นที่ 2" not in main_of(as_user(owner).get(todo))
    services.accept(invited, by=head)
    assert "เขียนแล้ว 0 จาก 1 ข้อ" in main_of(as_user(owner).get(todo))
    ApplicationReport.objects.update(due_on="2020-01-01")
    assert "ขั้นที่ 2" not in main_of(as_user(owner).get(todo))
