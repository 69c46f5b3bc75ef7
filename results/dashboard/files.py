"""A table of a dashboard as CSV. UTF-8 with a byte order mark, by which Excel knows that it is UTF-8."""

import csv
import io

from django.utils.translation import gettext as _

from assessments.models import Cycle
from pmqa.cells import safe_cell
from results.dashboard.table import Table


def table_csv(table: Table, cycle: Cycle, words: str) -> bytes:
    """Every line says whose figures they are (`words`) and by which edition and rules; untold figures are named so."""
    same = (words, cycle.name, cycle.edition.code, cycle.policy.get("name", ""))
    heads = (_("กลุ่มที่เลือก"), _("รอบการประเมิน"), _("ฉบับของเกณฑ์"), _("หลักเกณฑ์การให้คะแนน"))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_cell(cell) for cell in (*heads, *table.heads)])
    for row in table.rows:
        # A minus sign of typography is none for a spreadsheet.
        figures = [cell.replace("−", "-") for cell in row.cells[table.texts :]]
        writer.writerow([safe_cell(cell) for cell in (*same, *row.cells[: table.texts], *figures)])
    return out.getvalue().encode("utf-8-sig")
