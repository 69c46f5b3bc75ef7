"""Files of a cycle in a real browser: ordered, followed without a reload, taken; and the public part opened."""

import zipfile

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def cycle(server) -> dict:
    """Five published results, the reports of four of them printed."""
    return server.python(
        """
from pmqa.files import keep
from results.models import Report
from tests.results.exporting import builders
from tests.results.exporting.test_archive import short_payload, store
administrator = factories.make_official("administrator", email="exports@test.example")
ministry = factories.make_ministry()
cycle = factories.make_cycle(year=4100 + ministry.pk, name="รอบสมมติที่ส่งออก")
for number in range(5):
    agency = factories.make_agency(code=f"EX-{ministry.pk}-{number}", ministry=ministry)
    sheet = builders.issue(cycle, agency=agency, payload=short_payload())
    if number:
        store(Report.objects.get(sheet=sheet), b"%PDF-1.7 printed before")
answer({"pk": cycle.pk, "year": cycle.year, "administrator": administrator.email})
"""
    )


def let_the_worker_work(server) -> None:
    server.python("from pmqa.jobs.services import run_queued\nrun_queued()\n")


def test_all_reports_come_as_one_file_by_themselves(visit, server, cycle):
    page = visit(cycle["administrator"], f"/reviews/cases/?cycle={cycle['pk']}")
    page.get_by_role("link", name="ส่งออกข้อมูล").click()
    page.get_by_role("button", name="รวมรายงานเป็น ZIP").click()
    box = page.get_by_role("region", name="รายงานป้อนกลับทุกฉบับ").first
    expect(box.get_by_text("ไฟล์อยู่ในคิว")).to_be_visible()
    let_the_worker_work(server)
    link = box.get_by_role("link", name="ดาวน์โหลด")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    with zipfile.ZipFile(download.value.path()) as package:
        assert len([name for name in package.namelist() if name.endswith(".pdf")]) == 5
        assert package.testzip() is None


def test_the_public_part_is_opened_in_two_presses_and_read_without_log_in(visit, server, cycle, chromium):
    page = visit(cycle["administrator"], f"/results/cycles/{cycle['pk']}/open-data/")
    page.get_by_role("button", name="ตรวจก่อนเปิดเผย").click()
    expect(page.get_by_text("จากผลที่ประกาศแล้ว 5 หน่วยงาน")).to_be_visible()
    page.get_by_role("button", name="ยืนยันและเปิดเผย").click()
    expect(page.get_by_text("กำลังจัดทำ ยังไม่มีผู้ใดอ่านได้")).to_be_visible()
    let_the_worker_work(server)
    page.get_by_role("link", name="ดูความคืบหน้าล่าสุด").click()
    with chromium.new_context() as stranger:
        seen = stranger.new_page()
        seen.goto(page.url.partition("/results/")[0] + "/results/open-data/")
        expect(seen.get_by_role("heading", name="รอบสมมติที่ส่งออก")).to_be_visible()
    page.get_by_role("button", name="ปิดข้อมูลเปิด").click()
    page.locator("dialog[open] [data-confirm-yes]").click()
    expect(page.get_by_text("ปิดข้อมูลเปิดของรอบนี้แล้ว")).to_be_visible()
