"""Another reviewer for the categories in which abstentions left an answer with too few marks."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.workflow import lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from reviews.abstaining import unreplaced
from reviews.duties import Duties, Duty, duties_of, rows_of
from reviews.services.assigning import check_people, place


@transaction.atomic
def stand_in(assessment: Assessment, *, person: User, by: User) -> bool:
    """Give `person` the categories that lack a mark, to mark as a whole and afresh; whether there was anything to give.

    Raises PermissionDenied, also for an administrator who may not know yet that somebody abstained; Refused with code
    "same" for whoever marks one of them already, "inactive" or "ministry".
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.assign", locked) or not by.has_perm("reviews.follow_marking", locked):
        raise PermissionDenied(_("ผู้มอบหมายผู้ตรวจคือผู้ดูแลระบบ"))
    lacking = unreplaced().filter(answer__assessment=locked)
    categories = set(lacking.values_list("assignment__category", flat=True))
    if not categories:
        return False
    check_people([person], locked.agency)
    rows = rows_of(locked)
    wanted: Duties = duties_of(rows)
    for category in categories:
        own = wanted.get((person.pk, category), Duty(marks=False, is_lead=False))
        if own.marks:
            raise Refused(_("%(person)s ลงผลในหมวดนี้อยู่แล้ว เลือกคนอื่น") % {"person": person}, code="same")
        wanted[person.pk, category] = Duty(marks=True, is_lead=own.is_lead)
    added, withdrawn = place(locked, rows, wanted)
    log.record("review.assigned", locked, by=by, added=added, withdrawn=withdrawn)
    return True
