"""Who judges a case: assigning and withdrawing reviewers, opening the review, sending a case back."""

from collections.abc import Collection, Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Status
from assessments.reading import tree_of
from assessments.workflow import change_status, lock
from criteria.models import Category
from pmqa.accounts import log
from pmqa.accounts.models import Agency, User
from pmqa.errors import Refused
from reviews.models import Assignment
from reviews.reading import MARKED_KINDS
from reviews.rules import YEARS_APART, ministry_ties
from reviews.services.marking import settle_when_all_in

ASSIGNABLE = (Status.SUBMITTED, Status.IN_REVIEW)


def check_people(people: Iterable[User], agency: Agency) -> None:
    """Raises Refused, code "inactive" or "ministry", for the first person who may not judge `agency`."""
    found = User.objects.filter(pk__in=[person.pk for person in people])
    for person in found.annotate(is_tied=ministry_ties(agency)).order_by("pk"):
        if not person.is_active:
            raise Refused(
                _("มอบหมาย %(person)s ไม่ได้ บัญชีนี้ปิดใช้งานแล้ว เลือกคนอื่น") % {"person": person}, code="inactive"
            )
        if person.is_tied:
            raise Refused(
                _(
                    "มอบหมาย %(person)s ไม่ได้ ผู้ตรวจต้องไม่มีบทบาทในกระทรวงเดียวกันภายใน %(years)d ปี "
                    "(กฎการแบ่งแยกหน้าที่ข้อ 1) เลือกคนอื่น"
                )
                % {"person": person, "years": YEARS_APART},
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
    assessment: Assessment, *, reviewers: Collection[User], lead: User, lead_marks: bool, by: User
) -> None:
    """Make `reviewers` and `lead` the team of the whole case: one row per person and category.

    Whoever is not named any more is withdrawn; verdicts stay with the withdrawn rows. Once the review is
    open people can only be added, and `recuse` withdraws one by one. The same team again changes nothing.
    Raises PermissionDenied, or Refused with code "status", "inactive", "ministry", "team" or "lead".
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.assign", locked):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    check_assignable(locked)
    marking = {person.pk for person in reviewers} | ({lead.pk} if lead_marks else set())
    if not marking:
        raise Refused(_("เลือกผู้ตรวจอย่างน้อยหนึ่งคน หรือให้หัวหน้าทีมลงผลการตรวจด้วย"), code="team")
    check_people([*reviewers, lead], locked.agency)
    rows = {(row.reviewer_id, row.category_id): row for row in Assignment.objects.filter(assessment=locked)}
    team = marking | {lead.pk}
    leaving = [row for row in rows.values() if row.recused_at is None and row.reviewer_id not in team]
    if locked.status == Status.IN_REVIEW:
        _refuse_loss(rows.values(), leaving, marking, lead)
    added = _join(locked, rows, marking, team, lead)
    Assignment.objects.filter(pk__in=[row.pk for row in leaving]).update(recused_at=timezone.now())
    withdrawn = sorted({row.reviewer_id for row in leaving})
    if added or withdrawn:
        log.record("review.assigned", locked, by=by, added=added, withdrawn=withdrawn, lead=lead.pk)


def _refuse_loss(
    rows: Iterable[Assignment], leaving: Collection[Assignment], marking: set[int], lead: User
) -> None:
    active = [row for row in rows if row.recused_at is None]
    if leaving or any(row.marks and row.reviewer_id not in marking for row in active):
        raise Refused(_("เปิดการตรวจแล้ว เพิ่มผู้ตรวจได้ แต่การถอนต้องกด “ถอนตัว” ที่ชื่อของคนนั้น"), code="team")
    if any(row.is_lead and row.reviewer_id != lead.pk for row in active):
        raise Refused(_("เรื่องนี้มีหัวหน้าทีมแล้ว ถอนหัวหน้าทีมคนเดิมก่อน จึงตั้งคนใหม่ได้"), code="lead")


def _join(
    locked: Assessment, rows: dict[tuple[int, int], Assignment], marking: set[int], team: set[int], lead: User
) -> list[int]:
    """Give every member of the team an active row in every category; whose rows changed."""
    categories = Category.objects.filter(edition=locked.cycle.edition, kind__in=MARKED_KINDS)
    changed, new = set(), []
    for category in categories.values_list("pk", flat=True):
        for person in sorted(team):
            duty = {"marks": person in marking, "is_lead": person == lead.pk}
            row = rows.get((person, category))
            if row is None:
                new.append(Assignment(assessment=locked, category_id=category, reviewer_id=person, **duty))
            elif row.recused_at or any(getattr(row, name) != value for name, value in duty.items()):
                # Whoever comes back hands in afresh; the verdicts of the first time are still there.
                again = {"handed_in_at": None, "recused_at": None} if row.recused_at else {}
                Assignment.objects.filter(pk=row.pk).update(**duty, **again)
            else:
                continue
            changed.add(person)
    Assignment.objects.bulk_create(new)
    return sorted(changed)


@transaction.atomic
def recuse(assessment: Assessment, *, reviewer: User, by: User) -> None:
    """Withdraw one person from the case: their verdicts are kept and no longer count.

    A reviewer may step aside alone until consensus; the administrator may withdraw anybody. When everybody
    else has handed in, the case goes on. Withdrawing twice changes nothing.
    """
    locked = lock(assessment)
    if by != reviewer and not by.has_perm("reviews.assign", locked):
        raise PermissionDenied(_("ถอนผู้ตรวจได้เฉพาะตัวท่านเอง ผู้ถอนคนอื่นคือผู้ดูแลระบบ"))
    check_assignable(locked)
    rows = Assignment.objects.active().filter(assessment=locked, reviewer=reviewer)
    if not rows.update(recused_at=timezone.now()):
        return
    log.record("review.recused", locked, by=by, reviewer=reviewer.pk)
    if locked.status == Status.IN_REVIEW:
        settle_when_all_in(locked)


@transaction.atomic
def open_review(assessment: Assessment, *, by: User) -> Assessment:
    """Let the reviewers in. Raises PermissionDenied, or Refused with code "status", "uncovered", "lead",
    "inactive" or "ministry": people are looked at again, for roles change between assigning and opening.
    """
    locked = lock(assessment)
    rows = list(Assignment.objects.active().filter(assessment=locked).select_related("category", "reviewer"))
    uncovered = [code for code in _marked_codes(locked) if not _is_marked(code, rows)]
    if uncovered:
        raise Refused(
            _("เปิดการตรวจไม่ได้ ยังไม่มีผู้ตรวจในหมวด %(codes)s มอบหมายให้ครบก่อน") % {"codes": ", ".join(uncovered)},
            code="uncovered",
        )
    leads = {row.reviewer_id for row in rows if row.is_lead}
    if len(leads) != 1:
        raise Refused(_("เปิดการตรวจไม่ได้ ต้องมีหัวหน้าทีมหนึ่งคน ขณะนี้มี %(n)d คน") % {"n": len(leads)}, code="lead")
    check_people({row.reviewer for row in rows}, locked.agency)
    return change_status(locked, Status.IN_REVIEW, by=by)


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


def _is_marked(code: str, rows: Iterable[Assignment]) -> bool:
    return any(row.marks and row.category.code == code for row in rows)
