"""Files of printed forms as text: documents and PDFs come back, what cannot be trusted is refused with a reason."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.files import poppler
from assessments.files.packages import MAX_FILE, Unfit
from assessments.importing import pdf, read_prints, soundness
from assessments.importing.document import HEAD, HEADING, INDICATOR, PART, PROMPT, UNPLACED
from assessments.importing.rows import CONTINUES
from assessments.importing.sources import MAX_TEXT, checked, text_of
from assessments.incoming.refusals import refusal_sentence
from criteria.reader import read_edition
from criteria.scoring import DEFAULT_POLICY, POLICIES
from tests.assessments.importing import files
from tests.prints import make
from tests.prints.make import ONLINE, Style

EDITION = read_edition(make.EDITION)
POLICY = POLICIES[DEFAULT_POLICY]
COMPLETE = make.invent(EDITION)
STYLE = Style(wording=ONLINE, html=False)
THAI = "หน่วยงานสมมติทบทวนขั้นตอนร่วมกับผู้รับบริการทุกไตรมาสและปรับปรุงตามข้อเสนอแนะ " * 5


def read(text: str):
    return read_prints(EDITION, POLICY, [("form", text)])


def text(content: bytes) -> str:
    return text_of(io.BytesIO(content), len(content))


def refused(content: bytes) -> str:
    with pytest.raises(Unfit) as caught:
        text(content)
    assert refusal_sentence(caught.value)
    return caught.value.code


def everything(document):
    return (document.parts, document.indicators, [line.text for line in document.unplaced])


@pytest.mark.parametrize("html", [True, False], ids=["paragraphs", "plain"])
def test_a_document_of_a_word_processor_says_what_its_text_says(html):
    style = replace(STYLE, html=html)
    printed = make.print_form3(EDITION, COMPLETE, style) + "\n" + make.print_form4(EDITION, COMPLETE, style)
    # A document has neither tags nor the form's ticks as tags.
    printed = printed.replace('<input checked="" type="checkbox"/>', "☑").replace(
        '<input type="checkbox"/>', "☐"
    )
    assert everything(read(text(files.as_document(printed)))) == everything(read(printed))


def test_ticks_merged_cells_and_what_was_deleted_in_a_document():
    cells = (
        '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc><w:tc><w:p>'
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r><w:r><w:t>คือ &lt;ก&gt;</w:t></w:r>'
        "<w:del><w:r><w:delText>ลบแล้ว</w:delText></w:r></w:del><w:ins><w:r><w:t> ใหม่</w:t></w:r></w:ins></w:p>"
        f"{files.paragraph('ย่อหน้าสอง')}</w:tc>"
    )
    box = '<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val="1"/></w:checkBox></w:ffData></w:fldChar></w:r>'
    body = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p>{box}{'<w:r><w:t>ข</w:t></w:r>'}</w:p>{files.paragraph(THAI)}"
    lines = text(files.document(body)).split("\n")
    assert lines[0] == "\t\t<p>☑คือ &lt;ก&gt; ใหม่</p> <p>ย่อหน้าสอง</p>"
    assert lines[1] == "☑ข"


def test_documents_that_want_to_do_harm_are_refused():
    good = files.paragraph(THAI)
    assert THAI.strip() in text(files.document(good))
    bomb = b"\0" * (40 * 1024 * 1024)
    assert refused(files.document(good, **{"word/media/a.bin": bomb})) == "unpacks_huge"
    macro = files.TYPES.replace("main+xml", "main+xml macroEnabled")
    assert refused(files.document(good, types=macro)) == "macros"
    assert (
        refused(files.document("", **{"word/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}))
        == "entities"
    )
    assert refused(files.document("", types="<Types/>")) == "not_word"
    assert refused(files.document("<w:p>" * 3)) == "damaged_word"
    assert refused(files.document("<w:sdt>" * 300 + "</w:sdt>" * 300)) == "damaged_word"
    assert refused(b"PK\x03\x04" + b"x" * 500) == "damaged"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 500) == "old_word"
    assert refused(files.document(files.paragraph("สั้น"))) == "scanned"


def test_pdfs_that_cannot_be_read_are_refused():
    assert refused(files.pdf()) == "scanned"
    assert refused(files.pdf(b"Latin letters only, and many of them. " * 5)) == "broken_thai"
    assert refused(b"%PDF-1.4\n" + b"x" * 100) == "damaged_pdf"
    locked = b"/Encrypt<</Filter/Standard/V 1/R 2/O(%s)/U(%s)/P -4>>/ID[(a)(a)]" % (b"o" * 32, b"u" * 32)
    assert refused(files.pdf(b"secret", trailer=locked)) == "encrypted_pdf"


def test_a_pdf_that_needs_more_than_its_bounds_is_stopped(monkeypatch):
    monkeypatch.setattr(poppler, "_OUTPUT", 8)
    assert refused(files.pdf(b"A text of more than eight letters")) == "heavy_pdf"


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("", "scanned"),
        ("".join(sign for sign in THAI if not "\u0e31" <= sign <= "\u0e4e"), "broken_thai"),
        (THAI.replace("น", "\ue123"), "broken_thai"),
        (THAI.replace("ก", "\ufffd"), "broken_thai"),
        (THAI.replace("้", " ้").replace("ุ", " ุ").replace("่", " ่"), "broken_thai"),
    ],
    ids=["empty", "without_marks", "private", "unreadable", "torn"],
)
def test_thai_that_lost_its_marks_is_refused(broken, code):
    with pytest.raises(Unfit) as caught:
        soundness.check(broken)
    assert caught.value.code == code


def test_shifted_letters_of_old_fonts_are_known_and_read():
    soundness.check(THAI.replace("่", "\uf70a").replace("้", "\uf70b"))


def test_huge_and_empty_files_and_texts_are_refused():
    assert refused(b"") == "empty"
    assert refused(b" \n" * 40) == "empty"
    assert refused(b"x" * (MAX_FILE + 1)) == "too_big"
    assert refused(b"\xff\xfe\x00") == "not_text"
    with pytest.raises(Unfit) as caught:
        checked("ก" * (MAX_TEXT + 1))
    assert caught.value.code == "too_long"


def test_columns_of_a_layout_become_tabs_line_by_line():
    layout = "1.1 หัวข้อ\n          [/]คือ ...คำตอบ...\n\f1.1.1 ตัวชี้วัด      80   90\nสอง คำ"
    assert pdf.as_rows(layout) == "1.1 หัวข้อ\n\t\t[/]คือ ...คำตอบ...\n\f1.1.1 ตัวชี้วัด\t80\t90\nสอง คำ"


def test_what_the_margin_broke_is_one_paragraph_again():
    long = "หน่วยงานสมมติทบทวนขั้นตอนร่วมกับผู้รับบริการ"
    layout = "\n".join(
        f"      {line}" for line in (long, "และเครือข่าย", "ย่อหน้าใหม่", long, "1) รายการ", long, "ผ่าน")
    )
    assert pdf.as_rows(layout).replace(CONTINUES, "»").split("\n") == [
        f"\t\t{long}", "\t\t»และเครือข่าย", "\t\tย่อหน้าใหม่", f"\t\t{long}", "\t\t1) รายการ", f"\t\t{long}", "\t\tผ่าน",
    ]  # fmt: skip
    head = "แบบฟอร์มที่ 3\n1.1.2 ผู้บริหารกำหนดทิศทางองค์กรที่รองรับพันธกิจปัจจุบัน\n"
    answer = f"      [/] โดยทิศทางขององค์กร คือ ...{long}\n      และเครือข่าย\n      ย่อหน้าใหม่..."
    (part,) = read(head + pdf.as_rows(answer)).parts
    assert part.fields == {"detail": f"{long}และเครือข่าย\nย่อหน้าใหม่"}


PRINTED = (Path(make.__file__).parent / "form3-invented.txt").read_text(encoding="utf-8").split("\n")
STRAYS = st.text(st.sampled_from("กขคง abc 1.2/[]…-"), min_size=1, max_size=40)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), STRAYS), max_size=8))
def test_every_line_is_placed_or_unplaced_or_furniture(strays):
    lines = list(PRINTED[:400])
    for place, stray in strays:
        lines.insert(min(place, len(lines)), stray)
    document = read("\n".join(lines))
    filled = [number for number, line in enumerate(lines, start=1) if line.strip()]
    assert [line.line for line in document.lines] == filled
    assert {line.place for line in document.lines} <= {HEAD, HEADING, PROMPT, PART, INDICATOR, UNPLACED}
    unplaced = [line.line for line in document.lines if line.place == UNPLACED]
    assert [line.line for line in document.unplaced] == unplaced
    assert all(line.text == lines[line.line - 1].strip() or line.text for line in document.unplaced)
