"""What the page of one follow-up shows: as it is being written, or as it was submitted with what was replied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessments.models import Assessment
from pmqa.accounts.models import User
from results.improvement.making import plan_with
from results.improvement.models import Card, Plan
from results.improvement.months import rounds_of
from results.improvement.reading import CardView, RoundView, in_form_order


@dataclass(frozen=True)
class FollowedCard:
    """One card in a follow-up: what is or was said of it, and the reply. `frozen` is its part of what was submitted."""

    view: CardView
    progress: Any
    reply: Any
    frozen: Mapping[str, Any] | None

    @property
    def card(self) -> Card:
        return self.view.card

    @property
    def text(self) -> str:
        return self.frozen["progress"] if self.frozen else self.progress.text if self.progress else ""

    @property
    def evidence(self) -> str:
        return self.frozen["evidence"] if self.frozen else self.progress.evidence if self.progress else ""


@dataclass(frozen=True)
class FollowUpPage:
    plan: Plan
    round: RoundView
    cards: Sequence[FollowedCard]

    @property
    def silent(self) -> list[FollowedCard]:
        """Of which nothing is written yet: a follow-up is submitted whole."""
        return [entry for entry in self.cards if not entry.text]

    @property
    def written(self) -> int:
        return len(self.cards) - len(self.silent)

    @property
    def replied(self) -> int:
        return sum(entry.reply is not None for entry in self.cards)


def follow_up_page(assessment: Assessment, user: User, months: int) -> FollowUpPage:
    """A follow-up as it is being written, or as it was submitted. At most three queries."""
    plan = plan_with(assessment)
    stored = plan.follow_ups.filter(months=months).first()
    around = next(entry for entry in rounds_of(plan.published_at) if entry.months == months)
    cards = {card.pk: card for card in in_form_order(plan.cards.all())}
    for card in cards.values():
        card.plan = plan
    frozen = {entry["card"]: entry for entry in stored.content["cards"]} if stored and stored.content else {}
    progress, replies = {}, {}
    if frozen:
        replies = {row.card_id: row for row in stored.replies.all()}
    elif stored:
        progress = {row.card_id: row for row in stored.progress.select_related("updated_by")}
    shown = [key for key, card in cards.items() if (key in frozen if frozen else card.is_reported)]
    for key, entry in frozen.items():
        _as_submitted(cards[key], entry)
    entries = [
        FollowedCard(
            CardView(cards[key], user.has_perm("results.edit_card", cards[key])),
            progress.get(key),
            replies.get(key),
            frozen.get(key),
        )
        for key in shown
    ]
    return FollowUpPage(plan, RoundView(around, stored, timezone.localdate()), entries)


def _as_submitted(card: Card, entry: Mapping[str, Any]) -> None:
    """What was submitted stays as it was, whatever became of the card; this row is shown and never saved."""
    for name in ("title", "observation", "measure", "state"):
        setattr(card, name, entry[name])
    # Whether it is late is a word about today.
    card.due_on = None
