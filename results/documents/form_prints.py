"""The forms on paper with the verdict and the comment of each answer, as a published result has them.

They are prints of the submission like any other (assessments.models.Print); what is added comes from the frozen sheet
alone, so nothing is on them before publication, and nobody who judged. A corrected result is a print of its own.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Print, Submission
from assessments.paper.content import Wanted
from assessments.services.printing import order_frozen
from assessments.workflow import lock
from pmqa.accounts.models import User
from results.models import ResultSheet
from results.payload import parts_of


def submission_of(sheet: ResultSheet) -> Submission | None:
    """The submission that was judged; none where the result was read from a print of another system."""
    frozen = sheet.payload["submission"]
    if frozen is None:
        return None
    return sheet.assessment.submissions.filter(number=frozen["number"], digest=frozen["digest"]).first()


def prints_of(sheet: ResultSheet) -> QuerySet[Print]:
    """Those of this sheet, without an earlier or a later one of the same assessment."""
    return sheet.assessment.prints.listed().filter(marks_digest=sheet.digest)


def marks_of(sheet: ResultSheet) -> dict[str, Any]:
    """What `Print.marks` keeps of a sheet."""
    judged = [*parts_of(sheet.payload), *sheet.payload["indicators"]]
    return {
        "published_at": sheet.created_at.isoformat(),
        "revision": sheet.revision,
        "frozen": {key: sheet.payload[key] for key in ("agency", "cycle", "edition", "policy")},
        "answers": {entry["code"]: [entry["outcome"] or "", entry.get("comment") or ""] for entry in judged},
    }


@transaction.atomic
def order(sheet: ResultSheet, wanted: Wanted, *, by: User) -> Print:
    """The print of that form with the marks of this sheet; once, whoever asks. Raises PermissionDenied, Refused."""
    locked = lock(sheet.assessment)
    submission = submission_of(sheet)
    if not by.has_perm("results.read", locked) or submission is None:
        raise PermissionDenied(_("พิมพ์พร้อมผลการตรวจได้เมื่อประกาศผลแล้ว"))
    submission.assessment = locked
    result = {"digest": sheet.digest, "marks": marks_of(sheet)}
    return order_frozen(submission, wanted, result=result, by=by)
