"""The forms on paper for reviewers: what was handed in as it was frozen, each their own, and no scores."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from assessments.models import Print
from assessments.paper.content import Wanted
from assessments.paper.printing import paper_of, render_html
from assessments.services import printing as agency_printing
from pmqa.accounts.models import LogEntry, User
from pmqa.errors import Refused
from pmqa.jobs.models import Job
from reviews.models import Assignment
from reviews.services import printing
from tests import factories
from tests.reviews import cases

pytestmark = pytest.mark.django_db

FORM4 = {"what": "form4", "digits": "arabic"}


@pytest.fixture
def reviewers():
    return factories.make_user(), factories.make_user()


@pytest.fixture
def case(reviewers):
    return cases.open_case(*reviewers, lead=factories.make_user())


def order(case, wanted: Wanted, *, by: User) -> Print:
    """As in a request: nothing is remembered of the person from before."""
    return printing.order(case, wanted, by=User.objects.get(pk=by.pk))


def ready(row: Print) -> Print:
    Print.objects.filter(pk=row.pk).update(
        file=default_storage.save("prints/there.pdf", ContentFile(b"%PDF-"))
    )
    return row


def test_a_reviewer_orders_and_takes_what_was_handed_in(as_user, reviewers, case):
    client = as_user(reviewers[0])
    for _click in range(2):
        assert client.post(f"/reviews/{case.pk}/print/", FORM4).status_code == 302
    row = Print.objects.get()
    assert (row.reviewer, row.submission) == (reviewers[0], case.submissions.get())
    assert Job.objects.count() == 1
    ready(row)
    assert "form.pdf" in client.get(f"/reviews/{case.pk}/print/").content.decode()
    download = client.get(f"/reviews/{case.pk}/print/{row.pk}/form.pdf")
    assert b"".join(download.streaming_content) == b"%PDF-"
    entry = LogEntry.objects.get(action="assessment.downloaded")
    assert (entry.actor, entry.agency) == (reviewers[0], None)


def test_nobody_else_finds_it(as_user, reviewers, case):
    row = ready(order(case, Wanted("form4"), by=reviewers[0]))
    other = as_user(reviewers[1])
    assert other.get(f"/reviews/{case.pk}/print/{row.pk}/form.pdf").status_code == 404
    assert "form.pdf" not in other.get(f"/reviews/{case.pk}/print/").content.decode()
    member = factories.make_member(case.agency, "coordinator")
    agency = as_user(member)
    assert agency.get(f"/assessments/{case.pk}/print/{row.pk}/form.pdf").status_code == 404
    assert "form.pdf" not in agency.get(f"/assessments/{case.pk}/print/").content.decode()
    own = agency_printing.order(case, Wanted("form4"), submission=case.submissions.get(), by=member)
    assert own != row


def test_what_reviewers_wait_for_does_not_hold_up_the_agency(reviewers, case):
    for category in "12345":
        order(case, Wanted("form3", category), by=reviewers[0])
    with pytest.raises(Refused):
        order(case, Wanted("form4"), by=reviewers[0])
    member = factories.make_member(case.agency, "coordinator")
    assert agency_printing.order(case, Wanted("form4"), submission=case.submissions.get(), by=member)


def test_before_beginning_and_after_stepping_aside_there_is_none(as_user, reviewers, case):
    row = ready(order(case, Wanted("form4"), by=reviewers[0]))
    Assignment.objects.filter(reviewer=reviewers[0]).update(opened_at=None)
    client = as_user(reviewers[0])
    for page in ("", f"{row.pk}/form.pdf", f"{row.pk}/status/"):
        assert client.get(f"/reviews/{case.pk}/print/{page}").status_code == 302
    with pytest.raises(PermissionDenied):
        order(case, Wanted("form3"), by=factories.make_user())
    Assignment.objects.filter(reviewer=reviewers[0]).update(
        opened_at=timezone.now(), recused_at=timezone.now()
    )
    assert client.get(f"/reviews/{case.pk}/print/{row.pk}/form.pdf").status_code == 404


def test_it_holds_the_frozen_answers_and_no_score_of_the_agency(reviewers, case):
    """Whoever still marks does not learn what the agency thinks of itself; the percentage is on the screen too."""
    row = order(case, Wanted("all"), by=reviewers[0])
    reviewers_html = render_html(paper_of(row))
    member = factories.make_member(case.agency, "coordinator")
    own = agency_printing.order(case, Wanted("all"), submission=case.submissions.get(), by=member)
    agencys_html = render_html(paper_of(own))
    for words in ("คะแนนเบื้องต้น", "ระดับโดยประมาณ", ">คะแนน<"):
        assert words in agencys_html
        assert words not in reviewers_html
    assert "ข้อความสมมติของ 1.1.2.1" in reviewers_html
    assert "% <span" in reviewers_html
