"""The whole road in a real browser: from log-in and typing to the Feedback Report as a PDF.

PMQA_PICTURES names a folder for a picture of every step.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.steps import agree, marks_of, propose, sign

pytestmark = pytest.mark.journey

PRINTS = Path(__file__).resolve().parent.parent / "prints"
PICTURES = os.environ.get("PMQA_PICTURES")
TYPED = "ผู้บริหารกำหนดทิศทางให้ทุกหน่วยใช้ข้อมูลน้ำชุดเดียวกัน (ข้อความสมมติที่พิมพ์ในการทดสอบ)"
AGAIN = f"{TYPED} และเพิ่มผลในปีล่าสุด"
COLLEAGUE = "ข้อความสมมติของเจ้าภาพหมวดที่บันทึกก่อน"
REASON = "พิจารณาร่วมกันแล้ว คำตอบแสดงทิศทางครบตามพันธกิจ"
PILLAR = "เปิดข้อมูลน้ำให้ประชาชนตรวจสอบได้ (ข้อความสมมติ)"


@dataclass(frozen=True)
class People:
    agency: str
    name: str
    year: int
    coordinator: str
    owner: str
    head: str
    reviewers: list[str]
    lead: str
    administrator: str


@pytest.fixture(scope="module")
def people(server) -> People:
    made = server.python(
        """
agency = factories.make_agency(code="ROAD", name="กรมตัวอย่างการเดินทางสมมติ")
cycle = factories.make_cycle(year=2575, name="รอบปีงบประมาณ พ.ศ. 2575")
person = lambda name, number: factories.make_user(f"{name}@road.example", first_name="ทดสอบ", last_name=f"สมมติ{number}")
member = lambda name, role, **more: factories.make_member(agency, role, email=f"{name}@road.example", **more)
answer({
    "agency": agency.code, "name": agency.name, "year": cycle.year,
    "coordinator": member("coordinator", "coordinator").email,
    "owner": member("owner", "owner", categories=["1"]).email,
    "head": member("head", "head").email,
    "reviewers": [person("first", 1).email, person("second", 2).email],
    "lead": person("lead", 3).email,
    "administrator": factories.make_official("administrator", email="administrator@road.example").email,
})
"""
    )
    return People(**made)


def picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def number_in(page: Page) -> int:
    return int(re.search(r"/(\d+)/", page.url)[1])


def part(page: Page, code: str):
    return page.locator(f'[id="p{code}"]')


def test_the_whole_road(server, visit, people, tmp_path):
    pk = _start_and_type(server, visit, people)
    _run_into_a_conflict(visit, people, pk)
    _check_and_propose(visit, people, pk)
    _sign(visit, people, pk)
    _assign(visit, people, pk)
    for place, reviewer in enumerate(people.reviewers):
        _mark(server, visit, pk, reviewer, differs=place == 1)
    _reach_consensus(visit, people, pk)
    _publish(server, visit, people, pk)
    _read_the_result(visit, people, pk, tmp_path)


def _start_and_type(server, visit, people: People) -> int:
    page = visit(people.coordinator, "/assessments/")
    picture(page, "01-start")
    page.get_by_role("button", name=re.compile(f"เริ่มทำแบบประเมิน.*{people.year}")).click()
    page.wait_for_url(re.compile(r"/assessments/\d+/"))
    pk = number_in(page)
    files = [str(PRINTS / name) for name in ("form3-invented.txt", "form4-invented.txt")]
    place = ["--agency", people.agency, "--cycle", str(people.year)]
    told = server.manage("import_form", *files, *place)
    assert "130 parts, 30 indicators" in told
    page.goto(f"/assessments/{pk}/")
    picture(page, "02-overview")
    page.goto(f"/assessments/{pk}/1.1/")
    form = part(page, "1.1.2.1")
    form.locator("textarea").fill(TYPED)
    form.locator(".segments label", has_text="ดำเนินการแล้ว").click()
    expect(form.locator("[data-save-text]")).to_contain_text("บันทึกแล้ว")
    picture(page, "03-topic-typed")
    return pk


def _run_into_a_conflict(visit, people: People, pk: int) -> None:
    mine = visit(people.coordinator, f"/assessments/{pk}/1.1/")
    theirs = visit(people.owner, f"/assessments/{pk}/1.1/")
    other = part(theirs, "1.1.2.1")
    other.locator("textarea").fill(COLLEAGUE)
    expect(other.locator("[data-save-text]")).to_contain_text("บันทึกแล้ว")
    form = part(mine, "1.1.2.1")
    form.locator("textarea").fill(AGAIN)
    panel = form.locator("[data-conflict]")
    expect(panel).to_contain_text(COLLEAGUE)
    expect(panel).to_contain_text(AGAIN)
    picture(mine, "04-conflict")
    panel.get_by_role("button", name="ใช้ฉบับของท่าน").click()
    expect(panel).to_have_count(0)
    expect(form.locator("[data-save-text]")).to_contain_text("บันทึกแล้ว")
    mine.reload()
    expect(part(mine, "1.1.2.1").locator("textarea")).to_have_value(AGAIN)


def _check_and_propose(visit, people: People, pk: int) -> None:
    page = visit(people.coordinator, f"/assessments/{pk}/")
    propose(page)
    picture(page, "05-proposed")


def _sign(visit, people: People, pk: int) -> None:
    page = visit(people.head, "/")
    picture(page, "06-head")
    sign(page)
    picture(page, "07-receipt")


def _assign(visit, people: People, pk: int) -> None:
    page = visit(people.administrator, "/reviews/cases/")
    picture(page, "08-cases")
    page.goto(f"/reviews/cases/{pk}/")
    for reviewer in people.reviewers:
        page.locator("label", has_text=reviewer).locator("visible=true").first.click()
    page.locator("select[name=lead]").select_option(label=_option(page, "lead", people.lead))
    page.get_by_role("button", name="บันทึกทีมผู้ตรวจ").click()
    page.get_by_role("button", name="เปิดการตรวจ").click()
    agree(page)
    expect(page.locator("main")).to_contain_text("อยู่ระหว่างตรวจ")
    picture(page, "09-case")


def _option(page: Page, field: str, text: str) -> str:
    labels = page.locator(f"select[name={field}] option").all_text_contents()
    return next(label for label in labels if text in label)


def _declare(page: Page) -> None:
    """Nothing of a case is read before this, neither by those who mark nor by the lead."""
    page.get_by_role("link", name="เริ่มตรวจ").click()
    page.get_by_label("ไม่มี และพร้อมตรวจ").check()
    picture(page, "09-declaration")
    page.get_by_role("button", name="ยืนยัน").click()


def _mark(server, visit, pk: int, reviewer: str, *, differs: bool) -> None:
    """The first topic in the browser, with a different mark for 1.1.2.1 by the second reviewer."""
    page = visit(reviewer, "/reviews/")
    _declare(page)
    page.wait_for_url(re.compile(rf"/reviews/{pk}/1\.1/"))
    expect(page.locator("main")).to_contain_text(AGAIN)
    rows = page.locator("details.mark-row")
    for place in range(rows.count()):
        row = rows.nth(place)
        if row.get_attribute("open") is None:
            row.locator("summary").first.click()
        form = row.locator("form[data-mark]")
        if differs and place == 1:
            form.locator("label", has_text="ไม่ผ่าน").click()
            form.locator("textarea[name=comment]").fill("มีทิศทางแล้ว แต่ทั้งนี้ ควรแสดงให้เห็นการรองรับพันธกิจ (สมมติ)")
            form.get_by_role("button", name="บันทึก", exact=True).click()
        else:
            form.locator("label.v-pass").click()
        expect(form.locator("[data-save-text]")).to_contain_text("บันทึกแล้ว")
    if differs:
        picture(page, "10-marking")
    page.goto(f"/reviews/{pk}/hand-in/")
    expect(page.locator("main")).to_contain_text("ยังส่งไม่ได้")
    marks_of(server, pk, reviewer, fails=["1.2.2.1", "7.1.1.1"])
    page.reload()
    page.get_by_role("button", name="ส่งผลการตรวจ").click()
    agree(page)
    page.wait_for_load_state()
    picture(page, f"11-handed-in-{2 if differs else 1}")


def _reach_consensus(visit, people: People, pk: int) -> None:
    page = visit(people.lead, "/reviews/")
    _declare(page)
    page.wait_for_url(re.compile(rf"/reviews/{pk}/"))
    page.goto(f"/reviews/{pk}/consensus/")
    expect(page.locator("main")).to_contain_text("1.1.2.1")
    picture(page, "12-consensus")
    form = page.locator("form[data-decision]").first
    form.locator("label.v-pass").click()
    form.locator("textarea[name=reason]").fill(REASON)
    form.get_by_role("button", name="บันทึกผลฉันทามติ").click()
    expect(page.locator("form[data-decision][data-unsaved]")).to_have_count(0)
    page.goto(f"/reviews/{pk}/feedback/")
    pillar = page.locator('form[action$="pillar:1/"], form[action$="pillar%3A1/"]')
    pillar.locator("textarea").fill(PILLAR)
    expect(pillar.locator("[data-save-text]")).to_contain_text("บันทึกแล้ว")
    picture(page, "13-feedback")
    page.goto(f"/reviews/{pk}/finish/")
    page.get_by_role("button", name="ปิดฉันทามติ").click()
    page.wait_for_load_state()
    picture(page, "14-finished")


def _publish(server, visit, people: People, pk: int) -> None:
    page = visit(people.administrator, f"/results/{pk}/")
    expect(page.locator("main")).to_contain_text("ยังไม่ประกาศ")
    picture(page, "15-preview")
    page.goto(f"/results/{pk}/publish/")
    picture(page, "16-publish")
    page.get_by_role("button", name="ประกาศผล").click()
    page.wait_for_url(re.compile(rf"/results/{pk}/$"))
    # The worker of `make run`, once.
    server.python("from pmqa.jobs.services import run_queued\nrun_queued()")


def _read_the_result(visit, people: People, pk: int, folder: Path) -> None:
    page = visit(people.coordinator, f"/results/{pk}/")
    expect(page.locator("main")).to_contain_text("คะแนนจากผู้ตรวจ")
    picture(page, "17-result")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="รายงานป้อนกลับ").click()
    path = folder / "report.pdf"
    waiting.value.save_as(path)
    text = "".join("".join(sheet.extract_text() for sheet in PdfReader(path).pages).split())
    for printed in (people.name, AGAIN, PILLAR):
        assert "".join(printed.split()) in text
    assert REASON not in text
    page.goto(f"/results/{pk}/explain/verified/total/")
    picture(page, "18-explained")
