"""Where each person starts and what the top bar offers. Wiring: knows every app, imported by urls and settings only."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Mention
from pmqa.accounts.models import Appointment, User
from pmqa.names import name_of
from pmqa.theme import chosen
from reviews.models import Assignment

# Pages of several kinds of reader stand below one address: for each of them they belong to the place they come from.
BELOW = {
    "assessments:index": ("reviews:queue", "results:index"),
    "reviews:queue": ("results:index",),
    "reviews:cases": ("reviews:queue", "assessments:index", "results:index"),
}


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Who:
    """The signed-in person as the top bar shows them: name, role in words, place."""

    name: str
    role: str
    place: str


def _waiting(user) -> tuple[bool, int]:
    """Whether the person reviews, and how many comments that name them are unread; one query for both."""
    unread = Mention.objects.unread_of(user).order_by().values("user").annotate(number=Count("pk"))
    found = User.objects.filter(pk=user.pk).annotate(
        reviews=Exists(Assignment.objects.active_for(user)), unread=Subquery(unread.values("number"))
    )
    reviews, number = found.values_list("reviews", "unread").get()
    return reviews, number or 0


def _entries(user) -> list[tuple[str, str]]:
    entries = []
    reviews, unread = _waiting(user)
    if user.current_memberships:
        entries.append((_("การประเมินของหน่วยงาน"), "assessments:index"))
        mine = _("งานของฉัน (%(n)d)") % {"n": unread} if unread else _("งานของฉัน")
        entries.append((mine, "assessments:todo"))
    if reviews:
        entries.append((_("งานตรวจของฉัน"), "reviews:queue"))
    if user.has_perm("reviews.follow"):
        entries.append((_("รอบและหน่วยงาน"), "reviews:cases"))
    if "executive" in user.current_offices:
        entries.append((_("ผลที่ประกาศแล้ว"), "results:index"))
    if user.has_perm("results.dashboard"):
        entries.append((_("ภาพรวม"), "results:dashboard"))
    elif user.has_perm("results.season"):
        entries.append((_("ความก้าวหน้า"), "results:season"))
    entries.append((_("เกณฑ์"), "criteria:index"))
    if user.has_perm("results.read_library"):
        entries.append((_("คลังแนวปฏิบัติ"), "results:library"))
    if user.has_perm("accounts.use_admin"):
        entries.append((_("ตั้งค่าระบบ"), "admin:index"))
    return entries


def place_of(path: str, names: list[str]) -> str:
    """The entry that leads to the page or to the place around it: the longest address wins, then one's own."""
    around = [
        (len(reverse(place)), place == name, name)
        for name in names
        for place in (name, *BELOW.get(name, ()))
        if path.startswith(reverse(place))
    ]
    return max(around, default=(0, False, ""))[2]


def _who(user) -> Who:
    roles = [membership.get_role_display() for membership in user.current_memberships]
    agencies = dict.fromkeys(name_of(membership.agency) for membership in user.current_memberships)
    offices = [str(label) for value, label in Appointment.Role.choices if value in user.current_offices]
    return Who(name=str(user), role=" · ".join([*roles, *offices]), place=" · ".join(agencies))


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, `who`, `demo`, `theme`."""
    everywhere = {"demo": settings.DEMO, "theme": chosen(request)}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return everywhere | {"navigation": []}
    entries = _entries(user)
    current = place_of(request.path, [name for _label, name in entries])
    entries = [Entry(label, reverse(name), name == current) for label, name in entries]
    return everywhere | {"navigation": entries, "who": _who(user)}


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the work: the first place that the top bar offers this person."""
    _label, name = _entries(request.user)[0]
    return redirect(name)
