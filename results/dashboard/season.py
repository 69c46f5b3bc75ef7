"""How far a cycle is, for those who follow its cases; never for those who read published results only.

States and nothing else: no score, no mark. An officer knows a case from the day it is handed over, so what an agency
still has in hand is one number to them. Whoever follows cases sees each of them by name, so no small group is hidden.
"""

from collections.abc import Mapping
from functools import cached_property

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import PRELIMINARY, WITH_AGENCY, Assessment, Cycle, Status
from assessments.views.overview import is_offered
from pmqa.accounts.models import Agency, User
from results.dashboard import drawing
from results.dashboard.places import Places
from results.dashboard.table import Row, Table, described, drawn, share

# The stages of the table of ministries; whatever is in none of them has not begun, or is not handed over.
IN_REVIEW = (Status.SUBMITTED, Status.IN_REVIEW, Status.CONSENSUS, Status.CONSENSUS_DONE)


class SeasonChoice(Places):
    """A cycle that has opened, and whose cases."""

    def __init__(self, data: Mapping[str, str], user: User):
        super().__init__(data)
        self.user = user
        # Of drafts an officer is told nothing but how many there are with those that have not begun.
        self.knows_drafts = user.has_perm("results.season_drafts")

    @cached_property
    def cycles(self) -> list[Cycle]:
        """Those that have opened, the latest first."""
        return list(Cycle.objects.filter(opens_at__lte=timezone.now()).select_related("edition"))

    @cached_property
    def cycle(self) -> Cycle | None:
        wanted = self.data.get("cycle", "")
        found = (cycle for cycle in self.cycles if str(cycle.pk) == wanted)
        return next(found, None) or next(iter(self.cycles), None)

    @cached_property
    def _agencies(self) -> list[tuple[str, str, int]]:
        """(ministry, kind, how many active agencies)."""
        rows = Agency.objects.filter(is_active=True).order_by().values_list("ministry__name", "kind")
        return list(rows.annotate(n=Count("pk")))

    @cached_property
    def _cases(self) -> list[tuple[str, str, str, int]]:
        """(ministry, kind, status, how many cases) that this person may see."""
        rows = Assessment.objects.visible_to(self.user).filter(cycle=self.cycle, agency__is_active=True)
        places = rows.order_by().values_list("agency__ministry__name", "agency__kind", "status")
        return list(places.annotate(n=Count("pk")))

    @cached_property
    def ministries(self) -> list[tuple[str, str]]:
        return self.named_ministries({ministry for ministry, _kind, _count in self._agencies})

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        return self.named_kinds({kind for _ministry, kind, _count in self._agencies})

    def _is_meant(self, ministry: str, kind: str) -> bool:
        return self.ministry in ("", ministry) and self.kind in ("", kind)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Ministry -> how many agencies are meant: all that the cycle is for, and whoever has a case in it besides."""
        offered = {kind for kind in Agency.Kind.values if is_offered(self.cycle, Agency(kind=kind))}
        rows = [row for row in self._agencies if row[1] in offered]
        rows += [(ministry, kind, count) for ministry, kind, _s, count in self._cases if kind not in offered]
        found: dict[str, int] = {}
        for ministry, kind, count in rows:
            if self._is_meant(ministry, kind):
                found[ministry] = found.get(ministry, 0) + count
        return found

    @cached_property
    def states(self) -> dict[tuple[str, str], int]:
        """(ministry, status) -> how many of them have a case in this state."""
        found: dict[tuple[str, str], int] = {}
        for ministry, kind, status, count in self._cases:
            if self._is_meant(ministry, kind):
                found[ministry, status] = found.get((ministry, status), 0) + count
        return found

    @property
    def without(self) -> str:
        """What is said of agencies without a case that this person sees."""
        return _("ยังไม่เริ่ม") if self.knows_drafts else _("ยังไม่ส่ง")

    @cached_property
    def chosen(self) -> dict[str, str]:
        values = {
            "cycle": self.data.get("cycle", "") and str(self.cycle.pk),
            "ministry": self.ministry,
            "kind": self.kind,
        }
        return {name: value for name, value in values.items() if value}


def season(choice: SeasonChoice) -> Table:
    """Agencies by the state of their case."""
    whole = sum(choice.sizes.values())
    found: dict[str, int] = {}
    for (_ministry, status), count in choice.states.items():
        found[status] = found.get(status, 0) + count
    lines = [(choice.without, whole - sum(found.values()))]
    lines += [(str(status.label), found.get(status, 0)) for status in Status]
    lines = [(label, count) for label, count in lines if count]
    title = _("ความก้าวหน้าของ%(cycle)s") % {"cycle": choice.cycle.name}
    bars = [drawing.Bar(label, count, f"{count} ({share(count, whole)}%)") for label, count in lines]
    chart = drawing.rows(
        bars,
        greatest=max((count for _label, count in lines), default=0),
        title=title,
        description=described([bar.label for bar in bars], [bar.shown for bar in bars]),
        left=190,
        right=100,
    )
    heads = (_("สถานะ"), _("หน่วยงาน"), _("ร้อยละ"))
    rows = tuple(Row((label, str(count), share(count, whole))) for label, count in lines)
    unit = _("%(measure)s · %(n)d หน่วยงาน") % {"measure": _("จำนวนหน่วยงาน"), "n": whole}
    published = found.get(Status.REPORT_ISSUED, 0)
    words = {"n": published, "of": whole, "share": share(published, whole)}
    finding = _("ประกาศผลแล้ว %(n)d จาก %(of)d หน่วยงาน (ร้อยละ %(share)s)") % words
    return Table("season", title, heads, rows, drawn(chart), unit=unit, finding=finding)


def season_ministries(choice: SeasonChoice) -> Table:
    """Ministries by how many of their agencies are at which stage."""
    rows, lines = [], []
    for name in sorted(choice.sizes, key=choice.ministry_name):
        label, whole = choice.ministry_name(name), choice.sizes[name]
        counts = _stages(choice, name, whole)
        rows.append(Row((label, str(whole), *map(str, counts))))
        lines.append((drawing.shortened(label), [_cell(count, whole) for count in counts]))
    with_agency = (_("กำลังจัดทำ"),) if choice.knows_drafts else ()
    stages = (choice.without, *with_agency, _("กำลังตรวจ"), _("แจ้งผลเบื้องต้น"), _("ประกาศผลแล้ว"))
    title = _("ความก้าวหน้าตามกระทรวง")
    description = described([row.cells[0] for row in rows], [" / ".join(row.cells[2:]) for row in rows])
    chart = drawing.heat(lines, stages, title=title, description=description)
    heads = (_("กระทรวง"), _("หน่วยงาน"), *stages)
    note = _("สีเข้มคือหน่วยงานของกระทรวงอยู่ขั้นนั้นมาก: ไม่ถึงหนึ่งในสี่ ถึงครึ่ง ถึงสามในสี่ และมากกว่านั้น")
    unit = _("%(measure)s · %(n)d หน่วยงาน") % {
        "measure": _("จำนวนหน่วยงาน"), "n": sum(choice.sizes.values()),
    }  # fmt: skip
    return Table("season_ministries", title, heads, tuple(rows), drawn(chart), note, unit=unit)


def _stages(choice: SeasonChoice, ministry: str, whole: int) -> list[int]:
    def having(*states: str) -> int:
        return sum(choice.states.get((ministry, state), 0) for state in states)

    own = having(*WITH_AGENCY)
    later = [having(*IN_REVIEW), having(*PRELIMINARY), having(Status.REPORT_ISSUED)]
    left = whole - own - sum(later)
    return [left, own, *later] if choice.knows_drafts else [left + own, *later]


def _cell(count: int, whole: int) -> drawing.Cell:
    return drawing.Cell(str(count), sum(4 * count > quarter * whole for quarter in (1, 2, 3)) if count else 0)


TABLES = {"season": season, "season_ministries": season_ministries}
