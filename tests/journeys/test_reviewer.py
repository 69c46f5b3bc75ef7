"""A reviewer's way through a case: no interest declared, read, marked by keys, handed in, and the disputed parts."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import agree, marks_of

pytestmark = pytest.mark.journey
SAVED = "บันทึกแล้ว"
COMMENT = "มีทิศทางแล้ว แต่ทั้งนี้ ควรแสดงให้เห็นการรองรับพันธกิจ (สมมติ)"
MAKE = """
from reviews.services import assigning
agency = factories.make_agency()
assessment = factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=3800 + agency.pk), complete=True)
factories.hand_over(assessment)
by = factories.make_official("administrator")
one, two, lead = (factories.make_user() for _person in range(3))
assigning.assign(assessment, reviewers=[one, two], lead=lead, lead_marks=False, by=by)
assigning.open_review(assessment, by=by)
answer({"pk": assessment.pk, "name": agency.name, "one": one.email, "two": two.email})
"""
SECOND = """
from assessments.models import Assessment
from pmqa.accounts.models import User
from reviews.services import marking
case, by = Assessment.objects.get(pk={pk}), User.objects.get(email="{email}")
marking.open_case(case, by=by)
"""
HAND_IN = """
from assessments.models import Assessment
from pmqa.accounts.models import User
from reviews.services import marking
marking.hand_in(Assessment.objects.get(pk={pk}), by=User.objects.get(email="{email}"))
"""


def test_a_reviewer_marks_a_case_by_keys_and_meets_the_other_in_consensus(server, visit):
    made = server.python(MAKE)
    pk, one, two = made["pk"], made["one"], made["two"]
    page = visit(one, "/")
    main = page.get_by_role("main")

    # Accepting is declaring that there is no interest of one's own.
    page.get_by_role("link", name="เริ่มตรวจ").click()
    expect(main).to_contain_text("ส่วนได้ส่วนเสีย")
    page.get_by_label("ไม่มี และพร้อมตรวจ").check()
    page.get_by_role("button", name="ยืนยัน").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1.1")

    # The profile first; the agency's own score is nowhere.
    page.get_by_role("link", name="ลักษณะสำคัญขององค์การ").click()
    expect(main).to_contain_text("สมมติ")
    expect(main).not_to_contain_text("คะแนนประเมินตนเอง")
    page.get_by_role("link", name="ตรวจ", exact=True).click()

    # Keys: pass and on, fail with a comment, not sure, and back.
    first = page.get_by_role("form", name="ผลการตรวจ 1.1.1.1")
    page.locator("summary:visible").filter(has_text="1.1.1.1").focus()
    page.keyboard.press("1")
    expect(first.get_by_role("radio", name="ผ่าน", exact=True)).to_be_checked()
    expect(first.locator("[data-save-text]")).to_contain_text(SAVED)
    page.keyboard.press("j")
    second = page.get_by_role("form", name="ผลการตรวจ 1.1.2.1")
    page.keyboard.press("2")
    expect(second.get_by_label("ความเห็นถึงส่วนราชการ")).to_be_focused()
    page.keyboard.insert_text(COMMENT)
    page.keyboard.press("Control+Enter")
    third = page.get_by_role("form", name="ผลการตรวจ 1.1.3.1")
    expect(third).to_be_visible()
    page.keyboard.press("3")
    expect(third.get_by_role("radio", name="ไม่แน่ใจ")).to_be_checked()
    expect(third.locator("[data-save-text]")).to_contain_text(SAVED)

    # What is left blocks, and each line leads to its part.
    page.get_by_role("link", name="ส่งผลการตรวจ").click()
    expect(main).to_contain_text("ยังส่งไม่ได้")
    main.get_by_role("link", name=re.compile("^1.1.3.1")).click()
    expect(third).to_be_visible()
    third.get_by_role("radio", name="ผ่าน", exact=True).check()
    expect(third.locator("[data-save-text]")).to_contain_text(SAVED)
    marks_of(server, pk, one, fails=[])
    page.get_by_role("link", name="ส่งผลการตรวจ").click()
    page.get_by_role("button", name="ส่งผลการตรวจ").click()
    agree(page)
    expect(main).to_contain_text("ส่งผลแล้ว")

    # Frozen, and nothing of the other reviewer until both have handed in.
    page.goto(f"/reviews/{pk}/1.1/")
    expect(main).to_contain_text("อ่านได้อย่างเดียว")
    expect(main.get_by_role("radio")).to_have_count(0)
    server.python(SECOND.format(pk=pk, email=two))
    marks_of(server, pk, two, fails=["2.1.1.1"])
    server.python(HAND_IN.format(pk=pk, email=two))

    # Consensus: only what the two see differently, both reasons beside each other.
    page.goto("/reviews/")
    page.get_by_role("link", name="ดูผลที่ลงไว้").click()
    page.get_by_role("link", name="ฉันทามติ").click()
    disputed = page.get_by_role("region", name="ส่วนที่เห็นต่าง").get_by_role("article")
    expect(disputed).to_have_count(2)
    expect(disputed.filter(has_text="1.1.2.1")).to_contain_text(COMMENT)
    expect(disputed.filter(has_text="2.1.1.1")).to_be_visible()
    expect(page.get_by_role("button", name="บันทึกผลฉันทามติ")).to_have_count(0)
