"""Form 4 and the organisational profile in a real browser: figures that follow the typing, rows by keyboard."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.journey
SAVED = "บันทึกแล้ว"
PHONE = {"viewport": {"width": 390, "height": 844}}


@dataclass(frozen=True)
class Draft:
    """An agency with an empty assessment, its coordinator, and the owner of category 7."""

    pk: int
    coordinator: str
    owner: str

    def topic(self, code: str) -> str:
        return f"/assessments/{self.pk}/{code}/"


@pytest.fixture(scope="module")
def draft(server) -> Draft:
    """Shared: every test writes a topic or a question of its own."""
    made = server.python(
        """
agency = factories.make_agency(code=f"F4-{factories.make_user().pk}")
number = agency.pk
assessment = factories.make_assessment(agency=agency, cycle=factories.make_cycle(year=2600 + number))
coordinator = factories.make_member(agency, "coordinator", email=f"form4-{number}@test.example")
owner = factories.make_member(agency, "owner", categories=["7"], email=f"owner7-{number}@test.example",
    first_name="เจ้าภาพ", last_name="สมมติ")
answer({"pk": assessment.pk, "coordinator": coordinator.email, "owner": owner.email})
"""
    )
    return Draft(**made)


class Form:
    """The first indicator on a page of Form 4."""

    def __init__(self, page: Page):
        self.page = page
        self.form = page.locator("form.indicator").first
        self.percent, self.score = self.form.locator("output").nth(0), self.form.locator("output").nth(1)
        self.state = self.form.locator("[data-save-text]")

    def blank(self, name: str) -> Locator:
        return self.form.locator(f"[name={name}]")

    def fill(self, **figures: str) -> None:
        for name, text in figures.items():
            self.blank(name).fill(text)


def add(page: Page, group: int = 1) -> Form:
    page.get_by_role("button", name=f"เพิ่มตัวชี้วัดในกลุ่ม {group}").click()
    expect(page.locator("form.indicator")).not_to_have_count(0)
    return Form(page)


def test_percent_score_and_advice_follow_the_typing(visit, draft):
    page = visit(draft.coordinator, draft.topic("7.1"))
    form = add(page)
    expect(form.blank("name")).to_be_focused()
    form.fill(name="ร้อยละสมมติ", unit="ร้อยละ", target="๘๕")
    form.fill(result_1="80.55", result_2="84.32", result_3="89.69")
    expect(form.percent).to_have_text("105.5")
    expect(form.score).to_have_text("400")
    expect(form.form).to_contain_text("เป้าหมายท้าทาย")
    expect(page.locator("#topic-state")).to_contain_text("80.00")
    form.fill(target="60")
    expect(form.form).to_contain_text("ส่งได้โดยไม่ต้องแก้")
    form.fill(result_3="")
    expect(form.percent).to_have_text("–")
    expect(form.form).to_contain_text("ยังไม่ระบุผลปี")
    form.fill(result_3="0")
    expect(form.percent).to_have_text("0.0")
    expect(form.score).to_have_text("200")
    expect(form.state).to_contain_text(SAVED)


def test_a_wrong_figure_is_said_at_its_blank_even_inside_a_fold(visit, draft):
    page = visit(draft.coordinator, draft.topic("7.2"))
    form = add(page)
    form.fill(target="มาก")
    expect(form.form.get_by_text("กรอกเป็นตัวเลข เช่น 89.69")).to_be_visible()
    form.fill(target="90")
    expect(form.state).to_contain_text(SAVED)
    fold = form.form.locator("summary")
    fold.click()
    form.fill(peer_result="เท่ากัน")
    fold.click()
    expect(form.form.get_by_text("กรอกเป็นตัวเลข เช่น 89.69")).to_be_visible()
    expect(form.blank("peer_result")).to_have_attribute("aria-invalid", "true")


def test_removing_asks_stores_the_last_words_and_can_be_undone(visit, draft):
    page = visit(draft.coordinator, draft.topic("7.3"))
    form = add(page)
    form.fill(name="พิมพ์ก่อนลบ")
    form.form.get_by_role("button", name="ลบ").click()
    expect(page.locator("[data-confirm-question]")).to_contain_text("ลบตัวชี้วัด 7.3.1.1 หรือไม่")
    page.locator("[data-confirm-yes]").click()
    expect(page.get_by_text("ลบแล้ว", exact=True)).to_be_visible()
    expect(page.locator("form.indicator")).to_have_count(0)
    page.get_by_role("button", name="เรียกคืน", exact=True).click()
    expect(Form(page).blank("name")).to_have_value("พิมพ์ก่อนลบ")


def test_two_writers_of_one_indicator_see_both_versions(visit, draft):
    mine = visit(draft.coordinator, draft.topic("7.4"))
    form = add(mine)
    form.fill(name="ฉบับแรก")
    expect(form.state).to_contain_text(SAVED)
    other = Form(visit(draft.owner, draft.topic("7.4")))
    other.fill(target="95")
    expect(other.state).to_contain_text(SAVED)
    form.fill(target="ไม่ใช่ตัวเลข")
    expect(form.blank("target")).to_have_attribute("aria-invalid", "true")
    form.fill(target="88")
    conflict = form.form.locator("[data-conflict]")
    expect(conflict).to_contain_text("95")
    expect(conflict).to_contain_text("88")
    expect(conflict).to_contain_text("เจ้าภาพ")
    expect(form.blank("target")).not_to_have_attribute("aria-invalid", "true")
    conflict.get_by_role("button", name="ใช้ฉบับที่บันทึกไว้").click()
    expect(form.blank("target")).to_have_value("95")


def question(page: Page, code: str) -> Locator:
    return page.locator(f'[id="p{code}"]')


def store(page: Page, form: Locator) -> None:
    """Save what stands there now, and wait until it is stored."""
    with page.expect_response(lambda reply: "/parts/" in reply.url and reply.ok):
        form.get_by_role("button", name="บันทึก").click()


def texts(form: Locator) -> list[str]:
    return form.locator("textarea").evaluate_all("areas => areas.map(area => area.value)")


def test_rows_are_added_moved_and_removed_by_keyboard(visit, draft):
    page = visit(draft.coordinator, draft.topic("OP1"))
    form = question(page, "OP1.mission")
    form.locator("textarea").first.fill("หนึ่ง")
    add_row = form.get_by_role("button", name="เพิ่มแถว")
    for text in ("สอง", "สาม"):
        add_row.focus()
        page.keyboard.press("Enter")
        page.keyboard.type(text)
    page.keyboard.press("Alt+ArrowUp")
    assert texts(form) == ["หนึ่ง", "สาม", "สอง"]
    expect(form.locator("textarea").nth(1)).to_be_focused()
    expect(form.locator("[data-row-status]")).to_have_text("ย้ายไปลำดับ 2 จาก 3")
    form.get_by_role("button", name="ลบแถวนี้ แถว 1").press("Enter")
    assert texts(form) == ["สาม", "สอง"]
    form.get_by_role("button", name="เรียกคืน").press("Enter")
    assert texts(form) == ["หนึ่ง", "สาม", "สอง"]
    store(page, form)
    page.reload()
    assert texts(question(page, "OP1.mission")) == ["หนึ่ง", "สาม", "สอง"]


def test_moved_rows_of_a_table_take_their_cells_along_and_the_last_can_be_emptied(visit, draft):
    page = visit(draft.coordinator, draft.topic("OP2"))
    form = question(page, "OP2.customers")
    form.locator("textarea").nth(0).fill("กลุ่ม ก")
    form.locator("textarea").nth(1).fill("รวดเร็ว")
    form.get_by_role("button", name="เพิ่มแถว").click()
    page.keyboard.type("กลุ่ม ข")
    form.get_by_role("button", name="เลื่อนขึ้น แถว 2").click()
    assert texts(form) == ["กลุ่ม ข", "", "กลุ่ม ก", "รวดเร็ว"]
    store(page, form)
    for _row in range(2):
        form.get_by_role("button", name="ลบแถวนี้ แถว 1").click()
    store(page, form)
    page.reload()
    assert texts(question(page, "OP2.customers")) == ["", ""]


def test_a_lost_browser_gives_rows_back_from_its_draft(visit, draft):
    page = visit(draft.coordinator, draft.topic("OP3"))
    form = question(page, "OP3.comparative_data")
    page.context.set_offline(True)
    form.locator("textarea").first.fill("แหล่งที่หนึ่ง")
    form.get_by_role("button", name="เพิ่มแถว").click()
    page.keyboard.type("แหล่งที่สอง")
    expect(form.locator("[data-save-text]")).to_contain_text("ไม่มีอินเทอร์เน็ต")
    page.context.set_offline(False)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.goto(draft.topic("OP3"))
    assert texts(question(page, "OP3.comparative_data"))[:2] == ["แหล่งที่หนึ่ง", "แหล่งที่สอง"]


def test_everything_works_without_script(visit, draft):
    page = visit(draft.coordinator, draft.topic("7.5"), java_script_enabled=False)
    form = add(page)
    form.fill(name="ร้อยละไม่ใช้สคริปต์", unit="ร้อยละ", target="80", result_3="88")
    form.form.get_by_role("button", name="บันทึก").click()
    expect(Form(page).percent).to_have_text("110.0")
    Form(page).form.get_by_role("button", name="ลบ").click()
    page.get_by_role("button", name="เรียกคืน", exact=True).click()
    expect(Form(page).blank("name")).to_have_value("ร้อยละไม่ใช้สคริปต์")
    page.goto(draft.topic("OP2"))
    partners = question(page, "OP2.partners")
    expect(partners.locator("textarea")).to_have_count(4)
    partners.locator("textarea").first.fill("พันธมิตรสมมติ")
    partners.get_by_role("button", name="เพิ่มแถว").click()
    expect(question(page, "OP2.partners").locator("textarea")).to_have_count(6)


@pytest.mark.parametrize("options", [PHONE, {}], ids=["phone", "desk"])
def test_nothing_is_wider_than_the_screen(visit, draft, options):
    page = visit(draft.coordinator, **options)
    for code in ("7.1", "7.6", "OP1", "OP2", "OP3", "profile"):
        page.goto(draft.topic(code))
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, code
