"""Tables of what was asked: categories, topics, levels, items, parts, OFIs, indicator groups."""

from collections.abc import Iterable
from fractions import Fraction

from django.utils.translation import gettext as _

from assessments.models import Cycle
from criteria.structure import LEVELS, PROCESS, RESULTS, Part
from criteria.templatetags.criteria_text import named
from results.dashboard import drawing
from results.dashboard.findings import highest_and_lowest, least_passed, lowest_points, most_agencies
from results.dashboard.people import FULL
from results.dashboard.reading import Indicators, Means, Reading
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
    untold,
)
from results.report_rows import code_order

# How many lines the first page shows of a long table.
WORST = 10
# How many of a ranking are drawn; the table has all.
DRAWN = 30


def _mean_bars(lines: Iterable[tuple[str, str, Means]], *, title: str) -> str:
    bars = [
        drawing.Bar(code, number(means.verified), points(means.verified), number(means.claimed), name)
        for code, name, means in lines
    ]
    description = described([bar.label for bar in bars], [bar.shown for bar in bars])
    return drawing.rows(bars, greatest=FULL, title=title, description=description)


def categories(reading: Reading) -> Table:
    """Claimed and verified by category, and the means of the years before."""
    choice, scores = reading.choice, reading.scores
    earlier = [cycle for cycle in choice.years if cycle != choice.cycle]
    rows, lines = [], []
    for category in choice.categories:
        if category.code not in scores:
            continue
        means = scores[category.code].means
        before = [_before(reading, cycle, category.code) for cycle in earlier]
        rows.append(
            Row(
                (
                    f"{category.code} {named(category)}",
                    points(means.verified),
                    points(means.claimed),
                    signed(means.gap),
                    *before,
                )
            )
        )
        lines.append((category.code, named(category), means))
    title = _("คะแนนเฉลี่ยตามหมวด")
    heads = (
        _("หมวด"),
        _("ผู้ตรวจ"),
        _("ตนเอง"),
        _("ต่าง"),
        *(_("ผู้ตรวจ %(year)s") % {"year": cycle.year} for cycle in earlier),
    )
    finding = highest_and_lowest([(f"{code} {name}", means.verified) for code, name, means in lines])
    chart = drawn(_mean_bars(lines, title=title))
    return Table("categories", title, heads, tuple(rows), chart, finding=finding)


def _before(reading: Reading, cycle: Cycle, code: str) -> str:
    if not reading.choice.is_told(cycle):
        return str(UNTOLD)
    means = reading.by_year.get(cycle.pk, {}).get(code)
    return points(means.verified if means else None)


def topics(reading: Reading, *, weakest: bool = False) -> Table:
    """Topics by their means; `weakest` has the lowest first, and only so many."""
    found = [
        (topic, reading.scores[topic.code].means)
        for topic in reading.subject.topics(PROCESS, RESULTS)
        if topic.code in reading.scores
    ]
    title = _("หัวข้อที่ได้คะแนนเฉลี่ยต่ำที่สุด") if weakest else _("คะแนนเฉลี่ยตามหัวข้อ")
    if weakest:
        found = sorted(found, key=lambda entry: (entry[1].verified is None, entry[1].verified))[:WORST]
    rows = tuple(
        Row(
            (
                f"{topic.code} {named(topic)}",
                points(means.verified),
                points(means.claimed),
                signed(means.gap),
            )
        )
        for topic, means in found
    )
    chart = _mean_bars([(topic.code, named(topic), means) for topic, means in found], title=title)
    heads = (_("หัวข้อ"), _("ผู้ตรวจ"), _("ตนเอง"), _("ต่าง"))
    means = [(f"{topic.code} {named(topic)}", means.verified) for topic, means in found]
    key, more, finding = (
        ("weakest", "topics", lowest_points(means)) if weakest else ("topics", "", highest_and_lowest(means))
    )
    return Table(key, title, heads, rows, drawn(chart), more=more, finding=finding)


def weakest(reading: Reading) -> Table:
    return topics(reading, weakest=True)


def reached(reading: Reading) -> Table:
    """How many agencies reached which level in each topic of Form 3."""
    rows, lines = [], []
    for topic in reading.subject.topics(PROCESS):
        own = reading.levels.get(topic.code)
        if own is None:
            continue
        counts = {level: own.reached[level] for level in LEVELS}
        counts = {"": reading.count - sum(counts.values()), **counts}
        name = f"{topic.code} {named(topic)}"
        if reading.choice.untold(counts):
            rows.append(untold(name, figures=4))
            lines.append((topic.code, None))
        else:
            rows.append(Row((name, *map(str, counts.values()))))
            lines.append((topic.code, tuple(counts.values())))
    title = _("ระดับที่ถึงของแต่ละหัวข้อ")
    names = [_("ยังไม่ถึง"), *(level.capitalize() for level in LEVELS)]
    description = _("จำนวนหน่วยงานตามระดับที่ถึง ของ %(n)d หัวข้อ ตัวเลขอยู่ในตาราง") % {"n": len(lines)}
    chart = drawing.stacked(lines, names, title=title, description=description)
    heads = (_("หัวข้อ"), _("ยังไม่ถึง Basic"), *(level.capitalize() for level in LEVELS))
    note = _("หัวข้อที่มีระดับใดไม่ถึง 5 หน่วยงาน ไม่แสดงทั้งแถว") if not reading.choice.knows_all else ""
    below = [
        (row.cells[0], counts[0] if counts else None)
        for row, (_code, counts) in zip(rows, lines, strict=True)
    ]
    finding = _of_words(_("ยังไม่ถึง Basic"), most_agencies(below, reading.count))
    return Table("reached", title, heads, tuple(rows), drawn(chart), note, finding=finding)


def passed(reading: Reading) -> Table:
    """Share of parts that passed, by category and level: what the closing sentence of a report says.

    In a chosen category by topic.
    """
    subject = reading.subject
    nodes = (
        subject.topics(PROCESS)
        if subject.category
        else [category for category in subject.categories if category.kind == PROCESS]
    )
    rows, lines, shares = [], [], []
    for node in nodes:
        own = reading.levels.get(node.code)
        if own is None:
            continue
        shown, cells = [], []
        for level in subject.levels:
            good, whole = own.passed[level]
            if reading.is_level_untold(node, level):
                shown += [str(UNTOLD)] * 2
                cells.append(drawing.Cell("", None))
                shares.append((node.code, None))
                continue
            part = Fraction(good, whole) if whole else None
            shares.append((f"{node.code} {named(node)} {level.capitalize()}", part))
            shown += [share(good, whole), f"{good}/{whole}"]
            cells.append(
                drawing.Cell(
                    f"{share(good, whole)}%" if whole else NOTHING, None if part is None else _depth(part)
                )
            )
        label = f"{node.code} {named(node)}"
        rows.append(Row((label, *shown), is_untold=str(UNTOLD) in shown))
        short = _("หัวข้อ %(code)s") if subject.category else _("หมวด %(code)s")
        lines.append((short % {"code": node.code}, cells))
    title = _("ส่วนที่ผ่านตามหัวข้อและระดับ") if subject.category else _("ส่วนที่ผ่านตามหมวดและระดับ")
    names = [level.capitalize() for level in subject.levels]
    description = described([row.cells[0] for row in rows], [" / ".join(row.cells[1::2]) for row in rows])
    chart = drawing.heat(lines, names, title=title, description=description)
    heads = (
        _("หัวข้อ") if subject.category else _("หมวด"),
        *(head for name in names for head in (_("%(level)s ร้อยละ") % {"level": name}, _("ส่วนที่ผ่าน"))),
    )
    note = _("สีเข้มคือผ่านมาก: ไม่ถึงร้อยละ 60, 60 ขึ้นไป, 75 ขึ้นไป, 90 ขึ้นไป")
    return Table("passed", title, heads, tuple(rows), drawn(chart), note, finding=least_passed(shares))


def _depth(part: Fraction) -> int:
    return sum(part >= Fraction(edge, 100) for edge in (60, 75, 90))


def _of_words(what: str, sentence: str) -> str:
    """A sentence that says of what it is: "ซ้ำกับปีก่อน · มากที่สุด: …"."""
    return f"{what} · {sentence}" if sentence else ""


def _counted(
    key: str,
    title: str,
    heads: tuple[str, ...],
    reading: Reading,
    lines: list[tuple[str, str, int]],
    more: str = "",
) -> Table:
    """Lines of (code, name, how many agencies)."""
    rows, bars, counts, count = [], [], [], reading.count
    for code, name, number_of in lines:
        label = f"{code} {name}"
        if reading.is_few(number_of):
            rows.append(untold(label, figures=2))
            counts.append((label, None))
        else:
            part = share(number_of, count)
            rows.append(Row((label, str(number_of), part)))
            counts.append((label, number_of))
            bars.append(drawing.Bar(code, number_of, f"{number_of} ({part}%)", name=name))
    description = described([bar.label for bar in bars[:DRAWN]], [bar.shown for bar in bars[:DRAWN]])
    note = _("แผนภูมิแสดง %(n)d อันดับแรก") % {"n": DRAWN} if len(bars) > DRAWN else ""
    chart = drawing.rows(bars[:DRAWN], greatest=count, title=title, description=description, right=104)
    finding = most_agencies(counts, count)
    return Table(
        key, title, heads, tuple(rows), drawn(chart if bars else ""), note, more=more, finding=finding
    )


def parts(reading: Reading, *, worst: int | None = None) -> Table:
    """Parts of Form 3 by how many agencies did not pass them, most first; the place of an untold one tells nothing."""
    codes = {part.code for part in reading.subject.parts}
    places = reading.choice.tree.place_of_part
    found = sorted(
        ((code, count) for code, count in reading.failed.items() if code in codes),
        key=lambda entry: (0 if reading.is_few(entry[1]) else -entry[1], code_order(entry[0])),
    )
    lines = [(code, named(places[code][2]), count) for code, count in found[:worst]]
    title = _("ส่วนที่ไม่ผ่านมากที่สุด") if worst else _("ส่วนที่ไม่ผ่าน")
    heads = (_("ส่วน"), _("หน่วยงานที่ไม่ผ่าน"), _("ร้อยละ"))
    return _counted(
        "most_failed" if worst else "parts", title, heads, reading, lines, "items" if worst else ""
    )


def most_failed(reading: Reading) -> Table:
    return parts(reading, worst=WORST)


def items(reading: Reading) -> Table:
    """Items of Form 3 by the share of their parts that passed, in form order; of a chosen level those parts only."""
    rows, bars, shares = [], [], []
    for item in reading.subject.items(PROCESS):
        own = reading.subject.parts_of(item)
        if not own:
            continue
        name, level = f"{item.code} {named(item)}", (item.level or "").capitalize()
        if item_is_untold(reading, own):
            rows.append(untold(name, level, figures=2))
            bars.append(drawing.Bar(item.code, None, str(UNTOLD)))
            shares.append((name, None))
            continue
        good, whole = reading.passed_of(own)
        rows.append(Row((name, level, f"{good}/{whole}", share(good, whole))))
        shares.append((name, Fraction(good, whole or 1)))
        bars.append(drawing.Bar(item.code, 100 * good / whole if whole else 0, f"{share(good, whole)}%"))
    title = _("ส่วนที่ผ่านของแต่ละข้อ")
    description = _("ร้อยละของส่วนที่ผ่านใน %(n)d ข้อ ตัวเลขอยู่ในตาราง") % {"n": len(bars)}
    chart = drawing.rows(bars, greatest=100, title=title, description=description, left=64)
    heads = (_("ข้อ"), _("ระดับ"), _("ส่วนที่ผ่าน"), _("ร้อยละ"))
    return Table("items", title, heads, tuple(rows), drawn(chart), texts=2, finding=least_passed(shares))


def item_is_untold(reading: Reading, parts: Iterable[Part]) -> bool:
    """What is told of an item and of all its parts but one would tell of that one."""
    return any(reading.is_few(reading.failed.get(part.code, 0)) for part in parts)


def opportunities(reading: Reading) -> Table:
    """Topics with an OFI, and those where the same agency had one in the cycle before."""
    found = [
        (topic, reading.scores[topic.code].with_ofi, reading.repeated.get(topic.code, 0))
        for topic in reading.subject.topics(PROCESS, RESULTS)
        if topic.code in reading.scores and reading.scores[topic.code].with_ofi
    ]
    count = reading.count
    # Of few who had a result before, nothing is told: that none or all of them have it again would say what they had.
    is_any, is_compared = reading.seen_before > 0, not reading.choice.untold({"": reading.seen_before})

    def is_untold(now: int, again: int) -> bool:
        return bool(reading.choice.untold({"again": again, "new": now - again, "none": count - now}))

    # Those that are not told stand last, in form order, so that their places tell nothing.
    found.sort(key=lambda entry: (0, 0) if is_untold(*entry[1:]) else (-entry[2] - 1, -entry[1]))
    rows, bars, repeated = [], [], []
    for topic, now, again in found:
        name = f"{topic.code} {named(topic)}"
        if is_untold(now, again) or not is_compared:
            rows.append(untold(name, figures=4))
            repeated.append((name, None))
            continue
        repeated.append((name, again))
        known = (str(again), share(again, now)) if is_any else (NOTHING, NOTHING)
        rows.append(Row((name, str(now), share(now, count), *known)))
        bars.append(drawing.Bar(topic.code, again, known[0], now, named(topic)))
    bars = bars[:WORST]
    title = _("โอกาสในการปรับปรุงที่ซ้ำปีก่อน")
    description = described([bar.label for bar in bars], [bar.shown for bar in bars])
    chart = drawing.rows(bars, greatest=count, title=title, description=description)
    heads = (_("หัวข้อ"), _("มีโอกาสในการปรับปรุง"), _("ร้อยละ"), _("ซ้ำปีก่อน"), _("ร้อยละที่ซ้ำ"))
    note = _("แท่งคือหน่วยงานที่มีซ้ำกับรอบก่อน รูปข้าวหลามตัดคือหน่วยงานที่มีในรอบนี้")
    finding = _of_words(_("ซ้ำกับปีก่อน"), most_agencies(repeated, count)) if is_any else ""
    return Table(
        "opportunities", title, heads, tuple(rows), drawn(chart if bars else ""), note, finding=finding
    )


def indicators(reading: Reading) -> Table:
    """The groups of category 7: how many indicators, how many passed, their mean."""
    rows, bars, means = [], [], []
    for item in reading.subject.items(RESULTS):
        for group in item.parts:
            own = reading.indicators.get(group.code)
            name = f"{group.code} {named(item)}"
            if own is None:
                rows.append(Row((name, "0", "0", NOTHING, NOTHING)))
            elif group_is_untold(reading, own):
                rows.append(untold(name, figures=4))
                means.append((name, None))
                bars.append(drawing.Bar(group.code, None, str(UNTOLD)))
            else:
                figures = (str(own.agencies), str(own.count), share(own.passed, own.count), points(own.mean))
                rows.append(Row((name, *figures)))
                means.append((name, own.mean))
                bars.append(drawing.Bar(group.code, number(own.mean), points(own.mean)))
    title = _("กลุ่มตัวชี้วัด")
    description = described([bar.label for bar in bars], [bar.shown for bar in bars])
    chart = drawing.rows(bars, greatest=FULL, title=title, description=description, left=52)
    heads = (title, _("หน่วยงาน"), _("ตัวชี้วัด"), _("ผ่าน ร้อยละ"), _("คะแนนเฉลี่ย"))
    return Table("indicators", title, heads, tuple(rows), drawn(chart), finding=lowest_points(means))


def group_is_untold(reading: Reading, group: Indicators) -> bool:
    by_outcome = {"in": group.passed, "out": group.count - group.passed}
    return reading.is_few(group.agencies) or bool(reading.choice.untold(by_outcome))
