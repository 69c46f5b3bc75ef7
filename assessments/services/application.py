"""Saving Form 1."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.applications import application_of
from assessments.models import Application, Assessment
from assessments.presentation import why_closed
from assessments.reading import tree_of
from assessments.workflow import lock
from criteria.structure import PROCESS, Category
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.versioning import insert_or_swap

FIELDS = (
    "award", "categories", "contact_name", "contact_position", "contact_phone", "contact_mail", "remarks",
)  # fmt: skip


def categories_offered(assessment: Assessment) -> tuple[Category, ...]:
    """What an award by category is given for: processes. Results go with each of them."""
    return tree_of(assessment).of_kind(PROCESS)


@transaction.atomic
def save_application(
    assessment: Assessment, *, version: int, values: Mapping[str, Any], by: User
) -> Application:
    """Store what was written into Form 1; what is stored already makes no new version.

    Raises Conflict when `version` is not the stored one; PermissionDenied; Refused with code "closed" while the
    assessment is not open for writing, "categories" (an award by category names none, or one that is not offered).
    """
    locked = lock(assessment)
    if not by.has_perm("assessments.apply", locked):
        raise PermissionDenied(_("ผู้กรอกใบสมัครคือผู้ประสานงานของหน่วยงาน"))
    if why := why_closed(locked, locked.asked_at):
        sentence = _("%(why)s ข้อความนี้ยังไม่บันทึก คัดลอกเก็บไว้ก่อนออกจากหน้านี้") % {"why": why}
        raise Refused(sentence, code="closed")
    wanted = {name: values[name] for name in FIELDS}
    by_category = wanted["award"] == Application.Award.CATEGORIES
    offered = [category.code for category in categories_offered(locked)]
    wanted["categories"] = [code for code in offered if by_category and code in wanted["categories"]]
    if by_category and not wanted["categories"]:
        raise Refused(_("เลือกหมวดที่สมัครอย่างน้อยหนึ่งหมวด"), code="categories")
    current = application_of(locked)
    before = {name: getattr(current or Application(), name) for name in FIELDS}
    changed = [name for name in FIELDS if before[name] != wanted[name]]
    if not changed:
        return current or Application(assessment=locked)
    saved = insert_or_swap(
        Application,
        version,
        key={"assessment": locked},
        **wanted,
        updated_at=locked.asked_at,
        updated_by=by,
    )
    # Which blanks, and what is no personal data of what stands in them.
    log.record(
        "assessment.application_saved",
        locked,
        by=by,
        agency=locked.agency,
        changed=changed,
        award=saved.award,
        categories=saved.categories,
    )
    return saved
