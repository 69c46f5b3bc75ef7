"""The texts of the Feedback Report: drafted from the consensus, written by the lead."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.advice.indicators import Advice
from assessments.models import PRELIMINARY, Assessment, Status
from assessments.reading import indicator_advice, tree_of
from assessments.workflow import lock
from criteria.structure import Edition
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.versioning import insert_or_swap
from reviews import drafting
from reviews.decided import Judged, judged_answers, noted_strengths
from reviews.models import FeedbackSection, Outcome
from reviews.services.texts import stored_text

# The lead writes from the first consensus until the result is published.
WRITABLE = (Status.CONSENSUS, Status.CONSENSUS_DONE, *PRELIMINARY)


def advice_of(judged: Judged) -> tuple[Advice, ...]:
    """What is worth a second look in an indicator."""
    return indicator_advice(judged.answer.indicator, judged.item.title_th)


def drafts_of(
    edition: Edition, rows: Iterable[Judged], strengths: Iterable[drafting.Strength] = ()
) -> list[drafting.Draft]:
    """What the present consensus and the noted strengths propose for every section, in the order of the report."""
    failed: dict[str, str] = {}
    counts: dict[str, dict[str, tuple[int, int]]] = {}
    findings: dict[str, list[str]] = {}
    for row in rows:
        if row.is_indicator:
            findings[row.code] = [advice.code for advice in advice_of(row)]
            continue
        levels = counts.setdefault(row.topic.code, {})
        passed, total = levels.get(row.part.level, (0, 0))
        levels[row.part.level] = (passed + (row.outcome == Outcome.PASS), total + 1)
        if row.outcome == Outcome.FAIL:
            failed[row.code] = row.consensus.comment
    opportunities = drafting.opportunities(edition, failed)
    return [
        *drafting.pillars(list(strengths)),
        *opportunities,
        *drafting.recommendations(edition, findings),
        drafting.closing(counts.values()),
        *drafting.directions(edition, [draft.code.removeprefix("ofi:") for draft in opportunities]),
    ]


def redraft(assessment: Assessment) -> None:
    """Bring the drafts up to date; a text that the lead has touched stays as it is.

    `assessment` is locked by the caller, as in `save_section`, so that no text is written over in between.
    A topic without failed parts loses its section, or only its draft when somebody wrote in it.
    """
    sections = {section.code: section for section in assessment.feedback.all()}
    judged = judged_answers(assessment)
    proposed = drafts_of(tree_of(assessment), judged, noted_strengths(assessment, judged))
    drafts = {draft.code: draft for draft in proposed}
    fresh = [
        FeedbackSection(
            assessment=assessment,
            code=code,
            draft=draft.text,
            text=draft.text,
            included=draft.included,
            sources=list(draft.sources),
        )
        for code, draft in drafts.items()
        if code not in sections
    ]
    changed, gone = [], []
    for code, section in sections.items():
        draft = drafts.get(code, drafting.Draft(code, ""))
        if code not in drafts and section.version == 0:
            gone.append(section.pk)
        elif (section.draft, section.sources) != (draft.text, list(draft.sources)):
            if section.version == 0:
                section.text, section.included = draft.text, draft.included
            section.draft, section.sources = draft.text, list(draft.sources)
            changed.append(section)
    if fresh:
        FeedbackSection.objects.bulk_create(fresh)
    if changed:
        FeedbackSection.objects.bulk_update(changed, ["draft", "text", "included", "sources"])
    if gone:
        FeedbackSection.objects.filter(pk__in=gone).delete()


def why_read_only(assessment: Assessment) -> str:
    """Why no text of the report can be written now; "" while it can."""
    if assessment.status in WRITABLE:
        return ""
    if assessment.status == Status.REPORT_ISSUED:
        return _("ประกาศผลแล้ว ข้อความในรายงานแก้ไขไม่ได้อีก")
    return _("เขียนรายงานได้เมื่อผู้ตรวจทุกคนส่งผลแล้ว")


@transaction.atomic
def save_section(
    assessment: Assessment, code: str, *, version: int, text: str, included: bool, by: User
) -> FeedbackSection:
    """The lead's text of one section; `version` is that on the screen, 0 while nobody has touched the draft.

    Saving what is stored already changes nothing. Raises Conflict, PermissionDenied, Refused (codes closed,
    section, too_long).
    """
    locked = lock(assessment)
    if not by.has_perm("reviews.lead", locked):
        raise PermissionDenied(_("ผู้เขียนรายงานป้อนกลับคือหัวหน้าทีมผู้ตรวจประเมิน ท่านอ่านได้อย่างเดียว"))
    if closed := why_read_only(locked):
        raise Refused(closed, code="closed")
    stored = locked.feedback.filter(code=code).first()
    if stored is None:
        raise Refused(_("ไม่มีหัวข้อนี้ในรายงานแล้ว คัดลอกข้อความไว้ แล้วเปิดหน้านี้ใหม่"), code="section")
    text = stored_text(text)
    if (stored.text, stored.included) == (text, included):
        return stored
    section = insert_or_swap(
        FeedbackSection,
        version,
        key={"assessment": locked, "code": code},
        text=text,
        included=included,
        updated_at=timezone.now(),
        updated_by=by,
    )
    if stored.updated_by_id != by.pk:
        # Autosave writes every few seconds: one entry says whose text it is from now on.
        log.record("review.section_saved", locked, by=by, section=code)
    return section
