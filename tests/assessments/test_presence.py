"""Who else has a topic open: a hint among the members, gone after a minute."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assessments.models import Presence
from tests import factories


@pytest.fixture
def owner(agency):
    return factories.make_member(agency, "owner", categories=["1"])


def beat(client, assessment, code="1.1"):
    return client.post(reverse("assessments:presence", args=[assessment.pk, code]))


def test_two_members_see_each_other_and_nobody_themselves(assessment, coordinator, owner, as_user):
    assert beat(as_user(coordinator), assessment).json() == {"sentence": ""}
    assert beat(as_user(owner), assessment).json() == {"sentence": f"เปิดอยู่ด้วย: {coordinator}"}
    assert beat(as_user(coordinator), assessment).json() == {"sentence": f"เปิดอยู่ด้วย: {owner}"}
    assert beat(as_user(owner), assessment, "1.2").json() == {"sentence": ""}


def test_presence_goes_cold_and_leaves_no_trace(assessment, coordinator, owner, as_user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        beat(as_user(coordinator), assessment)
        clock.shift(timedelta(seconds=40))
        assert str(coordinator) in beat(as_user(owner), assessment).json()["sentence"]
        clock.shift(timedelta(seconds=40))
        assert beat(as_user(owner), assessment).json() == {"sentence": ""}
    assert not Presence.objects.filter(user=coordinator).exists()


def test_many_beats_are_one_row(assessment, coordinator, as_user):
    client = as_user(coordinator)
    for _ in range(3):
        beat(client, assessment)
    assert Presence.objects.count() == 1


def test_who_is_no_member_neither_appears_nor_sees(assessment, coordinator, as_user):
    beat(as_user(coordinator), assessment)
    auditor = factories.make_official("auditor")
    assert beat(as_user(auditor), assessment).status_code == 403
    assert beat(as_user(factories.make_user()), assessment).status_code == 404
    assert beat(as_user(coordinator), assessment, "9.9").status_code == 404
    assert list(Presence.objects.values_list("user", flat=True)) == [coordinator.pk]
    topic = reverse("assessments:topic", args=[assessment.pk, "1.1"])
    assert "data-presence" not in as_user(auditor).get(topic).content.decode()
    assert "data-presence" in as_user(coordinator).get(topic).content.decode()
