"""Making the workbook: sheets that can be filled in, printed and filtered, with everything else locked.

Every text is written as a text, whatever it begins with: no cell of ours is ever a formula.
"""

import unicodedata
from decimal import Decimal
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from assessments.workbook import words
from assessments.workbook.layout import (
    CLAIM,
    IDENTITY,
    INDICATOR,
    MARK,
    NEW,
    Line,
    Source,
    StoredIndicator,
    StoredPart,
    cells_of,
    figure_cells,
    fingerprint,
    fits,
    lines_of,
    row_key,
    spare_indicators,
)
from assessments.workbook.styles import Look, add_styles, dress
from criteria.fields import MAX_LENGTH
from criteria.structure import LEVELS, PROCESS, PROFILE, RESULTS, Category, Item, Part, Topic
from pmqa.cells import exact_number

# A text that begins so would be a formula to somebody's program: Excel is told that it is a text (quotePrefix).
RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDTHS = {"code": 10, "level": 15, "question": 40, "hint": 46, "label": 28, "answer": 62, CLAIM: 26}
FIGURE_WIDTHS = {"name": 44, "unit": 12, "direction": 14, "target_basis": 30, "peer_name": 22}
# So that question and answer are seen together on the screen of a laptop.
ZOOM = 85
# Points of one line of the sheets' font, and the highest row of Excel.
LINE_HEIGHT, MAX_HEIGHT = 20, 409
# How much of a line is filled where words end before the column does.
FILLED = 0.8
OUR_WORDS = ("code", "level", "question", "hint", "label")
HIDDEN = ("key", "version", "fingerprint")
# Rows above the first answer: names for the reader (hidden), the title, the heads of the columns.
NAME_ROW, TITLE_ROW, HEAD_ROW = 1, 2, 3


def write(source: Source) -> bytes:
    """The workbook as a file."""
    file = BytesIO()
    build(source).save(file)
    return file.getvalue()


def build(source: Source) -> Workbook:
    book = Workbook()
    add_styles(book)
    _first_sheet(book.active, source)
    for category in source.edition.of_kind(PROCESS):
        title = words.CATEGORY_SHEET.format(code=category.code)
        _Form(book.create_sheet(title), source, category).fill()
    for category in source.edition.of_kind(RESULTS):
        _Indicators(book.create_sheet(words.INDICATOR_SHEET), source, category).fill()
    for category in source.edition.of_kind(PROFILE):
        _Form(book.create_sheet(words.PROFILE_SHEET), source, category).fill()
    # Else the library's own name stands there.
    book.properties.creator = book.properties.title = words.TITLE
    return book


def put(cell: Cell, text: str, look: Look) -> None:
    """A text as a text: the library would take "=1+1" for a formula and "#N/A" for an error."""
    dress(cell, look)
    if text:
        cell.value = text
        cell.data_type = "s"
    if text.startswith(RISKY_STARTS):
        cell.quotePrefix = True


def _first_sheet(sheet: Worksheet, source: Source) -> None:
    """Whose workbook this is, for people and for the reader, and how to fill it in."""
    sheet.title = words.FIRST_SHEET
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 96
    put(sheet["A1"], words.TITLE, Look.TITLE)
    steps = [f"{number}. {text}" for number, text in enumerate(words.INSTRUCTIONS, start=1)]
    lines = [*source.heading, (words.FIRST_SHEET, steps[0]), *(("", step) for step in steps[1:])]
    for row, (label, text) in enumerate(lines, start=3):
        put(sheet.cell(row, 1), label, Look.LABEL)
        put(sheet.cell(row, 2), text, Look.LOCKED)
    for number, name in enumerate(IDENTITY, start=1):
        put(sheet.cell(number, 4), f"{MARK}{name}", Look.LOCKED)
        put(sheet.cell(number, 5), source.identity[name], Look.LOCKED)
    for letter in "DE":
        sheet.column_dimensions[letter].hidden = True
    fit_rows(sheet)
    _protect(sheet)
    _print_setup(sheet, portrait=True)


class _Row(RowDimension):
    """A height that is a first guess: office programs go on fitting the row to its text."""

    customHeight = False  # noqa: N815 (an attribute of the file format)


def fit_rows(sheet: Worksheet) -> None:
    """Rows as high as their longest text: programs that measure only what is edited would hide the rest."""
    for row in sheet.iter_rows():
        lines = max(_line_count(cell, sheet) for cell in row)
        number = row[0].row
        if not sheet.row_dimensions[number].hidden:
            height = min(lines * LINE_HEIGHT + 2, MAX_HEIGHT)
            sheet.row_dimensions[number] = _Row(sheet, index=number, ht=height)


def _line_count(cell: Cell, sheet: Worksheet) -> int:
    if cell.data_type != "s" or not cell.value or not cell.alignment.wrap_text:
        return 1
    column = sheet.column_dimensions[cell.column_letter]
    if column.hidden:
        return 1
    return sum(max(1, ceil(_columns(line) / (column.width * FILLED))) for line in cell.value.split("\n"))


def _columns(text: str) -> int:
    """Thai vowels and tones above and below take no room of their own."""
    return sum(unicodedata.category(character) != "Mn" for character in text)


class _Sheet:
    """A sheet with columns by name; names that the reader needs stand in a hidden row."""

    def __init__(self, sheet: Worksheet, source: Source, columns: dict[str, tuple[str, float]]):
        self.sheet, self.source = sheet, source
        self.columns = {name: number for number, name in enumerate([*columns, *HIDDEN], start=1)}
        self.row = HEAD_ROW + 1
        for name, (head, width) in columns.items():
            put(self.cell(name, HEAD_ROW), head, Look.HEAD)
            sheet.column_dimensions[get_column_letter(self.columns[name])].width = width
        for name in HIDDEN:
            sheet.column_dimensions[get_column_letter(self.columns[name])].hidden = True
        for name in (*columns, *HIDDEN):
            put(self.cell(name, NAME_ROW), "" if name in OUR_WORDS else f"{MARK}{name}", Look.LOCKED)
        sheet.row_dimensions[NAME_ROW].hidden = True

    def cell(self, name: str, row: int | None = None) -> Cell:
        return self.sheet.cell(row or self.row, self.columns[name])

    def put(self, name: str, text: str, look: Look = Look.LOCKED) -> None:
        put(self.cell(name), text, look)

    def band(self, text: str, look: Look) -> None:
        """A heading across the visible columns. Not merged: merged rows do not grow with their text."""
        for name in self.columns:
            if name not in HIDDEN:
                dress(self.cell(name), look)
        put(self.sheet.cell(self.row, 1), text, look)
        self.row += 1

    def name_row(self, key: str, version: int, mark: str) -> None:
        for name, text in zip(HIDDEN, (key, str(version), mark), strict=True):
            self.put(name, text)

    def choices(self, name: str, labels: dict[str, str], rows: list[int]) -> None:
        """A list to choose from in the cells of a column."""
        options = ",".join(labels.values())
        rule = DataValidation("list", formula1=f'"{options}"', allow_blank=True, showErrorMessage=True)
        rule.error = words.CHOOSE
        self._validate(rule, name, rows)

    def limit(self, name: str, rows: list[int]) -> None:
        rule = DataValidation(
            "textLength",
            operator="lessThanOrEqual",
            formula1=str(MAX_LENGTH),
            allow_blank=True,
            showErrorMessage=True,
        )
        rule.error = words.TOO_LONG
        self._validate(rule, name, rows)

    def _validate(self, rule: DataValidation, name: str, rows: list[int]) -> None:
        for row in rows:
            rule.add(self.cell(name, row))
        if rows:
            self.sheet.add_data_validation(rule)

    def finish(self, title: str, *, frozen: str) -> None:
        put(self.sheet.cell(TITLE_ROW, 1), title, Look.TITLE)
        self.sheet.freeze_panes = f"{get_column_letter(self.columns[frozen])}{HEAD_ROW + 1}"
        self.sheet.sheet_view.zoomScale = ZOOM
        self.sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
        fit_rows(self.sheet)
        _protect(self.sheet)
        _print_setup(self.sheet)


class _Form(_Sheet):
    """A category of Form 3, or the profile: a row for every blank."""

    def __init__(self, sheet: Worksheet, source: Source, category: Category):
        self.category = category
        self.is_profile = category.kind == PROFILE
        width = max([1, *(len(blank.columns) for part in category.parts for blank in part.fields)])
        self.answers = [f"answer.{number}" for number in range(width)]
        names = ["question", "label"] if self.is_profile else ["code", "level", "question", "hint", "label"]
        columns = {name: (words.COLUMNS[name], WIDTHS[name]) for name in names}
        columns |= {
            name: (words.MORE_ANSWER if number else words.COLUMNS["answer"], WIDTHS["answer"])
            for number, name in enumerate(self.answers)
        }
        if not self.is_profile:
            columns[CLAIM] = (words.COLUMNS[CLAIM], WIDTHS[CLAIM])
        super().__init__(sheet, source, columns)

    def fill(self) -> None:
        claims: list[int] = []
        first = self.row
        for topic in self.category.topics:
            self.band(f"{topic.code} {topic.name_th}", Look.BAND)
            self._guidance(topic)
            for item in topic.items:
                for place, part in enumerate(item.parts):
                    claims.append(self.row)
                    self._part(item, part, is_first=place == 0)
        if not self.is_profile:
            self.choices(CLAIM, words.CLAIMS, claims)
        rows = range(first, self.row)
        self.limit("answer.0", [row for row in rows if not self.cell("answer.0", row).protection.locked])
        self.finish(f"{self.category.code} {self.category.name_th}", frozen="question")

    def _guidance(self, topic: Topic) -> None:
        for level in LEVELS:
            meaning, lines = topic.guide.levels.get(level, ""), topic.guide.guidance.get(level, ())
            if self.is_profile or not (meaning or lines):
                continue
            for name in self.columns:
                if name not in HIDDEN:
                    dress(self.cell(name), Look.GUIDE)
            self.put("level", words.LEVELS[level], Look.GUIDE)
            self.put("question", meaning, Look.GUIDE)
            self.put("hint", "\n".join(lines), Look.GUIDE)
            self.row += 1

    def _part(self, item: Item, part: Part, *, is_first: bool) -> None:
        stored = self.source.parts.get(part.code, StoredPart())
        mark = fingerprint(cells_of(part, stored))
        for number, line in enumerate(lines_of(part, stored.values)):
            head = self._head(item, part, is_first=is_first) if number == 0 else {}
            for name in self.columns:
                if name not in HIDDEN:
                    self.put(name, head.get(name, ""))
            self.put("label", _label(line), Look.LABEL)
            self._answers(line)
            if number == 0 and not self.is_profile:
                self.put(CLAIM, words.CLAIMS.get(stored.claim, ""), Look.CHOICE)
            if number == 0 or not line.is_left_out:
                self.name_row(row_key(part, line), stored.version, mark)
            self.row += 1

    def _head(self, item: Item, part: Part, *, is_first: bool) -> dict[str, str]:
        question = [item.title_th] if is_first else []
        if part.prompt_th and part.prompt_th != item.title_th:
            question.append(part.prompt_th)
        hints = [item.hint_th] if is_first and item.hint_th else []
        if part.min_fields:
            hints.append(words.AT_LEAST.format(n=part.min_fields))
        return {
            "code": item.code if len(item.parts) == 1 else part.code,
            "level": words.LEVELS.get(part.level, ""),
            "question": "\n".join(question),
            "hint": "\n".join(hints),
        }

    def _answers(self, line: Line) -> None:
        if line.is_left_out:
            self.put("answer.0", words.DOES_NOT_FIT)
        for number, (name, text) in enumerate(zip(line.cells, line.texts, strict=True)):
            self.put(f"answer.{number}", text, Look.ANSWER if name else Look.LABEL)


def _label(line: Line) -> str:
    """A blank by its name; of a list or a table the first row says what its columns are."""
    if line.row is None:
        return line.field.label_th
    if line.row:
        return "" if line.field.rows else str(line.row + 1)
    return words.FIRST_ENTRY.format(label=line.field.label_th, columns=" | ".join(line.field.columns)).strip()


class _Indicators(_Sheet):
    """Category 7: a row for every indicator, and as many empty ones as the rules leave room for."""

    def __init__(self, sheet: Worksheet, source: Source, category: Category):
        self.category = category
        self.figures = words.figure_columns(source.years)
        columns = {"code": (words.COLUMNS["code"], WIDTHS["code"])}
        columns |= {name: (head, FIGURE_WIDTHS.get(name, 17)) for name, head in self.figures.items()}
        super().__init__(sheet, source, columns)
        self.rows: list[int] = []

    def fill(self) -> None:
        for topic in self.category.topics:
            self.band(f"{topic.code} {topic.name_th}", Look.BAND)
            present = {part.code: len(self.source.indicators.get(part.code, ())) for part in topic.parts}
            for item in topic.items:
                self._group(topic, item, present)
        self.choices("direction", words.DIRECTIONS, self.rows)
        self.limit("name", self.rows)
        self.finish(f"{self.category.code} {self.category.name_th}", frozen="unit")

    def _group(self, topic: Topic, item: Item, present: dict[str, int]) -> None:
        part = item.parts[0]
        rule = words.STARRED if item.required else words.NOT_STARRED
        head = words.GROUP.format(code=part.code, title=item.title_th)
        self.band(f"{head}   {rule.format(least=part.min_answers, most=part.max_answers)}", Look.GROUP)
        for stored in self.source.indicators.get(part.code, ()):
            self._indicator(stored, part)
        for number in range(spare_indicators(topic, part, present)):
            self._row(words.NEW_INDICATOR, {})
            self.name_row(f"{NEW}|{part.code}|{number}", 0, "")
            self._next()

    def _indicator(self, stored: StoredIndicator, part: Part) -> None:
        texts = figure_cells(stored.figures)
        if not all(fits(text) for text in texts.values()):
            self._row(stored.code, {})
            for name in self.figures:
                self.put(name, words.DOES_NOT_FIT if name == "name" else "")
            self.row += 1
            return
        self._row(stored.code, stored.figures)
        self.name_row(f"{INDICATOR}|{stored.id}|{part.code}", stored.version, fingerprint(texts))
        self._next()

    def _next(self) -> None:
        self.rows.append(self.row)
        self.row += 1

    def _row(self, code: str, figures: dict[str, str | Decimal | None]) -> None:
        self.put("code", code, Look.LABEL)
        for name in self.figures:
            value = figures.get(name)
            if name == "direction":
                self.put(name, words.DIRECTIONS.get(value or "", ""), Look.CHOICE)
            elif name in _NUMBERS:
                self._number(self.cell(name), value)
            else:
                self.put(name, value or "", Look.ANSWER)

    def _number(self, cell: Cell, value: Decimal | None) -> None:
        """As a number where a number of Excel is exactly this one, else as its digits."""
        if value is not None and (number := exact_number(value)) is not None:
            cell.value = number
        elif value is not None:
            cell.value, cell.data_type = f"{value:f}", "s"
        dress(cell, Look.NUMBER)


_NUMBERS = ("target", "result_1", "result_2", "result_3", "peer_result")


def _protect(sheet: Worksheet) -> None:
    """Without a password: it keeps labels from being changed by accident, and rows may still grow."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.autoFilter = False


def _print_setup(sheet: Worksheet, *, portrait: bool = False) -> None:
    page = sheet.page_setup
    page.orientation = "portrait" if portrait else "landscape"
    page.paperSize = sheet.PAPERSIZE_A4
    page.fitToWidth, page.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
