"""Whatever fails while somebody writes, not one word is lost, and the page says in Thai what is the matter."""

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from results.demo.evidence import pdf
from tests.factories import PASSWORD
from tests.journeys.conftest import sign_in
from tests.journeys.test_filling import SAVED, Draft, Part, make_draft, stored

pytestmark = pytest.mark.journey
OFFLINE = "ยังไม่บันทึก: ไม่มีอินเทอร์เน็ต จะลองใหม่เมื่อต่อได้"
SIGNED_OUT = "ยังไม่บันทึก: หมดเวลาใช้งาน เข้าสู่ระบบอีกครั้ง ข้อความยังอยู่"
FULL = "พื้นที่เก็บข้อมูลของระบบเต็ม"
FOUND = "พบข้อความที่ยังไม่บันทึกในเครื่องนี้"
MINUTES = 60_000


@pytest.fixture(scope="module")
def draft(server) -> Draft:
    """Shared: every test writes a part of its own."""
    return make_draft(server)


def kill(page: Page) -> BrowserContext:
    """The tab is gone at once, without asking; what it left in the browser stays."""
    page.close(run_before_unload=False)
    return page.context


def end_sessions(server) -> None:
    server.python("from django.contrib.sessions.models import Session\nSession.objects.all().delete()")


def close_the_cycle(server, draft: Draft) -> None:
    server.python(
        f"""
from datetime import timedelta
from django.utils import timezone
from assessments.models import Cycle
Cycle.objects.filter(pk={draft.cycle}).update(closes_at=timezone.now() - timedelta(seconds=1))
"""
    )


# --- a killed tab -----------------------------------------------------------------------------------


def test_a_closed_window_loses_nothing(visit, draft):
    page = visit(draft.coordinator, draft.topic("2.2"))
    page.context.set_offline(True)
    Part(page, "2.2.2.1", "goal").blank.fill("ร่างที่ยังไม่ถึงเครื่องแม่ข่าย")
    context = kill(page)
    page = context.new_page()
    context.set_offline(False)
    page.goto(draft.topic("2.2"))
    part = Part(page, "2.2.2.1", "goal")
    expect(part.form.locator("[data-draft-offer]")).to_contain_text(FOUND)
    expect(part.blank).to_have_value("ร่างที่ยังไม่ถึงเครื่องแม่ข่าย")
    part.expect_state(SAVED)
    page.reload()
    expect(part.blank).to_have_value("ร่างที่ยังไม่ถึงเครื่องแม่ข่าย")
    expect(part.form.locator("[data-draft-offer]")).to_have_count(0)


@pytest.mark.parametrize(("code", "arrives"), [("2.1.3.1", True), ("2.3.1.1", False)])
def test_a_tab_that_dies_while_it_saves_loses_nothing_and_meets_no_conflict_with_itself(
    visit, draft, code, arrives
):
    topic = draft.topic(code[:3])
    page = visit(draft.coordinator, topic)
    under_way: list[Route] = []
    part = Part(page, code, part_key(page, code))

    def hold(route: Route) -> None:
        under_way.append(route)

    page.route(f"**/parts/{code}/", hold)
    with page.expect_request(f"**/parts/{code}/"):
        part.blank.fill("ส่งไปแล้วแต่ไม่มีคำตอบ")
    while not under_way:
        page.evaluate("new Promise(requestAnimationFrame)")
    if arrives:
        # Stored; the answer does not come back.
        assert under_way[0].fetch().ok
    part.blank.press_sequentially(" และพิมพ์ต่อก่อนหน้าต่างดับ")
    page = kill(page).new_page()
    page.goto(topic)
    part = Part(page, code, part_key(page, code))
    expect(part.blank).to_have_value("ส่งไปแล้วแต่ไม่มีคำตอบ และพิมพ์ต่อก่อนหน้าต่างดับ")
    part.expect_state(SAVED)
    expect(part.form.locator("[data-conflict]")).to_have_count(0)
    page.reload()
    expect(part.blank).to_have_value("ส่งไปแล้วแต่ไม่มีคำตอบ และพิมพ์ต่อก่อนหน้าต่างดับ")


def part_key(page: Page, code: str) -> str:
    """The key of the first blank of a part."""
    return page.locator(f'[id="p{code}"] textarea').first.get_attribute("name")


def test_a_draft_older_than_a_colleagues_text_is_offered_and_compared(server, visit, draft):
    page = visit(draft.owner, draft.topic("1.4"))
    page.context.set_offline(True)
    Part(page, "1.4.1.1").blank.fill("ร่างในเครื่อง")
    context = kill(page)
    other = visit(draft.coordinator, draft.topic("1.4"))
    Part(other, "1.4.1.1").blank.fill("เพื่อนร่วมงานบันทึกก่อน")
    Part(other, "1.4.1.1").expect_state(SAVED)
    page = context.new_page()
    context.set_offline(False)
    page.goto(draft.topic("1.4"))
    part = Part(page, "1.4.1.1")
    expect(part.blank).to_have_value("เพื่อนร่วมงานบันทึกก่อน")
    part.form.get_by_role("button", name="กู้คืน").click()
    part.expect_state("ยังไม่บันทึก: มีสองฉบับ")
    expect(part.form.locator("[data-conflict]")).to_contain_text("เพื่อนร่วมงานบันทึกก่อน")
    assert stored(server, draft, "1.4.1.1")["values"] == {"detail": "เพื่อนร่วมงานบันทึกก่อน"}


def test_a_draft_can_be_thrown_away(visit, draft):
    page = visit(draft.coordinator, draft.topic("4.3"))
    page.context.set_offline(True)
    Part(page, "4.3.1.1").blank.fill("ไม่เอาแล้ว")
    context = kill(page)
    page = context.new_page()
    context.set_offline(False)
    page.route("**/parts/4.3.1.1/", lambda route: route.abort())
    page.goto(draft.topic("4.3"))
    part = Part(page, "4.3.1.1")
    part.form.get_by_role("button", name="ทิ้ง").click()
    expect(part.blank).to_have_value("")
    page.reload()
    expect(part.form.locator("[data-draft-offer]")).to_have_count(0)


# --- a lost network ---------------------------------------------------------------------------------


def write_everywhere(context: BrowserContext, draft: Draft) -> list[tuple[Locator, Locator, str]]:
    """A part, a row of a table and an indicator, each in a tab of its own: (blank, what the page says, text)."""
    written = []
    for number, (topic, place, blank) in enumerate(
        [
            ("2.1", '[id="p2.1.2.1"]', "textarea"),
            ("OP2", '[id="pOP2.customers"]', "textarea"),
            ("7.1", "form.indicator", "[name=name]"),
        ]
    ):
        page = context.new_page()
        page.clock.install()
        page.goto(draft.topic(topic))
        if topic == "7.1":
            page.get_by_role("button", name="เพิ่มตัวชี้วัดในกลุ่ม 1").click()
        form = page.locator(place).first
        written.append(
            (form.locator(blank).first, form.locator("[data-save-text]"), f"พิมพ์ตอนไม่มีเครือข่าย {number}")
        )
        expect(written[-1][0]).to_be_editable()
    return written


def test_five_minutes_without_a_network_lose_nothing(visit, draft):
    page = visit(draft.coordinator)
    places = write_everywhere(page.context, draft)
    page.context.set_offline(True)
    for blank, says, text in places:
        blank.fill(text)
        expect(says).to_have_text(OFFLINE)
        blank.page.clock.fast_forward(5 * MINUTES)
    for blank, says, text in places:
        blank.fill(f"{text} และห้านาทีต่อมา")
        expect(says).to_have_text(OFFLINE)
    page.context.set_offline(False)
    for blank, says, _text in places:
        expect(says).to_contain_text(SAVED)
        blank.page.reload()
    for blank, _says, text in places:
        expect(blank).to_have_value(f"{text} และห้านาทีต่อมา")


def test_a_server_that_cannot_be_reached_for_five_minutes_is_tried_again(visit, draft):
    """The browser believes in its network, so nothing but the page's own patience brings the text home."""
    page = visit(draft.coordinator)
    page.clock.install()
    page.goto(draft.topic("2.1"))
    part = Part(page, "2.1.1.1", part_key(page, "2.1.1.1"))
    lost: list[Route] = []

    def lose(route: Route) -> None:
        lost.append(route)
        route.abort()

    page.route("**/parts/**", lose)
    part.blank.fill("ต่อไม่ติด")
    part.expect_state(OFFLINE)
    for _minute in range(5):
        tried = len(lost)
        with page.expect_request("**/parts/**"):
            page.clock.fast_forward(MINUTES)
        part.expect_state(OFFLINE)
        assert len(lost) > tried
    page.unroute("**/parts/**")
    page.clock.fast_forward(MINUTES)
    part.expect_state(SAVED)
    page.reload()
    expect(part.blank).to_have_value("ต่อไม่ติด")


# --- an expired log-in ------------------------------------------------------------------------------


def test_after_the_log_in_ran_out_the_text_stays_and_is_saved_after_signing_in_again(server, visit, draft):
    page = visit(draft.coordinator, draft.topic("3.1"))
    asking = page.context.new_page()
    asking.goto(draft.topic("3.1"))
    Part(asking, "3.1.1.1", "trend").form.get_by_role("link", name="ความเห็น").click()
    dying = page.context.new_page()
    dying.goto(draft.topic("3.2"))
    end_sessions(server)

    # A part that saves itself.
    part = Part(page, "3.1.1.1", "trend")
    part.blank.fill("พิมพ์หลังหมดเวลา")
    part.expect_state(SIGNED_OUT)
    expect(part.blank).to_have_value("พิมพ์หลังหมดเวลา")
    # A form that does not.
    asking.fill("textarea[name=text]", "ถามหลังหมดเวลา")
    asking.get_by_role("button", name="ส่งความเห็น").click()
    expect(asking.get_by_role("alert")).to_contain_text("หมดเวลาใช้งาน")
    expect(asking.get_by_label("ความเห็น")).to_have_value("ถามหลังหมดเวลา")
    # A part whose tab dies as well.
    key = part_key(dying, "3.2.1.1")
    last = Part(dying, "3.2.1.1", key)
    last.blank.fill("พิมพ์แล้วหน้าต่างดับ")
    last.expect_state(SIGNED_OUT)
    kill(dying)

    with page.context.expect_page() as opened:
        part.state.get_by_role("link", name="เข้าสู่ระบบ").click()
    sign_in(opened.value, draft.coordinator)
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    part.expect_state(SAVED)
    page.goto(draft.topic("3.2"))
    last = Part(page, "3.2.1.1", key)
    last.expect_state(SAVED)
    expect(last.blank).to_have_value("พิมพ์แล้วหน้าต่างดับ")


def test_a_page_that_is_loaded_after_the_log_in_ran_out_gives_the_text_back_behind_the_log_in(
    server, visit, draft
):
    page = visit(draft.coordinator, draft.topic("3.3"))
    key = part_key(page, "3.3.1.1")
    end_sessions(server)
    part = Part(page, "3.3.1.1", key)
    part.blank.fill("เปิดหน้าใหม่ทั้งที่หมดเวลา")
    part.expect_state(SIGNED_OUT)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_label("อีเมลราชการ").fill(draft.coordinator)
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    part.expect_state(SAVED)
    expect(part.blank).to_have_value("เปิดหน้าใหม่ทั้งที่หมดเวลา")


# --- a full disk ------------------------------------------------------------------------------------


# More than lies free in any page of the database.
LONG = ("ข้อความยาว " * 1_700).strip()


def test_a_full_disk_keeps_the_text_and_saves_it_when_there_is_room_again(server, visit, draft):
    page = visit(draft.coordinator)
    page.clock.install()
    page.goto(draft.topic("4.2"))
    key = part_key(page, "4.2.1.1")
    with server.full_disk():
        part = Part(page, "4.2.1.1", key)
        part.blank.fill(LONG)
        part.expect_state(f"ยังไม่บันทึก: {FULL}")
        assert part.blank.input_value() == LONG
        page = kill(page).new_page()
        page.clock.install()
        page.goto(draft.topic("4.2"))
        part = Part(page, "4.2.1.1", key)
        part.expect_state(f"ยังไม่บันทึก: {FULL}")
        assert part.blank.input_value() == LONG
        plain = visit(draft.owner, draft.topic("1.2"), java_script_enabled=False)
        typed = Part(plain, "1.2.2.1", part_key(plain, "1.2.2.1"))
        typed.blank.fill(LONG)
        typed.form.get_by_role("button", name="บันทึก").click()
        expect(plain.get_by_role("alert")).to_contain_text(FULL)
        assert plain.get_by_role("textbox").first.input_value() == LONG
    page.clock.fast_forward(MINUTES)
    part.expect_state(SAVED)
    page.reload()
    assert part.blank.input_value() == LONG


def test_a_disk_that_fills_up_under_a_file_is_said_at_the_file(server, visit, draft, tmp_path):
    page = visit(draft.coordinator, draft.topic("4.1"))
    page.locator('[id="p4.1.1.1"]').get_by_role("link", name="อ้างหลักฐาน").click()
    page.get_by_role("link", name="เพิ่มใหม่ให้ส่วนนี้").click()
    file = tmp_path / "รายงาน.pdf"
    file.write_bytes(pdf("Invented (journey)"))
    uploads = server.var / "media" / "uploads"

    def fill_up(route: Route) -> None:
        """The upload has begun; what is written to it from now on goes where there is never room."""
        newest = max(uploads.iterdir(), key=lambda path: path.stat().st_mtime)
        newest.unlink()
        newest.symlink_to("/dev/full")
        route.continue_()

    page.route("**/uploads/*/*/", fill_up)
    page.get_by_label("ชื่อหลักฐาน").fill("รายงานสมมติ")
    page.set_input_files("#id_file", file)
    expect(page.get_by_role("alert")).to_contain_text("พื้นที่เก็บไฟล์ของระบบเต็ม ยังรับไฟล์ไม่ได้")
    expect(page.get_by_label("ชื่อหลักฐาน")).to_have_value("รายงานสมมติ")
    page.unroute("**/uploads/*/*/")
    for path in uploads.iterdir():
        if path.is_symlink():
            path.unlink()
            path.touch()
    page.set_input_files("#id_file", file)
    expect(page.locator("[data-upload-status]")).to_contain_text("ได้รับไฟล์ครบแล้ว")


# --- a closed round, a shared computer -----------------------------------------------------------------


def test_when_the_cycle_closes_while_writing_the_text_stays_and_can_be_copied_afterwards(server, visit):
    draft = make_draft(server)
    page = visit(draft.coordinator, draft.topic("1.1"))
    close_the_cycle(server, draft)
    part = Part(page, "1.1.2.1")
    part.blank.fill("ยังเขียนอยู่ตอนปิดรับ")
    part.expect_state("ยังไม่บันทึก: ปิดรับแล้วเมื่อ")
    expect(part.blank).to_have_value("ยังเขียนอยู่ตอนปิดรับ")
    page = kill(page).new_page()
    page.goto(draft.topic("1.1"))
    kept = page.locator('[id="p1.1.2.1"] [data-draft-kept]')
    expect(kept).to_contain_text(FOUND)
    expect(kept).to_contain_text("ยังเขียนอยู่ตอนปิดรับ")
    kept.get_by_role("button", name="ทิ้ง").click()
    page.reload()
    expect(page.locator("[data-draft-kept]")).to_have_count(0)
    assert stored(server, draft, "1.1.2.1")["values"] == {}


def leave(page: Page) -> None:
    page.get_by_label("เมนูผู้ใช้").click()
    page.get_by_role("button", name="ออกจากระบบ").click()


def drafts_in(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('pmqa-draft/'))")


def test_whoever_leaves_a_shared_computer_is_asked_about_the_unsaved_text_and_nobody_else_sees_it(
    visit, draft
):
    page = visit(draft.coordinator, draft.topic("1.3"))
    page.on("dialog", lambda dialog: dialog.accept())
    # Saved in time: typed, and left at once.
    Part(page, "1.3.1.1").blank.fill("พิมพ์แล้วออกจากระบบทันที")
    leave(page)
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()
    assert drafts_in(page) == []

    # Not saved: a percentage that cannot be one.
    sign_in(page, draft.coordinator)
    page.goto(draft.topic("1.3"))
    expect(Part(page, "1.3.1.1").blank).to_have_value("พิมพ์แล้วออกจากระบบทันที")
    page.goto(draft.topic("6.1"))
    part = Part(page, "6.1.3.1", "percent")
    part.blank.fill("120")
    part.expect_state("ยังไม่บันทึก")
    leave(page)
    expect(page.get_by_text("มีข้อความที่ยังไม่บันทึกในเครื่องนี้")).to_be_visible()
    expect(page.get_by_role("link", name="ส่วน 6.1.3.1")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="ออกจากระบบ").click()
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()

    # Another person at this computer.
    sign_in(page, draft.owner)
    page.goto(draft.topic("6.1"))
    expect(page.locator('[id="p6.1.3.1"]')).to_be_visible()
    expect(page.locator("[data-draft-offer], [data-draft-kept]")).to_have_count(0)
    expect(page.get_by_role("main")).not_to_contain_text("120")
    leave(page)
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()

    # The first one again: the text is back, and goes with them this time.
    sign_in(page, draft.coordinator)
    page.goto(draft.topic("6.1"))
    expect(part.blank).to_have_value("120")
    part.expect_state("ยังไม่บันทึก")
    leave(page)
    page.get_by_label("ลบข้อความเหล่านี้ออกจากเครื่องนี้").check()
    page.get_by_role("main").get_by_role("button", name="ออกจากระบบ").click()
    expect(page.get_by_role("heading", name="เข้าสู่ระบบ")).to_be_visible()
    assert drafts_in(page) == []
