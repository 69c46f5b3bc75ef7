"""Where one is, in the top bar; and a page where there is none."""

import re

import pytest
from django.urls import reverse

from pmqa.navigation import place_of

pytestmark = pytest.mark.django_db


def current(client, url: str) -> list[str]:
    bar = client.get(url).content.decode().partition('<nav class="mainnav"')[2].partition("</nav>")[0]
    return re.findall(r'href="([^"]+)" aria-current="page"', bar)


@pytest.mark.parametrize(
    "page", ["reviews:cases", "reviews:teams", "reviews:loads", "assessments:extensions"]
)
def test_pages_about_the_cases_belong_to_the_list_of_cases(as_user, administrator, page):
    assert current(as_user(administrator), reverse(page)) == [reverse("reviews:cases")]


def test_pages_of_an_agency_belong_to_its_assessments(as_user, coordinator, assessment):
    client = as_user(coordinator)
    for url in (reverse("reviews:clarifications", args=[assessment.pk]), reverse("assessments:extensions")):
        assert current(client, url) == [reverse("assessments:index")]
    assert current(client, reverse("assessments:todo")) == [reverse("assessments:todo")]


def test_one_s_own_address_wins_over_a_place_above_it():
    assert place_of("/reviews/7/1.1/", ["assessments:index", "reviews:queue"]) == "reviews:queue"
    assert place_of("/results/7/", ["reviews:cases", "results:index"]) == "results:index"
    assert place_of("/accounts/2fa/", ["assessments:index", "criteria:index"]) == ""


def test_the_address_of_a_button_opened_as_a_page_says_so(as_user, coordinator, assessment):
    response = as_user(coordinator).get(reverse("assessments:propose", args=[assessment.pk]))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    page = response.content.decode()
    assert "ข้อมูลที่บันทึกไว้ไม่ได้รับผลกระทบ" in page
    assert 'href="/"' in page
