"""A plan with its follow-ups on paper: plain data -> HTML -> tagged PDF, always in Thai.

The same plan gives the same bytes: what is printed is the plan as it stands, with the number of its changes and a
seal, and no word of when or by whom it was printed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from assessments.models import Assessment
from assessments.snapshot import digest_of
from pmqa import pdf
from pmqa.seal import Seal, code_of, seal_of
from pmqa.thai import thai_date, thai_datetime
from results.improvement.approved import place_of
from results.improvement.making import plan_with
from results.improvement.models import Card, FollowUp, Plan, Reply
from results.improvement.months import rounds_of
from results.improvement.names import origin_of, subject_of
from results.improvement.reading import categories_of, figures_words, in_form_order, repeat_words


@dataclass(frozen=True)
class PaperTold:
    """What was said of a card in one follow-up, and the reply."""

    months: int
    progress: str
    evidence: str
    verdict: str
    comment: str


@dataclass(frozen=True)
class PaperCard:
    category: str
    topic: str
    origin: str
    subject: str
    observation: str
    parts: str
    repeat: str
    measure: str
    success: str
    horizon: str
    owner: str
    due_on: str
    state: str
    reason: str
    evidence: str
    told: Sequence[PaperTold]


@dataclass(frozen=True)
class PaperChapter:
    code: str
    name: str
    cards: Sequence[PaperCard]


@dataclass(frozen=True)
class PaperRound:
    months: int
    opens_on: str
    due_on: str
    submitted: str
    submitted_by: str
    code: str


@dataclass(frozen=True)
class Paper:
    agency: str
    agency_code: str
    ministry: str
    cycle: str
    year: int
    published: str
    # "รุ่นที่ 3"; a plan that its head has not approved is a draft and has no number yet.
    which: str
    approval: str
    approved_by: str
    rounds: Sequence[PaperRound]
    chapters: Sequence[PaperChapter]
    seal: Seal | None = None

    @property
    def cards(self) -> list[PaperCard]:
        return [card for chapter in self.chapters for card in chapter.cards]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Cards by state, in words; the reason is not part of the state."""
        states = [card.state for card in self.cards]
        return [(state, states.count(state)) for state in dict.fromkeys(states)]


def paper_of(assessment: Assessment) -> Paper:
    """The plan as it stands now. At most four queries where it came along with its assessment."""
    with translation.override("th"):
        plan = plan_with(assessment)
        paper = _paper(assessment, plan)
        return replace(paper, seal=_seal(plan, assessment, digest=digest_of(asdict(paper))))


def _paper(assessment: Assessment, plan: Plan) -> Paper:
    stored = {row.months: row for row in plan.follow_ups.all()}
    told = _told(plan, stored.values())
    cards = in_form_order(plan.cards.filter(is_dropped=False))
    chapters = []
    for category in categories_of(assessment):
        found = [card for card in cards if card.category == category.code]
        if found:
            written = [_card(card, told) for card in found]
            chapters.append(PaperChapter(category.code, category.name_th, written))
    return Paper(
        agency=assessment.agency.name,
        agency_code=assessment.agency.code,
        ministry=assessment.agency.ministry.name,
        cycle=assessment.cycle.name,
        year=assessment.cycle.year,
        published=thai_date(plan.published_at),
        which=_which(plan),
        approval=_approval(plan),
        approved_by=plan.approved_by_name,
        rounds=[
            _round(around.months, around.opens_on, around.due_on, stored.get(around.months))
            for around in rounds_of(plan.published_at)
        ],
        chapters=chapters,
    )


def _seal(plan: Plan, assessment: Assessment, *, digest: str) -> Seal:
    """Of the approved plan, where the paper shows that one; else without a code, with the `digest` of what it shows.

    One query where the plan is approved and unchanged.
    """
    about = {"document": "แผนพัฒนาองค์การ", "which": f"แผน{_which(plan)}"}
    if plan.approved_number == plan.number:
        frozen = plan.approvals.filter(number=plan.number).first()
        if frozen:
            return seal_of(frozen.content, digest=frozen.digest, **about)
        unsealed = "แผนนี้อนุมัติก่อนที่ระบบจะตรึงแผนที่อนุมัติ"
    else:
        unsealed = "แผนนี้แก้หลังอนุมัติและยังไม่อนุมัติใหม่" if plan.is_approved else "แผนนี้ยังไม่อนุมัติ"
    return seal_of(place_of(assessment), digest=digest, unsealed=unsealed, **about)


def _which(plan: Plan) -> str:
    return f"รุ่นที่ {plan.number}" if plan.is_approved else "ฉบับร่าง ยังไม่อนุมัติ"


def _approval(plan: Plan) -> str:
    if not plan.is_approved:
        return "ยังไม่อนุมัติ"
    words = f"{plan.approved_by_name} อนุมัติแผนรุ่นที่ {plan.approved_number} เมื่อ {thai_datetime(plan.approved_at, 'full')}"
    return f"{words} (แก้หลังอนุมัติ)" if plan.is_changed_since else words


def _round(months: int, opens_on: date, due_on: date, stored: FollowUp | None) -> PaperRound:
    submitted = ""
    if stored and stored.submitted_at:
        late = " (ล่าช้า)" if timezone.localdate(stored.submitted_at) > due_on else ""
        submitted = f"ส่งเมื่อ {_moment(stored.submitted_at)} โดย {stored.submitted_by_name}{late}"
    return PaperRound(
        months,
        thai_date(opens_on),
        thai_date(due_on),
        submitted or "ยังไม่ส่ง",
        stored.submitted_by_name if submitted else "",
        code_of(stored.content, stored.digest) if stored and stored.content else "",
    )


def _moment(at: datetime) -> str:
    return thai_datetime(at, "full")


def _told(plan: Plan, rounds) -> dict[int, list[PaperTold]]:
    replies = {
        (reply.follow_up_id, reply.card_id): reply for reply in Reply.objects.filter(follow_up__plan=plan)
    }
    found: dict[int, list[PaperTold]] = {}
    for row in sorted(rounds, key=lambda row: row.months):
        for entry in (row.content or {"cards": ()})["cards"]:
            reply = replies.get((row.pk, entry["card"]))
            found.setdefault(entry["card"], []).append(
                PaperTold(
                    row.months,
                    entry["progress"],
                    entry["evidence"],
                    str(reply.get_verdict_display()) if reply else "",
                    reply.comment if reply else "",
                )
            )
    return found


def _card(card: Card, told: dict[int, list[PaperTold]]) -> PaperCard:
    said: dict[str, Any] = {
        name: getattr(card, name)
        for name in ("category", "topic", "measure", "success", "reason", "evidence")
    }
    said["observation"] = "\n".join(filter(None, (card.observation, figures_words(card.indicator))))
    return PaperCard(
        **said,
        origin=origin_of(card),
        subject=subject_of(card),
        parts=" ".join(card.parts),
        repeat=repeat_words(card.repeat),
        horizon=str(card.get_horizon_display()) if card.horizon else "",
        owner=card.owner_name,
        due_on=thai_date(card.due_on) if card.due_on else "",
        state=str(card.get_state_display()),
        told=told.get(card.pk, []),
    )


def render_html(paper: Paper) -> str:
    with translation.override("th"):
        return render_to_string("print/plan.html", {"paper": paper})


def render_pdf(paper: Paper) -> bytes:
    return pdf.render(render_html(paper))
