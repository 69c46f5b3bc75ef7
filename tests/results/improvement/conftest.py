"""A published result of an agency with its people, half a year ago."""

from datetime import timedelta

import pytest
from django.utils import timezone

from results.improvement.making import plan_of
from results.improvement.models import Plan
from results.models import ResultSheet
from reviews.models import Assignment
from tests import factories as base
from tests.results import factories


def published_ago(days: int, **places) -> ResultSheet:
    sheet = factories.make_published(**places)
    at = timezone.now() - timedelta(days=days)
    ResultSheet.objects.filter(pk=sheet.pk).update(created_at=at)
    Plan.objects.filter(assessment=sheet.assessment).update(published_at=at)
    sheet.refresh_from_db()
    return sheet


@pytest.fixture
def sheet(agency, administrator):
    """The follow-up after six months is open."""
    return published_ago(190, agency=agency, cycle=factories.make_cycle_of(2569), by=administrator)


@pytest.fixture
def plan(sheet):
    return plan_of(sheet.assessment)


@pytest.fixture
def card(plan):
    """Of the opportunity in 4.2."""
    return card_of(plan)


def card_of(plan, source="ofi:4.2"):
    found = plan.cards.get(source=source)
    found.plan = plan
    return found


def values(**given):
    blank = {
        "horizon": "", "owner_id": None, "measure": "", "success": "", "due_on": None, "state": "not_started",
        "reason": "", "evidence": "",
    }  # fmt: skip
    return blank | given


def make_lead(assessment) -> object:
    """The lead of the case, who has opened it."""
    lead = base.make_user()
    category = assessment.cycle.edition.categories.get(code="1")
    Assignment.objects.create(
        assessment=assessment,
        category=category,
        reviewer=lead,
        is_lead=True,
        marks=False,
        opened_at=timezone.now(),
    )
    return lead
