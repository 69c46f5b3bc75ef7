"""An invented score of stage 2 for one result of the cycle before, recorded and confirmed by two administrators."""

from datetime import date
from decimal import Decimal

from assessments.models import Assessment
from pmqa.accounts.models import User
from results.stage_two import services


def write(assessment: Assessment, *, today: date, first: User, second: User) -> None:
    recorded = services.propose(
        assessment,
        values={
            "score": Decimal("512.5"),
            "scale": 1000,
            "decided_on": today,
            "decided_by": "คณะกรรมการพิจารณารางวัล (สมมติ)",
            "note": "",
            "reason": "",
        },
        by=first,
    )
    services.confirm(recorded, by=second)
