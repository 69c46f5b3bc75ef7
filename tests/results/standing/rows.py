"""Published results as rows alone, for what reads many of them and no more than their scores."""

from django.utils import timezone

from assessments.models import Assessment, Cycle, Status
from pmqa.accounts.models import Agency
from results.models import ResultSheet


def publish_row(agency: Agency, cycle: Cycle, total: str, *, revision: int = 1, **topics: str) -> ResultSheet:
    """A sheet with one category and its one topic; made without the road that leads there."""
    case, _made = Assessment.objects.get_or_create(
        agency=agency, cycle=cycle, defaults={"status": Status.REPORT_ISSUED}
    )
    topic = {"code": "1.1", "name": "หัวข้อสมมติ", "score": topics.get("topic", total)}
    category = {"code": "1", "name": "หมวดสมมติ", "score": total, "topics": [topic]}
    scores = {"total": total, "level": None, "categories": [category]}
    return ResultSheet.objects.create(
        assessment=case,
        revision=revision,
        policy_name="pmqa40-2565",
        policy_version=1,
        claimed_total=total,
        verified_total=total,
        payload={"scores": {"verified": scores, "claimed": scores}},
        digest="0" * 64,
        created_at=timezone.now(),
    )
