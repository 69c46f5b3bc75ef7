"""Dashboards in a real browser: by keyboard, with the address and the files; small groups untold; one among others."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

MINISTRY = "กระทรวงสมมติลำดับ 01"
SMALL = "กระทรวงสมมติลำดับ 04"


@pytest.fixture(scope="module")
def nation(server) -> dict:
    """Sixty agencies with a published result; two of them in the last ministry."""
    return server.python(
        """
from assessments.models import Assessment
from results.models import Report
from tests.results.dashboard.nation import make_nation
(cycle,) = make_nation(agencies=60, years=1, whole=1, ministries=5, first_year=7100)
case = Assessment.objects.get(cycle=cycle, agency__code="N-00000")
Report.objects.create(sheet=case.sheets.get(), kind="feedback")
people = {role: factories.make_official(role, email=f"nation-{role}@test.example").email
          for role in ("administrator", "executive")}
member = factories.make_member(case.agency, "coordinator", email="nation-coordinator@test.example")
answer(people | {"coordinator": member.email, "case": case.pk, "cycle": cycle.pk})
"""
    )


def rows_of(page: Page, key: str) -> list[list[str]]:
    """The table on the screen."""
    section = page.locator(f"section:has(> .sheet-head #t-{key})")
    if not section.locator("details").evaluate("fold => fold.open"):
        section.locator("summary").press("Enter")
    lines = section.locator("tbody tr")
    return [line.locator("th, td").all_inner_texts() for line in lines.all()]


def downloaded(page: Page, title: str) -> list[list[str]]:
    with page.expect_download() as download:
        page.get_by_role("link", name=f"ดาวน์โหลด CSV: {title}").press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines()))[1:]


def test_a_nation_is_read_by_keyboard_by_group_and_by_oneself(visit, nation):
    page = visit(nation["administrator"], "/")
    page.get_by_role("link", name="ภาพรวม", exact=True).press("Enter")
    page.goto(f"/results/dashboard/?cycle={nation['cycle']}")
    page.get_by_label("รอบการประเมิน").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    # Topic, level, and the button.
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**category=1**")
    expect(page.get_by_label("กระทรวง", exact=True)).to_have_value(MINISTRY)
    expect(page.get_by_role("heading", name="หมวด 1 การนำองค์การ")).to_be_visible()
    page.goto(page.url)
    title = "หัวข้อที่ได้คะแนนเฉลี่ยต่ำที่สุด"
    shown = rows_of(page, "weakest")
    found = downloaded(page, title)
    assert [line[4:] for line in found] == [[cell.replace("−", "-") for cell in row] for row in shown]
    assert len(shown) == 4
    assert found[0][0].startswith(f"{MINISTRY} · หมวด 1 ")

    executive = visit(nation["executive"], f"/results/dashboard/?cycle={nation['cycle']}")
    untold = {row[0]: row[1] for row in rows_of(executive, "ministries")}
    assert untold[SMALL] == "ไม่แสดง"
    assert untold[MINISTRY].isdecimal()
    executive.get_by_label("กระทรวง", exact=True).select_option(SMALL)
    executive.get_by_role("button", name="แสดง").press("Enter")
    expect(executive.get_by_text("ไม่แสดง (น้อยกว่า 5)")).to_be_visible()
    expect(executive.locator(".dash-table")).to_have_count(0)

    own = visit(nation["coordinator"], f"/results/{nation['case']}/")
    own.get_by_role("link", name="หน่วยงานประเภทเดียวกัน").click()
    expect(own.get_by_text("ไม่ระบุชื่อหน่วยงาน")).to_be_visible()
    expect(own.locator(".benchmark tbody tr").first).to_contain_text("คะแนนรวม")
    expect(own.locator("main")).not_to_contain_text("หน่วยงานสมมติลำดับ 1 ")
