"""Tables that divide agencies: the histogram, score groups, levels, ministries, kinds, years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from criteria.structure import LEVELS
from pmqa.accounts.models import Agency
from results.dashboard import drawing
from results.dashboard.by_score import STEP, STEPS
from results.dashboard.cube import Cell, divided
from results.dashboard.findings import change_of_year, highest_and_lowest, most_agencies
from results.dashboard.reading import NOBODY, Means, Reading
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


def _sizes(reading: Reading, by: Callable[[Cell], Any]) -> dict[Any, int]:
    return {name: sums.count for name, sums in divided(reading.cells, by).items()}


def _line(
    key: str,
    title: str,
    heads: tuple[str, ...],
    reading: Reading,
    groups: list[tuple[Any, str]],
    counts: Mapping[Any, int],
    figures: Callable[[Any], tuple[str, ...]],
) -> Table:
    """A table of groups that make up the population: count and share, and what `figures` says of each."""
    sizes = {name: counts.get(name, 0) for name, _label in groups}
    hidden = reading.untold_by_score(key, sizes)
    rows, bars = [], []
    for name, label in groups:
        count = sizes[name]
        if name in hidden:
            rows.append(untold(label, figures=len(heads) - 1))
            bars.append(drawing.Bar(label, None, str(UNTOLD)))
            continue
        part = share(count, reading.count)
        rows.append(told(label, str(count), part, *figures(name), of=count))
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
    finding = most_agencies([(bar.label, bar.value) for bar in bars], reading.count)
    return Table(key, title, heads, tuple(rows), drawn(chart), finding=finding)


def groups(reading: Reading) -> Table:
    """The four score groups; who knows every agency is told the least, the mean and the greatest of each too."""
    heads = (_("กลุ่มคะแนน"), _("หน่วยงาน"), _("ร้อยละ"))
    spread = (_("ต่ำสุด"), _("เฉลี่ย"), _("สูงสุด")) if reading.choice.knows_all else ()
    sums = divided(reading.cells, lambda cell: cell.group)

    def figures(number_of: int) -> tuple[str, ...]:
        own = sums.get(number_of)
        if not spread:
            return ()
        return (
            (NOTHING,) * 3 if own is None else (points(own.least), points(own.verified), points(own.greatest))
        )

    labels = [
        (group.number, _("กลุ่ม %(n)d: %(range)s") % {"n": group.number, "range": _range(group)})
        for group in GROUPS
    ]
    sizes = {group: own.count for group, own in sums.items()}
    return _line("groups", _("กลุ่มคะแนน"), (*heads, *spread), reading, labels, sizes, figures)


def _range(group: Group) -> str:
    return f"{group.low}+" if group.high is None else f"{group.low}–{group.high}"


def levels(reading: Reading) -> Table:
    """What the totals are called, or the scores of the subject."""
    heads = (_("ระดับ"), _("หน่วยงาน"), _("ร้อยละ"))
    labels = [("", _("ยังไม่ถึง Basic")), *((level, level.capitalize()) for level in LEVELS)]
    scored = reading.subject.scored
    if scored is None:
        title, sizes = _("ระดับของคะแนนรวม"), _sizes(reading, lambda cell: cell.level)
    else:
        title = _("ระดับที่ถึง: %(what)s") % {"what": reading.choice.scored_short}
        own = reading.levels.get(scored.code)
        sizes = dict(own.reached) if own else {}
        sizes[""] = reading.count - sum(sizes.values())
    return _line("levels", title, heads, reading, labels, sizes, lambda level: ())


def distribution(reading: Reading) -> Table:
    """The histogram of the totals, or of the points of the subject."""
    scored = reading.subject.scored
    title = (
        _("การกระจายของคะแนน %(what)s") % {"what": reading.choice.scored_short}
        if scored
        else _("การกระจายของคะแนนรวม")
    )
    counts = reading.by_score.steps
    hidden = reading.untold_by_score("steps", dict(enumerate(counts)))
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
    named = [
        (_("%(range)s คะแนน") % {"range": row.cells[0]}, bar.value)
        for row, bar in zip(rows, bars, strict=True)
    ]
    finding = most_agencies(named, sum(counts))
    return Table("distribution", title, heads, tuple(rows), drawn(chart), finding=finding)


@dataclass(frozen=True, slots=True)
class Place:
    """One ministry or kind: how many agencies, and the means of the subject."""

    name: str
    label: str
    short: str
    count: int
    means: Means
    is_told: bool


def _compared(place: Place) -> Row:
    if not place.is_told:
        return untold(place.label, figures=4)
    means = place.means
    return told(
        place.label,
        str(place.count),
        points(means.verified),
        points(means.claimed),
        signed(means.gap),
        of=place.count,
    )


def _told_means(places: Sequence[Place]) -> list[tuple[str, Fraction | None]]:
    return [(place.label, place.means.verified if place.is_told else None) for place in places]


def kinds(reading: Reading) -> Table:
    """The kinds of agencies side by side."""
    table = reading.choice.table_of(reading.choice.cycle)
    labels = {value: str(label) for value, label in Agency.Kind.choices}
    sizes = _sizes(reading, lambda cell: cell.kind)
    found = [
        Place(
            kind,
            labels[kind],
            labels[kind],
            sizes[kind],
            reading.by_kind.get(kind, NOBODY),
            table.is_told(reading.choice.ministry, kind),
        )
        for kind in sorted(sizes)
    ]
    bars = [
        drawing.Bar(
            place.short,
            number(place.means.verified),
            points(place.means.verified),
            number(place.means.claimed),
        )
        if place.is_told
        else drawing.Bar(place.short, None, str(UNTOLD))
        for place in found
    ]
    title = _("ประเภทหน่วยงาน")
    description = described([bar.label for bar in bars], [bar.shown for bar in bars])
    chart = drawing.rows(bars, greatest=FULL, title=title, description=description)
    heads = (title, _("หน่วยงาน"), _("ผู้ตรวจ เฉลี่ย"), _("ตนเอง เฉลี่ย"), _("ต่าง"))
    rows = tuple(map(_compared, found))
    return Table("kinds", title, heads, rows, drawn(chart), finding=highest_and_lowest(_told_means(found)))


def ministries(reading: Reading) -> Table:
    """Ministries by their means, and those of each category, or of each topic of the chosen one: the heat map."""
    choice, subject = reading.choice, reading.subject
    table = choice.table_of(choice.cycle)
    by_ministry = divided(reading.cells, lambda cell: cell.ministry)
    columns = reading.columns
    found = []
    for name in sorted(by_ministry, key=choice.ministry_name):
        sums, label = by_ministry[name], choice.ministry_name(name) or _("ไม่ระบุ")
        means = (
            reading.by_ministry.get(name, {}).get(subject.scored.code, NOBODY)
            if subject.scored
            else Means(sums.count, sums.claimed, sums.verified)
        )
        is_told = table.is_told(name or "-", choice.kind)
        found.append(Place(name, label, drawing.shortened(label), sums.count, means, is_told))
    rows, lines = [], []
    for place in found:
        if not place.is_told:
            rows.append(untold(place.label, figures=4 + len(columns)))
            lines.append((place.short, [drawing.Cell("", None)] * (1 + len(columns))))
            continue
        own = reading.by_ministry.get(place.name, {})
        means = [own.get(node.code, NOBODY).verified for node in columns]
        plain = _compared(place)
        rows.append(Row((*plain.cells, *map(points, means)), is_small=plain.is_small))
        lines.append((place.short, [_heat(mean) for mean in (place.means.verified, *means)]))
    title = _("กระทรวงตามหัวข้อ") if subject.category else _("กระทรวงตามหมวด")
    heads = (_("กระทรวง"), _("หน่วยงาน"), _("ผู้ตรวจ เฉลี่ย"), _("ตนเอง เฉลี่ย"), _("ต่าง"))
    names = tuple(
        node.code if subject.category else _("หมวด %(code)s") % {"code": node.code} for node in columns
    )
    description = _("คะแนนเฉลี่ยจากผู้ตรวจ %(n)d กระทรวง ตัวเลขอยู่ในตาราง") % {"n": len(found)}
    first = subject.scored.code if subject.scored else _("รวม")
    chart = drawing.heat(lines, (first, *names), title=title, description=description)
    note = _("สีเข้มคือคะแนนเฉลี่ยสูง: ไม่ถึง 300, 300 ขึ้นไป, 350 ขึ้นไป, 400 ขึ้นไป")
    finding = highest_and_lowest(_told_means(found))
    return Table("ministries", title, (*heads, *names), tuple(rows), drawn(chart), note, finding=finding)


def _heat(mean: Fraction | None) -> drawing.Cell:
    return drawing.Cell(NOTHING, None) if mean is None else drawing.Cell(f"{float(mean):.0f}", depth(mean))


def trend(reading: Reading) -> Table:
    """The chosen cycle and those before it."""
    choice, scored = reading.choice, reading.subject.scored
    rows, drawn_points, before, finding = [], [], None, ""
    # The chosen year is the last of them, and the sentence is about that one.
    for cycle in choice.years:
        finding = ""
        count = sum(cell.count for cell in reading.cells_of(cycle.pk))
        if not count:
            before = None
            continue
        if not choice.is_told(cycle):
            rows.append(untold(str(cycle.year), figures=5))
            drawn_points.append((str(cycle.year), None, None))
            before = None
            continue
        means = reading.means_in(cycle)
        change = None if before is None or means.verified is None else means.verified - before
        rows.append(
            told(
                str(cycle.year),
                str(count),
                points(means.verified),
                points(means.claimed),
                signed(means.gap),
                signed(change),
                of=count,
            )
        )
        drawn_points.append((str(cycle.year), number(means.claimed), number(means.verified)))
        finding = change_of_year(str(cycle.year), means.verified, before)
        before = means.verified
    title = (
        _("แนวโน้มของคะแนนเฉลี่ย %(what)s") % {"what": choice.scored_short}
        if scored
        else _("แนวโน้มของคะแนนเฉลี่ย")
    )
    heads = (
        _("ปีงบประมาณ พ.ศ."), _("หน่วยงาน"), _("ผู้ตรวจ เฉลี่ย"), _("ตนเอง เฉลี่ย"), _("ต่าง"), _("เทียบปีก่อน"),
    )  # fmt: skip
    chart = drawing.years(
        drawn_points,
        title=title,
        description=described([row.cells[0] for row in rows], [row.cells[2] for row in rows]),
        words=(_("ตนเอง"), _("ผู้ตรวจ")),
    )
    return Table("trend", title, heads, tuple(rows), drawn(chart), finding=finding)
