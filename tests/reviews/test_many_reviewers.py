"""The pages of the consensus with twenty reviewers, among three hundred cases."""

import pytest
from django.utils import timezone

from assessments.models import Assessment, Status
from pmqa.accounts.models import Agency, User
from reviews.models import Assignment, Verdict
from tests import factories
from tests.reviews.settled import disputed, settled_case

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]

CEILING = 12


def test_the_pages_of_the_consensus_stay_below_their_ceiling(
    reviewer, other, lead, as_user, cycle, django_assert_max_num_queries
):
    case = settled_case(reviewer, other, lead=lead, opinions=disputed() | disputed("7.1.1"), cycle=cycle)
    crowd(case)
    place = f"/reviews/{case.pk}/"
    answer = factories.answer_of(case, "7.1.1").pk
    client, officer = as_user(lead), as_user(factories.make_official("officer"))
    for url in (
        f"{place}consensus/", f"{place}consensus/{answer}/", f"{place}consensus/{answer}/earlier/",
        f"{place}weighing/", f"{place}finish/",
    ):  # fmt: skip
        with django_assert_max_num_queries(CEILING):
            page = client.get(url)
        assert page.status_code == 200
    auditor = as_user(factories.make_official("auditor"))
    with django_assert_max_num_queries(CEILING):
        assert auditor.get(f"{place}consensus/{answer}/earlier/").status_code == 200
    with django_assert_max_num_queries(CEILING):
        page = officer.get(f"/reviews/cases/weighing/?cycle={cycle.pk}")
    assert page.context["balance"].total.disputed == 2
    assert len(page.context["balance"].cases) == 301


def crowd(case) -> None:
    """Eighteen more reviewers who passed everything, and three hundred more cases of the cycle."""
    now = timezone.now()
    people = User.objects.bulk_create(
        User(email=f"many{n}@test.example", first_name=f"คนที่{n}") for n in range(18)
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
    marks = Verdict.objects.bulk_create(
        Verdict(
            answer_id=pk, assignment=row, outcome="pass", judged_version=version, version=1, updated_at=now
        )
        for row in rows
        for pk, category, version in answers
        if category == row.category_id
    )
    assert len(marks) > 18 * 130
    agencies = Agency.objects.bulk_create(
        Agency(code=f"N-{n:03d}", name=f"กรมสมมติที่ {n}", ministry=case.agency.ministry) for n in range(300)
    )
    Assessment.objects.bulk_create(
        Assessment(cycle=case.cycle, agency=agency, status=Status.CONSENSUS) for agency in agencies
    )
