"""Who judges a case, and the officer of it, read for what the agency applies, and reviewers never whom to ask."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from assessments.models import Print
from assessments.paper import printing as paper
from assessments.paper.content import Wanted
from assessments.services import printing
from reviews.services import assigning, marking
from reviews.services import printing as own_prints
from tests import factories
from tests.results import factories as results
from tests.reviews.cases import reloaded

ORDERED = {"ordered_at": datetime(2026, 5, 14, tzinfo=UTC), "marks_digest": "0" * 64}
MARKS = {"published_at": "2026-05-14T09:00:00+07:00", "revision": 1, "answers": {}}
AWARD = "รายหมวด หมวด 4"
CONTACT = ("ผู้ติดต่อสมมติ", "0 2000 0000", "contact@agency.example")


@pytest.fixture
def case(administrator):
    assessment = factories.make_assessment(complete=True)
    factories.make_application(assessment)
    factories.hand_over(assessment)
    return reloaded(assessment)


def held(text: str) -> list[str]:
    return [secret for secret in CONTACT if secret in text]


def test_reviewers_read_the_award_on_page_and_paper_and_nothing_of_the_contact(as_user, case, administrator):
    reviewer, lead = factories.make_user(), factories.make_user()
    assigning.assign(case, reviewers=[reviewer], lead=lead, lead_marks=False, by=administrator)
    assigning.open_review(case, by=administrator)
    marking.open_case(case, by=reviewer)
    client = as_user(reviewer)
    for page in (reverse("reviews:topic", args=[case.pk, "1.1"]), reverse("reviews:profile", args=[case.pk])):
        html = client.get(page).content.decode()
        assert AWARD in html
        assert held(html) == []
    assert client.get(reverse("assessments:application", args=[case.pk])).status_code == 404
    printed = paper.render_html(paper.paper_of(own_prints.order(case, Wanted("all"), by=reviewer)))
    assert AWARD in printed
    assert held(printed) == []


def test_the_officer_reads_the_award_with_the_case_and_the_contact_in_form_1(as_user, case):
    client = as_user(factories.make_official("officer"))
    html = client.get(reverse("reviews:case", args=[case.pk])).content.decode()
    assert AWARD in html
    assert held(html) == []
    form = client.get(reverse("assessments:application", args=[case.pk])).content.decode()
    assert held(form) == list(CONTACT)


def test_the_print_of_the_agency_has_the_contact_and_that_of_a_result_has_not(administrator, head, agency):
    assessment = factories.make_assessment(agency=agency)
    factories.make_application(assessment)
    factories.complete_answers(assessment)
    draft = printing.order(assessment, Wanted("form1"), submission=None, by=head)
    assert held(paper.render_html(paper.paper_of(draft))) == list(CONTACT)
    submission = results.make_submitted(cycle=assessment.cycle).submissions.get()
    submission.content["application"] = draft.content["application"]
    made = paper.paper_of(
        Print(assessment=submission.assessment, submission=submission, form="all", marks=MARKS, **ORDERED)
    )
    printed = paper.render_html(made)
    assert AWARD in printed
    assert held(printed) == []
