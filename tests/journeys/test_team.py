"""An item is asked of a contributor, written by them, and goes to a successor with everything else."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from pmqa.thai import BANGKOK, thai_date
from tests.journeys.test_filling import Part, make_draft

pytestmark = pytest.mark.journey


def test_asked_written_and_handed_over(server, visit):
    draft = make_draft(server)
    made = server.python(
        f"""
from assessments.models import Assessment
agency = Assessment.objects.get(pk={draft.pk}).agency
writer = factories.make_member(agency, "contributor", first_name="ผู้เขียน", last_name="คนเดิม")
successor = factories.make_member(agency, "contributor", first_name="ผู้เขียน", last_name="คนใหม่")
answer({{"agency": agency.pk, "writer": writer.email, "successor": successor.email}})
"""
    )
    # The coordinator asks for one item by a day.
    desk = visit(draft.coordinator, f"/assessments/{draft.pk}/grid/")
    desk.get_by_role("link", name="ขอให้เขียนข้อ หมวด 1").click()
    desk.get_by_label("ผู้เขียน", exact=True).select_option(label="ผู้เขียน คนเดิม · ผู้ร่วมเขียน")
    desk.locator('[id="item-1.2.3"]').check()
    due = thai_date(datetime.now(BANGKOK).date() + timedelta(days=5), "short")
    desk.get_by_label("ส่งภายใน").fill(due)
    desk.get_by_label("หมายเหตุถึงผู้เขียน").fill("ใช้ตัวเลขปีล่าสุด")
    desk.get_by_role("button", name="ขอให้เขียน").click()
    expect(desk.get_by_role("link", name="1.2.3 ผู้เขียน คนเดิม")).to_be_visible()
    # The contributor finds it, and writes that and nothing else.
    page = visit(made["writer"], "/assessments/todo/")
    expect(page.get_by_text("ใช้ตัวเลขปีล่าสุด")).to_be_visible()
    expect(page.get_by_text(f"ส่งภายใน {due}")).to_be_visible()
    page.get_by_role("link", name="ข้อ 1.2.3 ที่ขอให้ท่านเขียน").click()
    part = Part(page, "1.2.3.1")
    expect(page.locator("form[data-autosave]")).to_have_count(1)
    part.choose("อยู่ระหว่างเริ่มดำเนินการ")
    part.expect_state("บันทึกแล้ว")
    # Everything goes to the successor, and the one before is out.
    desk.goto(f"/assessments/agencies/{made['agency']}/people/")
    desk.get_by_role("link", name="ส่งมอบงาน ผู้เขียน คนเดิม ผู้ร่วมเขียน").click()
    expect(desk.locator("main")).to_contain_text("1.2.3")
    desk.get_by_label("ผู้รับงาน").select_option(label="ผู้เขียน คนใหม่ · ผู้ร่วมเขียน")
    desk.get_by_role("button", name="ส่งมอบทั้งหมด").click()
    expect(desk.get_by_role("link", name="ส่งคืนงานนี้")).to_be_visible()
    assert page.goto(f"/assessments/{draft.pk}/1.2/").status == 404
    next_page = visit(made["successor"], f"/assessments/{draft.pk}/1.2/#p1.2.3.1")
    expect(Part(next_page, "1.2.3.1").state).to_contain_text("โดยผู้เขียน คนเดิม")
    expect(next_page.locator("form[data-autosave]")).to_have_count(1)
