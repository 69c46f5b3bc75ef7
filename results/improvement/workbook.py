"""A plan with its follow-ups as an Excel file, for reading and for filtering: nothing is read back from it.

The same plan gives the same bytes: the library's own clock is taken out of the package.
"""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assessments.workbook.styles import Look, add_styles
from assessments.workbook.writing import fit_rows, put
from results.improvement.printing import Paper, PaperRound

TITLE = "แผนพัฒนาองค์การ"
# Of every part of the package: the first moment that the format knows.
NO_TIME = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")

# By which a card is found again in every sheet.
NAMES = (
    ("หมวด", 8, "category"),
    ("หัวข้อ", 8, "topic"),
    ("ที่มา", 28, "origin"),
    ("เรื่อง", 34, "subject"),
)
PLAN_COLUMNS = (
    *NAMES,
    ("ข้อสังเกต", 60, "observation"),
    ("ส่วนที่เป็นที่มา", 20, "parts"),
    ("ข้อสังเกตซ้ำ", 18, "repeat"),
    ("สิ่งที่จะทำ", 50, "measure"),
    ("วัดความสำเร็จอย่างไร", 40, "success"),
    ("ระยะเวลา", 14, "horizon"),
    ("ผู้รับผิดชอบ", 22, "owner"),
    ("แล้วเสร็จภายใน", 20, "due_on"),
    ("สถานะ", 14, "state"),
    ("เหตุผลที่ไม่ทำ", 34, "reason"),
    ("หลักฐาน", 40, "evidence"),
)
TOLD_COLUMNS = (
    ("รอบ (เดือน)", 10, "months"),
    ("ความคืบหน้า", 60, "progress"),
    ("หลักฐาน", 40, "evidence"),
    ("ความเห็นต่อความคืบหน้า", 18, "verdict"),
    ("ข้อเสนอแนะ", 50, "comment"),
)


def write(paper: Paper) -> bytes:
    book = Workbook()
    add_styles(book)
    _first(book.active, paper)
    _table(
        book.create_sheet("แผน"),
        PLAN_COLUMNS,
        [[str(getattr(card, name)) for _head, _width, name in PLAN_COLUMNS] for card in paper.cards],
    )
    said = [(card, told) for card in paper.cards for told in card.told]
    _table(
        book.create_sheet("การติดตาม"),
        (*NAMES, *TOLD_COLUMNS),
        [
            [
                *(getattr(card, name) for _head, _width, name in NAMES),
                *(str(getattr(told, name)) for _head, _width, name in TOLD_COLUMNS),
            ]
            for card, told in said
        ],
    )
    book.properties.creator = book.properties.title = f"{TITLE} {paper.agency_code} {paper.year}"
    file = BytesIO()
    book.save(file)
    return _without_clock(file.getvalue())


def _first(sheet: Worksheet, paper: Paper) -> None:
    sheet.title = TITLE
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 90
    put(sheet["A1"], TITLE, Look.TITLE)
    lines = [
        ("หน่วยงาน", f"{paper.agency} ({paper.agency_code})"),
        ("กระทรวง", paper.ministry),
        ("รอบการประเมิน", paper.cycle),
        ("ประกาศผลเมื่อ", paper.published),
        ("รุ่นของแผน", paper.which),
        ("การอนุมัติ", paper.approval),
        *((f"ติดตาม {row.months} เดือน", _round(row)) for row in paper.rounds),
        *((f"จำนวนรายการ: {state}", str(count)) for state, count in paper.counts),
        ("รหัสเอกสาร", paper.seal.code or paper.seal.digest),
    ]
    for row, (label, text) in enumerate(lines, start=3):
        put(sheet.cell(row, 1), label, Look.LABEL)
        put(sheet.cell(row, 2), text, Look.LOCKED)
    fit_rows(sheet)


def _round(row: PaperRound) -> str:
    said = f"กำหนดส่ง {row.due_on} · {row.submitted}"
    return f"{said} · รหัส {row.code}" if row.code else said


def _table(sheet: Worksheet, columns, rows: list[list[str]]) -> None:
    for place, (head, width, _name) in enumerate(columns, start=1):
        put(sheet.cell(1, place), head, Look.HEAD)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows, start=2):
        for place, text in enumerate(row, start=1):
            put(sheet.cell(number, place), text, Look.LOCKED)
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    fit_rows(sheet)


def _without_clock(content: bytes) -> bytes:
    """The package once more, with one time for all its parts."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(file, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\3", part)
            info = ZipInfo(name, NO_TIME)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, part)
    return file.getvalue()
