"""What of an approved plan is told to those who may not read it: what is still to be done, and by when."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from results.improvement.models import Card, Plan
from tests import factories as base

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(as_user, sheet):
    """The page for executives, as one of them reads it."""
    client = as_user(base.make_official("executive"))
    return lambda: client.get(reverse("results:minister", args=[sheet.assessment_id]))


def promise(card, measure, days, state=Card.State.NOT_STARTED):
    Card.objects.filter(pk=card.pk).update(
        measure=measure, due_on=timezone.localdate() + timedelta(days=days), state=state
    )


def test_nothing_is_promised_before_the_head_has_approved(page, card):
    promise(card, "ทำระบบจองคิวกลาง", 30)
    reply = page()
    assert reply.context["promised"] is None
    assert "ทำระบบจองคิวกลาง" not in reply.content.decode()


def test_an_approved_plan_says_what_and_by_when_and_no_more(page, plan, card):
    others = [
        Card.objects.create(plan=plan, key=uuid.uuid4(), category="1", topic="1.1", title=f"เรื่องสมมติ {n}")
        for n in (1, 2)
    ]
    promise(card, "ทำระบบจองคิวกลาง", 30)
    promise(others[0], "อบรมผู้ปฏิบัติงาน", 10)
    promise(others[1], "ปรับคู่มือแล้ว", -10, Card.State.DONE)
    Card.objects.filter(pk=card.pk).update(owner_name="นางสาวสมมติ รับผิดชอบ", evidence="หลักฐานภายใน")
    Plan.objects.filter(pk=plan.pk).update(approved_number=plan.number, approved_at=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        reply = page()
    assert len(queries) <= 12
    found = reply.context["promised"]
    assert [entry.measure for entry in found.promises] == ["อบรมผู้ปฏิบัติงาน", "ทำระบบจองคิวกลาง"]
    assert (found.done, found.more) == (1, 0)
    text = reply.content.decode()
    assert "แล้วเสร็จภายใน" in text
    assert "นางสาวสมมติ" not in text
    assert "หลักฐานภายใน" not in text
    assert "มีการแก้แผนหลังจากนั้น" not in text


def test_a_plan_that_was_changed_since_says_so(page, plan, card):
    promise(card, "ทำระบบจองคิวกลาง", 30)
    Plan.objects.filter(pk=plan.pk).update(
        approved_number=0, approved_at=timezone.now(), number=plan.number + 1
    )
    assert "มีการแก้แผนหลังจากนั้น" in page().content.decode()


def test_the_plan_itself_stays_closed_to_an_executive(as_user, sheet, plan):
    client = as_user(base.make_official("executive"))
    assert client.get(reverse("results:plan", args=[sheet.assessment_id])).status_code in (403, 404)
