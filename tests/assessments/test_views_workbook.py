"""The pages of the workbook: download, upload, preview, what was stored."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from assessments.files.bounded import BoundedUpload
from assessments.files.packages import MAX_FILE
from assessments.models import Answer, Cycle, WorkbookImport
from pmqa.accounts.models import LogEntry
from tests import factories
from tests.assessments.workbook.sheets import Book, downloaded, exported

pytestmark = pytest.mark.django_db
BLANK = "1.1.2.1|detail"


@pytest.fixture
def page(assessment):
    return f"/assessments/{assessment.pk}/workbook/"


def upload(client, page, content: bytes, name: str = "แบบประเมิน.xlsx"):
    return client.post(f"{page}upload/", {"workbook": SimpleUploadedFile(name, content)})


def preview_of(client, page, book: Book) -> str:
    response = upload(client, page, book.save())
    assert response.status_code == 302
    return response.headers["Location"]


def test_the_download_is_a_workbook_under_a_plain_name_and_in_the_log(as_user, coordinator, assessment, page):
    response = as_user(coordinator).post(f"{page}download/")
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    name = f"pmqa-{assessment.agency.code}-{assessment.cycle.year}.xlsx"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert BLANK in downloaded(response.content).rows
    entry = LogEntry.objects.get(action="assessment.workbook_exported", actor=coordinator)
    assert entry.agency == assessment.agency
    assert as_user(coordinator).get(f"{page}download/").status_code == 405


def test_the_page_says_who_may_import_and_when(as_user, coordinator, assessment, page):
    assert 'type="file"' in as_user(coordinator).get(page).content.decode()
    viewer = factories.make_member(assessment.agency, "viewer")
    html = as_user(viewer).get(page).content.decode()
    assert "ผู้นำเข้าไฟล์คือผู้ประสานงาน" in html
    assert 'type="file"' not in html
    past = timezone.now() - timedelta(seconds=1)
    Cycle.objects.update(opens_at=past - timedelta(days=1), closes_at=past)
    html = as_user(coordinator).get(page).content.decode()
    assert "นำเข้าไม่ได้ในขณะนี้" in html
    assert 'type="file"' not in html


def test_a_file_that_is_no_workbook_is_refused_on_the_page(as_user, coordinator, page):
    client = as_user(coordinator)
    response = upload(client, page, b"<html>")
    assert response.status_code == 422
    assert "ไฟล์นี้ไม่ใช่สมุดงาน Excel" in response.content.decode()
    assert client.post(f"{page}upload/").status_code == 422
    foreign = BytesIO()
    Workbook().save(foreign)
    assert "ไม่ใช่สมุดงานที่ดาวน์โหลดจากหน้านี้" in upload(client, page, foreign.getvalue()).content.decode()
    assert not WorkbookImport.objects.exists()


def test_a_huge_upload_is_not_kept_and_is_refused(as_user, coordinator, page):
    response = upload(as_user(coordinator), page, b"PK\x03\x04" + b"\0" * (MAX_FILE + 10 * 1024 * 1024))
    assert response.status_code == 422
    assert "ไฟล์ใหญ่เกิน 8 MB" in response.content.decode()


def test_an_upload_is_cut_just_over_the_limit():
    handler, chunk = BoundedUpload(), b"\0" * 64 * 1024
    handler.new_file("workbook", "x.xlsx", "", None)
    kept = sum(handler.receive_data_chunk(chunk, 0) is not None for _ in range(MAX_FILE // len(chunk) + 50))
    assert kept * len(chunk) == MAX_FILE + len(chunk)


def test_an_upload_needs_its_token(coordinator, page):
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator, backend="pmqa.accounts.backends.EmailBackend")
    assert upload(client, page, b"x").status_code == 403


def test_the_preview_shows_every_change_and_storing_shows_the_summary(as_user, coordinator, assessment, page):
    client = as_user(coordinator)
    book = exported(assessment)
    book.write(BLANK, "<b>ข้อความ</b> จากไฟล์")
    book.write("6.1.3.1|percent", 120)
    where = preview_of(client, page, book)
    html = client.get(where).content.decode()
    for text in (
        "แบบประเมิน.xlsx",
        "&lt;b&gt;ข้อความ&lt;/b&gt; จากไฟล์",
        "ร้อยละต้องอยู่ระหว่าง 0 ถึง 100",
        "เพิ่ม",
        "หมวด 6",
    ):
        assert text in html, text
    assert "กลับไปตรวจไฟล์ที่นำเข้าไว้" in client.get(page).content.decode()
    for _click in range(2):
        response = client.post(where, {"seen-1.1.2.1": "0"})
        assert response.headers["Location"] == where
    html = client.get(where).content.decode()
    assert "นำเข้าแล้ว" in html
    assert "1 จุด" in html
    assert "6.1.3" in html
    assert factories.answer_of(assessment, "1.1.2.1").values == {"detail": "<b>ข้อความ</b> จากไฟล์"}
    assert LogEntry.objects.filter(action="assessment.workbook_imported").count() == 1


def test_what_moved_on_comes_back_as_409_with_both_texts(as_user, coordinator, assessment, page):
    client = as_user(coordinator)
    book = exported(assessment)
    book.write(BLANK, "ในไฟล์")
    where = preview_of(client, page, book)
    client.post(
        f"/assessments/{assessment.pk}/parts/1.1.2.1/", {"version": "0", "claim": "done", "detail": "ในระบบ"}
    )
    response = client.post(where, {"seen-1.1.2.1": "0"})
    assert response.status_code == 409
    html = response.content.decode()
    assert all(text in html for text in ("ในไฟล์", "ในระบบ", "ตรวจอีกครั้ง", "มีสองฉบับ", "ใช้ตามไฟล์"))
    response = client.post(where, {"seen-1.1.2.1": "1", "choice-1.1.2.1": "nonsense"})
    assert response.status_code == 409
    assert client.post(where, {"seen-1.1.2.1": "1", "choice-1.1.2.1": "take"}).status_code == 302
    assert factories.answer_of(assessment, "1.1.2.1").values == {"detail": "ในไฟล์"}


def test_an_unchanged_workbook_has_nothing_to_store(as_user, coordinator, assessment, page):
    client = as_user(coordinator)
    html = client.get(preview_of(client, page, exported(assessment))).content.decode()
    assert "ไม่มีอะไรต้องนำเข้า" in html
    assert "บันทึกเข้าระบบ" not in html


def test_a_preview_is_of_its_person_and_ends(as_user, coordinator, assessment, page):
    where = preview_of(as_user(coordinator), page, exported(assessment))
    other = factories.make_member(assessment.agency, "coordinator")
    assert as_user(other).get(where).status_code == 404
    assert as_user(other).post(where).status_code == 404
    past = timezone.now() - timedelta(seconds=1)
    WorkbookImport.objects.update(created_at=past - timedelta(days=1), expires_at=past)
    assert as_user(coordinator).get(where).headers["Location"] == page
    assert as_user(coordinator).post(where).headers["Location"] == page


def test_a_preview_of_everything_needs_few_queries(
    as_user, coordinator, cycle, agency, django_assert_max_num_queries
):
    assessment = factories.make_assessment(agency=agency, cycle=cycle, complete=True)
    client, page = as_user(coordinator), f"/assessments/{assessment.pk}/workbook/"
    book = exported(assessment)
    for key, cells in book.rows.items():
        if key.startswith(("1.", "2.", "OP", "indicator")):
            cells["name" if "name" in cells else "answer.0"].value = "แก้ไขแล้ว ทุกส่วน"
    where = preview_of(client, page, book)
    # Half of them are conflicts.
    Answer.objects.filter(assessment=assessment, part__code__startswith="1.").update(version=9, values={})
    client.get(page)
    for address in (where, page):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
