"""Asking people to write items, and the days by which a category or an item is to be done inside the agency.

A day asks and never closes anything. Whoever is asked may write the item at once; taken back, they may not any more.
"""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import WITH_AGENCY, AskedItem, Assessment, CategoryDue
from assessments.reading import tree_of
from assessments.rules import WRITERS, Chapter
from assessments.services.guards import stored_note
from assessments.services.people import lock_people
from assessments.workflow import lock, refuse_unless
from pmqa.accounts import log
from pmqa.accounts.models import Membership, User
from pmqa.errors import Refused
from pmqa.versioning import insert_or_swap, swap


def _open_for_asking(assessment: Assessment, items: Collection[str], by: User) -> Assessment:
    """Locked, for somebody who may ask for all of these items."""
    locked = lock(assessment)
    places = tree_of(locked).place_of_item
    for item in items:
        _check(locked, places[item][0].code, by)
    refuse_unless(locked, *WITH_AGENCY)
    return locked


def _check(locked: Assessment, category: str, by: User) -> None:
    if not by.has_perm("assessments.ask", Chapter(locked, category)):
        raise PermissionDenied(_("ผู้มอบข้อและกำหนดวันคือผู้ประสานงาน หัวหน้าส่วนราชการ และเจ้าภาพของหมวดนั้น"))


@transaction.atomic
def ask(
    assessment: Assessment, *, person: User, items: Collection[str], note: str, due_on: date | None, by: User
) -> list[AskedItem]:
    """Ask `person`, an owner or contributor of the agency, to write these items. Only what was not asked yet is new.

    Raises PermissionDenied, or Refused with code "move", "person" or "too_long".
    """
    locked = _open_for_asking(assessment, items, by)
    # A hand-over of the same person comes before or after this.
    lock_people(locked.agency)
    roles = Membership.objects.current().filter(agency=locked.agency, user=person, role__in=WRITERS)
    entry = roles.select_related("user").filter(user__is_active=True).first()
    if entry is None:
        raise Refused(_("มอบข้อได้เฉพาะผู้ร่วมเขียนและเจ้าภาพหมวดของหน่วยงาน เพิ่มบุคคลก่อน"), code="person")
    text = stored_note(note)
    known = AskedItem.objects.filter(assessment=locked, user=person, ended_at=None, item__in=items)
    over = [row for row in known if row.ends_on and row.ends_on < timezone.localdate()]
    fresh = sorted(set(items) - {row.item for row in known})
    made = [
        AskedItem.objects.create(
            assessment=locked,
            item=item,
            user=person,
            user_name=entry.known_as,
            note=text,
            due_on=due_on,
            asked_by=by,
            asked_by_name=str(by),
            asked_at=locked.asked_at,
        )
        for item in fresh
    ]
    # What the person had until an earlier day is theirs again.
    made += [swap(row, row.version, ends_on=None, note=text, due_on=due_on) for row in over]
    if made:
        codes = sorted(row.item for row in made)
        _record("work.asked", locked, by, person=entry.known_as, items=codes, due_on=_iso(due_on))
    return made


@transaction.atomic
def change(asked: AskedItem, *, version: int, note: str, due_on: date | None, by: User) -> AskedItem:
    """Another note or day. Raises Conflict, PermissionDenied, or Refused with code "move", "ended" or "too_long"."""
    locked = _open_for_asking(asked.assessment, [asked.item], by)
    current = AskedItem.objects.get(pk=asked.pk)
    if current.ended_at:
        raise Refused(_("ข้อนี้เรียกคืนแล้ว มอบใหม่ได้จากหน้าหัวข้อและเจ้าภาพ"), code="ended")
    text = stored_note(note)
    if (text, due_on) == (current.note, current.due_on):
        return current
    saved = swap(current, version, note=text, due_on=due_on)
    _record("work.changed", locked, by, person=saved.user_name, items=[saved.item], due_on=_iso(due_on))
    return saved


@transaction.atomic
def take_back(asked: AskedItem, *, by: User) -> AskedItem:
    """The person writes the item no more; what they wrote stays. Twice is once."""
    locked = _open_for_asking(asked.assessment, [asked.item], by)
    current = AskedItem.objects.get(pk=asked.pk)
    if current.ended_at:
        return current
    saved = end_row(current, by=by)
    _record("work.taken_back", locked, by, person=saved.user_name, items=[saved.item])
    return saved


def end_row(current: AskedItem, *, by: User) -> AskedItem:
    return swap(current, current.version, ended_at=timezone.now(), ended_by_name=str(by))


@transaction.atomic
def set_category_due(
    assessment: Assessment, category: str, *, version: int, due_on: date | None, by: User
) -> CategoryDue:
    """The day of a category; None takes it away. Raises Conflict, PermissionDenied, or Refused with code "move"."""
    locked = lock(assessment)
    _check(locked, category, by)
    refuse_unless(locked, *WITH_AGENCY)
    known = CategoryDue.objects.filter(assessment=locked, category=category).first()
    if known and known.due_on == due_on:
        return known
    key = {"assessment": locked, "category": category}
    saved = insert_or_swap(CategoryDue, version, key=key, due_on=due_on)
    _record("work.due", locked, by, category=category, due_on=_iso(due_on))
    return saved


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _record(action: str, locked: Assessment, by: User, **data) -> None:
    log.record(action, locked, by=by, agency=locked.agency, **data)
