"""The people of an agency as its page shows them: who is what, since when, until when, and what was changed."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import AskedItem, HandOver
from assessments.rules import Role, roles_ended_by
from criteria.catalogue import edition_tree
from criteria.models import Edition as EditionRow
from criteria.structure import Edition
from pmqa.accounts.models import Agency, LogEntry, Membership, User

PER_PAGE = 50
# What the history of the people of an agency is made of.
ACTIONS = ("member.added", "member.changed", "member.ended", "member.told", "work.handed_over")


@dataclass(frozen=True)
class MemberView:
    """A role of a person. `asked` counts the items they are to write; `may_change`: by whoever looks."""

    row: Membership
    asked: int
    may_change: bool
    is_coming: bool
    hands_over: bool

    @property
    def categories(self) -> str:
        return ", ".join(self.row.categories)


@dataclass(frozen=True)
class LogLine:
    entry: LogEntry
    words: str


def newest_edition() -> Edition | None:
    """The criteria whose categories an owner may have; one query."""
    found = EditionRow.objects.filter(status=EditionRow.Status.PUBLISHED).order_by("-year", "-pk").first()
    return edition_tree(found) if found else None


def members_of_page(agency: Agency, viewer: User) -> list[MemberView]:
    """Everybody who is or will be something in the agency; two queries."""
    rows = Membership.objects.coming_or_current().filter(agency=agency).select_related("user")
    asked = dict(
        AskedItem.objects.coming_or_current()
        .filter(assessment__agency=agency)
        .order_by()
        .values_list("user")
        .annotate(Count("pk"))
    )
    ends, today = roles_ended_by(viewer, agency), timezone.localdate()
    leads = viewer.has_perm("assessments.hand_over", agency)
    order = list(Role)
    views = [
        MemberView(
            row=row,
            asked=asked.get(row.user_id, 0) if row.role in (Role.OWNER, Role.CONTRIBUTOR) else 0,
            may_change=row.role in ends and row.user_id != viewer.pk,
            is_coming=bool(row.starts_on and row.starts_on > today),
            hands_over=leads and row.role in ends,
        )
        for row in rows
    ]
    return sorted(views, key=lambda view: (order.index(view.row.role), view.row.known_as))


def past_members(agency: Agency) -> QuerySet[Membership]:
    """Roles that have ended, the latest first; names stay."""
    over = Q(ends_on__lt=timezone.localdate()) | Q(ended_at__isnull=False)
    rows = Membership.objects.filter(over, agency=agency).select_related("user")
    return rows.order_by("-ends_on", "-pk")[:PER_PAGE]


def history_of(agency: Agency, number: str | None) -> tuple[object, list[LogLine]]:
    """The lines of the log about people and hand-overs, a page at a time; two queries."""
    rows = LogEntry.objects.filter(agency=agency, action__in=ACTIONS).order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(number)
    return page, [LogLine(entry, _line(entry)) for entry in page]


def _line(entry: LogEntry) -> str:
    data = dict.fromkeys(("person", "role", "to", "ends_on", "order"), "") | entry.data
    words = {
        "member.added": _("เพิ่ม %(person)s เป็น%(role)s"),
        "member.told": _("ส่งอีเมลแจ้งบทบาท%(role)sถึง %(person)s อีกครั้ง"),
        "member.changed": _("เปลี่ยนบทบาทของ %(person)s (%(role)s)"),
        "member.ended": _("สิ้นสุดบทบาทของ %(person)s (%(role)s)"),
        "work.handed_over": _("ส่งมอบงานของ %(person)s ให้ %(to)s"),
    }
    role = Role(data["role"]).label if data["role"] else ""
    return words[entry.action] % {"person": data["person"], "role": role, "to": data["to"]}


def hand_overs_of(agency: Agency) -> list[HandOver]:
    """The last ones that can still be taken back; one query."""
    rows = HandOver.objects.filter(agency=agency, reversed_by=None, reverses=None)
    return list(rows[:5])
