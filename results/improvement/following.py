"""Follow-ups of a plan: the agency writes and submits, the reviewers' side replies, people are reminded."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment, Status
from assessments.presentation import language
from assessments.snapshot import digest_of
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.thai import thai_date
from pmqa.versioning import Versioned, insert_or_swap
from results.improvement import telling
from results.improvement.approved import place_of, planned
from results.improvement.making import plan_of
from results.improvement.models import Card, FollowUp, Plan, Progress, Reply
from results.improvement.months import (
    OPEN_MONTHS,
    OVERDUE_MONTHS,
    ROUNDS,
    Round,
    Word,
    after_months,
    round_of,
)
from results.improvement.services import card_of, lock_plan
from results.models import ResultSheet


def stored_round(plan: Plan, months: int) -> FollowUp:
    """The row of a follow-up, which is made when something is first written in it."""
    return FollowUp.objects.get_or_create(plan=plan, months=months)[0]


def _open_round(plan: Plan, months: int, at: datetime) -> tuple[Round, FollowUp]:
    """Raises Refused with code "early", or "submitted"."""
    around = round_of(plan.published_at, months)
    if not around.is_open(timezone.localdate(at)):
        raise Refused(
            _("รอบติดตามนี้เปิดวันที่ %(day)s") % {"day": thai_date(around.opens_on, "full", language())},
            code="early",
        )
    found = stored_round(plan, months)
    if found.submitted_at:
        raise Refused(_("ส่งรอบติดตามนี้แล้ว จึงแก้ไขไม่ได้ ฉบับที่ส่งอยู่ในหน้านี้"), code="submitted")
    return around, found


@transaction.atomic
def save_progress(card: Card, *, months: int, version: int, text: str, evidence: str, by: User) -> Progress:
    """What the agency says of one card; saving what is stored already changes nothing.

    Raises Conflict, PermissionDenied, or Refused with code "early", "submitted" or "aside".
    """
    locked, plan = lock_plan(card.plan)
    current = card_of(plan, card)
    if not by.has_perm("results.edit_card", current):
        raise PermissionDenied(_("ผู้เขียนความคืบหน้าคือผู้ประสานงาน เจ้าภาพของหมวดนี้ และผู้รับผิดชอบรายการ"))
    _round, found = _open_round(plan, months, locked.asked_at)
    if not current.is_reported:
        raise Refused(_("รายการนี้ไม่อยู่ในการติดตามแล้ว เพราะตั้งไว้ว่าไม่ทำ หรือผลที่แก้ไขแล้วไม่มีข้อสังเกตนี้"), code="aside")
    said = {"text": text, "evidence": evidence}
    before, saved = _write(Progress, version, found, current, said, updated_at=locked.asked_at, updated_by=by)
    if saved is not before and (before is None or before.updated_by_id != by.pk):
        log.record("improvement.progress_saved", current, by=by, agency=locked.agency, months=months)
    return saved


def _write(
    model: type[Versioned], version: int, found: FollowUp, card: Card, said: dict[str, str], **stamp: Any
) -> tuple[Any, Any]:
    """One card of a follow-up as it was stored and as it is now, the same row where it said that already.

    Raises Conflict.
    """
    before = model.objects.filter(follow_up=found, card=card).first()
    if before and all(getattr(before, name) == text for name, text in said.items()):
        return before, before
    return before, insert_or_swap(model, version, key={"follow_up": found, "card": card}, **said, **stamp)


@transaction.atomic
def submit(plan: Plan, *, months: int, by: User) -> FollowUp:
    """Freeze a follow-up with its digest; twice is once. Raises PermissionDenied, Refused ("early", "gaps")."""
    locked, current = lock_plan(plan)
    if not by.has_perm("results.submit_follow_up", locked):
        raise PermissionDenied(_("ผู้ส่งความคืบหน้าคือผู้ประสานงาน หัวหน้าส่วนราชการ หรือผู้รักษาการ"))
    found = FollowUp.objects.filter(plan=current, months=months, submitted_at__isnull=False).first()
    if found:
        return found
    around, found = _open_round(current, months, locked.asked_at)
    said = {row.card_id: row for row in found.progress.all()}
    cards = [card for card in current.cards.all() if card.is_reported]
    silent = [card for card in cards if card.pk not in said or not said[card.pk].text]
    if silent or not cards:
        raise Refused(
            ngettext(
                "ยังส่งไม่ได้ ยังไม่เขียนความคืบหน้า %(n)d รายการ",
                "ยังส่งไม่ได้ ยังไม่เขียนความคืบหน้า %(n)d รายการ",
                len(silent),
            )
            % {"n": len(silent)},
            code="gaps",
        )
    freeze(found, current, around, [(card, said[card.pk]) for card in cards])
    found.submitted_at, found.submitted_by, found.submitted_by_name = locked.asked_at, by, str(by)
    found.save()
    log.record(
        "improvement.follow_up_submitted",
        found,
        by=by,
        agency=locked.agency,
        months=months,
        digest=found.digest,
    )
    return found


def freeze(found: FollowUp, plan: Plan, around: Round, cards: Sequence[tuple[Card, Progress]]) -> None:
    """Put into the row, not yet saved, what is submitted."""
    found.content = place_of(plan.assessment) | {
        "months": around.months,
        "due_on": around.due_on.isoformat(),
        "plan_number": plan.number,
        "cards": [planned(card) | {"progress": said.text, "evidence": said.evidence} for card, said in cards],
    }
    found.card_count = len(cards)
    found.digest = digest_of(found.content)


@transaction.atomic
def reply(card: Card, *, months: int, version: int, verdict: str, comment: str, by: User) -> Reply:
    """The word of the reviewers' side on one card of a submitted follow-up.

    Raises Conflict, PermissionDenied, or Refused with code "unsubmitted" or "comment" (what is missing is not said).
    """
    locked, plan = lock_plan(card.plan)
    if not by.has_perm("results.reply_follow_up", locked):
        raise PermissionDenied(_("ผู้ให้ความเห็นคือหัวหน้าทีมผู้ตรวจของเรื่องนี้ หรือเจ้าหน้าที่ประจำเรื่อง"))
    found = FollowUp.objects.filter(plan=plan, months=months, submitted_at__isnull=False).first()
    if found is None or card.pk not in {entry["card"] for entry in found.content["cards"]}:
        raise Refused(_("หน่วยงานยังไม่ส่งความคืบหน้าของรายการนี้"), code="unsubmitted")
    if verdict == Reply.Verdict.NOT_ENOUGH and not comment:
        raise Refused(_("บอกว่ายังขาดอะไร เพื่อให้หน่วยงานทำต่อได้"), code="comment")
    said = {"verdict": verdict, "comment": comment}
    before, saved = _write(Reply, version, found, card, said, written_at=locked.asked_at, written_by=by)
    if saved is not before:
        # Not in the agency's own log, where it would name the reviewer.
        log.record("improvement.replied", found, by=by, card=card.pk, verdict=verdict)
    return saved


# --- the clock --------------------------------------------------------------------------------


# So many plans of earlier results are made at a time.
MADE_AT_ONCE = 100
# Where a follow-up keeps when its agency was told what.
TOLD = {Word.OPEN: "told_at", Word.SOON_DUE: "reminded_at", Word.OVERDUE: "overdue_at"}


def make_missing() -> int:
    """The cards of results without a plan, or with one that no sheet has been read for yet; how many plans."""
    missing = Assessment.objects.filter(
        Q(plan=None) | Q(plan__follows=[]), status=Status.REPORT_ISSUED, sheets__revision=1
    )
    found = list(missing.with_places().order_by("pk")[:MADE_AT_ONCE])
    for assessment in found:
        plan_of(assessment)
    return len(found)


def remind() -> int:
    """Tell agencies once that a follow-up has opened, is soon due, is overdue; how many rounds."""
    today = timezone.localdate()
    told = 0
    for months in ROUNDS:
        for key, published_at, *marks in _not_submitted(months, today):
            around = round_of(published_at, months)
            word = around.word(today)
            if word and not marks[word - 1]:
                told += _tell(Assessment.objects.with_places().get(pk=key), around, word)
    return told


def _not_submitted(months: int, today: date) -> list[tuple]:
    """Published assessments whose round may be open or lately overdue: key, publication, and what was said of it."""
    rounds = FollowUp.objects.filter(plan__assessment=OuterRef("assessment"), months=months)
    # A day or two more at both ends: which day it is exactly is reckoned in Bangkok.
    first = after_months(today, -months - OPEN_MONTHS - OVERDUE_MONTHS) - timedelta(days=2)
    last = after_months(today, -months) + timedelta(days=2)
    rows = ResultSheet.objects.filter(
        ~Exists(rounds.exclude(submitted_at=None)),
        revision=1,
        assessment__status=Status.REPORT_ISSUED,
        created_at__date__range=(first, last),
    ).annotate(**{mark: Exists(rounds.exclude(**{mark: None})) for mark in TOLD.values()})
    return list(rows.order_by("pk").values_list("assessment", "created_at", *TOLD.values()))


@transaction.atomic
def _tell(assessment: Assessment, around: Round, word: Word) -> bool:
    _locked, plan = lock_plan(plan_of(assessment))
    found = stored_round(plan, around.months)
    if found.submitted_at or getattr(found, TOLD[word]):
        return False
    found.plan = plan
    now = timezone.now()
    # Who hears of it late for the first time hears of it once.
    for earlier in Word:
        if earlier <= word and not getattr(found, TOLD[earlier]):
            setattr(found, TOLD[earlier], now)
    found.save(update_fields=list(TOLD.values()))
    log.record("improvement.reminded", found, by=None, agency=assessment.agency, months=around.months)
    people = telling.who_follows_up(found)
    transaction.on_commit(lambda: telling.tell_of_round(people, due_on=around.due_on, word=word))
    return True
