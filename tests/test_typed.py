"""What was posted and not stored comes back: the log-in ran out, the disk is full, the database is gone."""

import errno

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from pmqa.typed import is_full
from tests import factories

JSON = {"HTTP_ACCEPT": "application/json"}
TYPED = "ข้อความที่พิมพ์ไว้ <b>ยาว</b>"
ESCAPED = "ข้อความที่พิมพ์ไว้ &lt;b&gt;ยาว&lt;/b&gt;"


# --- the log-in ran out -----------------------------------------------------------------------------


def post_signed_out(assessment, **more):
    url = reverse("assessments:decline", args=[assessment.pk])
    return Client().post(url, {"reason": TYPED, "password": "secret"} | more.pop("data", {}), **more)


@pytest.mark.django_db
def test_a_form_that_is_sent_after_the_log_in_ran_out_gives_its_text_back(assessment):
    page = f"/assessments/{assessment.pk}/submit/?from=list"
    response = post_signed_out(assessment, headers={"Referer": f"http://testserver{page}"})
    html = response.content.decode()
    assert response.status_code == 401
    assert ESCAPED in html
    assert "secret" not in html
    assert f"/accounts/login/?next=%2Fassessments%2F{assessment.pk}%2Fsubmit%2F%3Ffrom%3Dlist" in html


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["", "https://elsewhere.example/x/", "not an address"])
def test_from_nowhere_that_we_know_the_way_leads_to_the_start(assessment, page):
    response = post_signed_out(assessment, headers={"Referer": page} if page else {})
    assert 'href="/accounts/login/?next=%2F"' in response.content.decode()


@pytest.mark.django_db
def test_a_button_without_text_says_that_nothing_was_done(assessment):
    response = Client().post(reverse("assessments:propose", args=[assessment.pk]))
    assert response.status_code == 401
    assert "ยังไม่ได้ทำรายการนี้" in response.content.decode()


@pytest.mark.django_db
def test_a_script_is_told_so_and_not_sent_to_a_page(assessment):
    response = Client().post(reverse("assessments:presence", args=[assessment.pk, "1.1"]), **JSON)
    assert response.status_code == 401
    assert response.json()["state"] == "signed_out"
    assert "หมดเวลาใช้งาน" in response.json()["message"]


@pytest.mark.django_db
def test_whoever_logs_out_is_not_told_that_the_time_is_over(as_user, coordinator):
    response = as_user(coordinator).post(reverse("account_logout"), {"forget": "1"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")


# --- no room, no database ---------------------------------------------------------------------------


@pytest.fixture
def full_disk(db):
    """The database takes no page more: SQLite's own limit, PostgreSQL has none to set."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        # Set to less than there is, it becomes what there is.
        cursor.execute("PRAGMA max_page_count = 1")
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


def save(client, assessment, **more):
    url = reverse("assessments:save_part", args=[assessment.pk, "1.1.2.1"])
    # Long enough to need new pages of the database whatever is free in it.
    return client.post(url, {"version": 0, "claim": "done", "detail": TYPED + "ก" * 19_000}, **more)


def test_a_full_disk_is_said_to_the_script_which_tries_again(full_disk, as_user, assessment, coordinator):
    response = save(as_user(coordinator), assessment, **JSON)
    assert (response.status_code, response.json()["state"]) == (507, "full")
    assert "พื้นที่เก็บข้อมูลของระบบเต็ม" in response.json()["message"]
    assert factories.answer_of(assessment, "1.1.2.1").values == {}


def test_a_full_disk_gives_the_text_back_without_a_script(full_disk, as_user, assessment, coordinator):
    response = save(as_user(coordinator), assessment)
    html = response.content.decode()
    assert response.status_code == 507
    assert "พื้นที่เก็บข้อมูลของระบบเต็ม" in html
    assert ESCAPED in html


@pytest.mark.django_db
def test_a_database_that_does_not_answer_gives_the_text_back(as_user, assessment, coordinator):
    def gone(execute, sql, params, many, context):
        if "assessments_answer" in sql:
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    client = as_user(coordinator)
    with connection.execute_wrapper(gone):
        response = save(client, assessment)
    assert response.status_code == 503
    assert ESCAPED in response.content.decode()
    assert "ระบบขัดข้องชั่วคราว" in response.content.decode()


def test_a_full_disk_is_known_by_its_number():
    assert is_full(OSError(errno.ENOSPC, "No space left on device"))
    assert not is_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_full(OperationalError("database is locked"))


@pytest.mark.django_db
def test_a_form_that_was_open_for_too_long_gives_its_text_back_and_the_way_to_its_page(assessment):
    url = reverse("assessments:decline", args=[assessment.pk])
    page = f"/assessments/{assessment.pk}/submit/"
    client = Client(enforce_csrf_checks=True)
    response = client.post(url, {"reason": TYPED}, headers={"Referer": f"http://testserver{page}"})
    html = response.content.decode()
    assert response.status_code == 403
    assert ESCAPED in html
    assert f'href="{page}"' in html
