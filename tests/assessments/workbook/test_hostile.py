"""Files that are no workbook of ours, or want to do harm: refused, each with its reason."""

import contextlib
import datetime as dt
import io
import struct
import time
import zipfile
from decimal import Decimal
from itertools import product
from types import SimpleNamespace

import openpyxl
import pytest
from openpyxl import Workbook, load_workbook

from assessments.files import packages
from assessments.files.packages import WORKBOOK, Unfit, examine
from assessments.workbook import reading
from assessments.workbook.layout import IDENTITY, SCHEMA, Source, StoredIndicator
from assessments.workbook.refusals import refusal_sentence
from assessments.workbook.writing import write
from criteria.reader import read_edition
from tests.test_architecture import ROOT

SHEET = "xl/worksheets/sheet2.xml"
TYPES = "[Content_Types].xml"


@pytest.fixture(scope="module")
def source() -> Source:
    edition = read_edition(ROOT / "fixtures" / "criteria" / "pmqa40-2565")
    identity = dict.fromkeys(IDENTITY, "x") | {"schema": SCHEMA}
    return Source(edition, identity, (("หน่วยงาน", "กรมสมมติ"),), (2567, 2568, 2569), {}, {})


@pytest.fixture(scope="module")
def good(source) -> bytes:
    return write(source)


def changed(good: bytes, *, left_out: str = "", **members: bytes) -> bytes:
    """The workbook with some members replaced, added or left out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members and name != left_out:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return file.getvalue()


def member(good: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        return package.read(name)


def read(content: bytes) -> reading.Contents:
    file = io.BytesIO(content)
    examine(file, len(content), WORKBOOK)
    return reading.read(file)


def refusal(content: bytes) -> str:
    """Why the file is refused; every refusal has a sentence."""
    with pytest.raises(Unfit) as unfit:
        read(content)
    assert refusal_sentence(unfit.value)
    return unfit.value.code


def test_xml_is_read_by_the_careful_parser():
    assert openpyxl.DEFUSEDXML is True


def test_a_workbook_of_ours_is_read(good, source):
    contents = read(good)
    assert contents.identity == source.identity
    assert reading.Contents.from_json(contents.as_json()) == contents


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not_excel"),
        (b"code,answer\n1.1,x\n", "not_excel"),
        (b"%PDF-1.7\n", "not_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04" + b"\0" * 200, "damaged"),
        (b"x" * (packages.MAX_FILE + 1), "too_big"),
    ],
)
def test_what_is_no_workbook_is_called_by_its_name(content, code):
    assert refusal(content) == code


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_truncated_file_is_damaged(good, share):
    assert refusal(good[: int(len(good) * share)]) == "damaged"


@pytest.mark.parametrize("step", range(12))
def test_a_flipped_byte_is_damaged_or_harmless(good, step):
    """Whatever is broken, nothing but Unfit comes out."""
    place = 40 + step * (len(good) - 40) // 12
    content = good[:place] + bytes([good[place] ^ 0xFF]) + good[place + 1 :]
    with contextlib.suppress(Unfit):
        assert read(content).rows


def test_programs_are_refused(good):
    types = member(good, TYPES)
    macro = types.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")
    assert refusal(changed(good, **{TYPES: macro})) == "macros"
    assert refusal(changed(good, **{"xl/vbaProject.bin": b"x"})) == "macros"


def test_other_office_files_are_refused(good):
    types = member(good, TYPES)
    main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    document = types.replace(
        main, b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    )
    binary = types.replace(main, b"application/vnd.ms-excel.sheet.binary.macroEnabled.main")
    assert refusal(changed(good, **{TYPES: document})) == "not_excel"
    assert refusal(changed(good, **{TYPES: binary})) in ("binary", "macros")
    assert refusal(changed(good, left_out=TYPES)) == "not_excel"
    opendocument = b"application/vnd.oasis.opendocument.spreadsheet"
    assert refusal(changed(good, left_out=TYPES, mimetype=opendocument)) == "open_document"


def test_a_zip_bomb_is_refused_by_what_it_declares(good):
    assert refusal(changed(good, **{"xl/media/a.bin": b"\0" * (packages.MAX_UNPACKED + 1)})) == "unpacks_huge"


def test_a_zip_bomb_with_a_false_header_is_not_unpacked(good):
    """The directory says ten bytes; what comes out is counted all the same."""
    content = bytearray(changed(good, **{"zz.bin": b"\0" * (packages.MAX_UNPACKED + 1)}))
    place = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, place + 24, 10)
    assert refusal(bytes(content)) in ("damaged", "unpacks_huge")


def test_many_small_members_are_refused(good):
    members = {f"xl/media/{number}.bin": b"" for number in range(packages.MAX_MEMBERS + 1)}
    assert refusal(changed(good, **members)) == "unpacks_huge"


def test_the_same_member_twice_is_refused(good):
    file = io.BytesIO(good)
    with zipfile.ZipFile(file, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(SHEET, b"<worksheet/>")
    assert refusal(file.getvalue()) == "damaged"


def test_a_locked_zip_is_refused(good):
    content = bytearray(good)
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    assert refusal(bytes(content)) == "encrypted"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>"""


@pytest.mark.parametrize(
    ("head", "name"), list(product([BOMB, OUTSIDE], [SHEET, "xl/workbook.xml", "xl/styles.xml", TYPES]))
)
def test_entities_are_refused(good, head, name):
    content = member(good, name)
    content = content[content.index(b"?>") + 2 :] if content.startswith(b"<?xml") else content
    assert refusal(changed(good, **{name: head + content})) == "entities"


def test_entities_in_another_encoding_are_refused(good):
    sheet = member(good, SHEET).decode()
    content = BOMB.decode().replace('"1.0"', '"1.0" encoding="UTF-16"') + sheet
    assert refusal(changed(good, **{SHEET: content.encode("utf-16")})) == "damaged"
    declared = b'<?xml version="1.0" encoding="utf-7"?>' + member(good, SHEET)
    assert refusal(changed(good, **{SHEET: declared})) == "damaged"


def test_a_million_empty_rows_are_refused(good):
    rows = b"".join(b'<row r="%d"/>' % number for number in range(1, 1_000_001))
    sheet = member(good, SHEET)
    start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    assert refusal(changed(good, **{SHEET: sheet[:start] + rows + sheet[end:]})) == "too_many_cells"


def test_shared_formulas_are_not_worked_out(good):
    """Each use of one costs the library as much as the formula is long."""
    long = b'<c r="A900"><f t="shared" ref="A900:A999" si="0">%s1</f></c>' % (b"A1+" * 100_000)
    uses = b"".join(
        b'<row r="%d"><c r="A%d"><f t="shared" si="0"/></c></row>' % (n, n) for n in range(901, 1400)
    )
    sheet = member(good, SHEET).replace(
        b"</sheetData>", b'<row r="900">' + long + b"</row>" + uses + b"</sheetData>"
    )
    started = time.process_time()
    read(changed(good, **{SHEET: sheet}))
    assert time.process_time() - started < 5


def test_a_million_attributes_are_refused(good):
    row = b"<row " + b" ".join(b'a%d="1"' % number for number in range(250_000)) + b"/>"
    sheet = member(good, SHEET).replace(b"<sheetData>", b"<sheetData>" + row)
    assert refusal(changed(good, **{SHEET: sheet})) == "too_many_cells"


def test_a_million_declared_rows_cost_nothing(good):
    sheet = member(good, SHEET)
    start = sheet.index(b'<dimension ref="') + 16
    declared = sheet[:start] + b"A1:XFD1048576" + sheet[sheet.index(b'"', start) :]
    far = declared.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    content = changed(good, **{SHEET: far})
    assert len(read(content).rows) == len(read(good).rows)


def test_a_foreign_workbook_is_refused():
    book, file = Workbook(), io.BytesIO()
    book.active["A1"] = "งบประมาณ"
    book.active["B1"] = "=SUM(A1:A9)"
    book.save(file)
    assert refusal(file.getvalue()) == "foreign"


def test_another_schema_and_a_copied_sheet_are_refused(source, good):
    other = Source(**(source.__dict__ | {"identity": dict(source.identity) | {"schema": "99"}}))
    assert refusal(write(other)) == "other_schema"
    book, file = load_workbook(io.BytesIO(good)), io.BytesIO()
    copy = book.copy_worksheet(book.worksheets[1])
    copy.cell(8, 6).value = "ไม่เหมือนแผ่นแรก"
    book.save(file)
    assert refusal(file.getvalue()) == "twice"


@pytest.mark.parametrize(
    "formula", ["=1+1", '=HYPERLINK("http://evil.example")', "=cmd|'/C calc'!A0", "='[x.xlsx]A'!A1"]
)
def test_a_formula_is_reported_and_never_evaluated(good, formula):
    """Not even the value that the file says it had."""
    cell = b'<c r="F8" t="str"><f>%s</f><v>evil</v></c>' % formula[1:].replace('"', "&quot;").encode()
    sheet = member(good, SHEET)
    start = sheet.index(b'<c r="F8"')
    content = changed(good, **{SHEET: sheet[:start] + cell + sheet[sheet.index(b"/>", start) + 2 :]})
    rows = {row.key: row for row in read(content).rows}
    assert rows["1.1.1.1|economy"].faults == {"answer.0": reading.FORMULA}
    assert "answer.0" not in rows["1.1.1.1|economy"].texts
    assert "evil" not in str(rows.values())


@pytest.mark.parametrize(
    ("value", "kind", "read_as"),
    [
        ("ก" * 40_000, "s", ("", reading.TOO_LONG)),
        ("#REF!", "e", ("", reading.ERROR)),
        (True, "b", ("TRUE", "")),
        (float("inf"), "n", ("inf", "")),
        (1e300, "n", ("1" + "0" * 300, "")),
        (dt.datetime.fromisoformat("2026-01-15"), "d", ("2026-01-15", "")),
        (dt.datetime.fromisoformat("2026-01-15T09:30"), "d", ("2026-01-15 09:30", "")),
        ("บรรทัด_x000D_\nสอง", "s", ("บรรทัด\r\nสอง", "")),
    ],
)
def test_a_cell_is_read_as_somebody_sees_it(value, kind, read_as):
    cell = SimpleNamespace(value=value, data_type=kind, number_format="General")
    assert reading.cell_text(cell) == read_as


def test_a_number_that_excel_rounds_is_written_as_its_digits(source):
    exact = Decimal("12345678901234567.123456")
    figures = {
        "name": "-ชื่อ",
        "target": exact,
        "result_1": None,
        "result_2": Decimal(-3),
        "result_3": Decimal("0.1"),
    }
    stored = StoredIndicator(1, "7.1.1.1", 1, figures)
    file = write(Source(**(source.__dict__ | {"indicators": {"7.1.1": [stored]}})))
    rows = {row.key: row for row in read(file).rows}
    texts = rows["indicator|1|7.1.1"].texts
    assert [texts[name] for name in ("name", "target", "result_1", "result_2", "result_3")] == [
        "-ชื่อ", "12345678901234567.123456", "", "-3", "0.1",
    ]  # fmt: skip
