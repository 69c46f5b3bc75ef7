"""How far the present cycle is: for those who follow every agency, never for those who read published results only."""

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Cycle, Status
from pmqa.accounts.models import Agency
from results.dashboard import drawing
from results.dashboard.choosing import Choice
from results.dashboard.table import Row, Table, described, drawn, share


def present() -> Cycle | None:
    """The latest cycle that has opened."""
    return Cycle.objects.filter(opens_at__lte=timezone.now()).select_related("edition").first()


def season(choice: Choice) -> Table | None:
    """Agencies by the state of their assessment in the present cycle; None where there is none."""
    cycle = present()
    if cycle is None:
        return None
    agencies = Agency.objects.filter(is_active=True)
    if choice.ministry:
        agencies = agencies.filter(ministry__name=choice.ministry)
    if choice.kind:
        agencies = agencies.filter(kind=choice.kind)
    cases = Assessment.objects.filter(cycle=cycle, agency__in=agencies).order_by()
    found = dict(cases.values_list("status").annotate(n=Count("pk")))
    whole = agencies.count()
    lines = [(_("ยังไม่เริ่ม"), whole - sum(found.values()))]
    lines += [(str(status.label), found.get(status, 0)) for status in Status]
    lines = [(label, count) for label, count in lines if count]
    title = _("ความก้าวหน้าของ%(cycle)s") % {"cycle": cycle.name}
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
    return Table("season", title, heads, rows, drawn(chart))
