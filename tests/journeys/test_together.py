"""Two people of an agency on one part: they see each other, talk, and bring a text back."""

import pytest
from playwright.sync_api import expect

from tests.journeys.test_filling import Part, draft, make_draft  # noqa: F401 (the fixture)

pytestmark = pytest.mark.journey


def test_two_people_work_on_one_part(server, visit, draft):  # noqa: F811
    first = visit(draft.coordinator, draft.topic("1.1"))
    part = Part(first, "1.1.2.1")
    part.blank.fill("ส่วนราชการมีการบริหารจัดการข้อมูล")
    part.expect_state("บันทึกแล้ว")

    # Each learns of the other without asking.
    second = visit(draft.owner, draft.topic("1.1"))
    expect(second.locator("[data-presence]")).to_contain_text("เปิดอยู่ด้วย: ทดลอง")
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first.locator("[data-presence]")).to_have_text("เปิดอยู่ด้วย: เจ้าภาพ สมมติ")

    # The owner rewrites, and asks the coordinator.
    theirs = Part(second, "1.1.2.1")
    theirs.blank.fill("ส่วนราชการมีการพัฒนาคุณภาพข้อมูล")
    theirs.expect_state("บันทึกแล้ว")
    theirs.form.get_by_role("link", name="ความเห็น").click()
    second.fill("textarea[name=text]", "เปลี่ยนคำแล้ว ช่วยดูอีกครั้ง")
    second.get_by_text("กล่าวถึงใครในหน่วยงาน").click()
    second.locator("input[name=mentions]").first.check()
    second.get_by_role("button", name="ส่งความเห็น").click()
    expect(second.locator(".comment")).to_contain_text("เปลี่ยนคำแล้ว ช่วยดูอีกครั้ง")

    # The coordinator is told, reads, and brings the first version back.
    first.goto(f"/assessments/{draft.pk}/")
    first.get_by_role("link", name="มีความเห็นถึงท่าน").click()
    first.get_by_role("button", name="เปิดความเห็น").click()
    first.get_by_role("link", name="ประวัติ").click()
    expect(first.locator(".difference del")).to_contain_text("การบริหารจัดการ")
    expect(first.locator(".difference ins")).to_contain_text("การพัฒนาคุณภาพ")
    first.locator(".versions a").last.click()
    first.get_by_role("button", name="คืนฉบับนี้").click()
    first.locator("[data-confirm-yes]").click()
    expect(first.get_by_text("คืนฉบับที่เลือกแล้ว")).to_be_visible()
    first.get_by_role("link", name="กลับไปที่แบบฟอร์ม").click()
    expect(part.blank).to_have_value("ส่วนราชการมีการบริหารจัดการข้อมูล")

    # The owner finds the text brought back, and one comment waiting.
    second.goto(draft.topic("1.1"))
    expect(theirs.blank).to_have_value("ส่วนราชการมีการบริหารจัดการข้อมูล")
    expect(theirs.form.locator(".count")).to_have_text("1")
