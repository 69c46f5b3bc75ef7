"""A table of a dashboard as CSV."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.models import Cycle
from pmqa.cells import csv_table
from results.dashboard.table import Table


def table_csv(table: Table, cycle: Cycle, words: str) -> bytes:
    """Every line says whose figures they are (`words`), about what, and by which edition and rules."""
    of = " · ".join(filter(None, (words, table.about)))
    same = (of, cycle.name, cycle.edition.code, cycle.policy.get("name", ""))
    heads = (_("กลุ่มที่เลือก"), _("รอบการประเมิน"), _("ฉบับของเกณฑ์"), _("หลักเกณฑ์การให้คะแนน"))
    return csv_table((*heads, *table.heads), ((*same, *cells) for cells in _cells(table)))


def _cells(table: Table) -> Iterator[list[str]]:
    for row in table.rows:
        # A minus sign of typography is none for a spreadsheet.
        figures = [cell.replace("−", "-") for cell in row.cells[table.texts :]]
        yield [*row.cells[: table.texts], *figures]
