"""A plan as the head approved it, frozen.

The digest of an approved plan covers what is approved: the observations and what is planned for each. How far it is may
be written on without asking again, so that is no part of it; a follow-up freezes that with a digest of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef

from assessments.models import Assessment
from assessments.reading import policy_of, tree_of
from assessments.snapshot import digest_of
from results.improvement.models import ApprovedPlan, Card, Plan

SCHEMA = 1
# So many plans that were approved before they were frozen are frozen at a time.
FROZEN_AT_ONCE = 100


def place_of(assessment: Assessment) -> dict[str, Any]:
    """Whose plan it is, in which cycle, by which edition and policy: under the keys that every frozen content has."""
    policy = policy_of(assessment)
    return {
        "agency": {"code": assessment.agency.code, "name": assessment.agency.name},
        "cycle": {"year": assessment.cycle.year, "name": assessment.cycle.name},
        "edition": {"code": tree_of(assessment).code},
        "policy": {"name": policy.name, "version": policy.version},
    }


def freeze(plan: Plan, *, at: datetime) -> ApprovedPlan:
    """The plan as it is now, which its head has approved; the same number again is the same row."""
    content = place_of(plan.assessment) | {
        "schema": SCHEMA,
        "number": plan.number,
        "cards": [planned(card) for card in plan.cards.filter(is_dropped=False)],
    }
    return ApprovedPlan.objects.get_or_create(
        plan=plan,
        number=plan.number,
        defaults={"content": content, "digest": digest_of(content), "approved_at": at},
    )[0]


def planned(card: Card) -> dict[str, Any]:
    """What a card plans, as approvals and follow-ups freeze it."""
    return {
        "card": card.pk,
        "source": card.source,
        "category": card.category,
        "topic": card.topic,
        "title": card.title,
        "observation": card.observation,
        "parts": card.parts,
        "indicator": card.indicator,
        "horizon": card.horizon,
        "owner": card.owner_name,
        "measure": card.measure,
        "success": card.success,
        "due_on": card.due_on.isoformat() if card.due_on else "",
        "state": card.state,
    }


def changed_since(plan: Plan, cards: Iterable[Card]) -> set[int]:
    """Keys of the cards that plan something else than the head approved. One query where there are some.

    None of a plan that was approved before approvals were frozen.
    """
    frozen = plan.approvals.filter(number=plan.approved_number).first() if plan.is_changed_since else None
    if frozen is None:
        return set()
    before = {entry["card"]: entry for entry in frozen.content["cards"]}
    return {card.pk for card in cards if card.pk not in before or _differs(planned(card), before[card.pk])}


def _differs(now: Mapping[str, Any], approved: Mapping[str, Any]) -> bool:
    """By what an approval of its time held; how far a card is does not matter, whether it is set aside does."""
    aside = Card.State.WONT_DO
    return any(now[name] != said for name, said in approved.items() if name != "state") or (
        (now["state"] == aside) != (approved["state"] == aside)
    )


def freeze_earlier() -> int:
    """Plans that were approved before approvals were frozen, and not changed since; how many."""
    frozen = ApprovedPlan.objects.filter(plan=OuterRef("pk"), number=OuterRef("number"))
    found = Plan.objects.filter(~Exists(frozen), approved_number=F("number")).order_by("pk")[:FROZEN_AT_ONCE]
    places = Assessment.objects.with_places().in_bulk([plan.assessment_id for plan in found])
    for plan in found:
        plan.assessment = places[plan.assessment_id]
        freeze(plan, at=plan.approved_at)
    return len(found)
