"""Many reviewers of one case and many cases of one cycle, in rows: what pages and measurements meet at size."""

from django.utils import timezone

from assessments.models import Assessment, Status
from pmqa.accounts.models import Agency, User
from reviews.models import Assignment, Verdict


def more_reviewers(case: Assessment, number: int = 18) -> list[Verdict]:
    """Reviewers of everything who passed every answer that has a mark, and have handed in."""
    now = timezone.now()
    people = User.objects.bulk_create(
        User(email=f"many{n}@test.example", first_name=f"คนที่{n}") for n in range(number)
    )
    own = Assignment.objects.filter(
        assessment=case, marks=True, reviewer_id=case.assignments.first().reviewer_id
    )
    rows = Assignment.objects.bulk_create(
        Assignment(assessment=case, category_id=category, reviewer=person, opened_at=now, handed_in_at=now)
        for person in people
        for category in own.values_list("category_id", flat=True)
    )
    answers = list(
        case.answers.present()
        .exclude(verdicts=None)
        .values_list("pk", "part__item__topic__category", "version")
    )
    return Verdict.objects.bulk_create(
        Verdict(
            answer_id=pk, assignment=row, outcome="pass", judged_version=version, version=1, updated_at=now
        )
        for row in rows
        for pk, category, version in answers
        if category == row.category_id
    )


def more_cases(case: Assessment, number: int = 300, *, status: str = Status.CONSENSUS) -> list[Assessment]:
    """Cases of other agencies in the same cycle."""
    first = Agency.objects.count()
    agencies = Agency.objects.bulk_create(
        Agency(code=f"N-{n:04d}", name=f"กรมสมมติที่ {n}", ministry=case.agency.ministry)
        for n in range(first, first + number)
    )
    return Assessment.objects.bulk_create(
        Assessment(cycle=case.cycle, agency=agency, status=status, submitted_at=case.submitted_at)
        for agency in agencies
    )


def assigned(cases: list[Assessment], reviewer: User, *, categories: list[int], opened: bool = True) -> None:
    """This reviewer judges these categories of all of them."""
    at = timezone.now() if opened else None
    Assignment.objects.bulk_create(
        Assignment(
            assessment=case, category_id=category, reviewer=reviewer, opened_at=at, parts=20, words=900
        )
        for case in cases
        for category in categories
    )
