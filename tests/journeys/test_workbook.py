"""The workbook in a real browser: out, filled in without the network, back in with one conflict to choose."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.assessments.workbook.sheets import downloaded
from tests.journeys.test_filling import make_draft

pytestmark = pytest.mark.journey


def test_a_workbook_goes_out_and_comes_back(server, visit, tmp_path):
    draft = make_draft(server)
    page = visit(draft.coordinator, f"/assessments/{draft.pk}/")
    page.get_by_role("link", name="ดาวน์โหลดหรือนำเข้าไฟล์").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="ดาวน์โหลดไฟล์").click()
    book = downloaded(Path(download.value.path()).read_bytes())
    book.write("1.1.2.1|detail", "เขียนในรถไฟ ไม่มีเครือข่าย")
    book.write("1.2.1.1|detail", "=ข้อความที่ขึ้นต้นด้วยเครื่องหมาย")
    book.write("6.1.3.1|percent", 120)
    file = tmp_path / "filled.xlsx"
    file.write_bytes(book.save())
    server.python(
        f"""
from assessments.services.answers import save_answer
from pmqa.accounts.models import User
assessment = factories.Assessment.objects.get(pk={draft.pk})
save_answer(factories.answer_of(assessment, "1.1.2.1"), version=0, claim="started",
    values={{"detail": "เจ้าภาพเขียนในระบบ"}}, category="1", by=User.objects.get(email="{draft.owner}"))
"""
    )

    page.set_input_files("[name=workbook]", file)
    page.get_by_role("button", name="ตรวจไฟล์").click()
    conflict = page.locator('[id="c-1.1.2.1"]')
    expect(conflict).to_contain_text("เจ้าภาพเขียนในระบบ")
    expect(conflict).to_contain_text("เขียนในรถไฟ ไม่มีเครือข่าย")
    expect(page.locator('[id="c-6.1.3.1"]')).to_contain_text("ร้อยละต้องอยู่ระหว่าง 0 ถึง 100")
    page.get_by_role("button", name="บันทึกเข้าระบบ").click()
    expect(page.get_by_role("alert")).to_contain_text("มีส่วนที่ยังไม่ได้เลือก")
    conflict.get_by_label("ใช้ตามไฟล์").check()
    page.get_by_role("button", name="บันทึกเข้าระบบ").click()
    expect(page.locator("h1")).to_have_text("นำเข้าแล้ว")
    page.goto(draft.topic("1.1"))
    expect(page.locator('[id="f-1.1.2.1-detail"]')).to_have_value("เขียนในรถไฟ ไม่มีเครือข่าย")
    page.goto(draft.topic("1.2"))
    expect(page.locator('[id="f-1.2.1.1-detail"]')).to_have_value("=ข้อความที่ขึ้นต้นด้วยเครื่องหมาย")
