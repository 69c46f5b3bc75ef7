"""Files on their way in: piece by piece, on from where they stopped, and nothing left of what is refused."""

import os
import resource
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as conf
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence, Upload
from assessments.services import uploads
from pmqa.errors import Conflict, Refused
from results.demo.evidence import pdf
from tests import factories
from tests.assessments.files import PDF, archive, content_of, office

pytestmark = pytest.mark.django_db
NAME = "แผน ปี 2570.pdf"
KEY = "5d2c9b8e-1111-4222-8333-444455556666"


def begin(assessment, by, *, name: str = NAME, content: bytes = PDF, modified: int = 7) -> Upload:
    return uploads.begin(assessment, name=name, size=len(content), modified=modified, by=by)


def files_left() -> list[Path]:
    root = Path(default_storage.path("uploads"))
    return list(root.iterdir()) if root.exists() else []


# --- the service ------------------------------------------------------------------------------


def test_pieces_become_the_file(assessment, coordinator):
    upload = begin(assessment, coordinator)
    for place in range(0, len(PDF), 100):
        upload = uploads.append(upload, offset=place, data=PDF[place : place + 100], by=coordinator)
    assert upload.is_complete
    stored = uploads.secure(upload)
    assert Path(default_storage.path(stored.file)).read_bytes() == PDF
    assert stored.kind.name == "pdf"
    assert stored.name == NAME
    assert "pdf" not in stored.file, "the stored name is opaque"


def test_a_lost_reply_and_a_second_window_are_told_where_to_go_on(assessment, coordinator):
    upload = begin(assessment, coordinator)
    uploads.append(upload, offset=0, data=PDF[:100], by=coordinator)
    for offset in (0, 50, 200):
        again = Upload.objects.get()
        again.assessment = assessment
        with pytest.raises(Conflict) as caught:
            uploads.append(again, offset=offset, data=PDF[:100], by=coordinator)
        assert caught.value.current.received == 100


def test_the_same_file_chosen_again_goes_on_where_it_stopped(assessment, coordinator):
    first = begin(assessment, coordinator)
    uploads.append(first, offset=0, data=PDF[:100], by=coordinator)
    again = begin(assessment, coordinator)
    assert (again.pk, again.received) == (first.pk, 100)
    assert begin(assessment, coordinator, modified=8).pk != first.pk, "another day, another file"
    colleague = factories.make_member(assessment.agency, "coordinator")
    assert begin(assessment, colleague).pk != first.pk


def test_more_than_was_announced_is_refused(assessment, coordinator):
    upload = begin(assessment, coordinator)
    with pytest.raises(Refused):
        uploads.append(upload, offset=0, data=PDF + b"more", by=coordinator)
    assert not Upload.objects.exists()


def test_the_last_piece_shows_what_the_file_is(assessment, coordinator, django_capture_on_commit_callbacks):
    content = b"MZ\x90 not a PDF"
    upload = begin(assessment, coordinator, content=content)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused) as caught:
        uploads.append(upload, offset=0, data=content, by=coordinator)
    assert caught.value.code == "extension"
    assert not Upload.objects.exists()
    assert files_left() == []


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (-1, "empty"), (50 * 1024 * 1024 + 1, "too_large")])
def test_sizes_that_are_refused_before_a_byte_is_sent(assessment, coordinator, size, code):
    with pytest.raises(Refused) as caught:
        uploads.begin(assessment, name=NAME, size=size, by=coordinator)
    assert caught.value.code == code


def test_the_share_of_an_assessment_counts_what_is_under_way(settings, assessment, coordinator):
    settings.EVIDENCE_TOTAL_BYTES = 2 * len(PDF)
    begin(assessment, coordinator)
    begin(assessment, coordinator, name="อีกไฟล์.pdf")
    with pytest.raises(Refused) as caught:
        begin(assessment, coordinator, name="เกิน.pdf")
    assert caught.value.code == "full"


def test_a_full_disk_takes_nothing(settings, assessment, coordinator):
    settings.EVIDENCE_FREE_BYTES = 2**60
    with pytest.raises(Refused) as caught:
        begin(assessment, coordinator)
    assert caught.value.code == "disk"
    assert not Upload.objects.exists()


def test_a_disk_that_fills_while_writing_leaves_nothing(
    assessment, coordinator, django_capture_on_commit_callbacks
):
    """The limit of a file's size acts as a full disk does: the write fails in its midst."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused) as caught:
            uploads.store(assessment, name=NAME, size=len(PDF), pieces=[PDF], by=coordinator)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.code == "disk"
    assert not Upload.objects.exists()
    assert files_left() == []


def test_what_nobody_goes_on_with_is_thrown_away(assessment, coordinator, django_capture_on_commit_callbacks):
    begin(assessment, coordinator)
    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        assert uploads.expire() == 0
    with (
        time_machine.travel(timezone.now() + timedelta(hours=25)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert uploads.expire() == 1
    assert files_left() == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\fakepath\\แผน.pdf", "แผน.pdf"),
        ("น้ำ ที่ ญู ปี่.pdf", "น้ำ ที่ ญู ปี่.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("แผน\r\nSet-Cookie: x.pdf", "แผน Set-Cookie_ x.pdf"),
        ("..", "file"),
        ("", "file"),
        ("\u200b", "file"),
        ("ก" * 500 + ".pdf", "ก" * 196 + ".pdf"),
        ('a"b;c.pdf', "a_b;c.pdf"),
    ],
)
def test_names_lose_whatever_is_no_name(name, kept):
    assert uploads.safe_name(name) == kept
    assert uploads.safe_name(kept) == kept


# --- the door of the script -------------------------------------------------------------------


def post_piece(client: Client, url: str, offset: int, data: bytes):
    return client.post(f"{url}{offset}/", data, content_type="application/octet-stream")


def announce(client: Client, assessment, content: bytes = PDF, name: str = NAME):
    url = reverse("assessments:begin_upload", args=[assessment.pk])
    return client.post(url, {"name": name, "size": len(content), "modified": 7})


def test_an_interrupted_upload_is_resumed_and_becomes_evidence(as_user, assessment, coordinator):
    client = as_user(coordinator)
    first = announce(client, assessment).json()
    assert post_piece(client, first["url"], 0, PDF[:200]).json() == {"received": 200, "complete": False}
    again = announce(as_user(coordinator), assessment).json()
    assert (again["id"], again["received"]) == (first["id"], 200)
    lost = post_piece(client, first["url"], 0, PDF[:200])
    assert (lost.status_code, lost.json()) == (409, {"received": 200})
    assert post_piece(client, again["url"], 200, PDF[200:]).json()["complete"]
    add = reverse("assessments:add_evidence", args=[assessment.pk])
    form = {"kind": "file", "title": "แผน", "upload": first["id"], "key": KEY}
    assert client.post(add, form).status_code == 302
    version = Evidence.objects.get().versions.get()
    assert content_of(version.file) == PDF
    assert not Upload.objects.exists()


def test_refusals_are_sentences(as_user, assessment, coordinator):
    client = as_user(coordinator)
    content = office("docx", {"word/vbaProject.bin": b"x"})
    url = announce(client, assessment, content, "รายงาน.docx").json()["url"]
    refused = post_piece(client, url, 0, content)
    assert refused.status_code == 422
    assert "มาโคร" in refused.json()["message"]
    assert client.post(reverse("assessments:begin_upload", args=[assessment.pk]), {}).status_code == 422
    signed_out = announce(Client(), assessment)
    assert (signed_out.status_code, "เข้าสู่ระบบ" in signed_out.json()["message"]) == (401, True)


def test_another_persons_upload_cannot_be_written_to_nor_used(as_user, assessment, coordinator):
    url = announce(as_user(coordinator), assessment).json()["url"]
    colleague = as_user(factories.make_member(assessment.agency, "coordinator"))
    assert post_piece(colleague, url, 0, PDF).status_code == 403
    stranger = as_user(factories.make_member(factories.make_agency(), "coordinator"))
    assert post_piece(stranger, url, 0, PDF).status_code == 404
    post_piece(as_user(coordinator), url, 0, PDF)
    form = {"kind": "file", "title": "แผน", "upload": str(Upload.objects.get().pk), "key": KEY}
    taken = colleague.post(reverse("assessments:add_evidence", args=[assessment.pk]), form)
    assert taken.status_code == 422
    assert not Evidence.objects.exists()


# --- along with a form, without a script ------------------------------------------------------


def send(client: Client, assessment, content: bytes, name: str = NAME, **more):
    form = {"kind": "file", "title": "แผนสมมติ", "key": KEY}
    file = SimpleUploadedFile(name, content)
    return client.post(
        reverse("assessments:add_evidence", args=[assessment.pk]), form | more | {"file": file}
    )


def test_a_file_too_large_is_dropped_while_it_arrives_and_the_texts_come_back(
    settings, as_user, assessment, coordinator
):
    settings.EVIDENCE_FILE_BYTES = 100_000
    response = send(as_user(coordinator), assessment, PDF + b"\n" * 200_000, note="หมายเหตุที่พิมพ์ไว้")
    assert response.status_code == 422
    page = response.content.decode()
    assert "หมายเหตุที่พิมพ์ไว้" in page
    assert "แผนสมมติ" in page
    assert "ลดขนาดไฟล์" in page
    assert not Upload.objects.exists()
    assert files_left() == []


def test_a_form_far_too_large_is_refused_as_a_whole(settings, as_user, assessment, coordinator):
    settings.EVIDENCE_FILE_BYTES = 1000
    assert send(as_user(coordinator), assessment, PDF + b"\n" * 5000).status_code == 400


def test_the_limit_stands_before_every_address(settings, client):
    """The token is looked for in every form that anybody sends, before any view."""
    settings.EVIDENCE_FILE_BYTES = 1000
    file = SimpleUploadedFile("x.bin", b"x" * 5000)
    assert client.post("/accounts/login/", {"login": "a", "file": file}).status_code == 400


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "ว่าง.pdf", "ว่างเปล่า"),
        (PDF, "ภาพ.png", "เนื้อในของไฟล์เป็น PDF"),
        (b"<html><script>alert(1)</script></html>", "หน้า.html", "รับเฉพาะ"),
        (archive({"a.exe": b"MZ"}), "ห่อ.zip", "รับเฉพาะ"),
        (PDF + archive({"a": b"a"}), "สองอย่าง.pdf", "ไฟล์อื่นซ่อนอยู่"),
    ],
)
def test_a_refused_file_leaves_the_texts_and_nothing_else(
    as_user, assessment, coordinator, content, name, words
):
    response = send(as_user(coordinator), assessment, content, name, reference="นร 1200/123")
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "นร 1200/123" in response.content.decode()
    assert not Evidence.objects.exists()
    assert not Upload.objects.exists()


def test_a_file_stays_when_only_a_text_is_wrong(as_user, assessment, coordinator):
    client = as_user(coordinator)
    response = send(client, assessment, PDF, title="")
    assert response.status_code == 422
    upload = Upload.objects.get()
    assert f'value="{upload.pk}"' in response.content.decode()
    assert "ไม่ต้องเลือกอีก" in response.content.decode()
    form = {"kind": "file", "title": "แผน", "upload": str(upload.pk), "key": KEY}
    again = client.post(reverse("assessments:add_evidence", args=[assessment.pk]), form)
    assert again.status_code == 302
    assert Evidence.objects.get().versions.get().name == NAME


def test_a_second_click_finds_what_the_first_has_done(as_user, assessment, coordinator):
    """The upload is used up by then, or comes along once more."""
    client = as_user(coordinator)
    sent = announce(client, assessment).json()
    post_piece(client, sent["url"], 0, PDF)
    form = {"kind": "file", "title": "แผน", "upload": sent["id"], "key": KEY}
    add = reverse("assessments:add_evidence", args=[assessment.pk])
    assert [client.post(add, form).status_code for _click in range(2)] == [302, 302]
    assert send(client, assessment, PDF).status_code == 302
    newer = pdf("newer")
    sent = announce(client, assessment, newer, "ใหม่.pdf").json()
    post_piece(client, sent["url"], 0, newer)
    replace = reverse("assessments:replace_evidence", args=[assessment.pk, 1])
    clicks = [client.post(replace, {"upload": sent["id"], "version": 0}).status_code for _click in range(2)]
    assert clicks == [302, 302]
    file = {"file": SimpleUploadedFile("ใหม่.pdf", newer), "version": 0}
    assert client.post(replace, file).status_code == 302
    assert Evidence.objects.get().versions.count() == 2
    assert not Upload.objects.exists()


def test_stored_files_are_private(as_user, assessment, coordinator):
    send(as_user(coordinator), assessment, PDF)
    path = Path(Evidence.objects.get().versions.get().file.path)
    assert path.is_relative_to(conf.MEDIA_ROOT)
    assert os.stat(path).st_mode & 0o007 == 0  # noqa: PTH116
