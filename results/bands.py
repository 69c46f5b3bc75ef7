"""Published results as bands against the year before, one sentence each: for those who look after many agencies."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from criteria.structure import LEVELS
from results.dashboard.models import SheetSummary
from results.models import ResultSheet

HUNDREDTHS = 100
# Less than a point is no change that anybody should act on.
SAME = 1


@dataclass(frozen=True, slots=True)
class Before:
    total: Decimal
    level: str


@dataclass(frozen=True, slots=True)
class Band:
    """`before` is the agency's result of the year before in the same track, None where there is none."""

    sheet: ResultSheet
    before: Before | None

    @property
    def last(self) -> Decimal | None:
        return self.before and self.before.total

    @property
    def sentence(self) -> str:
        if self.before is None:
            return _("ไม่มีผลของปีก่อนให้เทียบ")
        change = self.sheet.verified_total - self.before.total
        told = {
            "now": level_name(self.sheet.level),
            "before": level_name(self.before.level),
            "points": round(abs(change)),
        }
        rise = _rank(self.sheet.level) - _rank(self.before.level)
        if rise > 0:
            return _("ขึ้นจาก %(before)s เป็น %(now)s เพิ่มขึ้นราว %(points)d คะแนน") % told
        if rise < 0:
            return _("ลงจาก %(before)s เป็น %(now)s ลดลงราว %(points)d คะแนน") % told
        if abs(change) < SAME:
            return _("คงเดิมที่ %(now)s คะแนนใกล้เคียงปีก่อน") % told
        if change > 0:
            return _("คงเดิมที่ %(now)s เพิ่มขึ้นราว %(points)d คะแนน") % told
        return _("คงเดิมที่ %(now)s ลดลงราว %(points)d คะแนน") % told


def level_name(level: str) -> str:
    return level.capitalize() if level else _("ยังไม่ถึง Basic")


def _rank(level: str) -> int:
    return LEVELS.index(level) if level else -1


def bands_of(sheets: Iterable[ResultSheet]) -> list[Band]:
    """One query. The sheets have `level` and their case's agency and cycle (`reading.published_to`)."""
    sheets = list(sheets)
    cases = [sheet.assessment for sheet in sheets]
    rows = SheetSummary.objects.filter(
        agency__in={case.agency_id for case in cases}, cycle__year__in={case.cycle.year - 1 for case in cases}
    ).values_list("agency", "cycle__year", "cycle__track", "verified", "level")
    found = {
        (agency, year, track): Before(Decimal(verified) / HUNDREDTHS, level)
        for agency, year, track, verified, level in rows
    }
    return [
        Band(sheet, found.get((case.agency_id, case.cycle.year - 1, case.cycle.track)))
        for sheet, case in zip(sheets, cases, strict=True)
    ]
