"""Filling in Form 3 in a real browser: what is typed saves itself, and two people keep both their texts."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.journey
SAVED = "บันทึกแล้ว"


@dataclass(frozen=True)
class Draft:
    """An agency with an empty assessment, its coordinator and the owner of category 1."""

    pk: int
    cycle: int
    coordinator: str
    owner: str

    def topic(self, code: str) -> str:
        return f"/assessments/{self.pk}/{code}/"


def make_draft(server) -> Draft:
    made = server.python(
        """
agency = factories.make_agency()
number = agency.pk
assessment = factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=6000 + number))
coordinator = factories.make_member(agency, "coordinator", email=f"coordinator{number}@test.example")
owner = factories.make_member(agency, "owner", categories=["1"], email=f"owner{number}@test.example",
    first_name="เจ้าภาพ", last_name="สมมติ")
answer({"pk": assessment.pk, "cycle": assessment.cycle_id, "coordinator": coordinator.email, "owner": owner.email})
"""
    )
    return Draft(**made)


@pytest.fixture(scope="module")
def draft(server) -> Draft:
    """Shared: every test writes a part of its own."""
    return make_draft(server)


class Part:
    """One part on a page."""

    def __init__(self, page: Page, code: str, key: str = "detail"):
        self.page = page
        self.form = page.locator(f'[id="p{code}"]')
        self.blank = page.locator(f'[id="f-{code}-{key}"]')
        self.state = self.form.locator("[data-save-text]")

    def choose(self, label: str) -> None:
        self.form.locator(".segments label", has_text=label).click()

    def expect_state(self, text: str) -> None:
        expect(self.state).to_contain_text(text)


def stored(server, draft: Draft, code: str) -> dict:
    return server.python(
        f"""
from assessments.models import Answer
row = Answer.objects.get(assessment={draft.pk}, part__code="{code}")
answer({{"claim": row.claim, "values": row.values, "version": row.version}})
"""
    )


def test_a_part_saves_itself_and_the_counts_follow(server, visit, draft):
    page = visit(draft.coordinator, draft.topic("1.1") + "#p1.1.2.1")
    part = Part(page, "1.1.2.1")
    expect(part.blank).to_be_focused()
    part.expect_state("ยังไม่มีคำตอบ")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/parts/1.1.2.1/", hold)
    part.blank.press_sequentially("มุ่งเป็นองค์กรหลักด้านน้ำชุมชน")
    part.expect_state("กำลังบันทึก")
    page.unroute("**/parts/1.1.2.1/")
    for route in held:
        route.continue_()
    part.choose("ดำเนินการแล้ว")
    part.expect_state(SAVED)
    expect(page.locator("#topic-state")).to_contain_text("พร้อมส่ง 1 จาก 5")
    expect(page.locator("#work-progress")).to_contain_text("พร้อมส่ง 1 จาก 5")
    page.reload()
    expect(part.blank).to_have_value("มุ่งเป็นองค์กรหลักด้านน้ำชุมชน")
    found = stored(server, draft, "1.1.2.1")
    assert (found["claim"], found["values"]) == ("done", {"detail": "มุ่งเป็นองค์กรหลักด้านน้ำชุมชน"})


def test_the_minimum_of_two_areas_is_counted_while_typing(visit, draft):
    page = visit(draft.coordinator, draft.topic("1.1"))
    Part(page, "1.1.1.1", "economy").blank.fill("ลดเวลาอนุญาต")
    rule = page.locator('[id="rule-1.1.1.1"]')
    expect(rule).to_contain_text("ระบุแล้ว 1 ด้าน ต้องระบุอย่างน้อย 2 ด้าน")
    Part(page, "1.1.1.1", "society").blank.fill("ชุมชนร่วมกำหนด")
    expect(rule).to_contain_text("ระบุแล้ว 2 ด้าน ครบตามเกณฑ์")


def test_a_link_pressed_right_after_typing_takes_the_words_along(server, visit, draft):
    page = visit(draft.coordinator, draft.topic("1.2"))
    Part(page, "1.2.1.1").blank.fill("พิมพ์แล้วกดถัดไปทันที")
    page.locator(".work-bar a[rel=next]").click()
    page.wait_for_url("**/1.3/")
    assert stored(server, draft, "1.2.1.1")["values"] == {"detail": "พิมพ์แล้วกดถัดไปทันที"}


def test_two_people_see_both_texts_and_merge_them(server, visit, draft):
    first = visit(draft.coordinator, draft.topic("1.1"))
    second = visit(draft.owner, draft.topic("1.1"))
    Part(first, "1.1.4.1").blank.fill("ครัวเรือนเข้าถึงน้ำสะอาด 41,200 ครัวเรือน")
    Part(first, "1.1.4.1").expect_state(SAVED)
    mine = Part(second, "1.1.4.1")
    mine.blank.fill("ครัวเรือนเข้าถึงน้ำสะอาด 38,500 ครัวเรือน")
    mine.expect_state("ยังไม่บันทึก: มีสองฉบับ")
    panel = mine.form.locator("[data-conflict]")
    expect(panel).to_contain_text("41,200")
    expect(panel).to_contain_text("38,500")
    expect(mine.blank).to_have_value("ครัวเรือนเข้าถึงน้ำสะอาด 38,500 ครัวเรือน")
    panel.get_by_role("button", name="แก้รวมกันในช่องแล้วบันทึก").click()
    mine.blank.fill("ครัวเรือนเข้าถึงน้ำสะอาด 41,200 ครัวเรือน (ปีก่อน 38,500)")
    mine.expect_state("รวมข้อความในช่อง")
    second.keyboard.press("Control+s")
    mine.expect_state(SAVED)
    expect(panel).to_have_count(0)
    assert stored(server, draft, "1.1.4.1")["values"]["detail"].endswith("(ปีก่อน 38,500)")


@pytest.mark.parametrize(
    ("code", "button", "kept"),
    [("1.3.1.1", "ใช้ฉบับของท่าน", "ของคนที่สอง"), ("1.3.1.2", "ใช้ฉบับที่บันทึกไว้", "ของคนแรก")],
)
def test_one_of_two_texts_is_chosen_with_one_button(server, visit, draft, code, button, kept):
    first = visit(draft.coordinator, draft.topic("1.3"))
    second = visit(draft.owner, draft.topic("1.3"))
    Part(first, code).blank.fill("ของคนแรก")
    Part(first, code).expect_state(SAVED)
    mine = Part(second, code)
    mine.blank.fill("ของคนที่สอง")
    mine.form.get_by_role("button", name=button).click()
    mine.expect_state(SAVED)
    expect(mine.blank).to_have_value(kept)
    assert stored(server, draft, code)["values"] == {"detail": kept}


def test_too_long_a_text_is_refused_at_the_field_and_stays(server, visit, draft):
    page = visit(draft.coordinator, draft.topic("4.1"))
    part = Part(page, "4.1.3.1")
    part.blank.fill("ก" * 20_001)
    expect(part.form.locator(".counter")).to_have_text("20,001 / 20,000 อักษร")
    expect(part.form.locator('[data-error-for="detail"]')).to_contain_text("20,001")
    assert len(part.blank.input_value()) == 20_001
    part.blank.fill("ก" * 20_000)
    part.expect_state(SAVED)
    assert len(stored(server, draft, "4.1.3.1")["values"]["detail"]) == 20_000


def test_everything_works_without_a_script(server, visit, draft):
    page = visit(draft.coordinator, draft.topic("5.1"), java_script_enabled=False)
    part = Part(page, "5.1.2.1")
    part.blank.fill("บรรทัดหนึ่ง\nบรรทัดสอง")
    part.choose("ดำเนินการแล้ว")
    part.form.get_by_role("button", name="บันทึก").click()
    expect(page).to_have_url(f"{server.url}{draft.topic('5.1')}#p5.1.2.1")
    expect(page.locator(".messages")).to_contain_text(SAVED)
    expect(part.blank).to_have_value("บรรทัดหนึ่ง\nบรรทัดสอง")
    assert stored(server, draft, "5.1.2.1")["claim"] == "done"
