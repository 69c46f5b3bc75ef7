"""The administration: what an administrator makes there, and that every change is in the log."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pmqa.accounts import log
from pmqa.accounts.models import Agency, Appointment, LogEntry, Membership, Ministry, User
from pmqa.thai import BANGKOK
from tests import factories

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "another correct battery"


@pytest.fixture
def admin(as_user, administrator):
    return as_user(administrator)


def inlines(*prefixes: str) -> dict[str, str]:
    """The counters of inline forms that nothing was typed in."""
    return {f"{prefix}-{count}": "0" for prefix in prefixes for count in ("TOTAL_FORMS", "INITIAL_FORMS")}


def last_actions() -> list[str]:
    return list(LogEntry.objects.filter(action__startswith="admin.").values_list("action", flat=True))


def test_a_ministry_its_agency_and_a_person_can_be_made(admin, administrator):
    admin.post(reverse("admin:accounts_ministry_add"), {"code": "M-9", "name": "กระทรวงสมมติ"})
    ministry = Ministry.objects.get(code="M-9")
    admin.post(
        reverse("admin:accounts_agency_add"),
        {
            "code": "A-9", "name": "กรมสมมติ", "kind": "department", "ministry": ministry.pk, "is_active": "on",
            **inlines("memberships"),
        },
    )  # fmt: skip
    agency = Agency.objects.get(code="A-9")
    admin.post(
        reverse("admin:accounts_user_add"),
        {
            "email": "New.Person@test.example", "first_name": "คนใหม่", "last_name": "สมมติ",
            "usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD,
            **inlines("memberships", "appointments"),
        },
    )  # fmt: skip
    person = User.objects.get(email="new.person@test.example")
    assert person.check_password(NEW_PASSWORD)
    assert not person.is_staff
    assert not person.is_superuser
    admin.post(
        reverse("admin:accounts_membership_add"),
        {"user": person.pk, "agency": agency.pk, "role": "coordinator", "categories": "[]"},
    )
    assert Membership.objects.get(user=person).agency == agency
    assert last_actions() == ["admin.added"] * 4
    assert set(LogEntry.objects.filter(action="admin.added").values_list("actor", flat=True)) == {
        administrator.pk
    }
    assert log.broken_links() == []


def test_an_office_given_through_a_person_is_in_the_log(admin):
    person = factories.make_user()
    url = reverse("admin:accounts_user_change", args=[person.pk])
    data = {
        "email": person.email, "first_name": person.first_name, "last_name": person.last_name, "is_active": "on",
        **inlines("memberships"),
        "appointments-TOTAL_FORMS": "1", "appointments-INITIAL_FORMS": "0", "appointments-0-role": "auditor",
    }  # fmt: skip
    assert admin.post(url, data).status_code == 302
    assert Appointment.objects.get(user=person).role == "auditor"
    assert last_actions() == ["admin.changed"]


def test_changed_fields_are_named_and_their_values_are_not(admin):
    person = factories.make_user("before@test.example")
    url = reverse("admin:accounts_user_change", args=[person.pk])
    data = {
        "email": "after@test.example", "first_name": person.first_name, "last_name": person.last_name,
        "is_active": "on", **inlines("memberships", "appointments"),
    }  # fmt: skip
    assert admin.post(url, data).status_code == 302
    entry = LogEntry.objects.filter(action="admin.changed").get()
    assert "after@test.example" not in str(entry.data)
    assert len(entry.data["fields"]) == 1


def test_what_is_deleted_leaves_its_name(admin):
    ministry = factories.make_ministry(name="กระทรวงที่จะลบ")
    admin.post(reverse("admin:accounts_ministry_delete", args=[ministry.pk]), {"post": "yes"})
    assert not Ministry.objects.filter(pk=ministry.pk).exists()
    assert LogEntry.objects.get(action="admin.deleted").object_label == "กระทรวงที่จะลบ"


@pytest.mark.parametrize("kind", ["ministry", "agency"])
def test_what_is_in_use_is_not_deleted(admin, assessment, kind):
    agency = assessment.agency
    row = agency if kind == "agency" else agency.ministry
    response = admin.post(reverse(f"admin:accounts_{kind}_delete", args=[row.pk]), {"post": "yes"})
    assert response.status_code == 200
    assert type(row).objects.filter(pk=row.pk).exists()
    assert last_actions() == []


def test_flags_of_django_cannot_be_set_here(admin):
    person = factories.make_user()
    url = reverse("admin:accounts_user_change", args=[person.pk])
    data = {
        "email": person.email, "is_active": "on", "is_superuser": "on", "is_staff": "on", "is_demo": "on",
        "password": "md5$x$y", **inlines("memberships", "appointments"),
    }  # fmt: skip
    assert admin.post(url, data).status_code == 302
    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff, person.is_demo) == (False, False, False)
    assert person.check_password(factories.PASSWORD)


def test_nobody_reads_a_password(admin):
    person = factories.make_user()
    page = admin.get(reverse("admin:accounts_user_change", args=[person.pk])).content.decode()
    assert person.password not in page
    assert person.password.split("$")[-1] not in page


def test_the_password_of_another_is_set_and_its_sessions_end(admin, as_user):
    person = factories.make_user()
    elsewhere = as_user(person)
    url = reverse("admin:auth_user_password_change", args=[person.pk])
    admin.post(
        url,
        {
            "usable_password": "true",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "set-password": "1",
        },
    )
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert elsewhere.get(reverse("criteria:index")).status_code == 302


def test_a_weak_password_is_refused(admin):
    person = factories.make_user()
    url = reverse("admin:auth_user_password_change", args=[person.pk])
    data = {"usable_password": "true", "password1": "12345678", "password2": "12345678", "set-password": "1"}
    assert admin.post(url, data).status_code == 200
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD)


def test_line_breaks_and_markup_in_a_name_are_inert_in_the_log_page(admin):
    person = factories.make_user(first_name="<b>ก</b>\r\nSet-Cookie: a=b", last_name="")
    log.record("review.opened", person, by=person)
    response = admin.get(reverse("admin:accounts_logentry_changelist"))
    assert "<b>ก</b>" not in response.content.decode()
    assert "a" not in response.cookies


# --- the audit log as a page --------------------------------------------------------------------------


def shown_in_log(admin, **chosen) -> list[str]:
    page = admin.get(reverse("admin:accounts_logentry_changelist"), chosen)
    assert page.status_code == 200
    return [entry.object_label for entry in page.context["cl"].result_list]


@pytest.fixture
def two_months(admin):
    """One entry of the last second of October in Bangkok, one of the first of November."""
    people = factories.make_user(first_name="ตุลา"), factories.make_user(first_name="พฤศจิกา")
    november = datetime(2020, 11, 1, tzinfo=BANGKOK)
    for person, at, action in zip(
        people, (november - timedelta(seconds=1), november), ("member.added", "member.ended"), strict=True
    ):
        entry = log.record(action, person, by=None)
        LogEntry.objects.filter(pk=entry.pk).update(at=at)
    return [str(person) for person in people]


def test_the_log_is_read_by_month_of_bangkok_and_by_action(admin, two_months):
    october, november = two_months
    assert shown_in_log(admin, month="2020-10") == [october]
    assert shown_in_log(admin, month="2020-11", action="member.ended") == [november]
    assert shown_in_log(admin, month="2020-10", action="member.ended") == []
    assert shown_in_log(admin, month="2020-10", action="member") == [october]
    assert shown_in_log(admin, month="2020-10", action="mem") == []


@pytest.mark.parametrize("month", ["2026-13", "9999-12", "0000-01", "ตุลาคม"])
def test_what_is_no_month_has_no_entries(admin, two_months, month):
    assert shown_in_log(admin, month=month) == []


def test_every_month_from_the_first_entry_to_the_last_is_offered(admin, two_months):
    LogEntry.objects.exclude(action__startswith="member.").delete()
    LogEntry.objects.filter(action="member.added").update(at=datetime(2025, 12, 31, tzinfo=BANGKOK))
    LogEntry.objects.filter(action="member.ended").update(at=datetime(2026, 2, 1, tzinfo=BANGKOK))
    page = admin.get(reverse("admin:accounts_logentry_changelist")).content.decode()
    assert [page.count(f"month={month}") for month in ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")] == [
        0, 1, 1, 1, 0,
    ]  # fmt: skip
    assert "ธันวาคม 2568" in page


def test_opening_the_log_never_sorts_out_all_of_it(admin, two_months):
    with CaptureQueriesContext(connection) as asked:
        shown_in_log(admin)
    about = [query["sql"] for query in asked if "accounts_logentry" in query["sql"]]
    assert about
    assert not [sql for sql in about if "DISTINCT" in sql]


# --- what the database refuses ------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "field"), [(Agency, "kind"), (Membership, "role"), (Appointment, "role")])
def test_a_word_that_the_table_does_not_know_is_refused_by_the_database(model, field, administrator):
    factories.make_member(factories.make_agency(), "viewer")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**{field: "unheard"})


def test_day_and_hour_of_a_time_say_what_they_are_of(admin, cycle):
    page = admin.get(reverse("admin:assessments_cycle_change", args=[cycle.pk])).content.decode()
    assert 'aria-label="เปิดรับ วันที่"' in page
    assert 'aria-label="เปิดรับ เวลา"' in page
