"""Logging in and out: who is let in, what is remembered of it, and what a guesser learns."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pmqa.accounts.models import LogEntry
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

WRONG = "รหัสผ่านที่ลองเดา-9f3"
BAD_TRIES = 5


@pytest.fixture(autouse=True)
def _no_tries_yet():
    cache.clear()


@pytest.fixture
def person():
    return factories.make_user("somchai@test.example")


def log_in(email: str, password: str, *, address: str = "203.0.113.7", client: Client | None = None):
    return (client or Client()).post(
        reverse("account_login"), {"login": email, "password": password}, REMOTE_ADDR=address
    )


def test_the_right_password_lets_in_and_is_in_the_log(person):
    response = log_in(person.email, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")
    entry = LogEntry.objects.first()
    assert (entry.action, entry.actor) == ("account.signed_in", person)


def test_the_e_mail_is_the_same_in_capitals(person):
    assert log_in("SomChai@TEST.example", PASSWORD).status_code == 302


def test_a_wrong_password_says_what_an_unknown_account_says(person):
    known, unknown = log_in(person.email, WRONG), log_in("nobody@test.example", WRONG)
    assert known.status_code == unknown.status_code == 200

    def said(response) -> str:
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        return page.replace(person.email, "").replace("nobody@test.example", "")

    assert said(known) == said(unknown)


@pytest.mark.parametrize("email", ["somchai@test.example", "nobody@test.example"])
def test_after_five_bad_tries_the_answer_is_429_whoever_is_tried(person, email):
    for _ in range(BAD_TRIES):
        assert log_in(email, WRONG).status_code == 200
    refused = log_in(email, WRONG)
    assert refused.status_code == 429
    assert "รอ 5 นาที" in refused.content.decode()
    assert log_in(email, PASSWORD).status_code == 429, "a right guess is not told from a wrong one"


def test_the_owner_of_the_account_enters_from_elsewhere(person):
    for _ in range(BAD_TRIES + 1):
        log_in(person.email, WRONG)
    assert log_in(person.email, PASSWORD, address="198.51.100.20").status_code == 302


def test_after_five_minutes_the_account_may_be_tried_again(person):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(BAD_TRIES + 1):
            log_in(person.email, WRONG)
        assert log_in(person.email, PASSWORD).status_code == 429
        clock.shift(timedelta(minutes=5, seconds=1))
        assert log_in(person.email, PASSWORD).status_code == 302


def test_mistyping_now_and_then_locks_nobody_out(person):
    for _ in range(3):
        for _ in range(BAD_TRIES - 2):
            log_in(person.email, WRONG)
        cache.clear()
        assert log_in(person.email, PASSWORD).status_code == 302


def test_failed_tries_are_in_the_log_without_the_password(person, caplog):
    with caplog.at_level(logging.DEBUG):
        log_in(person.email, WRONG)
        log_in("nobody@test.example", WRONG)
        log_in(person.email, PASSWORD)
    entries = LogEntry.objects.filter(action="account.sign_in_failed").order_by("pk")
    assert [entry.object_label for entry in entries] == [str(person), ""]
    rows = " ".join(str(row) for row in LogEntry.objects.values_list())
    for secret in (WRONG, PASSWORD):
        assert secret not in rows
        assert secret not in caplog.text


def test_a_log_in_gets_a_new_session_key(person):
    client = Client()
    client.get(reverse("account_login"))
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted-by-somebody-else"
    log_in(person.email, PASSWORD, client=client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "planted-by-somebody-else"


def test_logging_out_ends_the_session_on_the_server(person, as_user):
    client = as_user(person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=key).exists()


def test_a_deactivated_person_is_out_at_the_next_request(person, as_user):
    client = as_user(person)
    assert client.get(reverse("criteria:index")).status_code == 200
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    response = client.get(reverse("criteria:index"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_deactivated_person_does_not_get_in(person):
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    client = Client()
    log_in(person.email, PASSWORD, client=client)
    assert client.get(reverse("criteria:index")).status_code == 302


def test_a_new_password_ends_the_sessions_elsewhere(person, as_user):
    elsewhere, here = as_user(person), as_user(person)
    new = "another correct battery"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert LogEntry.objects.filter(action="account.password_changed").count() == 1
    assert elsewhere.get(reverse("criteria:index")).status_code == 302
    assert here.get(reverse("criteria:index")).status_code == 200


def test_nobody_signs_up():
    page = Client().get(reverse("account_signup"))
    assert "password1" not in page.content.decode()
    Client().post(
        reverse("account_signup"),
        {"email": "new@test.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not factories.User.objects.filter(email="new@test.example").exists()


def test_after_log_in_nobody_is_sent_to_another_site(person):
    url = f"{reverse('account_login')}?next=https://evil.example/"
    response = Client().post(
        url, {"login": person.email, "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response["Location"] == "/"


def test_a_forgotten_password_tells_nobody_which_accounts_exist(person, mailoutbox):
    known = Client().post(reverse("account_reset_password"), {"email": person.email})
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@test.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len([mail for mail in mailoutbox if mail.to == [person.email]]) == 1
