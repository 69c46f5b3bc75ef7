"""An agency's way through a round, each person's as they walk it: coordinator, owner of a category, head on a phone."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.steps import propose, sign

pytestmark = pytest.mark.journey
SAVED = "บันทึกแล้ว"
PHONE = {"viewport": {"width": 390, "height": 844}}
REASON = "ขอให้ระบุผลลัพธ์ของปีล่าสุดให้ชัด (สมมติ)"


@dataclass(frozen=True)
class Agency:
    """An agency that took part in the round before, complete; `pk` is its assessment of that round."""

    pk: int
    last_year: int
    coordinator: str
    owner: str
    head: str


@pytest.fixture
def agency(server) -> Agency:
    made = server.python(
        """
from datetime import timedelta
from django.utils import timezone
agency = factories.make_agency()
year = 3500 + 2 * agency.pk
long_ago = timezone.now() - timedelta(days=200)
last = factories.make_cycle(year=year, name=f"รอบปีงบประมาณ พ.ศ. {year}", opens_at=long_ago - timedelta(days=60),
    closes_at=long_ago, review_closes_at=long_ago + timedelta(days=60))
factories.make_cycle(year=year + 1, name=f"รอบปีงบประมาณ พ.ศ. {year + 1}")
assessment = factories.make_assessment(agency=agency, cycle=last, complete=True)
member = lambda role, **more: factories.make_member(agency, role, **more).email
answer({"pk": assessment.pk, "last_year": year, "coordinator": member("coordinator", first_name="ผู้ประสาน"),
    "owner": member("owner", categories=["1", "7"], first_name="เจ้าภาพ"), "head": member("head")})
"""
    )
    return Agency(**made)


def make_current(server, agency: Agency, then: str = "") -> int:
    """This round's assessment, complete; `then` is Python about `assessment`, `coordinator` and `head`."""
    return server.python(
        f"""
from assessments.models import Cycle
from pmqa.accounts.models import Agency, User
last = factories.Assessment.objects.get(pk={agency.pk})
coordinator, head = (User.objects.get(email=email) for email in ("{agency.coordinator}", "{agency.head}"))
cycle = Cycle.objects.get(year={agency.last_year + 1})
assessment = (factories.Assessment.objects.filter(agency=last.agency, cycle=cycle).first()
    or factories.make_assessment(agency=last.agency, cycle=cycle, complete=True))
{then}
answer(assessment.pk)
"""
    )


def part(page: Page, code: str):
    return page.get_by_role("form", name=f"ส่วน {code}")


def is_saved(form) -> None:
    expect(form.get_by_role("status").filter(has_text=SAVED)).to_be_visible()


def fits(page: Page) -> None:
    # A page that is only coming has neither.
    expect(page.get_by_role("main")).to_be_visible()
    assert page.locator("html").evaluate("html => html.scrollWidth") <= PHONE["viewport"]["width"], page.url


def test_the_coordinator_from_the_start_of_a_round_to_the_receipt(server, visit, agency):
    page = visit(agency.coordinator)
    main = page.get_by_role("main")

    # One page: what opens, what closes, what is there already. The answers of the round before come along.
    expect(main).to_contain_text("ส่งภายใน")
    begin = re.compile(f"เริ่มจากคำตอบรอบ {agency.last_year} รอบปีงบประมาณ พ.ศ. {agency.last_year + 1} ")
    page.get_by_role("button", name=begin).click()
    expect(main).to_contain_text("ปิดรับ")
    pk = int(re.search(r"/(\d+)/", page.url)[1])
    # The targets were left empty for this year: all but the first are set here.
    server.python(
        f"""
from assessments.models import Indicator
rows = Indicator.objects.filter(answer__assessment={pk}).order_by("answer__part__code")
rows.exclude(pk=rows.first().pk).update(target=90, result_3=89)
rows.filter(pk=rows.first().pk).update(result_3=89)
"""
    )

    # All topics with their state; on to one, and the text of a part is brought up to date.
    page.reload()
    page.get_by_role("link", name="หัวข้อและเจ้าภาพ").click()
    expect(main).to_contain_text("เจ้าภาพ")
    page.get_by_role("link", name=re.compile("^1.2 ")).click()
    form = part(page, "1.2.1.1")
    expect(form).to_contain_text("ยังไม่ได้ปรับปรุง")
    form.get_by_role("textbox").first.fill("ปรับปรุงสำหรับปีนี้แล้ว")
    is_saved(form)

    # The profile of the organisation.
    page.get_by_role("link", name="ลักษณะสำคัญขององค์การ", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    mission = page.get_by_role("main").locator("form").first
    mission.get_by_role("textbox").first.fill("พันธกิจสมมติของปีนี้")
    is_saved(mission)

    # The check names the gap, says what was carried over, and leads to the blank.
    page.get_by_role("link", name="ตรวจก่อนส่ง", exact=True).click()
    expect(page.get_by_role("heading", name="ยกมาจากรอบก่อน ยังไม่ได้ปรับปรุง")).to_be_visible()
    expect(main).to_contain_text("คะแนนเบื้องต้น")
    page.get_by_role("link", name=re.compile("ไปแก้")).click()
    target = page.locator(":focus")
    expect(target).to_be_editable()
    target.fill("90")
    expect(page.locator("form:has(:focus) output").nth(1)).to_contain_text("00")
    expect(page.locator(".is-saving")).to_have_count(0)
    page.get_by_role("link", name="ภาพรวม", exact=True).click()
    expect(page.get_by_text("ตรวจก่อนส่ง ครบแล้ว")).to_be_visible()

    # To the head, who returns it with a reason; mended, and to the head again, who signs.
    propose(page)
    by_head = f"""
from assessments.services import checking
checking.decline(assessment, reason="{REASON}", notes=[], by=head)
"""
    make_current(server, agency, by_head)
    page.get_by_role("link", name="ภาพรวม", exact=True).click()
    expect(main).to_contain_text("ส่งกลับแก้ไข")
    expect(main).to_contain_text(REASON)
    page.get_by_role("link", name="หัวข้อและเจ้าภาพ").click()
    page.get_by_role("link", name=re.compile("^1.2 ")).click()
    part(page, "1.2.1.1").get_by_role("textbox").first.fill("ปรับปรุงแล้ว ได้ผลร้อยละ 91 ในปีล่าสุด")
    is_saved(part(page, "1.2.1.1"))
    propose(page)
    make_current(
        server, agency, "from assessments.services import submission\nsubmission.submit(assessment, by=head)"
    )
    page.get_by_role("link", name="ภาพรวม", exact=True).click()
    page.get_by_role("link", name="ใบรับ", exact=True).click()
    expect(page.get_by_role("heading", name="ใบรับแบบประเมิน")).to_be_visible()
    expect(main).to_contain_text("SHA-256")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("PDF|สำเนา|ดาวน์โหลด")).first.click()
    assert download.value.path().stat().st_size > 0


def test_the_owner_of_a_category_fills_in_her_own(server, visit, agency):
    pk = make_current(
        server,
        agency,
        """
from assessments.models import Answer
for code in ("1.1.1.1", "3.1.1.1"):
    Answer.objects.filter(assessment=assessment, part__code=code).update(claim="", values={})
assessment.answers.filter(part__code="7.4.1").delete()
""",
    )
    page = visit(agency.owner, f"/assessments/{pk}/")
    main = page.get_by_role("main")

    # Her own work only.
    expect(page.get_by_role("link", name=re.compile("หมวด 7 เหลือ"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("หมวด 3 เหลือ"))).to_have_count(0)
    page.get_by_role("link", name=re.compile("หมวด 1 เหลือ")).click()

    # Beside the blanks: the level, what reviewers look for, guidance.
    expect(main.get_by_text("Advance").first).to_be_visible()
    expect(page.get_by_role("complementary", name="แนวทางการตอบ")).to_be_visible()

    # At least two of four areas, counted while she types; done.
    form = part(page, "1.1.1.1")
    blanks = form.get_by_role("textbox")
    blanks.nth(0).fill("ลดเวลาอนุญาตใช้น้ำ")
    expect(form).to_contain_text("ต้องระบุอย่างน้อย 2 ด้าน")
    blanks.nth(1).fill("ชุมชนร่วมกำหนดแผนน้ำ")
    expect(form).to_contain_text("ครบตามเกณฑ์")
    form.get_by_role("radio", name="ดำเนินการแล้ว", exact=True).check()
    is_saved(form)

    # Evidence, entered once: a link.
    form.get_by_role("link", name="อ้างหลักฐาน").click()
    page.get_by_role("link", name="เพิ่มใหม่ให้ส่วนนี้").click()
    page.get_by_role("link", name="ลิงก์", exact=True).click()
    page.get_by_label("ชื่อหลักฐาน").fill("รายงานน้ำสมมติ")
    page.get_by_label(re.compile("^ลิงก์|ที่อยู่")).fill("https://example.org/water")
    page.get_by_role("button", name="เพิ่มหลักฐาน").click()
    page.get_by_role("link", name="กลับไปส่วน 1.1.1.1").click()
    expect(part(page, "1.1.1.1")).to_contain_text("หลักฐาน 1 รายการ")

    # She asks a colleague.
    part(page, "1.1.1.1").get_by_role("link", name="ความเห็น").click()
    page.get_by_label("แสดงความเห็น").fill("ช่วยตรวจตัวเลขด้วย")
    page.get_by_text("กล่าวถึงใครในหน่วยงาน").click()
    page.get_by_label(re.compile("ผู้ประสาน")).check()
    page.get_by_role("button", name="ส่งความเห็น").click()
    expect(main).to_contain_text("ช่วยตรวจตัวเลขด้วย")

    # An indicator: percent, score and advice follow the figures.
    page.get_by_role("link", name="แบบฟอร์มที่ 4", exact=True).click()
    page.get_by_role("link", name=re.compile("^7.4")).first.click()
    page.get_by_role("button", name="เพิ่มตัวชี้วัดในกลุ่ม 1").click()
    indicator = page.get_by_role("form", name="ตัวชี้วัด 7.4.1.1")
    indicator.get_by_label("ชื่อตัวชี้วัด").fill("ร้อยละครัวเรือนที่มีน้ำสะอาด")
    for label, text in (("หน่วย", "ร้อยละ"), ("เป้าหมาย", "85"), ("ผล", "80.55")):
        indicator.get_by_label(re.compile(label)).first.fill(text)
    results = indicator.get_by_label(re.compile("^.*ผล"))
    results.nth(1).fill("84.32")
    results.nth(2).fill("89.69")
    expect(indicator.locator("output").nth(0)).to_have_text("105.5")
    expect(indicator.locator("output").nth(1)).to_have_text("400")

    # What is not hers can be read, and says so.
    page.goto(f"/assessments/{pk}/3.1/")
    expect(main.get_by_role("textbox")).to_have_count(0)
    expect(main).to_contain_text("ผู้ประสานงาน")


def test_the_head_reads_returns_and_signs_on_a_phone(server, visit, agency):
    pk = make_current(server, agency, "factories.await_head(assessment, by=coordinator)")
    page = visit(agency.head, f"/assessments/{pk}/", **PHONE)
    main = page.get_by_role("main")

    # One message, one page.
    fits(page)
    page.get_by_role("link", name="อ่านสรุปและลงนาม").click()
    for words in ("คะแนนประเมินตนเองเบื้องต้น", "ตรวจแล้ว", "เสนอโดย", "ควรตรวจอีกครั้ง"):
        expect(main).to_contain_text(words)
    fits(page)

    # Any part can be read and commented on, none can be written.
    page.get_by_role("link", name=re.compile("^1 การนำ")).click()
    expect(page).to_have_url(re.compile(r"/1\.1/"))
    expect(main.get_by_role("link", name=re.compile("^ความเห็น")).first).to_be_visible()
    expect(main.get_by_role("textbox")).to_have_count(0)
    fits(page)
    page.get_by_role("main").get_by_role("link", name=re.compile("^ความเห็น")).first.click()
    page.get_by_label("แสดงความเห็น").fill("เห็นชอบ ขอให้เพิ่มผลปีล่าสุด")
    page.get_by_role("button", name="ส่งความเห็น").click()
    expect(main).to_contain_text("เห็นชอบ ขอให้เพิ่มผลปีล่าสุด")
    fits(page)

    # Returned with a reason.
    page.goto(f"/assessments/{pk}/submit/")
    page.get_by_text("ส่งกลับให้แก้ไข").click()
    page.get_by_label("เหตุผล").fill(REASON)
    page.get_by_role("button", name="ส่งกลับแก้ไข").click()
    expect(main).to_contain_text(REASON)
    fits(page)

    # Proposed again, and signed.
    make_current(server, agency, "factories.await_head(assessment, by=coordinator)")
    page.goto(f"/assessments/{pk}/")
    sign(page)
    expect(main).to_contain_text("เลขรับ")
    fits(page)
