"""A second person reads a report before it goes out: written, proposed, settled, signed, changed, and published."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.journey
SAVED = "บันทึกแล้ว"
WRITTEN = "ผลส่วนใหญ่อยู่ในระดับ Advance และควรรักษาไว้ (สมมติ)"
CLEARER = "ผลส่วนใหญ่อยู่ในระดับ Advance ขอให้รักษาไว้และขยายผลต่อ (สมมติ)"
CHANGED = "ผลส่วนใหญ่อยู่ในระดับ Advance ขอให้ขยายผลสู่หน่วยงานในพื้นที่ (สมมติ)"
MAKE = """
from django.utils import timezone
from reviews.models import Assignment
from tests.results.factories import make_decided
agency = factories.make_agency()
cycle = factories.make_cycle(year=4400 + agency.pk, vetting=True)
case, lead = make_decided(agency=agency, cycle=cycle), factories.make_user()
category = cycle.edition.categories.filter(kind="process").first()
Assignment.objects.create(
    assessment=case, category=category, reviewer=lead, is_lead=True, marks=False, opened_at=timezone.now())
offices = {role: factories.make_official(role).email for role in ("officer", "administrator")}
answer({"pk": case.pk, "lead": lead.email} | offices)
"""


def write(page: Page, text: str) -> None:
    form = page.locator("#s-closing form.section-form")
    form.get_by_role("textbox").fill(text)
    expect(form.locator("[data-save-text]")).to_contain_text(SAVED)


def closing(page: Page) -> Locator:
    """The closing statement on the page of the second reader."""
    return page.get_by_role("main").locator("section.sheet", has_text="(สมมติ)")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_a_second_reader_and_the_lead_stand_for_every_word(server, visit):
    made = server.python(MAKE)
    pk = made["pk"]

    # The lead writes; beside the text stands how it will be printed, and follows.
    lead = visit(made["lead"], f"/reviews/{pk}/feedback/")
    lead.locator("#s-closing").get_by_text("ตัวอย่างในรายงาน").click()
    preview = lead.locator("#s-closing [data-preview-slot]")
    expect(preview).not_to_be_empty()
    write(lead, WRITTEN)
    expect(preview).to_contain_text(WRITTEN)
    lead.get_by_role("link", name="อ่านทานและลงนาม").click()
    said = lead.get_by_role("region", name="สถานะของฉบับนี้")
    expect(said).to_contain_text("ยังไม่มีผู้อ่านทาน")

    # A second person reads, and proposes other words: until they are settled nobody confirms.
    reader = visit(made["officer"], f"/reviews/{pk}/vetting/")
    closing(reader).get_by_text("เสนอถ้อยคำ").click()
    closing(reader).get_by_label("ถ้อยคำที่เสนอ").fill(CLEARER)
    press(reader, "เสนอให้หัวหน้าทีม")
    expect(reader.get_by_role("button", name="อ่านแล้วทุกข้อความ")).to_be_disabled()

    # The lead takes them, and signs; the reader has read everything.
    lead.reload()
    expect(closing(lead).locator("ins").first).to_be_visible()
    press(lead, "ใช้ถ้อยคำนี้")
    press(lead, "ลงนามรับรองเนื้อหารายงาน")
    expect(said).to_contain_text("หัวหน้าทีมลงนามรับรองแล้ว")
    reader.reload()
    expect(closing(reader).locator(".answer-text")).to_have_text(CLEARER)
    press(reader, "อ่านแล้วทุกข้อความ")
    expect(reader.get_by_role("region", name="สถานะของฉบับนี้")).to_contain_text("อ่านทานแล้ว")

    # One change, and both words are of another text: nothing can be published.
    lead.goto(f"/reviews/{pk}/feedback/")
    write(lead, CHANGED)
    lead.get_by_role("link", name="อ่านทานและลงนาม").click()
    for words in ("ยังไม่มีผู้อ่านทาน", "หัวหน้าทีมยังไม่ลงนาม", "ยืนยันไว้กับข้อความก่อนแก้"):
        expect(said).to_contain_text(words)
    office = visit(made["administrator"], f"/results/{pk}/publish/")
    expect(office.get_by_role("alert")).to_contain_text("ยังประกาศไม่ได้")

    # Read and signed again, and out.
    reader.reload()
    expect(closing(reader)).to_contain_text(CHANGED)
    press(reader, "อ่านแล้วทุกข้อความ")
    press(lead, "ลงนามรับรองเนื้อหารายงาน")
    expect(said).to_contain_text("หัวหน้าทีมลงนามรับรองแล้ว")
    office.reload()
    press(office, "ประกาศผล")
    office.wait_for_url(re.compile(rf"/results/{pk}/$"))
    expect(office.get_by_role("main")).to_contain_text("คะแนนจากผู้ตรวจ")
