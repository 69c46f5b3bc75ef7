"""Who is what in an agency: giving a role, changing it, ending it. Nothing is deleted, everything is in the log.

Who may give and end what is the table of `assessments.rules` (GIVEN_BY, ENDED_BY). Beside it:
nobody gives a role to themselves or changes their own; an agency always keeps a coordinator; whoever stands in for the
head has an order with a number and both dates; OPDC's own people, reviewers at work and closed accounts are taken in
by OPDC alone, with one sentence for all of them, for a refusal must not tell an agency who judges it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.reading import tree_of
from assessments.rules import is_administrator, roles_ended_by, roles_given_by
from pmqa.accounts import log
from pmqa.accounts.models import Agency, Membership, User
from pmqa.accounts.separation import is_barred
from pmqa.errors import Refused
from pmqa.versioning import swap

Role = Membership.Role

# The mail about a role is sent once more at most once within this time.
TOLD_AGAIN_SECONDS = 60 * 60


@dataclass(frozen=True)
class Term:
    """A role with its dates. `categories` are an owner's, `order_reference` of whoever stands in for the head."""

    role: str
    starts_on: date | None = None
    ends_on: date | None = None
    categories: tuple[str, ...] = ()
    order_reference: str = ""


@dataclass(frozen=True)
class Added:
    """A role that was given. `is_new`: the account was made for it, and nobody has its password yet."""

    membership: Membership
    is_new: bool


def lock_people(agency: Agency) -> Agency:
    """The agency, locked until the transaction ends: changes of its people come one after the other."""
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _check_term(agency: Agency, term: Term, by: User) -> None:
    if term.role not in roles_given_by(by, agency):
        raise PermissionDenied(_("ท่านแต่งตั้งบทบาทนี้ไม่ได้ ผู้แต่งตั้งคือหัวหน้าส่วนราชการ หรือ สำนักงาน ก.พ.ร."))
    if term.ends_on and term.ends_on < max(term.starts_on or term.ends_on, timezone.localdate()):
        raise Refused(_("วันสิ้นสุดต้องไม่มาก่อนวันเริ่มและไม่ผ่านมาแล้ว"), code="dates")
    if term.role == Role.ACTING_HEAD and not (term.order_reference and term.starts_on and term.ends_on):
        raise Refused(_("รักษาการหัวหน้าต้องระบุเลขที่คำสั่ง วันเริ่ม และวันสิ้นสุด เลขที่คำสั่งพิมพ์ในใบรับเมื่อลงนาม"), code="order")


@transaction.atomic
def add(agency: Agency, *, email: str, called: str, term: Term, by: User) -> Added:
    """Give a role to the person of that address, with an account made for it where there is none.

    What comes back tells whoever writes the mail whether the account is new; no page may say so. The same role
    again is no second one. Raises PermissionDenied, or Refused with code "barred", "self", "dates", "order" or
    "known" where the person has the role already with other categories or another end.
    """
    locked = lock_people(agency)
    _check_term(locked, term, by)
    person = User.objects.filter(email=email.lower()).first()
    if person == by:
        raise Refused(_("แต่งตั้งตนเองไม่ได้ ให้หัวหน้าส่วนราชการหรือ สำนักงาน ก.พ.ร. เป็นผู้แต่งตั้ง"), code="self")
    if person and is_barred(person):
        raise Refused(_("หน่วยงานเพิ่มบัญชีนี้เองไม่ได้ ใช้อีเมลอื่น หรือติดต่อ สำนักงาน ก.พ.ร. ให้เป็นผู้เพิ่ม"), code="barred")
    is_new = person is None
    row = give(locked, person or _account(email, called), term, called=called, by=by)
    if (row.ends_on, row.categories) != (term.ends_on, _categories(term)):
        raise Refused(_("บุคคลนี้มีบทบาทนี้อยู่แล้ว เปลี่ยนหมวดหรือวันสิ้นสุดได้จากรายชื่อ"), code="known")
    return Added(row, is_new)


def _account(email: str, called: str) -> User:
    """An account that nobody can sign in to before its password was set; another agency may have been faster."""
    first, _space, last = called.partition(" ")
    try:
        with transaction.atomic():
            return User.objects.create_user(email, None, first_name=first[:150], last_name=last.strip()[:150])
    except IntegrityError:
        return User.objects.get(email=email.lower())


def _categories(term: Term) -> list[str]:
    return sorted(term.categories) if term.role == Role.OWNER else []


def give(locked: Agency, person: User, term: Term, *, called: str, by: User) -> Membership:
    """The row of a role; the one that is there already where the person has this role. For `add` and hand-over."""
    known = Membership.objects.coming_or_current().filter(agency=locked, user=person, role=term.role)
    overlapping = known.exclude(starts_on__gt=term.ends_on) if term.ends_on else known
    if found := overlapping.exclude(ends_on__lt=term.starts_on or timezone.localdate()).first():
        return found
    made = Membership.objects.create(
        user=person,
        agency=locked,
        role=term.role,
        starts_on=term.starts_on or timezone.localdate(),
        ends_on=term.ends_on,
        categories=_categories(term),
        order_reference=term.order_reference if term.role == Role.ACTING_HEAD else "",
        called=called,
        added_at=timezone.now(),
    )
    record("member.added", made, by=by)
    return made


@transaction.atomic
def change(
    membership: Membership, *, version: int, categories: Collection[str], ends_on: date | None, by: User
) -> Membership:
    """New categories of an owner, and a new last day of any role; None is open.

    By whoever may end the role, and nobody's own. Raises Conflict when `version` is stale,
    PermissionDenied, or Refused with code "ended", "dates", "order" or "last".
    """
    locked = lock_people(membership.agency)
    _may_end(membership, locked, by)
    current = Membership.objects.select_related("user", "agency").get(pk=membership.pk)
    _check_open(current)
    today = timezone.localdate()
    if ends_on and ends_on < max(current.starts_on or today, today):
        raise Refused(_("วันสิ้นสุดต้องไม่มาก่อนวันเริ่มและไม่ผ่านมาแล้ว"), code="dates")
    if current.role == Role.ACTING_HEAD and ends_on is None:
        raise Refused(_("รักษาการหัวหน้าต้องมีวันสิ้นสุดตามคำสั่ง"), code="order")
    if ends_on:
        _keep_a_coordinator(current)
    chosen = sorted(categories) if current.role == Role.OWNER else []
    if (chosen, ends_on) == (current.categories, current.ends_on):
        return current
    saved = swap(current, version, categories=chosen, ends_on=ends_on)
    record("member.changed", saved, by=by)
    return saved


@transaction.atomic
def end(membership: Membership, *, by: User) -> Membership:
    """End a role at once: the person is out with the next page they ask for. Twice is once.

    Raises PermissionDenied, or Refused with code "last".
    """
    locked = lock_people(membership.agency)
    _may_end(membership, locked, by)
    current = Membership.objects.select_related("user", "agency").get(pk=membership.pk)
    if not is_open(current):
        return current
    _keep_a_coordinator(current)
    return end_row(current, by=by)


@transaction.atomic
def tell_again(membership: Membership, *, by: User) -> bool:
    """Note that the mail about a role is sent once more; whether it has to let the person set a first password.

    By whoever may end the role. Raises PermissionDenied, or Refused with code "ended", or "lately" for a second
    time within an hour.
    """
    locked = lock_people(membership.agency)
    _may_end(membership, locked, by)
    current = Membership.objects.select_related("user", "agency").get(pk=membership.pk)
    _check_open(current)
    if not cache.add(f"told-of-role:{current.pk}", 1, TOLD_AGAIN_SECONDS):
        raise Refused(
            _("ส่งอีเมลถึง %s ไปแล้วภายในหนึ่งชั่วโมงนี้ ให้ดูในกล่องจดหมายขยะด้วย") % current.user.email, code="lately"
        )
    record("member.told", current, by=by)
    return not current.user.has_usable_password()


def end_row(current: Membership, *, by: User, last_day: date | None = None) -> Membership:
    """The end itself, at once or after `last_day`; for `end` and hand-over, which have asked the rules."""
    if last_day is None:
        today = timezone.localdate()
        changes = {"ended_at": timezone.now(), "ends_on": max(current.starts_on or today, today)}
    else:
        changes = {"ends_on": last_day}
    saved = swap(current, current.version, **changes)
    record("member.ended", saved, by=by)
    return saved


def is_open(membership: Membership) -> bool:
    last = membership.ends_on
    return membership.ended_at is None and (last is None or last >= timezone.localdate())


def _check_open(current: Membership) -> None:
    if not is_open(current):
        raise Refused(_("บทบาทนี้สิ้นสุดแล้ว เพิ่มบุคคลใหม่หากต้องการให้กลับมา"), code="ended")


def _may_end(membership: Membership, locked: Agency, by: User) -> None:
    if membership.role not in roles_ended_by(by, locked):
        raise PermissionDenied(_("ท่านเปลี่ยนบทบาทนี้ไม่ได้ ผู้เปลี่ยนคือหัวหน้าส่วนราชการ หรือ สำนักงาน ก.พ.ร."))
    if membership.user_id == by.pk:
        raise PermissionDenied(_("เปลี่ยนบทบาทของตนเองไม่ได้ ให้ผู้อื่นที่มีสิทธิเป็นผู้เปลี่ยน"))
    if only := _only_an_owner(by, locked):
        _check_own_contributor(membership, only)


def _only_an_owner(by: User, locked: Agency) -> set[str]:
    """The categories of somebody who is an owner and nothing more; empty for everybody else."""
    mine = [entry for entry in by.current_memberships if entry.agency_id == locked.pk]
    if is_administrator(by) or any(entry.role not in (Role.OWNER, Role.VIEWER) for entry in mine):
        return set()
    return {code for entry in mine for code in entry.categories}


def _check_own_contributor(membership: Membership, categories: set[str]) -> None:
    """An owner ends a contributor who writes in the owner's categories only."""
    asked = membership.user.asked_items.coming_or_current().filter(assessment__agency=membership.agency_id)
    rows = asked.select_related("assessment__cycle__edition")
    if any(tree_of(row.assessment).place_of_item[row.item][0].code not in categories for row in rows):
        raise PermissionDenied(_("บุคคลนี้มีงานในหมวดอื่นด้วย ให้ผู้ประสานงานเป็นผู้เปลี่ยน"))


def _keep_a_coordinator(leaving: Membership) -> None:
    """Raises Refused, code "last", where nobody would be left who coordinates without an end."""
    if leaving.role != Role.COORDINATOR:
        return
    others = Membership.objects.current().filter(
        agency=leaving.agency_id, role=Role.COORDINATOR, ends_on=None, user__is_active=True
    )
    if not others.exclude(pk=leaving.pk).exclude(user=leaving.user_id).exists():
        raise Refused(
            _("นี่คือผู้ประสานงานคนสุดท้าย ตั้งผู้ประสานงานคนใหม่หรือส่งมอบงานก่อน หน่วยงานจึงยังทำงานต่อได้"), code="last"
        )


def record(action: str, membership: Membership, *, by: User) -> None:
    """About the agency, which reads it, and by the name that the agency knows."""
    days = {
        name: day.isoformat() if (day := getattr(membership, name)) else ""
        for name in ("starts_on", "ends_on")
    }
    log.record(
        action,
        membership.agency,
        by=by,
        agency=membership.agency,
        person=membership.known_as,
        role=membership.role,
        categories=membership.categories,
        order=membership.order_reference,
        **days,
    )


def day_before(day: date) -> date:
    return day - timedelta(days=1)
