"""A nation that the tests of a module share, in a transaction around all of them."""

import pytest
from django.db import connection, transaction

from assessments.models import Assessment
from results.models import Report
from tests import factories
from tests.results.dashboard.nation import make_nation

AGENCIES = 150


@pytest.fixture(scope="module")
def nation(django_db_setup, django_db_blocker):
    """The cycles, oldest first."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_nation(agencies=AGENCIES, ministries=12)
        if connection.vendor == "postgresql":
            # What nobody has committed the server has no statistics of, and plans as for empty tables.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def executive(db):
    return factories.make_official("executive")


@pytest.fixture
def member_of(as_user):
    """A browser of somebody who reads for the agency of this code, and its case in the cycle."""

    def sign_in(code: str, cycle):
        case = Assessment.objects.get(agency__code=code, cycle=cycle)
        Report.objects.create(sheet=case.sheets.get(), kind="feedback")
        return as_user(factories.make_member(case.agency, "viewer")), case

    return sign_in
