"""Rights follow from dated relations."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from pmqa.accounts.models import Appointment, Membership, User
from tests import factories

pytestmark = pytest.mark.django_db

OFFICES = list(Appointment.Role.values)


def days(number: int):
    return timezone.localdate() + timedelta(days=number)


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (None, None, True),
        (0, 0, True),
        (-1, None, True),
        (None, 1, True),
        (1, None, False),
        (None, -1, False),
        (-9, -1, False),
    ],
)
def test_a_role_holds_from_its_first_day_to_its_last(agency, starts, ends, holds):
    dates = {
        "starts_on": None if starts is None else days(starts),
        "ends_on": None if ends is None else days(ends),
    }
    user = factories.make_user()
    Membership.objects.create(user=user, agency=agency, role="coordinator", **dates)
    Appointment.objects.create(user=user, role="administrator", **dates)
    user = User.objects.get(pk=user.pk)
    assert [entry.agency_id for entry in user.current_memberships] == ([agency.pk] if holds else [])
    assert user.has_perm("accounts.use_admin") is holds
    assert user.has_perm("assessments.start", agency) is holds


@pytest.mark.parametrize("office", OFFICES)
def test_who_uses_the_administration(office):
    user = factories.make_official(office)
    changes = office == "administrator"
    assert user.has_perm("accounts.use_admin") is (office in ("administrator", "auditor"))
    assert user.has_perm("accounts.view_agency") is (office in ("administrator", "auditor"))
    for verb in ("add", "change", "delete"):
        assert user.has_perm(f"accounts.{verb}_agency") is changes
        assert not user.has_perm(f"accounts.{verb}_logentry"), "nobody writes the log by hand"


def test_the_staff_flag_of_django_gives_nothing():
    user = factories.make_user(is_staff=True)
    assert not user.has_perm("accounts.use_admin")


def test_an_inactive_administrator_may_do_nothing(administrator):
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    user = User.objects.get(pk=administrator.pk)
    assert not user.has_perm("accounts.use_admin")
    assert not user.has_perm("reviews.follow")


def test_whoever_has_not_signed_in_may_do_nothing(assessment):
    for permission in ("accounts.use_admin", "reviews.follow", "results.follow"):
        assert not AnonymousUser().has_perm(permission)


def test_an_e_mail_is_one_person_whatever_its_capitals():
    factories.make_user("one@test.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ONE@test.example")
    with pytest.raises(ValidationError):
        User(email="ONE@test.example", password="x").full_clean()


def test_the_same_role_is_given_once(agency):
    user = factories.make_member(agency, "head")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, agency=agency, role="head")


def test_a_role_does_not_end_before_it_begins(agency):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=factories.make_user(), agency=agency, role="head", starts_on=days(1), ends_on=days(0)
        )


@pytest.mark.parametrize("code", ["../x", "a/b", "ก", "", " ", "a b", "-a"])
def test_a_code_that_would_be_a_path_is_refused(code, agency):
    agency.code = code
    with pytest.raises(ValidationError):
        agency.full_clean()
