"""More time for one agency: with a reason, and in the ledger that every agency reads (roles.md V13)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Extension
from assessments.services.guards import stored_note
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused


@transaction.atomic
def extend(assessment: Assessment, *, until: datetime | None, reason: str, by: User) -> Assessment:
    """Let one agency submit in time until then; None takes an extension back. What is so already makes no line.

    Raises PermissionDenied, or Refused with code "reason".
    """
    locked = lock(assessment)
    if not by.has_perm("assessments.change_assessment"):
        raise PermissionDenied(_("ผู้ขยายเวลาคือผู้ดูแลระบบ"))
    if locked.extended_until == until:
        return locked
    text = stored_note(reason)
    if not text:
        raise Refused(_("ระบุเหตุผลที่ขยายเวลา เพราะทุกหน่วยงานอ่านได้"), code="reason")
    before, locked.extended_until = locked.extended_until, until
    locked.save(update_fields=["extended_until"])
    Extension.objects.create(
        assessment=locked,
        until=until,
        reason=text,
        given_by=by,
        given_by_name=str(by),
        given_at=locked.asked_at,
    )
    log.record(
        "assessment.extended",
        locked,
        by=by,
        agency=locked.agency,
        before=before and before.isoformat(),
        until=until and until.isoformat(),
        reason=text,
    )
    return locked
