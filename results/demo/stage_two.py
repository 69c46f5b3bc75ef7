"""An invented score of stage 2 for one result of the cycle before, recorded and confirmed by two administrators."""

from datetime import datetime
from decimal import Decimal

from assessments.models import Assessment
from pmqa.accounts.models import User
from results import publishing
from results.models import StageTwo


def write(assessment: Assessment, *, at: datetime, first: User, second: User) -> None:
    """As `stage_two.services` does, dated in the story."""
    row = StageTwo.objects.create(
        assessment=assessment,
        score=Decimal("512.5"),
        scale=1000,
        decided_on=at.date(),
        decided_by="คณะกรรมการพิจารณารางวัล (สมมติ)",
        proposed_by=first,
        proposed_by_name=str(first),
        proposed_at=at,
        state=StageTwo.State.CONFIRMED,
        settled_by=second,
        settled_by_name=str(second),
        settled_at=at,
    )
    publishing.add_stage_two(assessment, row.frozen, reason="", at=at, by=second)
