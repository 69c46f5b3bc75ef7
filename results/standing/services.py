"""What administrators decide about the KPI of a cycle: its rules, and types that no score gives."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Cycle
from pmqa.accounts import log
from pmqa.accounts.models import Agency, User
from pmqa.errors import Refused
from pmqa.versioning import insert_or_swap
from results import fixing
from results.standing.models import TargetRules, TypeChoice
from results.standing.reading import last_scores
from results.standing.targets import RULES, Rules, fits
from reviews.comments import is_comment
from reviews.services.texts import stored_text


@transaction.atomic
def set_rules(cycle: Cycle, *, version: int, rules: Rules, by: User) -> TargetRules:
    """Store the anchors and boundaries of a cycle. The same rules again are no change.

    Raises PermissionDenied, Conflict, or Refused with code "locked" (a result of the cycle is known) or "rules"
    (they cannot be meant).
    """
    locked = fixing.lock(cycle, by=by)
    stored = TargetRules.objects.filter(cycle=locked).first() or TargetRules(cycle=locked)
    if stored.rules == rules and stored.version:
        return stored
    if fixing.is_told(locked):
        raise Refused(_("แจ้งผลของรอบนี้แล้ว ค่าเป้าหมายจึงแก้ไม่ได้"), code="locked")
    if rules.faults():
        raise Refused(_("ค่าเหล่านี้ใช้ด้วยกันไม่ได้ ตรวจแล้วแก้ก่อน"), code="rules")
    made = insert_or_swap(
        TargetRules,
        version,
        key={"cycle": locked},
        **{name: getattr(rules, name) for name in RULES},
        changed_by=by,
        changed_by_name=str(by),
        changed_at=locked.asked_at,
    )
    log.record(
        "target.rules_changed",
        made,
        by=by,
        before=_plain(stored.rules),
        after=_plain(rules),
        year=locked.year,
    )
    return made


@transaction.atomic
def choose_type(
    cycle: Cycle, agency: Agency, *, version: int, kpi_type: int, base: Decimal | None, reason: str, by: User
) -> TypeChoice:
    """Give an agency without a score of last year its type. The same choice again is no change.

    Raises PermissionDenied, Conflict, or Refused with code "scored" (last year's score gives the type), "told" (the
    agency knows its result, so an earlier choice stands), "reason" or "base" (types 2 and 3 rest on a score in their
    own range, type 1 on none).
    """
    locked = fixing.lock(cycle, by=by)
    reason = stored_text(reason)
    stored = TypeChoice.objects.filter(cycle=locked, agency=agency).first()
    wanted = {"kpi_type": kpi_type, "base": base, "reason": reason}
    if stored and all(getattr(stored, name) == value for name, value in wanted.items()):
        return stored
    if last_scores(locked, agency):
        raise Refused(_("หน่วยงานนี้มีคะแนนของปีก่อน ระบบใช้คะแนนนั้น จึงกำหนดประเภทเองไม่ได้"), code="scored")
    if stored and fixing.is_told(locked, agency):
        raise Refused(_("หน่วยงานทราบผลแล้ว ประเภทที่กำหนดไว้จึงแก้ไม่ได้"), code="told")
    if not is_comment(reason):
        raise Refused(_("ระบุเหตุผลที่กำหนดประเภทนี้"), code="reason")
    _check_base(locked, kpi_type, base)
    made = insert_or_swap(
        TypeChoice,
        version,
        key={"cycle": locked, "agency": agency},
        **wanted,
        chosen_by=by,
        chosen_by_name=str(by),
        chosen_at=locked.asked_at,
    )
    log.record(
        "target.type_chosen",
        made,
        by=by,
        agency=agency,
        year=locked.year,
        type=kpi_type,
        base=None if base is None else str(base),
        before=stored.kpi_type if stored else None,
    )
    return made


def _check_base(cycle: Cycle, kpi_type: int, base: Decimal | None) -> None:
    if kpi_type == 1:
        if base is not None:
            raise Refused(_("ประเภทที่ 1 ไม่ใช้คะแนนฐาน เว้นว่างไว้"), code="base")
        return
    rules = (TargetRules.objects.filter(cycle=cycle).first() or TargetRules()).rules
    if base is None or base > 500 or not fits(rules, kpi_type, base):
        raise Refused(_("ระบุคะแนนฐานที่อยู่ในช่วงของประเภทนี้ ค่าเป้าหมาย 75 และ 100 คิดจากคะแนนนี้"), code="base")


def _plain(rules: Rules) -> dict[str, str]:
    return {name: f"{getattr(rules, name):.2f}" for name in RULES}
