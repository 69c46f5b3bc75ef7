"""From several blind marks to the one that counts, and the lead's decisions where they differ."""

from collections.abc import Collection, Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import PRELIMINARY, Answer, Assessment, Status
from assessments.workflow import change_status, lock
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused
from pmqa.versioning import insert_or_swap
from reviews.comments import is_comment
from reviews.decided import (
    Judged,
    agreement,
    judged_answers,
    marking_rows,
    merged_comment,
    with_comment,
)
from reviews.models import Assignment, Consensus, Outcome, Verdict
from reviews.services import feedback
from reviews.services.texts import stored_text

Basis = Consensus.Basis
# Codes that a refusal names one by one; the page lists them all.
CODES_NAMED = 8


class Unfinished(Refused):
    """Consensus cannot be closed; `codes` are the places that need something, in the order of the form."""

    def __init__(self, message: str, codes: Sequence[str], *, code: str):
        named = " ".join(codes[:CODES_NAMED])
        if len(codes) > CODES_NAMED:
            named = _("%(codes)s และอีก %(n)d ส่วน") % {"codes": named, "n": len(codes) - CODES_NAMED}
        super().__init__(message % {"codes": named}, code=code)
        self.codes = tuple(codes)


def settle(assessment: Assessment) -> None:
    """All reviewers have handed in: write what they agree on, leave the rest to the lead, move on.

    `assessment` is in review and locked by the caller. One reviewer's mark counts as it is (single).
    """
    rows = marking_rows(assessment)
    marks: dict[tuple[int, int], Verdict] = {
        (verdict.answer_id, verdict.assignment_id): verdict
        for verdict in Verdict.objects.filter(assignment__in=[row.pk for row in rows])
    }
    markers: dict[str, list[Assignment]] = {}
    for row in rows:
        markers.setdefault(row.category.code, []).append(row)
    now = timezone.now()
    agreed = []
    for judged in judged_answers(assessment):
        own = [marks.get((judged.answer.pk, row.pk)) for row in markers.get(judged.category.code, ())]
        # Who abstains has no mark that could agree or differ.
        own = [mark for mark in own if mark is None or not mark.is_abstention]
        outcome = agreement([mark and mark.outcome for mark in own])
        if outcome:
            agreed.append(
                Consensus(
                    answer=judged.answer,
                    outcome=outcome,
                    comment=merged_comment(own),
                    sources=[verdict.pk for verdict in with_comment(own)],
                    basis=Basis.AGREED if len(own) > 1 else Basis.SINGLE,
                    judged_version=own[0].judged_version,
                    decided_at=now,
                    version=1,
                )
            )
    Consensus.objects.bulk_create(agreed)
    change_status(assessment, Status.CONSENSUS, by=None)
    feedback.redraft(assessment)


def _open_for_decision(assessment: Assessment, *, by: User) -> Assessment:
    """The case, locked; PermissionDenied for anybody but its lead, Refused (closed) out of its time."""
    locked = lock(assessment)
    if not by.has_perm("reviews.lead", locked):
        raise PermissionDenied(_("ผู้ตัดสินคือหัวหน้าทีมผู้ตรวจประเมินของเรื่องนี้ ท่านอ่านได้อย่างเดียว"))
    if locked.status != Status.CONSENSUS:
        raise Refused(why_closed(locked), code="closed")
    return locked


def why_closed(assessment: Assessment) -> str:
    """Why nothing can be decided now, and what would open it; "" while the lead decides."""
    return {
        Status.CONSENSUS: "",
        Status.CONSENSUS_DONE: _("ปิดฉันทามติแล้ว ถ้าต้องแก้ ให้ผู้ดูแลระบบเปิดขั้นหาฉันทามติอีกครั้ง"),
        **dict.fromkeys(PRELIMINARY, _("แจ้งผลเบื้องต้นแล้ว ผลฉันทามติเปลี่ยนได้เฉพาะเมื่อพิจารณาคำขอทบทวน")),
        Status.REPORT_ISSUED: _("ประกาศผลแล้ว ผลฉันทามติแก้ไขไม่ได้อีก"),
    }.get(assessment.status, _("ยังไม่ถึงขั้นหาฉันทามติ รอผู้ตรวจทุกคนส่งผล"))


@transaction.atomic
def decide(
    answer: Answer,
    *,
    version: int,
    outcome: str,
    comment: str,
    reason: str,
    sources: Collection[int] = (),
    by: User,
) -> Consensus:
    """The lead's word on one answer; `version` 0 means that nothing has been decided yet.

    `sources` are the primary keys of the verdicts whose comments the lead uses: without a `comment` they make it,
    with one they are kept as what it was made from. Rewording the comment of an outcome on which the reviewers
    agree leaves it theirs; any other decision is the lead's and needs a reason. Deciding what is decided already
    changes nothing. Raises
    Refused (codes closed, removed, outcome, sources, comment, reason, too_long), PermissionDenied, Conflict.
    """
    assessment = _open_for_decision(answer.assessment, by=by)
    if answer.removed_at:
        raise Refused(_("ตัวชี้วัดนี้ถูกลบแล้ว จึงไม่มีผลให้ตัดสิน"), code="removed")
    used = _sources(answer, sources)
    content = {
        "outcome": outcome,
        "comment": stored_text(comment) or stored_text(merged_comment(used)),
        "reason": stored_text(reason),
    }
    kept = [verdict.pk for verdict in used]
    stored = Consensus.objects.filter(answer=answer).first()
    if stored and stored.sources == kept and all(getattr(stored, name) == content[name] for name in content):
        return stored
    if (stored.version if stored else 0) != version:
        raise Conflict(stored or Consensus(answer=answer, version=0))
    basis = _basis(stored, **content)
    saved = insert_or_swap(
        Consensus,
        version,
        key={"answer": answer},
        **content,
        sources=kept,
        basis=basis,
        judged_version=answer.version,
        decided_by=by,
        decided_at=timezone.now(),
    )
    log.record(
        "review.decided",
        assessment,
        by=by,
        answer=answer.pk,
        before=stored.outcome if stored else None,
        after=outcome,
        basis=basis,
        sources=kept,
    )
    feedback.redraft(assessment)
    return saved


def _sources(answer: Answer, chosen: Collection[int]) -> list[Verdict]:
    """The chosen opinions on this answer in the order of the team; refuses one that is not there (any more)."""
    if not chosen:
        return []
    marks = Verdict.objects.filter(
        answer=answer, assignment__recused_at=None, assignment__marks=True
    ).order_by("assignment_id")
    used = [verdict for verdict in with_comment(marks) if verdict.pk in chosen]
    if len(used) != len(set(chosen)):
        raise Refused(_("ความเห็นที่เลือกไม่อยู่ในทีมนี้แล้ว เปิดหน้านี้ใหม่แล้วเลือกอีกครั้ง ข้อความที่พิมพ์ยังอยู่"), code="sources")
    return used


def _basis(stored: Consensus | None, *, outcome: str, comment: str, reason: str) -> str:
    """Whose verdict this is; refuses what lacks its outcome, comment or reason."""
    if outcome not in Outcome.values:
        raise Refused(_("เลือกผ่านหรือไม่ผ่าน"), code="outcome")
    if outcome == Outcome.FAIL and not is_comment(comment):
        raise Refused(_("ไม่ผ่านต้องมีความเห็น บอกสิ่งที่มี แล้วบอกสิ่งที่ควรแสดง"), code="comment")
    is_agreed = stored is not None and stored.basis != Basis.LEAD
    if is_agreed and outcome == stored.outcome:
        return stored.basis
    if not is_comment(reason):
        raise Refused(
            _("ระบุเหตุผล เพราะผลนี้ต่างจากที่ผู้ตรวจเห็นตรงกัน") if is_agreed else _("ระบุเหตุผลของหัวหน้าทีมที่ให้ผลนี้"),
            code="reason",
        )
    return Basis.LEAD


def undecided(rows: Iterable[Judged]) -> list[str]:
    """Codes of the answers without a verdict that counts: those on which the reviewers differ."""
    return [row.code for row in rows if not row.outcome]


def uncommented(rows: Iterable[Judged]) -> list[str]:
    """Codes of the fails without a comment."""
    return [row.code for row in rows if row.outcome == Outcome.FAIL and not is_comment(row.consensus.comment)]


@transaction.atomic
def finish(assessment: Assessment, *, by: User) -> Assessment:
    """Consensus is complete: every answer decided, every fail with a comment.

    Finishing twice is finishing once. Raises Unfinished (codes undecided, comment), Refused (closed),
    PermissionDenied.
    """
    locked = lock(assessment)
    if locked.status == Status.CONSENSUS_DONE and by.has_perm("reviews.finish", locked):
        return locked
    locked = _open_for_decision(locked, by=by)
    rows = judged_answers(locked)
    if codes := undecided(rows):
        raise Unfinished(_("ยังปิดไม่ได้ ยังไม่ตัดสิน %(codes)s"), codes, code="undecided")
    if codes := uncommented(rows):
        raise Unfinished(_("ยังปิดไม่ได้ ไม่ผ่านต้องมีความเห็น เขียนความเห็นของ %(codes)s ก่อน"), codes, code="comment")
    return change_status(locked, Status.CONSENSUS_DONE, by=by)


@transaction.atomic
def reopen(assessment: Assessment, *, note: str, by: User) -> Assessment:
    """Back to the lead before publication. Raises Refused (codes note, move), PermissionDenied."""
    locked = lock(assessment)
    if not by.has_perm("reviews.reopen", locked):
        raise PermissionDenied(_("ผู้เปิดขั้นหาฉันทามติอีกครั้งคือผู้ดูแลระบบ"))
    if not is_comment(note):
        raise Refused(_("ระบุเหตุผล เพื่อให้หัวหน้าทีมทราบว่าต้องแก้ส่วนใด"), code="note")
    # The table knows another way to consensus, the system's own from the last hand-in: not this one.
    if locked.status != Status.CONSENSUS_DONE:
        raise Refused(
            _("เปิดขั้นหาฉันทามติอีกครั้งไม่ได้ เพราะสถานะคือ “%(status)s”") % {"status": locked.get_status_display()},
            code="move",
        )
    locked = change_status(locked, Status.CONSENSUS, by=by, note=stored_text(note))
    log.record("review.reopened", locked, by=by)
    return locked
