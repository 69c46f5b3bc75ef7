"""Plans of the demonstration: filled in part, followed up once, with replies of the reviewers' side. Invented.

Older plans are written in bulk: they were followed up and replied to, but for one that waits for its reply and one
that is overdue.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from assessments.models import Assessment, Status
from pmqa.accounts.models import Agency
from pmqa.thai import BANGKOK
from results.demo.road import Team, fresh
from results.improvement import following, services
from results.improvement.making import plan_of
from results.improvement.models import Card, FollowUp, Plan, Progress, Reply
from results.improvement.months import Round, round_of, rounds_of
from results.improvement.reading import in_form_order

# What is to be done, how success is measured, how far it is.
PLANNED = (
    ("ตั้งคณะทำงานร่วมกับสำนักงานพื้นที่ จัดทำผลลัพธ์ย้อนหลัง 3 ปีเป็นตัวเลข และรายงานทุกไตรมาส",
     "มีผลลัพธ์ย้อนหลัง 3 ปีครบทุกพื้นที่ และเทียบกับเป้าหมายได้", Card.State.DONE),
    ("ปรับระบบข้อมูลกลางให้ผู้บริหารเห็นปัญหารายพื้นที่ และนำไปใช้ในการประชุมผู้บริหารทุกเดือน",
     "มีการตัดสินใจจากข้อมูลอย่างน้อยปีละ 6 เรื่อง", Card.State.UNDER_WAY),
    ("ถ่ายทอดแนวทางไปทุกหน่วยงานย่อย และติดตามการนำไปใช้ด้วยแบบสอบถามออนไลน์",
     "หน่วยงานย่อยร้อยละ 90 นำแนวทางไปใช้", Card.State.UNDER_WAY),
    ("ร่วมกับเครือข่ายจัดทำแผนงานร่วม กำหนดบทบาทและตัวชี้วัดของแต่ละฝ่าย",
     "เครือข่ายอย่างน้อย 5 แห่งมีผลงานร่วมที่วัดได้", Card.State.NOT_STARTED),
)  # fmt: skip
REASON = "ภารกิจส่วนนี้โอนไปยังหน่วยงานอื่นตามโครงสร้างใหม่ จึงไม่ดำเนินการในแผนนี้"
PROGRESS = (
    "จัดทำข้อมูลครบทุกพื้นที่แล้ว เผยแพร่บนเว็บไซต์ของหน่วยงาน",
    "ปรับระบบแล้วสองในสามส่วน ผู้บริหารเริ่มใช้ข้อมูลในการประชุมเดือนที่ผ่านมา",
    "ถ่ายทอดแล้ว 18 จาก 30 หน่วยงานย่อย ที่เหลือจะครบในไตรมาสหน้า",
    "อยู่ระหว่างหารือกับเครือข่าย ยังไม่มีผลที่วัดได้",
)
EVIDENCE = "https://example.org/improvement-report"
REPLIES = (
    (Reply.Verdict.ENOUGH, "ข้อมูลชัดเจนและตรวจสอบได้"),
    (Reply.Verdict.NOT_ENOUGH, "ควรแสดงเรื่องที่ตัดสินใจจากข้อมูลจริงอย่างน้อยหนึ่งเรื่อง"),
)


def write(agency: Agency, team: Team, *, at: datetime) -> None:
    """The plan after last year's result, followed up at six months; and, where there is one, that of this year."""
    published = Assessment.objects.with_places().filter(agency=agency, status=Status.REPORT_ISSUED)
    *_earlier, last = published.filter(cycle__closes_at__lt=at).order_by("cycle__year")
    plan = plan_of(last)
    _plan(plan, team, due_on=(at + timedelta(days=20)).date(), aside=True)
    services.approve(plan_of(last), number=plan_of(last).number, by=fresh(team.head))
    _follow_up(plan, team)
    if present := published.filter(cycle__closes_at__gte=at).first():
        _plan(plan_of(present), team, due_on=(at + timedelta(days=300)).date(), aside=False)


def _plan(plan: Plan, team: Team, *, due_on, aside: bool) -> None:
    coordinator = fresh(team.coordinator)
    cards = in_form_order(plan.cards.all())
    for card, (measure, success, state) in zip(cards, PLANNED, strict=False):
        _save(card, plan, coordinator, due_on=due_on, measure=measure, success=success, state=state)
    if aside and len(cards) > len(PLANNED):
        _save(cards[len(PLANNED)], plan, coordinator, state=Card.State.WONT_DO, reason=REASON)


def _save(card: Card, plan: Plan, by, **values) -> None:
    card.plan = plan
    blank = {
        "measure": "",
        "success": "",
        "reason": "",
        "evidence": "",
        "due_on": None,
        "state": "not_started",
    }
    planned = {"horizon": Card.Horizon.ONE_YEAR, "owner_id": by.pk} if "measure" in values else {}
    services.save_card(
        card, version=0, values={"horizon": "", "owner_id": None, **blank, **planned, **values}, by=by
    )


def _follow_up(plan: Plan, team: Team) -> None:
    """Six months after publication, sent a week before it was due; the lead has replied to the first cards."""
    around = round_of(plan.published_at, 6)
    if not around.is_open(timezone.localdate()):
        return
    coordinator, lead = fresh(team.coordinator), fresh(team.lead)
    cards = [card for card in in_form_order(plan.cards.all()) if card.is_reported]
    for place, card in enumerate(cards):
        card.plan = plan
        said = {"text": PROGRESS[min(place, len(PROGRESS) - 1)], "evidence": EVIDENCE if place < 2 else ""}
        following.save_progress(card, months=6, version=0, **said, by=coordinator)
    sent = following.submit(plan, months=6, by=coordinator)
    FollowUp.objects.filter(pk=sent.pk).update(submitted_at=_moment(around.due_on - timedelta(days=7)))
    for card, (verdict, comment) in zip(cards, REPLIES, strict=False):
        following.reply(card, months=6, version=0, verdict=verdict, comment=comment, by=lead)


def write_past(
    agency: Agency, team: Team, *, at: datetime, is_last_sent: bool, is_last_replied: bool
) -> None:
    """Every round that is over and of which nothing is stored; the last may be missing, or wait for its reply."""
    plans = Plan.objects.filter(assessment__agency=agency).order_by("published_at")
    over = [
        (plan, around)
        for plan in plans
        for around in rounds_of(plan.published_at)
        if around.is_late(at.date()) and not plan.follow_ups.filter(months=around.months).exists()
    ]
    for plan, around in over:
        is_last = (plan, around) == over[-1]
        if is_last_sent or not is_last:
            _past_round(plan, around, team, is_replied=is_last_replied or not is_last)


def _past_round(plan: Plan, around: Round, team: Team, *, is_replied: bool) -> None:
    cards = in_form_order(plan.cards.all())
    for place, card in enumerate(cards):
        card.measure, card.success, _state = PLANNED[place % len(PLANNED)]
        card.state = Card.State.DONE if is_replied else Card.State.UNDER_WAY
    Card.objects.bulk_update(cards, ["measure", "success", "state"])
    sent = _moment(around.due_on - timedelta(days=3))
    found = FollowUp.objects.create(plan=plan, months=around.months)
    who = {"updated_at": sent, "updated_by": team.coordinator}
    said = Progress.objects.bulk_create(
        Progress(
            follow_up=found,
            card=card,
            version=1,
            text=PROGRESS[place % len(PROGRESS)],
            evidence=EVIDENCE,
            **who,
        )
        for place, card in enumerate(cards)
    )
    following.freeze(found, plan, around, list(zip(cards, said, strict=True)))
    found.submitted_at, found.submitted_by, found.submitted_by_name = (
        sent,
        team.coordinator,
        str(team.coordinator),
    )
    found.save()
    if is_replied:
        verdict, comment = REPLIES[0]
        stamp = {"written_at": _moment(around.due_on + timedelta(days=12)), "written_by": team.lead}
        Reply.objects.bulk_create(
            Reply(follow_up=found, card=card, version=1, verdict=verdict, comment=comment, **stamp)
            for card in cards
        )


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(10, 24), tzinfo=BANGKOK)
