"""All open work of a person to a successor, in one step from a day: roles, asked items with their days, mentions.

The old roles and items are ended, never rewritten, so histories keep their names. Who hands over must be allowed to
give and to end every role that moves. An acting head's order names its person: that role ends, and does not move.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import WITH_AGENCY, AskedItem, HandOver, Mention
from assessments.rules import roles_ended_by, roles_given_by
from assessments.services import asking, people
from assessments.services.people import Term, day_before, lock_people
from pmqa.accounts import log
from pmqa.accounts.models import Agency, Membership, User
from pmqa.accounts.separation import is_barred
from pmqa.errors import Refused
from pmqa.versioning import swap

Role = Membership.Role


@dataclass(frozen=True)
class Load:
    """What would move. `staying` is the acting head's role, which ends.

    On the way back, `lent` are the roles that the person had before, with the categories that an earlier hand-over
    added to each: only these go back. `shared` are items that they were asked for before, too.
    """

    roles: list[Membership]
    staying: list[Membership]
    asked: list[AskedItem]
    mentions: list[Mention]
    lent: dict[int, list[str]]
    shared: set[int]

    @property
    def is_empty(self) -> bool:
        return not (self.roles or self.staying or self.asked or self.mentions)


def load_of(agency: Agency, person: User, *, day: date, reverses: HandOver | None = None) -> Load:
    """The work of a person in an agency that is open on that day, or only what came with the hand-over that this one
    `reverses`. Three queries.
    """
    roles = Membership.objects.coming_or_current().filter(agency=agency, user=person).exclude(ends_on__lt=day)
    asked = AskedItem.objects.coming_or_current().filter(assessment__agency=agency, user=person)
    asked = asked.filter(assessment__status__in=WITH_AGENCY).exclude(ends_on__lt=day)
    mentions = Mention.objects.filter(
        user=person,
        read_at=None,
        comment__removed_at=None,
        comment__thread__answer__assessment__agency=agency,
    )
    rows = list(roles.select_related("user", "agency"))
    items = list(asked.select_related("assessment__cycle__edition").order_by("assessment", "pk"))
    lent: dict[int, list[str]] = {}
    shared: set[int] = set()
    if reverses:
        roles_moved, asked_moved = reverses.moved["roles"], reverses.moved["asked"]
        lent = {entry["new"]: entry["categories"] for entry in roles_moved if not entry["was_added"]}
        shared = {entry["new"] for entry in asked_moved if not entry["was_added"]}
        rows = [row for row in rows if row.pk in {entry["new"] for entry in roles_moved}]
        items = [row for row in items if row.pk in {entry["new"] for entry in asked_moved}]
    return Load(
        roles=[row for row in rows if row.role != Role.ACTING_HEAD],
        staying=[row for row in rows if row.role == Role.ACTING_HEAD],
        asked=items,
        mentions=[] if reverses else list(mentions.select_related("comment__thread__answer__part")),
        lent=lent,
        shared=shared,
    )


@transaction.atomic
def hand_over(
    agency: Agency,
    *,
    person: User,
    successor: User,
    from_day: date | None = None,
    reverses: HandOver | None = None,
    by: User,
) -> HandOver | None:
    """Move everything of `load_of` at once; None where nothing was left to move, so that twice is once.

    Until `from_day` (today without one) the person keeps their roles and items; mentions go at once. Raises
    PermissionDenied, or Refused with code "same", "self", "successor" or "day".
    """
    locked = lock_people(agency)
    if not by.has_perm("assessments.hand_over", locked):
        raise PermissionDenied(_("ผู้ส่งมอบงานคือผู้ประสานงาน หัวหน้าส่วนราชการ หรือ สำนักงาน ก.พ.ร."))
    today = timezone.localdate()
    day = from_day or today
    _check_people(locked, person, successor, day, reverses, by)
    load = load_of(locked, person, day=day, reverses=reverses)
    if load.is_empty or (reverses and HandOver.objects.filter(reverses=reverses).exists()):
        return None
    _check_roles(locked, load, by)
    at_once = day == today
    # Roles last: they are in the audit log, after which nothing may wait for a row of somebody else.
    moved: dict[str, Any] = {
        "mentions": _move_mentions(load.mentions, successor),
        "asked": [_move_item(row, load, successor, locked, day, at_once, by) for row in load.asked],
        "roles": [_move_role(locked, row, load, successor, day, at_once, by) for row in load.roles],
    }
    for row in load.staying:
        people.end_row(row, by=by, last_day=None if at_once else _last_day(row, day))
    done = HandOver.objects.create(
        agency=locked,
        person=person,
        person_name=_known_as(locked, person),
        successor=successor,
        successor_name=_known_as(locked, successor),
        from_day=day,
        reverses=reverses,
        moved=moved,
        by=by,
        by_name=str(by),
        at=timezone.now(),
    )
    log.record(
        "work.handed_over",
        locked,
        by=by,
        agency=locked,
        person=done.person_name,
        to=done.successor_name,
        day=day.isoformat(),
        roles=len(load.roles),
        items=len(load.asked),
        mentions=moved["mentions"],
    )
    return done


def _known_as(agency: Agency, person: User) -> str:
    row = Membership.objects.filter(agency=agency, user=person).select_related("user").order_by("-pk").first()
    return row.known_as if row else str(person)


def _check_people(
    agency: Agency, person: User, successor: User, day: date, reverses: HandOver | None, by: User
) -> None:
    if person == successor:
        raise Refused(_("เลือกผู้รับงานที่ไม่ใช่คนเดียวกับผู้ส่งมอบ"), code="same")
    if successor == by:
        raise Refused(_("รับงานของผู้อื่นมาเป็นของตนเองไม่ได้ ให้ผู้อื่นที่มีสิทธิเป็นผู้ส่งมอบ"), code="self")
    if day < timezone.localdate():
        raise Refused(_("วันที่ส่งมอบต้องเป็นวันนี้หรือหลังจากนี้"), code="day")
    came_back = reverses is not None and (reverses.person, reverses.successor) == (successor, person)
    is_member = Membership.objects.current().filter(agency=agency, user=successor).exists()
    returns = came_back and not is_barred(successor)
    if not successor.is_active or not (is_member or returns):
        raise Refused(_("ผู้รับงานต้องเป็นบุคลากรของหน่วยงานในวันนี้ เพิ่มบุคคลก่อน"), code="successor")


def _check_roles(agency: Agency, load: Load, by: User) -> None:
    moving = {row.role for row in load.roles}
    ending = moving | {row.role for row in load.staying}
    if moving - roles_given_by(by, agency) or ending - roles_ended_by(by, agency):
        raise PermissionDenied(
            _("มีบทบาทที่ท่านส่งมอบไม่ได้ ผู้ส่งมอบงานของผู้ประสานงานและหัวหน้าคือหัวหน้าส่วนราชการ หรือ สำนักงาน ก.พ.ร.")
        )


def _last_day(row: Membership, day: date) -> date:
    """The day before, but no earlier than a role begins that has not begun yet."""
    return max(day_before(day), row.starts_on or day_before(day))


def _move_role(
    agency: Agency, row: Membership, load: Load, successor: User, day: date, at_once: bool, by: User
) -> dict[str, Any]:
    """End the role of one and give it to the other; where they have it already, an owner's categories are added."""
    lent = load.lent.get(row.pk)
    categories = row.categories if lent is None else lent
    others = Membership.objects.coming_or_current().filter(agency=agency, user=successor, role=row.role)
    known = others.first()
    if lent:
        saved = swap(row, row.version, categories=[code for code in row.categories if code not in lent])
        people.record("member.changed", saved, by=by)
    elif lent is None:
        people.end_row(row, by=by, last_day=None if at_once else _last_day(row, day))
    if known is None:
        starts_on = max(day, row.starts_on or day)
        term = Term(row.role, starts_on=starts_on, ends_on=row.ends_on, categories=tuple(categories))
        made = people.give(agency, successor, term, called=_known_as(agency, successor), by=by)
        return _moved(row, made, list(categories), was_added=True)
    added = [code for code in categories if code not in known.categories]
    ends_on = max(known.ends_on, row.ends_on) if known.ends_on and row.ends_on else None
    if added or known.ends_on != ends_on:
        known = swap(known, known.version, categories=sorted([*known.categories, *added]), ends_on=ends_on)
        people.record("member.changed", known, by=by)
    return _moved(row, known, added, was_added=False)


def _moved(old: Membership, new: Membership, categories: list[str], *, was_added: bool) -> dict[str, Any]:
    return {
        "old": old.pk, "new": new.pk, "role": old.role, "categories": categories, "was_added": was_added,
    }  # fmt: skip


def _move_item(
    row: AskedItem, load: Load, successor: User, agency: Agency, day: date, at_once: bool, by: User
) -> dict[str, Any]:
    """The item with its note and its day; where the successor is asked for it already, theirs stays."""
    if row.pk in load.shared:
        pass
    elif at_once:
        asking.end_row(row, by=by)
    else:
        swap(row, row.version, ends_on=max(day_before(day), row.starts_on or day_before(day)))
    known = AskedItem.objects.filter(
        assessment=row.assessment_id, item=row.item, user=successor, ended_at=None
    ).first()
    if known:
        return {"old": row.pk, "new": swap(known, known.version, ends_on=None).pk, "was_added": False}
    made = AskedItem.objects.create(
        assessment=row.assessment,
        item=row.item,
        user=successor,
        user_name=_known_as(agency, successor),
        note=row.note,
        due_on=row.due_on,
        starts_on=None if at_once else day,
        asked_by=row.asked_by,
        asked_by_name=row.asked_by_name,
        asked_at=timezone.now(),
    )
    return {"old": row.pk, "new": made.pk, "was_added": True}


def _move_mentions(mentions: list[Mention], successor: User) -> int:
    """The successor's attention is asked for instead; who was named in the comment stays named."""
    Mention.objects.bulk_create(
        [
            Mention(comment=row.comment, user=successor)
            for row in mentions
            if row.comment.author_id != successor.pk
        ],
        ignore_conflicts=True,
    )
    Mention.objects.filter(pk__in=[row.pk for row in mentions]).update(read_at=timezone.now())
    return len(mentions)
