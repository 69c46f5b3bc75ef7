"""The last published result for the reviewers of the next: verdict, comment and every word that changed."""

import pytest
from django.urls import reverse

from assessments.models import Answer, Indicator
from pmqa.accounts.models import Membership
from results.models import ResultSheet
from reviews.models import Assignment
from tests import factories as base
from tests.results import factories
from tests.reviews import cases

PART = "4.2.2.1"


@pytest.fixture
def reviewer(db):
    return base.make_user()


@pytest.fixture
def case(agency, cycle, administrator, reviewer):
    """In review, with a published result of the year before; one part was rewritten since."""
    factories.make_published(agency=agency, cycle=base.make_cycle(year=2569), by=administrator)
    case = cases.open_case(reviewer, lead=base.make_user(), agency=agency, cycle=cycle)
    answer = base.answer_of(case, PART)
    values = {key: f"{value} และผลใหม่" for key, value in answer.values.items()}
    Answer.objects.filter(pk=answer.pk).update(values=values)
    return case


def address(case, code="4.2"):
    return reverse("results:reviewed_before", args=[case.pk, code])


def test_verdict_comment_and_the_words_that_changed(case, reviewer, as_user):
    page = as_user(reviewer).get(address(case))
    entries = {entry.code: entry for entry in page.context["entries"]}
    assert (entries[PART].outcome, entries[PART].comment) == ("fail", factories.COMMENT)
    pieces = entries[PART].differences[0].pieces
    assert [piece.text.strip() for piece in pieces if piece.kind == "new"] == ["และผลใหม่"]
    assert entries["4.2.1.1"].differences == ()
    text = page.content.decode()
    assert f'data-before="{PART}"' in text
    assert "รอบนี้ยังเหมือนเดิม" in text


def test_the_marking_page_leads_there_and_brings_nothing_by_itself(case, reviewer, as_user):
    text = as_user(reviewer).get(reverse("reviews:topic", args=[case.pk, "4.2"])).content.decode()
    assert f'href="{address(case)}#p{PART}"' in text
    assert factories.COMMENT not in text


def test_an_indicator_is_known_by_its_name(case, reviewer, as_user):
    renamed = Indicator.objects.get(answer__assessment=case, answer__part__code="7.1.2")
    Indicator.objects.filter(pk=renamed.pk).update(name="ตัวชี้วัดใหม่ทั้งหมด")
    codes = [entry.code for entry in as_user(reviewer).get(address(case, "7.1")).context["entries"]]
    assert "7.1.1.1" in codes
    assert "7.1.2.1" not in codes


def test_no_score_and_nobodys_name(case, reviewer, administrator, as_user):
    text = as_user(reviewer).get(address(case)).content.decode()
    sheet = ResultSheet.objects.get()
    assert str(sheet.verified_total) not in text
    assert str(administrator) not in text


def test_only_who_judges_the_case_and_has_begun(case, reviewer, as_user, coordinator, officer):
    for person in (coordinator, officer, base.make_user()):
        assert as_user(person).get(address(case)).status_code == 404
    for code in ("9.9", "OP1", "4"):
        assert as_user(reviewer).get(address(case, code)).status_code == 404
    Assignment.objects.filter(reviewer=reviewer).update(opened_at=None)
    assert as_user(reviewer).get(address(case)).url == reverse("reviews:queue")
    sister = base.make_agency(ministry=case.agency.ministry)
    Membership.objects.create(user=reviewer, agency=sister, role="viewer")
    assert as_user(reviewer).get(address(case)).status_code == 403


def test_without_a_result_the_page_says_so(cycle, reviewer, as_user):
    other = cases.open_case(reviewer, lead=base.make_user(), cycle=cycle)
    assert "ยังไม่มีผลของรอบก่อน" in as_user(reviewer).get(address(other)).content.decode()


def test_few_queries(case, reviewer, as_user, django_assert_max_num_queries):
    browser = as_user(reviewer)
    browser.get(address(case))
    with django_assert_max_num_queries(9):
        browser.get(address(case))
