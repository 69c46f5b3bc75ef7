"""A newcomer who was told nothing: finds, fills, checks and sends by what the screens say.

Only visible labels are used, and no address but the first.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD

pytestmark = pytest.mark.journey
PHONE = {"viewport": {"width": 390, "height": 844}}
# Everything is filled in but three blanks: an answer, what one part asks for in a second blank, an indicator.
# A province has a track of its own, so that the rounds of the other journeys are not offered to it.
MAKE = """
from assessments.models import Answer
agency = factories.make_agency(kind="province")
cycle = factories.make_cycle(year=3300 + agency.pk, track="province")
assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
Answer.objects.filter(assessment=assessment, part__code="2.1.2.1").update(claim="", values={})
part = factories.answer_of(assessment, "5.1.1.1")
key = next(iter(part.values))
Answer.objects.filter(pk=part.pk).update(values={key: part.values[key]})
assessment.answers.filter(part__code="7.4.1").delete()
answer({role: factories.make_member(agency, role).email for role in ("coordinator", "head")})
"""


@pytest.fixture(scope="module")
def people(server) -> dict[str, str]:
    return server.python(MAKE)


def come_in(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.get_by_label("อีเมลราชการ").fill(email)
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


def gaps(page: Page):
    """What the check asks to mend, each with its way there."""
    return page.get_by_role("main").get_by_role("link", name=re.compile("ไปแก้"))


def test_a_newcomer_fills_in_checks_and_sends_by_what_the_screens_say(server, chromium, people):
    context = chromium.new_context(locale="th-TH", viewport={"width": 1366, "height": 900})
    page = context.new_page()
    come_in(page, server.url, people["coordinator"])

    # Where to begin: the start page names what is left, category by category.
    expect(page.get_by_role("heading", name="ทำต่อ")).to_be_visible()
    page.get_by_role("link", name=re.compile("หมวด 2 เหลือ")).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    # The part that has no answer yet says so; one blank, one status.
    part = page.get_by_role("form", name="ส่วน 2.1.2.1")
    expect(part).to_contain_text("ยังไม่มีคำตอบ")
    part.get_by_role("textbox").first.fill("ตั้งเป้าหมายลดน้ำสูญเสียร่วมกับชุมชน")
    part.get_by_role("radio", name="ดำเนินการแล้ว", exact=True).check()
    expect(part.get_by_role("status").filter(has_text="บันทึกแล้ว")).to_be_visible()

    # An indicator, begun and left half done.
    page.get_by_role("link", name="ภาพรวม", exact=True).click()
    page.get_by_role("link", name=re.compile("หมวด 7 เหลือ")).click()
    page.get_by_role("button", name="เพิ่มตัวชี้วัดในกลุ่ม 1").click()
    indicator = page.get_by_role("form", name="ตัวชี้วัด 7.4.1.1")
    indicator.get_by_label("ตัวชี้วัด").first.fill("ร้อยละของครัวเรือนที่มีน้ำสะอาด")
    indicator.get_by_label("หน่วย").fill("ร้อยละ")
    expect(indicator.get_by_role("status").filter(has_text="บันทึกแล้ว")).to_be_visible()

    # The check names every gap and leads to its blank: type where the cursor stands.
    page.get_by_role("link", name="ตรวจก่อนส่ง", exact=True).click()
    expect(page.get_by_role("heading", name="ต้องแก้ก่อนส่ง")).to_be_visible()
    page.wait_for_load_state()
    for _step in range(10):
        left = gaps(page).count()
        if not left:
            break
        said = gaps(page).first.inner_text()
        gaps(page).first.click()
        focused = page.locator(":focus")
        expect(focused).to_be_editable()
        figure = re.search("เป้าหมาย|ผลปี", said)
        page.keyboard.insert_text("85" if figure else "ข้อความสมมติของผู้ใช้ใหม่")
        expect(page.get_by_role("status").filter(has_text="กำลังบันทึก")).to_have_count(0)
        page.get_by_role("link", name="ตรวจก่อนส่ง", exact=True).click()
        expect(page.get_by_role("heading", name="ตรวจก่อนส่ง")).to_be_visible()
        page.wait_for_load_state()
        assert gaps(page).count() < left, f"still a gap: {said}"
    expect(page.get_by_role("heading", name="ครบแล้ว ไม่มีรายการที่ต้องแก้ก่อนส่ง")).to_be_visible()

    # To the head.
    page.get_by_role("button", name="เริ่มตรวจทานภายใน").click()
    page.get_by_role("button", name="ตรวจครบแล้ว เสนอหัวหน้า").click()
    page.get_by_role("dialog").get_by_role("button", name="ตรวจครบแล้ว เสนอหัวหน้า").click()
    expect(page.get_by_text("รอหัวหน้าส่วนราชการหรือผู้รักษาการลงนาม")).to_be_visible()
    context.close()

    # The head, on a phone, knows no more.
    context = chromium.new_context(locale="th-TH", **PHONE)
    page = context.new_page()
    come_in(page, server.url, people["head"])
    page.get_by_role("link", name="อ่านสรุปและลงนาม").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="ลงนามและส่ง").click()
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="ยืนยัน").click()
    expect(page.get_by_role("heading", name="ใบรับแบบประเมิน")).to_be_visible()
    expect(page.get_by_text("เลขรับ")).to_be_visible()
    context.close()
