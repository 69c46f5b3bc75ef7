"""The bank of phrases: kept on purpose, seen by whom it is meant for, and nothing of an agency in it."""

import pytest
from django.urls import reverse

from pmqa.errors import Refused
from reviews.models import Phrase
from reviews.services import marking, replacing
from reviews.services.phrases import MOST, keep_phrase
from tests import factories
from tests.reviews import cases

TEXT = "ควรระบุแหล่งข้อมูลที่เปิดตรวจสอบได้"


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    return cases.open_case(reviewer, other, lead=lead, agency=agency, cycle=cycle)


def seen(person):
    return [phrase.text for phrase in Phrase.objects.visible_to(person)]


def test_a_personal_phrase_is_its_owners_in_every_case(case, reviewer, other, lead, as_user):
    keep_phrase(case, f"  {TEXT}\n", for_team=False, by=reviewer)
    second = cases.open_case(reviewer, lead=lead, cycle=case.cycle)
    page = as_user(reviewer).get(reverse("reviews:phrases", args=[second.pk]))
    assert TEXT in page.content.decode()
    assert seen(reviewer) == [TEXT]
    assert seen(other) == seen(lead) == []


def test_a_phrase_of_the_lead_is_the_teams_at_once(case, reviewer, other, lead):
    keep_phrase(case, TEXT, for_team=True, by=lead)
    assert seen(reviewer) == seen(other) == [TEXT]
    assert seen(factories.make_user()) == []


def test_a_colleagues_phrase_is_seen_once_ones_own_marks_are_in(case, reviewer, other, lead):
    """Before that its words could tell how the colleague marks."""
    keep_phrase(case, TEXT, for_team=True, by=reviewer)
    assert (seen(other), seen(lead)) == ([], [TEXT])
    second = cases.open_case(other, lead=lead, cycle=case.cycle)
    cases.mark_everything(second, by=other)
    marking.hand_in(second, by=other)
    assert seen(other) == []
    cases.mark_everything(case, by=other)
    marking.hand_in(case, by=other)
    assert seen(other) == [TEXT]


def test_who_has_stepped_aside_sees_the_teams_phrases_no_more(case, other, lead):
    keep_phrase(case, TEXT, for_team=True, by=lead)
    replacing.recuse(case, reviewer=other, reason="ติดราชการอื่น", by=other)
    assert seen(other) == []


def test_no_phrase_names_an_agency_of_ones_cases(case, reviewer):
    for text in (f"เช่นเดียวกับ{case.agency.name}", f"ดู {case.agency.code}"):
        with pytest.raises(Refused) as refused:
            keep_phrase(case, text, for_team=False, by=reviewer)
        assert refused.value.code == "names_agency"


def test_twice_is_once_empty_is_nothing_and_long_stays_on_the_page(case, reviewer, as_user):
    for _time in range(2):
        keep_phrase(case, TEXT, for_team=False, by=reviewer)
    assert Phrase.objects.count() == 1
    browser, url = as_user(reviewer), reverse("reviews:phrases", args=[case.pk])
    assert browser.post(url, {"text": " \n"}).status_code == 422
    page = browser.post(url, {"text": "ก" * 501})
    assert (page.status_code, "ก" * 501 in page.content.decode()) == (422, True)
    Phrase.objects.bulk_create(Phrase(owner=reviewer, text=f"วลี {number}") for number in range(MOST))
    with pytest.raises(Refused) as refused:
        keep_phrase(case, "อีกหนึ่งวลี", for_team=False, by=reviewer)
    assert refused.value.code == "too_many"


def test_only_the_owner_removes(case, reviewer, lead, as_user):
    phrase = keep_phrase(case, TEXT, for_team=True, by=lead)
    url = reverse("reviews:remove_phrase", args=[case.pk, phrase.pk])
    assert as_user(reviewer).post(url).status_code == 403
    assert as_user(lead).post(url).status_code == 302
    assert not Phrase.objects.exists()


def test_a_full_bank_costs_no_more_queries(case, reviewer, lead, as_user, django_assert_max_num_queries):
    Phrase.objects.bulk_create(Phrase(owner=lead, team=case, text=f"วลี {number}") for number in range(100))
    browser, url = as_user(reviewer), reverse("reviews:phrases", args=[case.pk])
    browser.get(url)
    with django_assert_max_num_queries(9):
        page = browser.get(url)
    assert page.content.decode().count("data-kept-phrase") == 100
