"""A workbook in the hands of a person: the cells of its blanks, found as its reader finds them."""

from collections.abc import Iterator
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from assessments.models import Assessment
from assessments.reading import read_answers
from assessments.services import workbook as services
from assessments.workbook.layout import MARK
from assessments.workbook.writing import build
from pmqa.accounts.models import User


class Book:
    """An exported workbook, opened in an office program."""

    def __init__(self, book: Workbook):
        self.book = book
        # Every row that has a key, with its cells by name of column.
        self.rows: dict[str, dict[str, Cell]] = dict(self._rows())

    def _rows(self) -> Iterator[tuple[str, dict[str, Cell]]]:
        for sheet in self.book.worksheets:
            names = {
                cell.value.removeprefix(MARK): cell.column
                for cell in sheet[1]
                if isinstance(cell.value, str) and cell.value.startswith(MARK)
            }
            if "key" not in names:
                continue
            for row in range(2, sheet.max_row + 1):
                if key := sheet.cell(row, names["key"]).value:
                    yield key, {name: sheet.cell(row, column) for name, column in names.items()}

    def cell(self, key: str, column: str = "answer.0") -> Cell:
        return self.rows[key][column]

    def write(self, key: str, text, column: str = "answer.0") -> None:
        """What somebody types: a text stays one, whatever it begins with."""
        cell = self.cell(key, column)
        cell.value = text
        if isinstance(text, str):
            cell.data_type = "s"

    def save(self) -> bytes:
        file = BytesIO()
        self.book.save(file)
        return file.getvalue()


def exported(assessment: Assessment) -> Book:
    """Without the way through a file, which costs more than all the rest."""
    return Book(build(services.source_of(assessment, read_answers(assessment))))


def downloaded(file: bytes) -> Book:
    return Book(load_workbook(BytesIO(file)))


def receive(assessment: Assessment, file: bytes, by: User, name: str = "pmqa.xlsx"):
    return services.receive(assessment, BytesIO(file), size=len(file), name=name, by=by)
