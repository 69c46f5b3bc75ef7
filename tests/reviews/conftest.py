"""The people of a case; each file builds the case it needs with tests.reviews.cases or .settled."""

import pytest

from tests import factories


@pytest.fixture
def reviewer(db):
    return factories.make_user()


@pytest.fixture
def other(db):
    return factories.make_user()


@pytest.fixture
def lead(db):
    return factories.make_user()


@pytest.fixture
def team(db):
    return [factories.make_user() for _ in range(2)]
