"""Tables that divide agencies: the histogram, score groups, levels, ministries, kinds, years."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from criteria.structure import LEVELS
from pmqa.accounts.models import Agency
from results.dashboard import drawing
from results.dashboard.cube import Cell, Sums, divided, together
from results.dashboard.reading import STEP, STEPS, Reading
from results.dashboard.table import (
    NOTHING,
    UNTOLD,
    Row,
    Table,
    described,
    drawn,
    number,
    points,
    share,
    signed,
    told,
    untold,
)
from results.standing.groups import GROUPS, Group

FULL = 500
# Where a mean begins to be of the next score group: the depth of a cell in the heat map.
DEPTHS = (300, 350, 400)


def depth(value: Fraction) -> int:
    return sum(value >= edge for edge in DEPTHS)


def _line(
    key: str,
    title: str,
    heads: tuple[str, ...],
    reading: Reading,
    groups: list[tuple[Any, str]],
    by: Callable[[Cell], Any],
    figures: Callable[[Sums | None], tuple[str, ...]],
) -> Table:
    """A table of groups that make up the population: count and share, and what `figures` says of each."""
    sums = divided(reading.cells, by)
    sizes = {name: sums[name].count if name in sums else 0 for name, _label in groups}
    hidden = reading.choice.untold(sizes)
    rows, bars = [], []
    for name, label in groups:
        count = sizes[name]
        if name in hidden:
            rows.append(untold(label, figures=len(heads) - 1))
            bars.append(drawing.Bar(label, None, str(UNTOLD)))
            continue
        part = share(count, reading.count)
        rows.append(told(label, str(count), part, *figures(sums.get(name)), of=count))
        bars.append(drawing.Bar(label, count, f"{count} ({part}%)"))
    description = described([bar.label for bar in bars], [bar.shown for bar in bars])
    chart = drawing.rows(
        bars,
        greatest=max((bar.value or 0 for bar in bars), default=0),
        title=title,
        description=description,
        right=100,
        left=124,
    )
    return Table(key, title, heads, tuple(rows), drawn(chart))


def groups(reading: Reading) -> Table:
    """The four score groups with least, greatest and mean."""
    heads = (
        _("กลุ่มคะแนน"), _("หน่วยงาน"), _("ร้อยละ"), _("ต่ำสุด"), _("เฉลี่ย"), _("สูงสุด"),
    )  # fmt: skip

    def figures(sums: Sums | None) -> tuple[str, ...]:
        if sums is None:
            return (NOTHING,) * 3
        return points(sums.least), points(sums.verified), points(sums.greatest)

    labels = [
        (group.number, _("กลุ่ม %(n)d: %(range)s") % {"n": group.number, "range": _range(group)})
        for group in GROUPS
    ]
    return _line("groups", _("กลุ่มคะแนน"), heads, reading, labels, lambda cell: cell.group, figures)


def _range(group: Group) -> str:
    return f"{group.low}+" if group.high is None else f"{group.low}–{group.high}"


def levels(reading: Reading) -> Table:
    """What the totals are called."""
    heads = (_("ระดับของคะแนนรวม"), _("หน่วยงาน"), _("ร้อยละ"))
    labels = [("", _("ยังไม่ถึง Basic")), *((level, level.capitalize()) for level in LEVELS)]
    return _line(
        "levels", _("ระดับของคะแนนรวม"), heads, reading, labels, lambda cell: cell.level, lambda sums: ()
    )


def distribution(reading: Reading) -> Table:
    """The histogram of the totals, or of the points of the chosen category."""
    category = reading.choice.category
    title = (
        _("การกระจายของคะแนนหมวด %(code)s") % {"code": category.code}
        if category
        else _("การกระจายของคะแนนรวม")
    )
    counts = reading.steps
    hidden = reading.choice.untold(dict(enumerate(counts)))
    rows, bars = [], []
    for index, count in enumerate(counts):
        low = index * STEP
        label = f"{low}–{FULL if index == STEPS - 1 else f'{low + STEP - 1}.99'}"
        if index in hidden:
            rows.append(untold(label, figures=2))
            bars.append(drawing.Bar(str(low), None, str(UNTOLD)))
        else:
            rows.append(told(label, str(count), share(count, sum(counts)), of=count))
            bars.append(drawing.Bar(str(low), count, str(count)))
    filled = [bar for bar in bars if bar.value != 0]
    description = described([bar.label for bar in filled], [bar.shown for bar in filled])
    chart = drawing.columns(bars, title=title, description=description, every=4)
    heads = (_("ช่วงคะแนน"), _("หน่วยงาน"), _("ร้อยละ"))
    return Table("distribution", title, heads, tuple(rows), drawn(chart))


def _places(
    reading: Reading, by: Callable[[Cell], str], told_of: Callable[[str], bool]
) -> list[tuple[str, Sums, bool]]:
    sums = divided(reading.cells, by)
    return [(name, sums[name], told_of(name)) for name in sorted(sums)]


def _compared(name: str, sums: Sums, is_told: bool) -> Row:
    if not is_told:
        return untold(name, figures=4)
    return told(
        name,
        str(sums.count),
        points(sums.verified),
        points(sums.claimed),
        signed(sums.verified - sums.claimed),
        of=sums.count,
    )


def _compared_chart(rows: list[tuple[str, Sums, bool]], labels: dict[str, str], title: str, left: int) -> str:
    bars = [
        drawing.Bar(
            labels.get(name, name), number(sums.verified), points(sums.verified), number(sums.claimed)
        )
        if is_told
        else drawing.Bar(labels.get(name, name), None, str(UNTOLD))
        for name, sums, is_told in rows
    ]
    description = described([bar.label for bar in bars], [bar.shown for bar in bars])
    return drawing.rows(bars, greatest=FULL, title=title, description=description, left=left)


def kinds(reading: Reading) -> Table:
    """The kinds of agencies side by side."""
    table = reading.choice.table_of(reading.choice.cycle)
    found = _places(
        reading, lambda cell: cell.kind, lambda kind: table.is_told(reading.choice.ministry, kind)
    )
    labels = {value: str(label) for value, label in Agency.Kind.choices}
    rows = tuple(_compared(labels[kind], sums, is_told) for kind, sums, is_told in found)
    title = _("ประเภทหน่วยงาน")
    heads = (title, _("หน่วยงาน"), _("ผู้ตรวจ เฉลี่ย"), _("ตนเอง เฉลี่ย"), _("ต่าง"))
    return Table("kinds", title, heads, rows, drawn(_compared_chart(found, labels, title, 92)))


def ministries(reading: Reading) -> Table:
    """Ministries by the means of their agencies, and each category of theirs: the heat map."""
    choice = reading.choice
    table = choice.table_of(choice.cycle)
    found = _places(reading, lambda cell: cell.ministry, lambda name: table.is_told(name or "-", choice.kind))
    codes = reading.category_codes
    by_ministry = reading.by_ministry if found else {}
    rows, lines = [], []
    for name, sums, is_told in found:
        label = name or _("ไม่ระบุ")
        means = [by_ministry[name, code].verified if (name, code) in by_ministry else None for code in codes]
        if is_told:
            plain = _compared(label, sums, is_told)
            rows.append(Row((*plain.cells, *map(points, means)), is_small=plain.is_small))
            cells = [
                drawing.Cell(
                    NOTHING if mean is None else f"{float(mean):.0f}", None if mean is None else depth(mean)
                )
                for mean in (sums.verified, *means)
            ]
        else:
            rows.append(untold(label, figures=4 + len(codes)))
            cells = [drawing.Cell("", None)] * (1 + len(codes))
        lines.append((drawing.shortened(label), cells))
    title = _("กระทรวงตามหมวด")
    heads = (_("กระทรวง"), _("หน่วยงาน"), _("ผู้ตรวจ เฉลี่ย"), _("ตนเอง เฉลี่ย"), _("ต่าง"))
    by_category = tuple(_("หมวด %(code)s") % {"code": code} for code in codes)
    description = _("คะแนนเฉลี่ยจากผู้ตรวจ %(n)d กระทรวง ตัวเลขอยู่ในตาราง") % {"n": len(found)}
    chart = drawing.heat(lines, (_("รวม"), *by_category), title=title, description=description)
    note = _("สีเข้มคือคะแนนเฉลี่ยสูง: ไม่ถึง 300, 300 ขึ้นไป, 350 ขึ้นไป, 400 ขึ้นไป")
    return Table("ministries", title, (*heads, *by_category), tuple(rows), drawn(chart), note)


def trend(reading: Reading) -> Table:
    """The chosen cycle and those before it."""
    choice = reading.choice
    rows, drawn_points, before = [], [], None
    for cycle in choice.years:
        sums = together(reading.cells_of(cycle.pk))
        if sums is None:
            before = None
            continue
        if not choice.is_told(cycle):
            rows.append(untold(str(cycle.year), figures=5))
            drawn_points.append((str(cycle.year), None, None))
            before = None
            continue
        change = None if before is None else sums.verified - before
        rows.append(
            told(
                str(cycle.year),
                str(sums.count),
                points(sums.verified),
                points(sums.claimed),
                signed(sums.verified - sums.claimed),
                signed(change),
                of=sums.count,
            )
        )
        drawn_points.append((str(cycle.year), number(sums.claimed), number(sums.verified)))
        before = sums.verified
    title = _("แนวโน้มของคะแนนเฉลี่ย")
    heads = (
        _("ปีงบประมาณ พ.ศ."), _("หน่วยงาน"), _("ผู้ตรวจ เฉลี่ย"), _("ตนเอง เฉลี่ย"), _("ต่าง"), _("เทียบปีก่อน"),
    )  # fmt: skip
    chart = drawing.years(
        drawn_points,
        title=title,
        description=described([row.cells[0] for row in rows], [row.cells[2] for row in rows]),
        words=(_("ตนเอง"), _("ผู้ตรวจ")),
    )
    return Table("trend", title, heads, tuple(rows), drawn(chart))
