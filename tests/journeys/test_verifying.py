"""Whoever holds a paper: downloaded by a member of the agency, verified by anybody with a telephone."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def published(server) -> dict:
    """A published result with its page for executives, the quickest of its documents to print."""
    return server.python(
        """
from results.documents.making import render_report
from results.models import Report
from tests.results.factories import make_published
agency = factories.make_agency(code=f"VE-{factories.make_user().pk}")
sheet = make_published(agency=agency, cycle=factories.make_cycle(year=5600 + agency.pk))
render_report(Report.objects.create(sheet=sheet, kind=Report.Kind.MINISTER))
member = factories.make_member(agency, "viewer", email=f"verifying-{agency.pk}@test.example")
answer({"pk": sheet.assessment_id, "member": member.email, "name": agency.name})
"""
    )


def test_a_downloaded_paper_its_code_and_a_changed_export(visit, published, tmp_path):
    page = visit(published["member"], f"/results/{published['pk']}/", viewport={"width": 390, "height": 844})
    paper, export = tmp_path / "paper.pdf", tmp_path / "result.json"
    with page.expect_download() as download:
        page.get_by_role("link", name="สรุปหน้าเดียวสำหรับผู้บริหาร").click()
    download.value.save_as(paper)
    fetched = page.request.get(f"/results/{published['pk']}/result.json")
    export.write_bytes(fetched.body())
    page.locator("summary", has_text="เมนู").first.click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.wait_for_url("**/accounts/login/**")

    page.goto("/verify/")
    answer = page.get_by_role("status")

    def choose(path: Path) -> None:
        page.get_by_label("ไฟล์ PDF หรือ JSON").set_input_files(path)
        page.get_by_role("button", name="ตรวจสอบไฟล์").click()

    choose(paper)
    expect(answer).to_contain_text("เป็นผลฉบับปัจจุบัน")
    expect(answer).to_contain_text(published["name"])
    # What is printed on it is typed from it.
    printed = subprocess.run(["pdftotext", paper, "-"], capture_output=True, check=True, text=True).stdout
    page.get_by_label("รหัสตรวจสอบ").fill(re.search(r"VE-\d+-\d{4}-[0-9a-f]{12}", printed)[0])
    page.get_by_role("button", name="ตรวจสอบ", exact=True).click()
    expect(answer).to_contain_text("เป็นผลฉบับปัจจุบัน")
    assert page.locator("html").evaluate("html => html.scrollWidth") <= 390
    choose(export)
    expect(answer).to_contain_text("เป็นผลฉบับปัจจุบัน")
    document = json.loads(export.read_text(encoding="utf-8"))
    verified = document["sheet"]["scores"]["verified"]
    verified["total"] = f"{verified['total'][:-1]}{(int(verified['total'][-1]) + 1) % 10}"
    export.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    choose(export)
    expect(answer).to_contain_text("ไม่ตรงกับฉบับที่ออก")
    expect(answer).not_to_contain_text(published["name"])
