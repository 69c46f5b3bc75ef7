"""Evidence in a real browser: a file goes ahead in pieces, over a lost network and a reloaded page, and is cited."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from results.demo.evidence import pdf
from tests.journeys.test_filling import Draft, make_draft

pytestmark = pytest.mark.journey
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def draft(server) -> Draft:
    return make_draft(server)


def large_pdf(folder: Path, size: int) -> Path:
    """A PDF of a few pieces: its comment is long."""
    head, rest = pdf("Invented (journey)").split(b"\n", 1)
    path = folder / "รายงานผล ปี 2570.pdf"
    path.write_bytes(head + b"\n%" + b"x" * size + b"\n" + rest)
    return path


def open_form(visit, draft: Draft, part: str) -> Page:
    page = visit(draft.coordinator, draft.topic("1.1"))
    page.locator(f'[id="p{part}"]').get_by_role("link", name="อ้างหลักฐาน").click()
    page.get_by_role("link", name="เพิ่มใหม่ให้ส่วนนี้").click()
    return page


def test_a_file_survives_a_lost_network_and_a_reload(server, visit, draft, tmp_path):
    file = large_pdf(tmp_path, 3 * MEGABYTE)
    page = open_form(visit, draft, "1.1.1.1")
    sent: list[str] = []
    pieces = "**/uploads/*/*/"

    def after_the_first(route: Route) -> None:
        """The first piece arrives, then the line is dead."""
        sent.append(route.request.url)
        if len(sent) == 1:
            route.continue_()
        else:
            route.abort()

    page.route(pieces, after_the_first)
    page.set_input_files("#id_file", file)
    status = page.locator("[data-upload-status]")
    expect(status).to_contain_text("ไม่มีอินเทอร์เน็ต ส่งแล้วร้อยละ 33")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.unroute(pieces)
    sent.clear()
    page.on("request", lambda request: sent.append(request.url) if "/uploads/" in request.url else None)
    page.get_by_label("ชื่อหลักฐาน").fill("รายงานผล")
    page.set_input_files("#id_file", file)
    expect(status).to_contain_text("ได้รับไฟล์ครบแล้ว")
    assert sent[1].endswith(f"/{MEGABYTE}/"), "goes on behind the piece that arrived"
    assert len(sent) == 4
    page.get_by_role("button", name="เพิ่มหลักฐาน").click()
    expect(page.get_by_role("status").filter(has_text="เพิ่มหลักฐานเลขที่ 1 แล้ว")).to_be_visible()
    page.get_by_role("link", name="กลับไปส่วน 1.1.1.1").click()
    expect(page.locator('[id="p1.1.1.1"]')).to_contain_text("หลักฐาน 1 รายการ")
    with page.expect_download() as download:
        page.goto(f"/assessments/{draft.pk}/evidence/1/")
        page.get_by_role("link", name="ดาวน์โหลด").click()
    assert download.value.suggested_filename == file.name
    assert Path(download.value.path()).read_bytes() == file.read_bytes()


def test_a_refused_file_says_why_before_the_form_is_sent(visit, draft, tmp_path):
    page = open_form(visit, draft, "1.1.2.1")
    spoofed = tmp_path / "ภาพ.png"
    spoofed.write_bytes(pdf("no picture"))
    page.set_input_files("#id_file", spoofed)
    expect(page.get_by_role("alert")).to_contain_text("เนื้อในของไฟล์เป็น PDF")
    good = tmp_path / "แผน.pdf"
    good.write_bytes(pdf("good"))
    page.set_input_files("#id_file", good)
    expect(page.locator("[data-upload-status]")).to_contain_text("ได้รับไฟล์ครบแล้ว")
    expect(page.locator("[data-upload-error]")).to_be_hidden()
