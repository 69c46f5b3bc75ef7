"""Who judges a case: giving it a team, opening the review, sending a case back."""

from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Status
from assessments.reading import tree_of
from assessments.workflow import change_status, lock
from pmqa.accounts import log
from pmqa.accounts.models import Agency, User
from pmqa.errors import Refused
from reviews.duties import (
    ASSIGNABLE,
    Duties,
    Key,
    category_keys,
    present_categories,
    refuse_loss,
    rows_of,
    wanted_duties,
)
from reviews.loads import Sizes, sizes_of
from reviews.models import Assignment
from reviews.reading import MARKED_KINDS
from reviews.rules import tie_to, tie_words
from reviews.team_models import Departure


def check_people(people: Iterable[User], agency: Agency) -> None:
    """Raises Refused, code "inactive" or "ministry", for the first person who may not judge `agency`."""
    found = User.objects.filter(pk__in=[person.pk for person in people])
    for person in found.annotate(tie=tie_to(agency)).order_by("pk"):
        if not person.is_active:
            raise Refused(
                _("มอบหมาย %(person)s ไม่ได้ บัญชีนี้ปิดใช้งานแล้ว เลือกคนอื่น") % {"person": person}, code="inactive"
            )
        if person.tie:
            raise Refused(
                _("มอบหมาย %(person)s ไม่ได้ %(rule)s เลือกคนอื่น")
                % {"person": person, "rule": tie_words(person.tie)},
                code="ministry",
            )


def check_assignable(assessment: Assessment) -> None:
    """Raises Refused, code "status", for a case that takes no reviewers now."""
    if assessment.status not in ASSIGNABLE:
        raise Refused(
            _("มอบหมายผู้ตรวจไม่ได้ เพราะสถานะคือ “%(status)s” มอบหมายได้หลังหน่วยงานส่งและก่อนตรวจเสร็จ")
            % {"status": assessment.get_status_display()},
            code="status",
        )


@transaction.atomic
def assign(
    assessment: Assessment,
    *,
    reviewers: Collection[User],
    lead: User,
    lead_marks: bool,
    categories: Mapping[int, Collection[str]] | None = None,
    sizes: Sizes | None = None,
    by: User,
) -> None:
    """Make `reviewers` and `lead` the team of the case: one row per person and category.

    `categories` names what a person marks (nothing named: all); without it everybody keeps what they have, and
    who is new gets all. Whoever is not named any more is withdrawn; verdicts stay with the withdrawn rows. Once
    the review is open duties can only be added, and `recuse` withdraws one by one. The same team again changes
    nothing. Raises PermissionDenied, or Refused with code "status", "inactive", "ministry", "team", "lead" or
    "category".
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.assign", locked):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    check_assignable(locked)
    marking = {person.pk for person in reviewers} | ({lead.pk} if lead_marks else set())
    if not marking:
        raise Refused(_("เลือกผู้ตรวจอย่างน้อยหนึ่งคน หรือให้หัวหน้าทีมลงผลการตรวจด้วย"), code="team")
    check_people([*reviewers, lead], locked.agency)
    rows = rows_of(locked)
    if categories is None:
        categories = present_categories(rows)
    wanted = wanted_duties(category_keys(locked.cycle.edition), marking, lead.pk, categories)
    if locked.status == Status.IN_REVIEW:
        refuse_loss(rows, wanted)
    added, withdrawn = place(locked, rows, wanted, sizes)
    if added or withdrawn:
        log.record("review.assigned", locked, by=by, added=added, withdrawn=withdrawn, lead=lead.pk)


def place(
    locked: Assessment, rows: Mapping[Key, Assignment], wanted: Duties, sizes: Sizes | None = None
) -> tuple[list[int], list[int]]:
    """Make the active rows of a locked case those of `wanted`; whose rows came or changed, and whose went.

    Whoever has opened the case already goes on reading in a category that is added.
    """
    opened = {
        row.reviewer_id: row.opened_at for row in rows.values() if row.recused_at is None and row.opened_at
    }
    changed, new = set(), []
    for (person, category), duty in sorted(wanted.items()):
        row = rows.get((person, category))
        fields = {"marks": duty.marks, "is_lead": duty.is_lead}
        if row is None:
            new.append(
                Assignment(
                    assessment=locked,
                    category_id=category,
                    reviewer_id=person,
                    opened_at=opened.get(person),
                    **fields,
                )
            )
        elif row.recused_at or any(getattr(row, name) != value for name, value in fields.items()):
            # Whoever comes back hands in afresh; the verdicts of the first time are still there.
            again = {"handed_in_at": None, "recused_at": None} if row.recused_at else {}
            Assignment.objects.filter(pk=row.pk).update(**fields, **again)
        else:
            continue
        changed.add(person)
    if new:
        known = sizes if sizes is not None else sizes_of([locked.pk])
        for row in new:
            row.parts, row.words = known.get((locked.pk, row.category_id), (0, 0))
        Assignment.objects.bulk_create(new)
    if changed:
        # Nobody is to be found any more for whoever has come back.
        Departure.objects.filter(assessment=locked, reviewer__in=changed, is_awaited=True).update(
            is_awaited=False
        )
    leaving = [row for key, row in rows.items() if row.recused_at is None and key not in wanted]
    if leaving:
        Assignment.objects.filter(pk__in=[row.pk for row in leaving]).update(recused_at=timezone.now())
    return sorted(changed), sorted({row.reviewer_id for row in leaving})


@transaction.atomic
def open_review(assessment: Assessment, *, by: User) -> Assessment:
    """Let the reviewers in. Raises PermissionDenied, or Refused with code "status", "uncovered", "lead",
    "inactive" or "ministry": people are looked at again, for roles change between assigning and opening.
    """
    locked = lock(assessment)
    rows = list(Assignment.objects.active().filter(assessment=locked).select_related("category", "reviewer"))
    least = locked.cycle.least_reviewers
    if uncovered := [code for code in _marked_codes(locked) if _markers(code, rows) < least]:
        sentence = (
            _("เปิดการตรวจไม่ได้ ยังไม่มีผู้ตรวจในหมวด %(codes)s มอบหมายให้ครบก่อน")
            if least == 1
            else _("เปิดการตรวจไม่ได้ หมวด %(codes)s มีผู้ตรวจไม่ถึง %(n)d คนตามที่รอบนี้กำหนด มอบหมายให้ครบก่อน")
        )
        raise Refused(sentence % {"codes": ", ".join(uncovered), "n": least}, code="uncovered")
    leads = {row.reviewer_id for row in rows if row.is_lead}
    if len(leads) != 1:
        raise Refused(_("เปิดการตรวจไม่ได้ ต้องมีหัวหน้าทีมหนึ่งคน ขณะนี้มี %(n)d คน") % {"n": len(leads)}, code="lead")
    check_people({row.reviewer for row in rows}, locked.agency)
    opened = change_status(locked, Status.IN_REVIEW, by=by)
    # The case may have been with its agency again since the team was made.
    for (_case, category), (parts, words) in sizes_of([locked.pk]).items():
        Assignment.objects.filter(assessment=locked, category=category).update(parts=parts, words=words)
    return opened


@transaction.atomic
def send_back(assessment: Assessment, note: str, *, by: User) -> Assessment:
    """Give the case back to the agency for correction, with the reason.

    Only before a reviewer has opened it: what was read once must not change. Raises PermissionDenied, or
    Refused with code "opened", "note" or "move".
    """
    locked = lock(assessment)
    if Assignment.objects.filter(assessment=locked).exclude(opened_at=None).exists():
        raise Refused(_("ส่งกลับไม่ได้ เพราะมีผู้ตรวจเปิดอ่านแล้ว การแก้ไขจากนี้ทำได้ผ่านความเห็นของผู้ตรวจ"), code="opened")
    return change_status(locked, Status.RETURNED, by=by, note=note)


def _marked_codes(assessment: Assessment) -> list[str]:
    return [category.code for kind in MARKED_KINDS for category in tree_of(assessment).of_kind(kind)]


def _markers(code: str, rows: Iterable[Assignment]) -> int:
    return sum(row.marks and row.category.code == code for row in rows)
