"""Whoever reads an agency from outside leaves a line that the agency sees; whoever judges it leaves none there."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assessments.models import Reading
from assessments.services import readings
from pmqa.accounts.models import LogEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return factories.make_official("auditor")


def page(name: str, assessment, *args) -> str:
    return reverse(f"assessments:{name}", args=[assessment.pk, *args])


def lines() -> list[tuple[str, str]]:
    return list(Reading.objects.order_by("pk").values_list("person__email", "what"))


def test_an_auditor_who_reads_a_draft_leaves_one_line_a_day(assessment, auditor, as_user):
    client = as_user(auditor)
    for url in (page("overview", assessment), page("topic", assessment, "1.1"), page("evidence", assessment)):
        assert client.get(url).status_code == 200
    assert lines() == [(auditor.email, "draft")]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert as_user(auditor).get(page("part_history", assessment, "1.1.1.1")).status_code == 200
    assert lines() == [(auditor.email, "draft")] * 2


def test_members_leave_none_and_neither_does_who_is_refused(
    assessment, coordinator, administrator, officer, as_user
):
    assert as_user(coordinator).get(page("overview", assessment)).status_code == 200
    assert as_user(administrator).get(page("topic", assessment, "1.1")).status_code == 403
    assert as_user(officer).get(page("topic", assessment, "1.1")).status_code == 404
    assert lines() == []


def test_an_officer_reads_what_was_submitted(officer, as_user):
    assessment = factories.make_assessment(complete=True)
    factories.hand_over(assessment)
    assert as_user(officer).get(page("topic", assessment, "1.1")).status_code == 200
    assert as_user(officer).get(page("part_history", assessment, "1.1.1.1")).status_code == 403
    assert lines() == [(officer.email, "submitted")]


def test_a_superuser_leaves_a_line_like_anybody_from_outside(assessment, as_user):
    person = factories.make_official("auditor", is_superuser=True)
    as_user(person).get(page("overview", assessment))
    assert lines() == [(person.email, "draft")]
    assert readings.is_outside(factories.make_user(is_superuser=True), assessment)
    assert not readings.is_outside(factories.make_user(), assessment)


def test_the_agency_reads_who_it_was(assessment, coordinator, auditor, as_user):
    as_user(auditor).get(page("overview", assessment))
    shown = as_user(coordinator).get(page("readings", assessment)).content.decode()
    assert str(auditor) in shown
    assert "ร่างคำตอบ" in shown
    stranger = factories.make_member(factories.make_agency(), "coordinator")
    assert as_user(stranger).get(page("readings", assessment)).status_code == 404


def test_the_clock_brings_each_line_into_the_audit_log_once(assessment, auditor, as_user):
    as_user(auditor).get(page("overview", assessment))
    assert not LogEntry.objects.filter(action="content.read").exists(), "a page waits for no lock"
    assert readings.write_log() == 1
    assert readings.write_log() == 0
    entry = LogEntry.objects.get(action="content.read")
    assert (entry.actor, entry.object_id, entry.data["what"]) == (auditor, str(assessment.pk), "draft")
    assert entry.agency is None


def test_two_windows_at_once_make_one_line(assessment, auditor):
    readings.note(assessment, by=auditor)
    first = Reading.objects.get()
    # The other one had looked before the first one wrote.
    Reading.objects.bulk_create(
        [Reading(assessment=assessment, person=auditor, what="draft", day=first.day, at=first.at)],
        ignore_conflicts=True,
    )
    assert Reading.objects.get() == first
