"""What a table comes to, in one sentence above its chart. Only of what is told: (name, value), None is not told."""

from collections.abc import Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from results.dashboard.table import points, share

Named = tuple[str, int | Fraction | None]


def most_agencies(rows: Sequence[Named], of: int) -> str:
    """Where most of them are."""
    found = _first(rows, highest=True)
    if found is None or not found[1]:
        return ""
    name, count = found
    words = {"name": name, "n": count, "of": of, "share": share(int(count), of)}
    return _among(rows, count, _("มากที่สุด: %(name)s %(n)d จาก %(of)d หน่วยงาน (ร้อยละ %(share)s)") % words)


def highest_and_lowest(rows: Sequence[Named]) -> str:
    """Of points; nothing where there is only one."""
    high, low = _first(rows, highest=True), _first(rows, highest=False)
    if high is None or low is None or high[1] == low[1]:
        return ""
    words = {"high": high[0], "most": points(high[1]), "low": low[0], "least": points(low[1])}
    return _shown(rows, _("สูงที่สุด: %(high)s %(most)s คะแนน · ต่ำที่สุด: %(low)s %(least)s คะแนน") % words)


def lowest_points(rows: Sequence[Named]) -> str:
    found = _first(rows, highest=False)
    if found is None:
        return ""
    words = {"name": found[0], "points": points(found[1])}
    return _among(rows, found[1], _("ต่ำที่สุด: %(name)s %(points)s คะแนน") % words)


def least_passed(rows: Sequence[Named]) -> str:
    """Of shares, 0 to 1."""
    found = _first(rows, highest=False)
    if found is None:
        return ""
    value = Fraction(found[1])
    words = {"name": found[0], "share": share(value.numerator, value.denominator)}
    return _among(rows, found[1], _("ผ่านน้อยที่สุด: %(name)s ร้อยละ %(share)s") % words)


def change_of_year(year: str, now: Fraction | None, before: Fraction | None) -> str:
    """The mean of a year against that of the year before."""
    if now is None:
        return ""
    words = {
        "year": year,
        "points": points(now),
        "change": "" if before is None else points(abs(now - before)),
    }
    if before is None:
        return _("พ.ศ. %(year)s เฉลี่ย %(points)s คะแนน") % words
    if words["change"] == "0.00":
        return _("พ.ศ. %(year)s เฉลี่ย %(points)s คะแนน เท่ากับปีก่อน") % words
    if now > before:
        return _("พ.ศ. %(year)s เฉลี่ย %(points)s คะแนน เพิ่มขึ้น %(change)s จากปีก่อน") % words
    return _("พ.ศ. %(year)s เฉลี่ย %(points)s คะแนน ลดลง %(change)s จากปีก่อน") % words


def _first(rows: Sequence[Named], *, highest: bool) -> Named | None:
    told = [row for row in rows if row[1] is not None]
    return (max if highest else min)(told, key=lambda row: row[1], default=None)


def _among(rows: Sequence[Named], value: int | Fraction, sentence: str) -> str:
    """The sentence, and how many others have the same."""
    same = sum(row[1] == value for row in rows) - 1
    if same:
        sentence = _("%(sentence)s และอีก %(n)d รายการเท่ากัน") % {"sentence": sentence, "n": same}
    return _shown(rows, sentence)


def _shown(rows: Sequence[Named], sentence: str) -> str:
    """Where something is not told, nothing is said of all."""
    if any(value is None for _name, value in rows):
        return _("ในรายการที่แสดง %(sentence)s") % {"sentence": sentence}
    return sentence
