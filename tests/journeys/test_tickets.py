"""A question to the agency on its way: a reviewer asks, the agency adds, the mark says it counted, consensus opens."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import agree, marks_of

pytestmark = pytest.mark.journey
QUESTION = "ผลของปีล่าสุดอยู่ในย่อหน้าใดของคำตอบ"
ADDITION = "อยู่ในย่อหน้าที่สอง และในรายงานประจำปี หน้า 12"
MAKE = """
from reviews.services import assigning, marking
agency = factories.make_agency()
assessment = factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=4800 + agency.pk), complete=True)
factories.hand_over(assessment)
by = factories.make_official("administrator")
reviewer, lead = factories.make_user(), factories.make_user()
assigning.assign(assessment, reviewers=[reviewer], lead=lead, lead_marks=False, by=by)
assigning.open_review(assessment, by=by)
marking.open_case(assessment, by=reviewer)
coordinator = factories.make_member(agency, "coordinator")
answer({"pk": assessment.pk, "reviewer": reviewer.email, "coordinator": coordinator.email,
        "name": reviewer.first_name})
"""


def test_a_question_goes_to_the_agency_and_its_addition_into_the_mark(server, visit):
    made = server.python(MAKE)
    pk = made["pk"]
    page = visit(made["reviewer"], f"/reviews/{pk}/1.1/")
    page.locator("summary:visible").filter(has_text="ถามหน่วยงานเรื่องส่วนนี้").first.click()
    page.get_by_label("คำถามถึงหน่วยงาน 1.1.1.1").fill(QUESTION)
    page.get_by_role("button", name="ส่งคำถาม 1.1.1.1").click()
    expect(page.get_by_role("main")).to_contain_text("เหลือ")

    # The agency finds it among its work, with the clock and without a name.
    agency = visit(made["coordinator"], "/assessments/todo/")
    agency.get_by_role("link", name="ชี้แจงคำถามของผู้ตรวจ 1.1.1.1").click()
    main = agency.get_by_role("main")
    expect(main).to_contain_text(QUESTION)
    expect(main).to_contain_text("วันทำการ")
    expect(main).not_to_contain_text(made["name"])
    agency.get_by_label("คำชี้แจง").fill(ADDITION)
    agency.get_by_role("button", name="ส่งคำชี้แจง").click()
    expect(main).to_contain_text("ชี้แจงแล้ว")

    # Hand-in waits for one word on the addition, then consensus opens.
    marks_of(server, pk, made["reviewer"], fails=[])
    page.goto(f"/reviews/{pk}/hand-in/")
    page.get_by_role("link", name="หน่วยงานชี้แจงแล้ว ระบุว่าใช้คำชี้แจงหรือไม่").click()
    expect(page.get_by_role("main")).to_contain_text(ADDITION)
    form = page.get_by_role("form", name="คำชี้แจง 1.1.1.1")
    form.get_by_text("ใช้", exact=True).click()
    form.get_by_role("button", name="บันทึกการใช้คำชี้แจง").click()
    expect(form).to_contain_text("บันทึกแล้ว")
    page.goto(f"/reviews/{pk}/hand-in/")
    page.get_by_role("button", name="ส่งผลการตรวจ").click()
    with page.expect_navigation():
        agree(page)
    page.goto(f"/reviews/{pk}/consensus/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ฉันทามติ")
