"""A role that is read already is in force exactly when the database says so; one ended at once is over at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pmqa.accounts.models import Membership, User
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FOUR_YEARS = timedelta(days=4 * 366)


@pytest.fixture
def roles() -> list[Membership]:
    """Every mixture of first day, last day and end at once."""
    now, today = timezone.now(), timezone.localdate()
    person = factories.make_user()
    return [
        Membership.objects.create(
            user=person,
            agency=factories.make_agency(),
            role="viewer",
            starts_on=start,
            ends_on=end,
            ended_at=ended,
        )
        for start in (None, today - FOUR_YEARS, today + DAY)
        for end in (None, today - DAY, today, today + 2 * DAY)
        for ended in (None, now, now - FOUR_YEARS)
        if not (start and end and end < start)
    ]


def test_rows_and_database_agree_on_today(roles):
    today = timezone.localdate()
    current = set(Membership.objects.current().values_list("pk", flat=True))
    assert current
    assert {role.pk for role in roles if role.is_current(today)} == current


def test_rows_and_database_agree_on_the_years_before(roles):
    day = timezone.localdate() - 3 * 365 * DAY
    lately = set(Membership.objects.since(day).values_list("pk", flat=True))
    assert {role.pk for role in roles if role.is_since(day)} == lately
    assert len(lately) < len(roles)


def test_who_was_ended_just_now_has_no_role_any_more(roles):
    Membership.objects.update(ended_at=timezone.now())
    assert User.objects.get(pk=roles[0].user_id).current_memberships == ()
