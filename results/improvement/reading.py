"""What the pages of a plan show; nothing is written but the cards themselves, by `making`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import presentation
from assessments.models import Assessment
from assessments.pages.duties import Due, due_of
from assessments.presentation import language
from assessments.reading import tree_of
from criteria.structure import PROFILE, Category
from pmqa.accounts.models import User
from pmqa.thai import thai_date, thai_number
from results.improvement.approved import changed_since
from results.improvement.making import plan_of
from results.improvement.models import Card, FollowUp, Plan, Reply
from results.improvement.months import Round, rounds_of
from results.improvement.names import name_of, origin_of, subject_of
from results.improvement.services import members_of
from results.rules import PlanChapter

State = Card.State
GLYPHS = {
    State.NOT_STARTED: ("circle", ""),
    State.UNDER_WAY: ("circle-half", "is-started"),
    State.DONE: ("check-circle-fill", "is-done"),
    State.WONT_DO: ("dash-lg", ""),
}


def repeat_words(years: int) -> str:
    """ "ข้อสังเกตซ้ำปีที่ 2": the same observation in so many published results running; "" the first time."""
    return _("ข้อสังเกตซ้ำปีที่ %(n)d") % {"n": years} if years > 1 else ""


def figures_words(indicator: Mapping[str, Any] | None) -> str:
    """Target and results of a failed indicator as the sheet has them; "" for a card of anything else."""
    if not indicator:
        return ""
    known = {
        "target": _figure(indicator["target"]),
        "unit": indicator["unit"],
        "years": "–".join(str(year) for year in (indicator["years"] or ())[::2]),
        "results": " / ".join(map(_figure, indicator["results"])),
        "percent": indicator["percent"] or "–",
    }
    return _("เป้าหมาย %(target)s %(unit)s · ผล %(years)s: %(results)s · ร้อยละของเป้าหมาย %(percent)s") % known


def _figure(stored: str | None) -> str:
    return "–" if stored is None else thai_number(stored)


def finished_by(day: date | None) -> Due | None:
    """The day of a card, in words."""
    due = due_of(day)
    if due is None:
        return None
    return replace(due, words=_("แล้วเสร็จภายใน %(day)s") % {"day": thai_date(day, "short", language())})


@dataclass(frozen=True)
class CardView:
    """A card as a row of the plan, and beside the part that it is about.

    has_left: whoever is responsible belongs to the agency no more. is_changed: it plans something else than the head
    approved.
    """

    card: Card
    may_edit: bool = False
    has_left: bool = False
    is_changed: bool = False

    @property
    def origin(self) -> str:
        return origin_of(self.card)

    @property
    def subject(self) -> str:
        return subject_of(self.card)

    @property
    def name(self) -> str:
        return name_of(self.card)

    @property
    def glyph(self) -> str:
        return GLYPHS[self.card.state][0]

    @property
    def tone(self) -> str:
        return GLYPHS[self.card.state][1]

    @property
    def due(self) -> Due | None:
        return finished_by(self.card.due_on)

    @property
    def is_late(self) -> bool:
        return bool(self.card.is_open and self.due and self.due.is_past)

    @property
    def repeated(self) -> str:
        return repeat_words(self.card.repeat)

    @property
    def figures(self) -> str:
        return figures_words(self.card.indicator)

    @property
    def is_planned(self) -> bool:
        return bool(self.card.measure or self.card.state == State.WONT_DO)


@dataclass(frozen=True)
class RoundView:
    """A follow-up as the pages show it: its days, and how far it is."""

    around: Round
    stored: FollowUp | None
    today: date

    @property
    def is_open(self) -> bool:
        return self.around.is_open(self.today)

    @property
    def is_submitted(self) -> bool:
        return bool(self.stored and self.stored.submitted_at)

    @property
    def is_late(self) -> bool:
        """Sent after its day, or not sent and past it."""
        day = timezone.localdate(self.stored.submitted_at) if self.is_submitted else self.today
        return self.around.is_late(day)

    @property
    def words(self) -> str:
        if self.is_submitted:
            return _("ส่งแล้ว (ล่าช้า)") if self.is_late else _("ส่งแล้ว")
        if not self.is_open:
            return _("ยังไม่เปิด")
        return _("เลยกำหนด ยังส่งได้") if self.is_late else _("เปิดแล้ว")

    @property
    def glyph(self) -> str:
        if self.is_submitted:
            return "check-circle-fill"
        return "circle-half" if self.is_open else "circle"


@dataclass(frozen=True)
class Chapter:
    """A category with its cards."""

    category: Category
    cards: Sequence[CardView]


@dataclass(frozen=True)
class PlanPage:
    plan: Plan
    chapters: Sequence[Chapter]
    dropped: Sequence[CardView]
    rounds: Sequence[RoundView]
    counts: Mapping[str, int]
    owners: Sequence[tuple[str, str]]
    shown: int
    repeated: int
    planned: int
    changed: int
    left: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.counts[State.DONE]

    @property
    def segments(self) -> list[tuple[str, int]]:
        """For the bar: done, under way, set aside, not begun."""
        order = (
            ("tone-pass", State.DONE),
            ("tone-gold", State.UNDER_WAY),
            ("tone-level-1", State.WONT_DO),
            ("tone-idle", State.NOT_STARTED),
        )
        return [(tone, self.counts[state]) for tone, state in order]

    @property
    def legend(self) -> list[tuple[str, str, int]]:
        return [
            (tone, state.label, self.counts[state])
            for (tone, _count), state in zip(
                self.segments, (State.DONE, State.UNDER_WAY, State.WONT_DO, State.NOT_STARTED), strict=True
            )
        ]


def categories_of(assessment: Assessment) -> list[Category]:
    """What a plan has chapters for: all but the profile."""
    return [category for category in tree_of(assessment).categories if category.kind != PROFILE]


def rounds_with(plan: Plan) -> list[RoundView]:
    """Both follow-ups, whether or not anything is written in them. One query."""
    stored = {row.months: row for row in plan.follow_ups.defer("content")}
    today = timezone.localdate()
    return [RoundView(around, stored.get(around.months), today) for around in rounds_of(plan.published_at)]


def in_form_order(cards: Iterable[Card]) -> list[Card]:
    """By category and topic as the criteria have them; what is of no topic and what the agency added come behind."""
    return sorted(
        cards,
        key=lambda card: (card.category, not card.topic, _numbers(card.topic), card.is_own, card.pk),
    )


def _numbers(code: str) -> list[int]:
    return [int(number) for number in code.split(".") if number.isdigit()]


def plan_page(assessment: Assessment, user: User, chosen: Mapping[str, str]) -> PlanPage:
    """The whole plan; `chosen` are the filters of `forms.PlanFilter`, each "" where it leaves everything."""
    plan = plan_of(assessment)
    cards = in_form_order(plan.cards.all())
    for card in cards:
        card.plan = plan
    gone, changed = left(assessment, cards), changed_since(plan, cards)
    views = [
        CardView(card, user.has_perm("results.edit_card", card), card.pk in gone, card.pk in changed)
        for card in cards
    ]
    present = [view for view in views if not view.card.is_dropped]
    kept = [view for view in present if _fits(view, chosen, user)]
    by_category = {category.code: category for category in categories_of(assessment)}
    return PlanPage(
        plan=plan,
        chapters=[
            Chapter(category, found)
            for code, category in by_category.items()
            if (found := [view for view in kept if view.card.category == code])
        ],
        dropped=[view for view in views if view.card.is_dropped],
        rounds=rounds_with(plan),
        counts={state: sum(view.card.state == state for view in present) for state in State},
        owners=sorted(
            {(str(view.card.owner_id), view.card.owner_name) for view in present if view.card.owner_id},
            key=lambda owner: owner[::-1],
        ),
        shown=len(kept),
        repeated=sum(view.card.repeat > 1 for view in present),
        planned=sum(view.is_planned for view in present),
        changed=sum(view.is_changed for view in present),
        left=sum(view.has_left for view in present),
    )


def left(assessment: Assessment, cards: Iterable[Card]) -> set[int]:
    """Keys of the cards that still want doing and whose person belongs to the agency no more. One query at most."""
    open_cards = [card for card in cards if card.is_open and card.owner_id]
    here = set(members_of(assessment).values_list("user", flat=True)) if open_cards else set()
    return {card.pk for card in open_cards if card.owner_id not in here}


def _fits(view: CardView, chosen: Mapping[str, str], user: User) -> bool:
    card = view.card
    owner = str(user.pk) if chosen["owner"] == "mine" else chosen["owner"]
    return (
        (
            chosen["state"] in ("", card.state)
            or (chosen["state"] == "late" and view.is_late)
            or (chosen["state"] == "changed" and view.is_changed)
        )
        and chosen["horizon"] in ("", card.horizon)
        and (
            owner in ("", str(card.owner_id))
            or (owner == "none" and card.owner_id is None)
            or (owner == "left" and view.has_left)
        )
        and (not chosen["repeat"] or card.repeat > 1)
    )


def may_add(assessment: Assessment, user: User) -> list[Category]:
    """The categories in which this person may add cards."""
    return [
        category
        for category in categories_of(assessment)
        if user.has_perm("results.add_card", PlanChapter(assessment, category.code))
    ]


# --- beside the same part, next year ----------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What the agency did about last year's observations of one topic: of the topic, by the codes that its parts and
    indicators had then, and about the general recommendations of its category."""

    of_topic: Sequence[CardView]
    by_part: Mapping[str, Sequence[CardView]]
    general: Sequence[CardView]


def beside(before: Assessment, topic: str) -> Beside:
    """Cards of the result before, for the pages that show it beside the answers of now. One query."""
    general = Q(topic="", category=topic.partition(".")[0], source__startswith="advice:")
    cards = Card.objects.filter(Q(topic=topic) | general, plan__assessment=before, is_dropped=False)
    views = [CardView(card) for card in cards.select_related("plan")]
    by_part: dict[str, list[CardView]] = {}
    for view in views:
        for code in view.card.parts:
            by_part.setdefault(code, []).append(view)
    return Beside(
        of_topic=[view for view in views if view.card.source.startswith("ofi:")],
        by_part=by_part,
        general=[view for view in views if not view.card.topic],
    )


# --- one card ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a submitted follow-up said of one card, and the reply without a name."""

    months: int
    submitted_at: datetime
    progress: str
    evidence: str
    reply: Reply | None


def card_history(card: Card) -> list[Told]:
    """Every submitted follow-up that speaks of the card, the first one first. Two queries."""
    rows = card.plan.follow_ups.filter(submitted_at__isnull=False)
    replies = {reply.follow_up_id: reply for reply in card.replies.all()}
    found = []
    for row in rows:
        said = next((entry for entry in row.content["cards"] if entry["card"] == card.pk), None)
        if said:
            found.append(
                Told(row.months, row.submitted_at, said["progress"], said["evidence"], replies.get(row.pk))
            )
    return found


def saved_words(at: datetime | None, by: User | None, viewer: User) -> str:
    """When something was saved, with the day unless it was today, and by whom unless it was the viewer."""
    return presentation.saved_words(at, by, viewer) if at else _("ยังไม่เขียน")
