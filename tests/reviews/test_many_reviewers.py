"""The pages of reviewers and of the consensus with twenty reviewers, among three hundred cases."""

import pytest
from django.urls import reverse

from assessments.models import Status
from tests import factories
from tests.cases import visit
from tests.reviews import cases, crowds
from tests.reviews.settled import disputed, settled_case

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]

CEILING = 12


def test_the_pages_of_the_consensus_stay_below_their_ceiling(
    reviewer, other, lead, as_user, cycle, django_assert_max_num_queries
):
    case = settled_case(reviewer, other, lead=lead, opinions=disputed() | disputed("7.1.1"), cycle=cycle)
    assert len(crowds.more_reviewers(case)) > 18 * 130
    crowds.more_cases(case)
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


# Of a save besides the two that find out who is signed in.
QUEUE, MARKING, SAVE = 10, 12, 6 + 2


def test_the_pages_of_a_reviewer_stay_below_theirs(
    reviewer, other, lead, as_user, django_assert_max_num_queries
):
    case = cases.open_case(reviewer, other, lead=lead)
    cases.mark_everything(case, by=other)
    assert len(crowds.more_reviewers(case)) > 18 * 130
    mine = crowds.more_cases(case, status=Status.IN_REVIEW)
    own = case.assignments.filter(reviewer=reviewer).values_list("category_id", flat=True)
    crowds.assigned(mine, reviewer, categories=list(own))
    client = as_user(reviewer)
    with django_assert_max_num_queries(QUEUE):
        page = client.get(reverse("reviews:queue"))
    assert len(page.context["waiting"]) == 301
    for topic in ("1.1", "7.1"):
        with django_assert_max_num_queries(MARKING):
            assert client.get(reverse("reviews:topic", args=[case.pk, topic])).status_code == 200
    answer = factories.answer_of(case, "1.1.1.1")
    url, typed = reverse("reviews:mark", args=[case.pk, answer.pk]), {"comment": "", "internal_note": ""}
    for version in (0, 1):
        data = typed | {"version": version, "judged_version": answer.version, "outcome": "unsure"}
        saved = visit(client, "POST", url, data, Accept="application/json")
        assert (saved.response.status_code, saved.wrote) == (200, ("reviews_verdict",))
        assert saved.queries <= SAVE
        # Undone: the first mark again, to be changed.
        if not version:
            cases.mark(answer, by=reviewer)
