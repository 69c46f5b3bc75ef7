"""A printed form of a past year in a real browser: a line dragged to its part, another set aside, then drafts."""

import pytest
from playwright.sync_api import expect

from tests.assessments.test_printed import SMALL
from tests.journeys.test_filling import make_draft

pytestmark = pytest.mark.journey


def test_a_print_comes_in_as_drafts(server, visit):
    draft = make_draft(server)
    page = visit(draft.coordinator, f"/assessments/{draft.pk}/")
    page.get_by_role("link", name="นำเข้าแบบพิมพ์").click()
    page.get_by_label("หรือวางข้อความของแบบพิมพ์").fill(SMALL)
    page.get_by_role("button", name="ตรวจแบบพิมพ์").click()

    lines = page.locator("[data-line]")
    expect(lines).to_have_count(2)
    page.locator("[data-targets] summary").first.click()
    target = page.locator('[data-targets] li[data-value="1.1.2.1|detail"]')
    lines.nth(1).drag_to(target)
    expect(lines.nth(1)).to_contain_text("วางใน 1.1.2.1")
    expect(page.locator('[id="c-1.1.2.1"]')).to_contain_text("เรื่องที่เขียนไว้นอกตาราง")

    page.locator("#line-0").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="แยกไว้ ไม่นำเข้า").focus()
    page.keyboard.press("Enter")
    expect(lines.nth(0)).to_contain_text("แยกไว้ ไม่นำเข้า")
    page.get_by_role("button", name="นำเข้าเป็นร่าง (แยกไว้ 1 บรรทัด)").click()

    expect(page.locator("h1")).to_have_text("นำเข้าแบบพิมพ์แล้ว")
    expect(page.get_by_text("บันทึกของผู้พิมพ์")).to_be_visible()
    page.goto(draft.topic("1.1"))
    expect(page.locator('[id="f-1.1.2.1-detail"]')).to_have_value("คำตอบในแบบพิมพ์\nเรื่องที่เขียนไว้นอกตาราง")
    expect(page.locator('[id="p1.1.2.1"]')).to_contain_text("ยังไม่ได้ปรับปรุง")
