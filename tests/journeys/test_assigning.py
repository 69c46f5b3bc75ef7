"""Getting the work: teams by proposal, a conflict before the case opens, and the replacement who reads it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

WORDS = "คู่สมรสเป็นผู้อำนวยการกองในหน่วยงานนี้ (สมมติ)"


@pytest.fixture(scope="module")
def people(server) -> dict:
    return server.python(
        """
from reviews.team_models import ReviewerProfile
from tests.reviews import cases
cycle = factories.make_cycle(year=2578, name="รอบปีงบประมาณ พ.ศ. 2578")
case = cases.submitted_case(cycle=cycle, agency=factories.make_agency(code="TEAM", name="กรมตัวอย่างการจัดทีมสมมติ"))
made = [factories.make_user(f"{name}@team.example", first_name=name, last_name="สมมติ")
    for name in ("lead", "first", "second", "third")]
for place, person in enumerate(made[:3]):
    ReviewerProfile.objects.create(user=person, can_lead=place == 0)
answer({
    "case": case.pk, "cycle": cycle.pk, "agency": str(case.agency),
    "administrator": factories.make_official("administrator", email="administrator@team.example").email,
})
"""
    )


def test_from_the_proposal_to_the_case_that_opens_for_the_replacement(visit, people):
    case = people["case"]
    office = visit(people["administrator"], f"/reviews/teams/?cycle={people['cycle']}")
    office.get_by_role("button", name="เสนอทีม").click()
    expect(office.locator("main")).to_contain_text("first สมมติ")
    office.get_by_role("button", name="มอบหมายทั้งหมด").click()
    expect(office.locator("main")).to_contain_text("มอบหมายทีม 1 เรื่องแล้ว")
    office.goto(f"/reviews/cases/{case}/")
    office.get_by_role("button", name="เปิดการตรวจ").click()
    office.locator("dialog[open] [data-confirm-yes]").click()
    expect(office.locator("main")).to_contain_text("อยู่ระหว่างตรวจ")

    tied = visit("first@team.example", "/reviews/")
    tied.get_by_role("link", name="เริ่มตรวจ").click()
    expect(tied.locator("main")).to_contain_text(people["agency"])
    expect(tied.locator("main")).not_to_contain_text("ข้อความสมมติของ")
    tied.get_by_label("มี ขอไม่ตรวจเรื่องนี้").check()
    tied.locator("[name=kind]").select_option("kin")
    tied.locator("[name=words]").fill(WORDS)
    tied.get_by_role("button", name="ยืนยัน").click()
    expect(tied.locator("main")).to_contain_text("ท่านไม่ต้องตรวจ")
    assert tied.goto(f"/reviews/{case}/1.1/").status == 404

    office.reload()
    expect(office.locator("main")).to_contain_text(WORDS)
    office.get_by_role("link", name="หาคนแทน").click()
    office.get_by_label(re.compile("third@team.example")).check()
    office.get_by_role("button", name="มอบหมายคนแทน").click()
    expect(office.locator("main")).to_contain_text("third สมมติ ตรวจแทน")

    successor = visit("third@team.example", f"/reviews/{case}/1.1/")
    # Nothing opens before the declaration.
    expect(successor.locator("main")).not_to_contain_text("ข้อความสมมติของ")
    successor.get_by_role("link", name="เริ่มตรวจ").click()
    successor.get_by_label("ไม่มี และพร้อมตรวจ").check()
    successor.get_by_role("button", name="ยืนยัน").click()
    successor.wait_for_url(re.compile(rf"/reviews/{case}/1\.1/"))
    expect(successor.locator("main")).to_contain_text("ข้อความสมมติของ 1.1.1.1")
