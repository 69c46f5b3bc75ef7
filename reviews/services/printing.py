"""The forms of a case on paper, for those who judge it: what was handed in, as it was frozen."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, Print
from assessments.paper.content import Wanted
from assessments.services.printing import order_frozen
from assessments.workflow import lock
from pmqa.accounts.models import User
from reviews.models import Assignment


@transaction.atomic
def order(assessment: Assessment, wanted: Wanted, *, by: User) -> Print:
    """A reviewer's own print of the submission under review.

    Nobody else finds it: to the agency it would tell that its case is being read, to another reviewer by whom.
    Raises PermissionDenied, also before the reviewer has begun; Refused as `order_frozen`.
    """
    locked = lock(assessment)
    begun = Assignment.objects.active_for(by).filter(assessment=locked).exclude(opened_at=None)
    if not by.has_perm("reviews.read", locked) or not begun.exists():
        raise PermissionDenied(_("ผู้พิมพ์แบบฟอร์มของเรื่องนี้คือผู้ตรวจที่เริ่มตรวจแล้ว"))
    submission = locked.submissions.first()
    submission.assessment = locked
    return order_frozen(submission, wanted, reviewer=by, by=by)
