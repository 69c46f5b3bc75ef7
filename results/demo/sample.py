"""Cases that one reviewer marks, and a second one a sample of them, so that the cycle can tell how far marks agree."""

from datetime import datetime

from results.demo.road import Case, fresh
from reviews.services import sampling
from reviews.team_models import Batch


def assign_with_sample(case: Case, at: datetime) -> None:
    """The first reviewer alone; the second for what is drawn, if a fifth is not drawn already."""
    del case.team.reviewers[1:]
    case.assign(at)
    cycle = case.assessment.cycle
    drawing = {"seed": case.year, "by": fresh(case.team.administrator)}
    found = sampling.propose_sample(cycle, **drawing)
    batch = sampling.apply_sample(cycle, shown=found.shown, seen=found.preview.seen, **drawing)
    if batch:
        Batch.objects.filter(pk=batch.pk).update(applied_at=at)
        case.date_back(at)
