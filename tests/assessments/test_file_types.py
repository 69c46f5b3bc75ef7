"""What a file is by its content; names and hostile contents decide nothing."""

import time
import zipfile
from io import BytesIO

import pytest

from assessments.files.types import Unacceptable, kind_of
from tests.assessments.files import JPEG, PDF, PNG, archive, office

MEGABYTE = 1024 * 1024
THAI = "ลำดับ,ชื่อ\n1,น้ำ\n"


def found(content: bytes, name: str) -> str:
    return kind_of(BytesIO(content), name).name


def refused(content: bytes, name: str) -> str:
    with pytest.raises(Unacceptable) as caught:
        found(content, name)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "แผน.pdf", "pdf"),
        (PDF, "แผน.v2.PDF", "pdf"),
        (PNG, "ภาพ.png", "png"),
        (JPEG, "ภาพ.jpg", "jpeg"),
        (JPEG, "ภาพ.jpeg", "jpeg"),
        (JPEG.replace(b"\xff\xc0", b"\xff\xff\xff\xc0"), "มีช่องว่าง.jpg", "jpeg"),
        (office("docx"), "รายงาน.docx", "docx"),
        (office("docx").replace(b"word/document.xml", b"word/documen2.xml"), "ชื่ออื่นข้างใน.docx", "docx"),
        (office("xlsx"), "ตาราง.xlsx", "xlsx"),
        (office("pptx"), "นำเสนอ.pptx", "pptx"),
        (THAI.encode(), "ตาราง.csv", "csv"),
        (THAI.encode("utf-8-sig"), "ตาราง.csv", "csv"),
        (THAI.encode("cp874"), "ตาราง.csv", "csv"),
        (THAI.encode() * 10_000, "บันทึก.txt", "txt"),
    ],
)
def test_what_is_taken(content, name, kind):
    assert found(content, name) == kind


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "ว่าง.pdf", "empty"),
        (b"MZ\x90\x00\x03\x00", "โปรแกรม.exe", "kind"),
        (PDF, "ไม่มีนามสกุล", "kind"),
        (PDF, "แผน.pdf.exe", "kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ภาพ.svg", "kind"),
        (b"<html></html>", "หน้า.html", "kind"),
        (archive({"a.txt": b"a"}), "ห่อ.zip", "kind"),
        (office("docx", {"word/vbaProject.bin": b"x"}), "รายงาน.docm", "kind"),
        (b"MZ\x90\x00\x03\x00", "โปรแกรม.pdf", "extension"),
        (b"<html><script>alert(1)</script>%PDF-1.7", "หน้า.pdf", "extension"),
        (b" " + PDF, "เลื่อน.pdf", "extension"),
        (b"<svg onload='alert(1)'/>", "ภาพ.png", "extension"),
        (b"\xef\xbb\xbf  <!doctype html>", "บันทึก.txt", "extension"),
        (b"name\n<script>alert(1)</script>", "ตาราง.csv", "extension"),
        (b"#!/bin/sh\nrm -rf /", "บันทึก.txt", "extension"),
        (b"{\\rtf1}", "บันทึก.txt", "extension"),
        ("น้ำ".encode("utf-16"), "บันทึก.txt", "extension"),
        (PDF, "ภาพ.png", "extension"),
        (PNG, "ภาพ.jpg", "extension"),
        (office("xlsx"), "ตาราง.docx", "extension"),
        (archive({"a.txt": b"a"}), "ห่อ.docx", "extension"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "มีรหัส.xlsx", "protected"),
        (PDF[:-20], "ขาด.pdf", "broken"),
        (PNG[:-20], "ขาด.png", "broken"),
        (office("docx")[:-40], "ขาด.docx", "broken"),
    ],
)
def test_what_is_refused(content, name, code):
    assert refused(content, name) == code


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF + archive({"a.js": b"alert(1)"}), "สองอย่าง.pdf"),
        (PNG + archive({"a.js": b"alert(1)"}), "สองอย่าง.png"),
        (PNG + b"<script>alert(1)</script>", "หาง.png"),
        (JPEG + office("docx"), "สองอย่าง.jpg"),
    ],
)
def test_one_file_that_is_two_is_refused(content, name):
    assert refused(content, name) == "broken"


@pytest.mark.parametrize(
    "member",
    [
        "word/vbaProject.bin", "word/VBAPROJECT.BIN", "word/activeX/activeX1.xml", "xl/macrosheets/sheet1.xml",
        "word/embeddings/book.xlsm", "word/embeddings/run.exe",
    ],
)  # fmt: skip
def test_what_would_run_in_an_office_file_is_refused(member):
    assert refused(office("docx", {member: b"x"}), "รายงาน.docx") == "active"


def test_macros_under_another_name_are_refused():
    types = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    assert refused(office("docx", types=types), "รายงาน.docx") == "active"


def test_members_may_not_lead_out_of_the_file():
    assert refused(office("docx", {"../../etc/passwd": b"x"}), "รายงาน.docx") == "broken"


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = office("xlsx", {"xl/sheet.xml": b"\0" * (150 * MEGABYTE)})
    began = time.process_time()
    assert refused(content, "ตาราง.xlsx") == "bomb"
    assert time.process_time() - began < 0.5


def test_a_bomb_that_lies_about_its_size_is_stopped_on_the_way():
    """The directory says little, the members hold much: what is really there is counted."""
    honest = office("xlsx", {"xl/sheet.xml": b"\0" * (5 * MEGABYTE)})
    lying = honest.replace((5 * MEGABYTE).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != honest
    assert refused(lying, "ตาราง.xlsx") in ("broken", "bomb")


def test_too_many_members_are_refused():
    assert refused(office("docx", {f"word/{n}.xml": b"" for n in range(2001)}), "รายงาน.docx") == "bomb"


def test_a_protected_archive_is_refused():
    content = bytearray(office("docx"))
    # The flag "encrypted" of every member, in the directory and before the member itself.
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    assert refused(bytes(content), "รายงาน.docx") == "protected"


def test_a_picture_of_too_many_points_is_refused():
    flood = PNG[:16] + (20_000).to_bytes(4) * 2 + PNG[24:]
    assert refused(flood, "ภาพ.png") == "pixels"
    flood = JPEG.replace(b"\x08\x00\x04\x00\x04", b"\x08\xff\xff\xff\xff")
    assert refused(flood, "ภาพ.jpg") == "pixels"


def test_a_png_without_end_ends_the_check():
    """A chunk that claims more than there is leads nowhere, and quickly."""
    assert refused(PNG[:8] + b"\xff\xff\xff\xffIHDR" + PNG[16:], "ภาพ.png") in ("broken", "pixels")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\xff\xd8" + b"\xff" * (20 * MEGABYTE), "ภาพ.jpg"),
        (b"\xff\xd8" + b"\xff\xfe\x00\x02" * (5 * MEGABYTE), "ภาพ.jpg"),
        (PNG[:33] + (b"\0\0\0\0tEXt" + b"\0" * 4) * MEGABYTE, "ภาพ.png"),
    ],
    ids=["filling", "empty-segments", "empty-chunks"],
)
def test_a_picture_of_nothing_but_steps_ends_the_walk(content, name):
    began = time.process_time()
    assert refused(content, name) == "broken"
    assert time.process_time() - began < 2


def test_the_files_of_these_tests_are_what_they_say():
    with zipfile.ZipFile(BytesIO(office("docx"))) as opened:
        assert opened.testzip() is None
