"""An improvement plan in a real browser: written, approved, followed up, replied to from the list, taken as files."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

MEASURE = "จัดทำระบบข้อมูลกลางสมมติ"
REPLY = "ควรแสดงผลเป็นตัวเลข"


@pytest.fixture(scope="module")
def case(server) -> dict:
    """A result that was published half a year ago: its first follow-up is open. Of three cards two are set aside."""
    return server.python(
        """
from tests.results.factories import make_cycle_of
from tests.results.improvement.conftest import card_of, make_lead, published_ago, values
from results.improvement import services
from results.improvement.making import plan_of
agency = factories.make_agency(code=f"IM-{factories.make_user().pk}")
sheet = published_ago(190, agency=agency, cycle=make_cycle_of(5200 + agency.pk))
plan = plan_of(sheet.assessment)
people = {
    role: factories.make_member(agency, role, email=f"improving-{role}-{agency.pk}@test.example")
    for role in ("coordinator", "head")
}
for source in ("part:1.2.2.1", "advice:1"):
    aside = values(state="wont_do", reason="โอนภารกิจแล้ว")
    services.save_card(card_of(plan, source), version=0, values=aside, by=people["coordinator"])
emails = {role: person.email for role, person in people.items()}
answer({
    **emails, "pk": sheet.assessment_id, "agency": agency.name, "name": str(people["coordinator"]),
    "lead": make_lead(sheet.assessment).email,
})
"""
    )


def test_from_the_comment_to_the_reply(visit, case):
    """The coordinator writes a card, the head approves, the follow-up is sent, and the lead replies from the list."""
    page = visit(case["coordinator"], f"/results/{case['pk']}/topics/4.2/")
    page.get_by_role("link", name="ดูในแผนพัฒนา").click()
    page.get_by_label("สิ่งที่จะทำ").fill(MEASURE)
    page.get_by_label("ผู้รับผิดชอบ").select_option(label=case["name"])
    page.get_by_label("แล้วเสร็จภายใน").fill("30 ก.ย. 2570")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.get_by_text("บันทึกแล้ว")).to_be_visible()

    head = visit(case["head"], "/assessments/todo/")
    head.get_by_role("link", name="อนุมัติแผนพัฒนาองค์การ").click()
    head.get_by_role("button", name="อนุมัติแผน").click()
    expect(head.get_by_text("อนุมัติแผนแล้ว")).to_be_visible()

    page.goto("/assessments/todo/")
    page.get_by_role("link", name="รายงานความคืบหน้าแผนพัฒนา 6 เดือน").click()
    page.get_by_role("textbox", name="ความคืบหน้า").fill("ระบบเปิดใช้แล้วครึ่งหนึ่ง")
    page.get_by_role("main").get_by_role("button", name="บันทึก").click()
    expect(page.get_by_text("บันทึกแล้ว")).to_be_visible()
    page.get_by_role("button", name="ส่งความคืบหน้า").click()
    page.locator("dialog[open] [data-confirm-yes]").click()
    expect(page.get_by_text("ส่งความคืบหน้าแล้ว ผู้ตรวจจะให้ความเห็นทีละรายการ")).to_be_visible()

    lead = visit(case["lead"], "/reviews/")
    lead.get_by_role("status").get_by_role("link", name="เปิดดู").click()
    expect(lead.get_by_role("row", name=case["agency"])).to_contain_text("0 จาก 1")
    lead.get_by_role("link", name=case["agency"]).click()
    lead.get_by_role("radio", name="ยังไม่เพียงพอ").check()
    lead.get_by_role("textbox", name="ข้อเสนอแนะ").fill(REPLY)
    lead.get_by_role("button", name="บันทึกความเห็น").click()
    expect(lead.get_by_text("บันทึกความเห็นแล้ว")).to_be_visible()
    lead.goto("/reviews/")
    expect(lead.get_by_role("link", name="เปิดดู")).to_have_count(0)

    page.reload()
    expect(page.get_by_role("main")).to_contain_text(REPLY)
    page.get_by_role("link", name="แผนพัฒนาองค์การ").first.click()
    for name, start in (("PDF", b"%PDF-"), ("Excel", b"PK")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert Path(download.value.path()).read_bytes().startswith(start)
