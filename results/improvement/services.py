"""What the agency writes into its plan, and the head's approval of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import Membership, User
from pmqa.errors import Refused
from pmqa.versioning import swap
from results.improvement.approved import freeze
from results.improvement.models import Card, Plan
from results.rules import PlanChapter

# What the head approves. How far something is, and what shows it, may be written on without asking again.
PLANNED = ("horizon", "owner_id", "measure", "success", "due_on")
WRITTEN = (*PLANNED, "state", "reason", "evidence")
# What a card of the agency's own says besides, where others have the words of the sheet.
OWN = ("title",)
# An agency that plans more than this plans nothing.
MOST_CARDS = 120


def lock_plan(plan: Plan) -> tuple[Assessment, Plan]:
    """Both rows as they are now; whatever is written into a plan waits for its assessment."""
    locked = lock(plan.assessment)
    current = Plan.objects.get(pk=plan.pk)
    current.assessment = locked
    return locked, current


def card_of(plan: Plan, card: Card) -> Card:
    current = Card.objects.get(plan=plan, pk=card.pk)
    current.plan = plan
    return current


@transaction.atomic
def save_card(card: Card, *, version: int, values: Mapping[str, Any], by: User) -> Card:
    """Store what somebody wrote on a card; saving what is stored already changes nothing.

    Raises Conflict, PermissionDenied, or Refused with code "dropped", "owner" or "reason".
    """
    locked, plan = lock_plan(card.plan)
    current = card_of(plan, card)
    if not by.has_perm("results.edit_card", current):
        raise PermissionDenied(_("ผู้แก้ไขรายการนี้คือผู้ประสานงาน เจ้าภาพของหมวดนี้ และผู้รับผิดชอบรายการ"))
    if current.is_dropped:
        raise Refused(_("ผลที่แก้ไขแล้วไม่มีข้อสังเกตนี้ รายการนี้อ่านได้อย่างเดียว"), code="dropped")
    names = (*OWN, *WRITTEN) if current.is_own else WRITTEN
    wanted = {name: values[name] for name in names}
    if wanted["state"] == Card.State.WONT_DO and not wanted["reason"]:
        raise Refused(_("ระบุเหตุผลที่ไม่ทำ ผู้ตรวจและรอบหน้าจะได้ทราบ"), code="reason")
    changed = {name for name in names if getattr(current, name) != wanted[name]}
    if not changed:
        return current
    if "owner_id" in changed:
        wanted["owner_name"] = _member_name(locked, wanted["owner_id"])
    saved = swap(current, version, **wanted, updated_at=locked.asked_at, updated_by=by)
    is_aside = {current.state, saved.state} & {Card.State.WONT_DO} and current.state != saved.state
    if changed & {*OWN, *PLANNED} or is_aside:
        _count_change(plan)
    if "state" in changed or current.updated_by_id != by.pk:
        # Autosave writes every few seconds: one entry says whose text it is from now on, and each change of state.
        log.record(
            "improvement.card_saved", saved, by=by, agency=locked.agency, card=saved.pk, state=saved.state
        )
    saved.plan = plan
    return saved


def _member_name(locked: Assessment, owner: int | None) -> str:
    """What the agency calls the person. Raises Refused, code "owner"."""
    if owner is None:
        return ""
    entry = members_of(locked).filter(user=owner).first()
    if entry is None:
        raise Refused(_("ผู้รับผิดชอบต้องเป็นบุคลากรของหน่วยงาน เลือกใหม่จากรายชื่อ"), code="owner")
    return entry.known_as


def members_of(assessment: Assessment):
    rows = Membership.objects.current().filter(agency=assessment.agency_id, user__is_active=True)
    return rows.select_related("user").order_by("user__first_name", "user_id", "pk")


@transaction.atomic
def add_card(plan: Plan, *, key: uuid.UUID, category: str, title: str, by: User) -> Card:
    """A card of the agency's own; the same form sent twice is one card. Raises PermissionDenied, Refused ("full")."""
    locked, current = lock_plan(plan)
    if not by.has_perm("results.add_card", PlanChapter(locked, category)):
        raise PermissionDenied(_("ผู้เพิ่มรายการคือผู้ประสานงาน และเจ้าภาพของหมวดนั้น"))
    if known := current.cards.filter(key=key).first():
        return known
    if current.cards.count() >= MOST_CARDS:
        raise Refused(
            _("แผนมีครบ %(n)d รายการแล้ว รวมเรื่องที่ใกล้กันไว้ในรายการเดิม") % {"n": MOST_CARDS}, code="full"
        )
    made = Card.objects.create(
        plan=current,
        key=key,
        category=category,
        title=title,
        added_by_name=str(by),
        updated_at=locked.asked_at,
        updated_by=by,
    )
    _count_change(current)
    log.record("improvement.card_added", made, by=by, agency=locked.agency, category=category)
    return made


def _count_change(plan: Plan) -> None:
    """The assessment is locked, so nobody else counts at the same time."""
    plan.number += 1
    plan.save(update_fields=["number"])


@transaction.atomic
def approve(plan: Plan, *, number: int, by: User) -> Plan:
    """The head's approval of the plan as it was read, which is frozen; the same approval again changes nothing.

    Raises PermissionDenied, or Refused with code "changed" (somebody wrote on meanwhile) or "empty".
    """
    locked, current = lock_plan(plan)
    if not by.has_perm("results.approve_plan", locked):
        raise PermissionDenied(_("ผู้อนุมัติแผนคือหัวหน้าส่วนราชการหรือผู้รักษาการ"))
    if current.approved_number == number == current.number:
        return current
    if number != current.number:
        raise Refused(_("แผนเปลี่ยนหลังจากที่ท่านเปิดดู อ่านอีกครั้งแล้วจึงอนุมัติ"), code="changed")
    if not current.cards.filter(is_dropped=False).exclude(measure="", state=Card.State.NOT_STARTED).exists():
        raise Refused(_("ยังไม่มีรายการใดบอกสิ่งที่จะทำ ให้ผู้ประสานงานเขียนแผนก่อน"), code="empty")
    current.approved_number, current.approved_at = number, locked.asked_at
    current.approved_by, current.approved_by_name = by, str(by)
    current.save()
    digest = freeze(current, at=locked.asked_at).digest
    log.record("improvement.approved", current, by=by, agency=locked.agency, number=number, digest=digest)
    return current
