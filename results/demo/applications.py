"""Form 1 of some invented agencies: which award they apply for, and an invented contact."""

from datetime import datetime

from assessments.models import Application, Assessment
from pmqa.accounts.models import User

WHOLE, BY_CATEGORY = Application.Award.WHOLE, Application.Award.CATEGORIES
# By running number of the agency; the others have not applied.
APPLIED = {
    1: (WHOLE, []),
    2: (BY_CATEGORY, ["4"]),
    4: (BY_CATEGORY, ["3", "6"]),
    6: (WHOLE, []),
    7: (BY_CATEGORY, ["1"]),
}


# Of the cycle before this one.
APPLIED_BEFORE = {1: (BY_CATEGORY, ["3"]), 2: (BY_CATEGORY, ["4"]), 5: (WHOLE, [])}


def write_before(assessment: Assessment, number: int, *, at: datetime, by: User) -> None:
    """As `write`, for a cycle that is over."""
    if number in APPLIED_BEFORE:
        _write(assessment, number, *APPLIED_BEFORE[number], at=at, by=by)


def write(assessment: Assessment, number: int, *, at: datetime, by: User) -> None:
    """Nothing for an agency that does not apply."""
    if number in APPLIED:
        _write(assessment, number, *APPLIED[number], at=at, by=by)


def _write(
    assessment: Assessment, number: int, award: str, categories: list[str], *, at: datetime, by: User
) -> None:
    Application.objects.create(
        assessment=assessment,
        award=award,
        categories=categories,
        contact_name="ผู้ติดต่อ สมมติ",
        contact_position="ผู้อำนวยการกลุ่มพัฒนาระบบบริหาร (สมมติ)",
        contact_phone="0 2000 0000 ต่อ 100",
        contact_mail=f"psdg{number:03d}@agency.example",
        version=1,
        updated_at=at,
        updated_by=by,
    )
