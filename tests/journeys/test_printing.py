"""The forms on paper in a real browser: ordered, followed to the end without a reload, and kept as a file."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def draft(server) -> dict:
    return server.python(
        """
agency = factories.make_agency(code=f"PR-{factories.make_user().pk}")
assessment = factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=2900 + agency.pk))
coordinator = factories.make_member(agency, "coordinator", email=f"print-{agency.pk}@test.example")
answer({"pk": assessment.pk, "coordinator": coordinator.email})
"""
    )


def let_the_worker_work(server) -> None:
    server.python("from pmqa.jobs.services import run_queued\nrun_queued()\n")


def test_a_form_is_ordered_by_keyboard_and_comes_by_itself(visit, server, draft):
    page = visit(draft["coordinator"], f"/assessments/{draft['pk']}/")
    page.get_by_role("link", name="พิมพ์", exact=True).click()
    page.get_by_label("ลักษณะสำคัญขององค์การ").focus()
    page.keyboard.press("Space")
    page.get_by_label("เลขไทย").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ลักษณะสำคัญขององค์การ")).to_be_visible()
    expect(page.get_by_text("เอกสารอยู่ในคิว")).to_be_visible()
    let_the_worker_work(server)
    link = page.get_by_role("link", name="เปิดเอกสาร")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert download.value.suggested_filename.endswith("ฉบับร่าง.pdf")


def test_without_script_the_page_says_how_to_look_again(visit, server, draft):
    page = visit(draft["coordinator"], f"/assessments/{draft['pk']}/print/", java_script_enabled=False)
    page.get_by_label("1 การนำองค์การ").check()
    page.get_by_role("button", name="จัดทำ PDF").click()
    again = page.get_by_role("link", name="เปิดหน้านี้ใหม่เพื่อดูความคืบหน้า")
    expect(again).to_be_visible()
    let_the_worker_work(server)
    again.click()
    expect(page.get_by_role("link", name="เปิดเอกสาร")).to_be_visible()
