"""Language and second factor."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db
SET_UP = "mfa_activate_totp"


@pytest.fixture
def member(agency):
    return factories.make_member(agency, "viewer")


def is_sent_to_set_up(client) -> bool:
    response = client.get(reverse("criteria:index"))
    return response.status_code == 302 and response["Location"] == reverse(SET_UP)


@pytest.mark.parametrize(
    ("policy", "member_must", "officer_must"),
    [("off", False, False), ("staff", False, True), ("all", True, True)],
)
def test_who_must_have_a_second_factor(settings, as_user, member, officer, policy, member_must, officer_must):
    settings.MFA_POLICY = policy
    assert is_sent_to_set_up(as_user(member)) is member_must
    assert is_sent_to_set_up(as_user(officer)) is officer_must


def test_without_the_second_factor_the_way_out_and_the_way_to_set_it_up_are_open(settings, as_user, officer):
    settings.MFA_POLICY = "all"
    client = as_user(officer)
    assert client.get(reverse("account_logout")).status_code == 200
    set_up = client.get(reverse(SET_UP))
    assert not (set_up.status_code == 302 and set_up["Location"] == reverse(SET_UP)), "no circle"


def test_a_post_without_the_second_factor_does_nothing(settings, as_user, assessment, coordinator):
    settings.MFA_POLICY = "all"
    url = reverse("assessments:save_part", args=[assessment.pk, "1.1.1.1"])
    response = as_user(coordinator).post(url, {"version": 0, "claim": "done"})
    assert response["Location"] == reverse(SET_UP)
    assert factories.answer_of(assessment, "1.1.1.1").version == 0


def test_probes_and_the_log_in_page_ask_nobody(settings, client):
    settings.MFA_POLICY = "all"
    for name in ("livez", "readyz", "account_login"):
        assert client.get(reverse(name)).status_code == 200


def test_thai_whatever_the_browser_prefers(client):
    page = client.get(reverse("account_login"), headers={"Accept-Language": "en-US,en;q=0.9"})
    assert page["Content-Language"] == "th"


def test_a_chosen_language_is_kept(client):
    client.post(reverse("set_language"), {"language": "en"})
    assert client.get(reverse("account_login"))["Content-Language"] == "en"


@pytest.mark.parametrize("value", ["xx", "../../etc", "th\r\nSet-Cookie: a=b", ""])
def test_a_language_nobody_offers_is_thai(client, value):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = value
    assert client.get(reverse("account_login"))["Content-Language"] == "th"
