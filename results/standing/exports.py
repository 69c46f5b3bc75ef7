"""The tables of this package as CSV."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from assessments.models import Cycle
from pmqa.accounts.models import Agency
from pmqa.cells import csv_table
from results.standing.groups import NOTHING
from results.standing.pages import YearRow
from results.standing.reading import Line, Year


def years_csv(agency: Agency, years: Sequence[Year], rows: Iterable[YearRow]) -> bytes:
    """Total, categories and topics, a line each, a column for every published year."""
    head = [_("รหัสหน่วยงาน"), _("หน่วยงาน"), _("รหัส"), _("ชื่อ"), *(year.year for year in years)]
    return csv_table(head, ((agency.code, agency.name, row.code, row.name, *row.scores) for row in rows))


def lines_csv(cycle: Cycle, lines: Iterable[Line]) -> bytes:
    """Every agency of a cycle with its type, targets and attainment."""
    head = [
        _("ปีงบประมาณ พ.ศ."),
        _("รหัสหน่วยงาน"),
        _("หน่วยงาน"),
        _("กระทรวง"),
        _("คะแนนปีก่อน"),
        _("กลุ่มคะแนนปีก่อน"),
        _("ประเภท"),
        _("ช่วงคาบเกี่ยว"),
        _("ผู้ดูแลระบบกำหนด"),
        _("เหตุผล"),
        _("ค่าเป้าหมาย 50"),
        _("ค่าเป้าหมาย 75"),
        _("ค่าเป้าหมาย 100"),
        _("คะแนนรอบนี้"),
        _("ร้อยละการบรรลุ"),
        _("น้ำหนักในกรอบตัวชี้วัด"),
        _("คะแนนในกรอบตัวชี้วัด"),
    ]
    yes = _("ใช่")
    rows = (
        (
            cycle.year,
            line.agency.code,
            line.agency.name,
            line.agency.ministry.name,
            line.words["last"],
            line.kpi.group or "",
            line.words["type"],
            yes if line.kpi.is_overlapping else "",
            yes if line.kpi.is_chosen else "",
            line.kpi.choice.reason if line.kpi.is_chosen else "",
            line.words["half"],
            line.words["standard"],
            line.words["full"],
            line.words["now"],
            line.words["attainment"],
            line.kpi.share.weight_words if line.kpi.share else NOTHING,
            line.kpi.share.points_words or NOTHING if line.kpi.share else NOTHING,
        )
        for line in lines
    )
    return csv_table(head, rows)
