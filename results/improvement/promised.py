"""What an agency has promised after a result, for those who may not read its plan: things to do, and by when.

Only of a plan that its head approved, and only what is still to be done: owners, notes and follow-ups stay inside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.models import Assessment
from results.documents.shortening import shortened
from results.improvement.models import Card, Plan
from results.improvement.reading import CardView

# So many stand on the page; the others are a number.
SHOWN = 5
ROOM = 160


@dataclass(frozen=True)
class Promise:
    view: CardView
    measure: str


@dataclass(frozen=True)
class Promised:
    """`promises` are the nearest; `more` is how many there are besides, `done` how many were kept already."""

    plan: Plan
    promises: Sequence[Promise]
    more: int
    done: int


def promised(assessment: Assessment) -> Promised | None:
    """Two queries; None where no head has approved a plan yet."""
    plan = Plan.objects.filter(assessment=assessment).first()
    if plan is None or not plan.is_approved:
        return None
    cards = [card for card in plan.cards.all() if card.is_reported and card.measure]
    coming = sorted(
        (card for card in cards if card.is_open),
        key=lambda card: (card.due_on is None, card.due_on, card.pk),
    )
    shown = [Promise(CardView(card), shortened(card.measure, ROOM)) for card in coming[:SHOWN]]
    done = sum(card.state == Card.State.DONE for card in cards)
    return Promised(plan, shown, len(coming) - len(shown), done)
