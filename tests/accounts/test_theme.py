"""Light or dark: a cookie of this browser, nothing else."""

import pytest
from django.urls import reverse

LOG_IN = "account_login"


def colours(client) -> str:
    page = client.get(reverse(LOG_IN)).content.decode()
    return page.partition('data-bs-theme="')[2].partition('"')[0]


def test_pages_are_light_until_somebody_chooses_dark(client, db):
    assert colours(client) == "light"
    answer = client.post(reverse("set_theme"), {"theme": "dark", "next": "/criteria/"})
    assert answer.url == "/criteria/"
    assert answer.cookies["theme"]["httponly"]
    assert colours(client) == "dark"
    client.post(reverse("set_theme"), {"theme": "light"})
    assert colours(client) == "light"


@pytest.mark.parametrize("value", ["", "neon", '"><script>'])
def test_what_is_no_theme_is_light(client, db, value):
    client.post(reverse("set_theme"), {"theme": value})
    assert colours(client) == "light"
    client.cookies["theme"] = value
    assert colours(client) == "light"


@pytest.mark.parametrize(
    "place",
    ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "nowhere", "a:b", "-1", "๓"],
)
def test_the_way_back_stays_in_this_house(client, db, place):
    assert client.post(reverse("set_theme"), {"theme": "dark", "next": place}).url == "/"


def test_choosing_is_a_post(client, db):
    assert client.get(reverse("set_theme")).status_code == 405
