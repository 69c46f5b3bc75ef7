"""Evidence page by page: drawn by another process within bounds, once for each file, for whoever may open the file."""

import os
import time
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from assessments.files import poppler
from assessments.files.poppler import Unreadable
from assessments.models import EvidenceVersion
from assessments.services import looking
from pmqa.accounts.models import LogEntry
from tests import factories
from tests.assessments.files import PDF, PNG

JPEG = b"\xff\xd8\xff"
ENCRYPTION = b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)


def pages(count: int, *, box: str = "0 0 595 842", trailer: bytes = b"") -> bytes:
    """A PDF of empty pages."""
    kids = " ".join(f"{3 + number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        *[f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] >>".encode()] * count,
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(places) + 1, len(content)
    return content + (
        b"xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, start)
    )


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height, from the frame of a JPEG."""
    place = 2
    while not 0xC0 <= picture[place + 1] <= 0xC2:
        place += 2 + int.from_bytes(picture[place + 2 : place + 4])
    return int.from_bytes(picture[place + 7 : place + 9]), int.from_bytes(picture[place + 5 : place + 7])


@pytest.fixture
def written(tmp_path):
    def write(content: bytes) -> Path:
        path = tmp_path / "shown.pdf"
        path.write_bytes(content)
        return path

    return write


# --- the process ------------------------------------------------------------------------------


def test_a_page_becomes_a_picture(written):
    path = written(pages(3))
    assert poppler.count_pages(path) == 3
    width, height = size_of(poppler.picture_of(path, 2))
    assert height == poppler.LONG_SIDE
    assert width / height == pytest.approx(595 / 842, rel=0.01)


@pytest.mark.parametrize("box", ["0 0 20000000 20000000", "0 0 1 2000000", "0 0 0 0"])
def test_no_page_is_drawn_larger_than_its_bounds(written, box):
    # Poppler rounds up.
    assert max(size_of(poppler.picture_of(written(pages(1, box=box)), 1))) <= poppler.LONG_SIDE + 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html>not a PDF", "damaged"),
        (b"%PDF-1.7\n%%EOF", "damaged"),
        (pages(0), "damaged"),
        (pages(1, trailer=ENCRYPTION), "encrypted"),
    ],
    ids=["no pdf", "empty", "no pages", "password"],
)
def test_a_hostile_file_is_named_and_not_drawn(written, content, code):
    path = written(content)
    for work in (poppler.count_pages, lambda path: poppler.picture_of(path, 1)):
        with pytest.raises(Unreadable) as caught:
            work(path)
        assert caught.value.code == code


def test_a_page_that_needs_more_than_its_bounds_is_stopped(written, monkeypatch):
    monkeypatch.setattr(poppler, "_OUTPUT", 8)
    with pytest.raises(Unreadable) as caught:
        poppler.picture_of(written(PDF), 1)
    assert caught.value.code == "heavy"


def test_who_asks_while_all_are_drawing_is_told_to_ask_again(written, monkeypatch):
    monkeypatch.setattr(poppler, "SECONDS", 0)
    with poppler.SLOTS, poppler.SLOTS, pytest.raises(Unreadable) as caught:
        poppler.count_pages(written(PDF))
    assert caught.value.code == "busy"


# --- what is kept of it -----------------------------------------------------------------------


@pytest.fixture
def version(assessment):
    return stored(assessment, pages(3))


def stored(assessment, content: bytes, **more) -> EvidenceVersion:
    entry = factories.make_evidence(assessment, title="แผนสมมติ", file=f"evidence/{len(content)}")
    found = entry.versions.get()
    default_storage.save(found.file.name, ContentFile(content))
    digest = sha256(content).hexdigest()
    EvidenceVersion.objects.filter(pk=found.pk).update(sha256=digest, size=len(content), **more)
    return entry.versions.get()


@pytest.mark.django_db
def test_a_page_is_drawn_once_for_the_same_file(version):
    first = looking.page_picture(version, 2)
    Path(version.file.path).unlink()
    assert looking.page_picture(version, 2) == first
    with pytest.raises(Unreadable):
        looking.page_picture(version, 3)


@pytest.mark.django_db
def test_a_fault_of_the_file_is_kept_too(assessment):
    version = stored(assessment, pages(1, trailer=ENCRYPTION))
    for _time in range(2):
        with pytest.raises(Unreadable) as caught:
            looking.page_count(version)
        assert caught.value.code == "encrypted"
        # Were it asked again it would be well.
        Path(version.file.path).write_bytes(PDF)


@pytest.mark.django_db
def test_where_nothing_can_be_kept_a_page_is_drawn_all_the_same(version):
    Path(default_storage.path(looking.FOLDER)).write_text("a file where the folder should be")
    assert looking.page_picture(version, 1).startswith(JPEG)


@pytest.mark.django_db
def test_what_nobody_looked_at_for_long_is_thrown_away(version):
    assert looking.clear_old() == 0
    looking.page_picture(version, 1)
    assert looking.clear_old() == 0
    folder = Path(default_storage.path(f"{looking.FOLDER}/{version.sha256}"))
    old = time.time() - (looking.KEPT_DAYS + 1) * 24 * 3600
    os.utime(folder, (old, old))
    assert looking.clear_old() == 1
    assert not folder.exists()


# --- the agency's page ------------------------------------------------------------------------


def address(version, name="evidence_look", *more) -> str:
    entry = version.evidence
    return reverse(f"assessments:{name}", args=[entry.assessment_id, entry.number, version.number, *more])


def test_a_member_turns_the_pages(version, coordinator, as_user):
    client = as_user(coordinator)
    first = client.get(address(version)).content.decode()
    assert "หน้า 1 จาก 3" in first
    assert 'rel="prev"' not in first
    assert f'src="{address(version, "evidence_page", 1)}"' in first
    last = client.get(f"{address(version)}?page=99").content.decode()
    assert "หน้า 3 จาก 3" in last
    assert 'rel="next"' not in last
    picture = client.get(address(version, "evidence_page", 3))
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.content.startswith(JPEG)
    assert client.get(address(version, "evidence_page", 4)).status_code == 404
    assert client.get(address(version, "evidence_page", 0)).status_code == 404


def test_turning_pages_leaves_one_line(version, coordinator, as_user):
    client = as_user(coordinator)
    for page in (1, 2, 3):
        client.get(f"{address(version)}?page={page}")
        client.get(address(version, "evidence_page", page))
    line = LogEntry.objects.get(action="evidence.downloaded")
    assert (line.actor, line.agency, line.data) == (
        coordinator, coordinator.memberships.get().agency, {"number": 1, "preview": True},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [(pages(1, trailer=ENCRYPTION), "ตั้งรหัสผ่านไว้"), (b"%PDF-1.7\n%%EOF", "เสียหายหรือไม่มีหน้า")],
    ids=["password", "broken"],
)
def test_what_cannot_be_shown_says_why_and_what_to_do(assessment, coordinator, as_user, content, words):
    version = stored(assessment, content)
    page = as_user(coordinator).get(address(version))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert "<img" not in page.content.decode().partition("data-look-page")[2].partition("</section>")[0]
    assert as_user(coordinator).get(address(version, "evidence_page", 1)).status_code == 404


def test_a_picture_is_shown_as_it_is_and_an_office_file_only_named(assessment, coordinator, as_user):
    client = as_user(coordinator)
    picture = stored(assessment, PNG, name="ภาพ.png", content_type="image/png")
    assert f'src="{address(picture, "evidence_preview")}"' in client.get(address(picture)).content.decode()
    text = stored(assessment, b"a,b\n", name="ตาราง.csv", content_type="text/csv")
    shown = client.get(address(text)).content.decode()
    assert "เปิดได้ในโปรแกรมของไฟล์" in shown
    assert address(text, "evidence_file") in shown
    assert client.get(address(text, "evidence_page", 1)).status_code == 404


def test_a_file_that_the_scanner_has_not_cleared_is_not_drawn(version, coordinator, as_user):
    EvidenceVersion.objects.filter(pk=version.pk).update(scan="suspicious")
    for url in (address(version), address(version, "evidence_page", 1)):
        assert as_user(coordinator).get(url).status_code == 403
    assert not LogEntry.objects.filter(action="evidence.downloaded").exists()


def test_another_agency_finds_nothing(version, as_user):
    stranger = factories.make_member(factories.make_agency(), "coordinator")
    looking.page_picture(version, 1)
    for url in (address(version), address(version, "evidence_page", 1)):
        assert as_user(stranger).get(url).status_code == 404
