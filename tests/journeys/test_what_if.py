"""What if in a real browser: the score follows every choice, the address holds it, and nothing is stored."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def draft(server) -> dict:
    return server.python(
        """
agency = factories.make_agency(code=f"WI-{factories.make_user().pk}")
cycle = factories.make_cycle(year=3300 + agency.pk)
assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
coordinator = factories.make_member(agency, "coordinator", email=f"what-if-{agency.pk}@test.example")
answer({"pk": assessment.pk, "coordinator": coordinator.email})
"""
    )


def test_the_score_follows_and_the_address_says_the_same(visit, draft):
    page = visit(draft["coordinator"], f"/results/{draft['pk']}/what-if/")
    total = page.locator(".what-if-total")
    actual = total.text_content()
    page.locator("#c1 > summary").click()
    page.get_by_label("1.2.2.1").select_option("not_started")
    expect(page.get_by_text("ค่าจริง: ดำเนินการแล้ว")).to_be_visible()
    page.wait_for_url("**/what-if/?1.2.2.1=not_started")
    changed = total.text_content()
    assert changed != actual
    page.locator("#c7 > summary").click()
    page.get_by_label("ผลปีล่าสุด 7.1.1.1").fill("๕๐")
    page.wait_for_url("**&7.1.1.1.result=50")
    both = total.text_content()
    path = "/" + page.url.split("/", 3)[3]
    again = visit(draft["coordinator"], path)
    expect(again.locator(".what-if-total")).to_have_text(both)
    again.get_by_role("link", name="กลับเป็นค่าจริง").click()
    expect(again.locator(".what-if-total")).to_have_text(actual)


def test_without_script_the_button_does_the_same(visit, draft):
    page = visit(draft["coordinator"], f"/results/{draft['pk']}/what-if/", java_script_enabled=False)
    page.locator("#c1 > summary").click()
    page.get_by_label("1.2.2.1").select_option("not_started")
    page.get_by_role("button", name="คำนวณ").click()
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?1.2.2.1=not_started")
    expect(page.get_by_text("ค่าจริง: ดำเนินการแล้ว")).to_be_visible()
