"""Every write to an Application Report: inviting, answering, writing, submitting."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment, Status
from assessments.presentation import language
from assessments.rules import Chapter as Right
from assessments.services.guards import stored_note
from assessments.services.submission import signer_of
from assessments.snapshot import digest_of
from assessments.workflow import lock
from criteria.catalogue import application_criteria
from pmqa.accounts import log
from pmqa.accounts.models import Membership, User
from pmqa.errors import Refused
from pmqa.jobs.made import GONE, UNORDERED, made_state
from pmqa.jobs.models import Job
from pmqa.jobs.services import enqueue
from pmqa.thai import thai_date
from pmqa.versioning import insert_or_swap
from results.application_report import content
from results.application_report.facts import needs_reason
from results.application_report.models import ApplicationReport, ReportEntry
from results.application_report.sections import (
    INDICATOR,
    Chapter,
    Section,
    Values,
    chapters_of,
    opened_categories,
)

State = ApplicationReport.State
PRINT_JOB, INVITED_JOB = "application_report", "application_report_invited"


def _lock(assessment: Assessment) -> tuple[Assessment, ApplicationReport]:
    """Both as they are now; the lock of the assessment puts all writes in order."""
    locked = lock(assessment)
    report = ApplicationReport.objects.select_related("sheet").get(assessment=locked)
    report.assessment = locked
    return locked, report


def _check_open(report: ApplicationReport, locked: Assessment) -> None:
    """Raises Refused, code "closed"."""
    if not report.is_open(timezone.localdate(locked.asked_at)):
        raise Refused(
            _("พ้นวันส่งรายงานแล้ว (%(day)s) ข้อความที่บันทึกไว้ยังอยู่ครบ ติดต่อ สำนักงาน ก.พ.ร. หากต้องการเลื่อนวันส่ง")
            % {"day": thai_date(report.due_on, "full", language())},
            code="closed",
        )


# --- OPDC invites -----------------------------------------------------------------------------


@transaction.atomic
def invite(assessment: Assessment, *, due_on: date, by: User) -> ApplicationReport:
    """Open stage 2 to an agency whose result is published and that has applied for an award.

    Inviting again gives the same invitation; one that was declined is open again. Raises PermissionDenied; Refused
    with code "past", "unpublished" or "no_award".
    """
    locked = lock(assessment)
    if not by.has_perm("results.invite_to_stage_two"):
        raise PermissionDenied(_("ผู้เชิญเข้าสู่ขั้นที่ 2 คือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    if due_on <= timezone.localdate(locked.asked_at):
        raise Refused(_("วันส่งรายงานต้องเป็นวันหลังจากวันนี้"), code="past")
    found = ApplicationReport.objects.filter(assessment=locked).first()
    if found and found.state != State.DECLINED:
        return found
    sheet = locked.sheets.first()
    if locked.status != Status.REPORT_ISSUED or sheet is None:
        raise Refused(_("เชิญได้เมื่อประกาศผลขั้นที่ 1 แล้ว"), code="unpublished")
    applied = sheet.payload.get("application")
    criteria = application_criteria()
    categories = applied and opened_categories(criteria, applied["award"], applied["categories"])
    if not categories:
        raise Refused(_("หน่วยงานนี้ไม่ได้สมัครรางวัลในแบบฟอร์มที่ 1 จึงไม่มีหมวดที่จะเปิด"), code="no_award")
    submission = locked.submissions.first()
    base = content.copied(
        sheet.payload,
        submission.content if submission else {},
        criteria,
        award=applied["award"],
        categories=categories,
    )
    chapters = chapters_of(criteria, categories, base)
    invitation = {
        "sheet": sheet,
        "state": State.INVITED,
        "award": applied["award"],
        "categories": categories,
        "criteria": dict(criteria.document),
        "base": base,
        "asked": sum(section.is_question for chapter in chapters for section in chapter.sections),
        "due_on": due_on,
        "invited_at": locked.asked_at,
        "invited_by": by,
        "invited_by_name": str(by),
        "answered_at": None,
        "answered_by": None,
        "answered_by_name": "",
        "reason": "",
    }
    report, _created = ApplicationReport.objects.update_or_create(assessment=locked, defaults=invitation)
    _record("application_report.invited", report, by=by, due_on=due_on.isoformat(), categories=categories)
    enqueue(INVITED_JOB, key=f"{INVITED_JOB}:{report.pk}", by=by, report=report.pk)
    return report


@transaction.atomic
def move_due(report: ApplicationReport, *, due_on: date, by: User) -> ApplicationReport:
    """Another last day, until the report is submitted; also one that has passed. Raises PermissionDenied, Refused."""
    locked, current = _lock(report.assessment)
    if not by.has_perm("results.invite_to_stage_two"):
        raise PermissionDenied(_("ผู้เลื่อนวันส่งรายงานคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    if current.is_submitted:
        raise Refused(_("หน่วยงานส่งรายงานแล้ว จึงไม่ต้องเลื่อนวันส่ง"), code="submitted")
    if due_on <= timezone.localdate(locked.asked_at):
        raise Refused(_("วันส่งรายงานต้องเป็นวันหลังจากวันนี้"), code="past")
    if current.due_on != due_on:
        before, current.due_on = current.due_on, due_on
        current.save(update_fields=["due_on"])
        _record(
            "application_report.due_moved",
            current,
            by=by,
            before=before.isoformat(),
            due_on=due_on.isoformat(),
        )
    return current


# --- the agency answers -----------------------------------------------------------------------


@transaction.atomic
def accept(report: ApplicationReport, *, by: User) -> ApplicationReport:
    """The agency takes part; twice is once. Raises PermissionDenied, Refused ("answered", "closed")."""
    return _answer(report, State.WRITING, "", by=by)


@transaction.atomic
def decline(report: ApplicationReport, *, reason: str, by: User) -> ApplicationReport:
    """The agency does not, and says why. Raises as `accept`, and Refused with code "reason"."""
    return _answer(report, State.DECLINED, stored_note(reason), by=by)


def _answer(report: ApplicationReport, state: str, reason: str, *, by: User) -> ApplicationReport:
    locked, current = _lock(report.assessment)
    if not by.has_perm("results.answer_invitation", locked):
        raise PermissionDenied(_("ผู้ตอบรับคำเชิญคือผู้ประสานงาน หัวหน้าส่วนราชการ หรือผู้รักษาการ"))
    if current.state == state:
        return current
    if current.state != State.INVITED:
        raise Refused(_("หน่วยงานตอบคำเชิญนี้แล้ว เปิดหน้านี้ใหม่เพื่อดูคำตอบ"), code="answered")
    _check_open(current, locked)
    if state == State.DECLINED and not reason:
        raise Refused(_("ระบุเหตุผลที่ไม่เข้าร่วม เพื่อให้ สำนักงาน ก.พ.ร. ทราบ"), code="reason")
    current.state, current.reason = state, reason
    current.answered_at, current.answered_by, current.answered_by_name = locked.asked_at, by, str(by)
    current.save()
    action = "application_report.declined" if state == State.DECLINED else "application_report.accepted"
    _record(action, current, by=by)
    return current


# --- the agency writes ------------------------------------------------------------------------


@transaction.atomic
def save_section(
    report: ApplicationReport, *, chapter: Chapter, section: Section, version: int, values: Values, by: User
) -> ReportEntry:
    """Store one section; saving what is stored already changes nothing.

    Raises Conflict, PermissionDenied, or Refused with code "unanswered", "submitted" or "closed".
    """
    locked, current = _lock(report.assessment)
    if not by.has_perm("assessments.edit", Right(locked, chapter.category)):
        raise PermissionDenied(_("ผู้เขียนส่วนนี้คือผู้ประสานงาน และเจ้าภาพของหมวดนี้"))
    _check_writing(current)
    _check_open(current, locked)
    wanted = {key: values[key] for key in section.keys}
    before = current.entries.filter(code=section.code).first()
    if (before.values if before else section.initial) == wanted:
        return before or ReportEntry(report=current, code=section.code, values=wanted)
    saved = insert_or_swap(
        ReportEntry,
        version,
        key={"report": current, "code": section.code},
        values=wanted,
        is_answer=section.is_question and any(text.strip() for text in wanted.values()),
        updated_at=locked.asked_at,
        updated_by=by,
    )
    if before is None or before.updated_by_id != by.pk:
        # Autosave writes every few seconds: one entry says whose text it is from now on.
        _record("application_report.saved", current, by=by, section=section.code)
    return saved


def _check_writing(report: ApplicationReport) -> None:
    if report.is_submitted:
        raise Refused(_("ส่งรายงานแล้ว จึงแก้ไขไม่ได้ ฉบับที่ส่งอยู่ในหน้านี้"), code="submitted")
    if not report.is_writing:
        raise Refused(_("เขียนรายงานได้เมื่อหน่วยงานตอบรับคำเชิญแล้ว"), code="unanswered")


# --- the head submits -------------------------------------------------------------------------


def saying(report: ApplicationReport, entries: Mapping[str, ReportEntry]) -> Callable[[Section], Values]:
    """What a section says: as written, else as copied."""

    def said(section: Section) -> Values:
        entry = entries.get(section.code)
        return entry.values if entry else section.initial

    return said


def blocks_submission(
    chapters: Sequence[Chapter], said: Callable[[Section], Values]
) -> list[tuple[Chapter, str]]:
    """(chapter, code of a section) that must be mended first: a category without a word ("" for the code), an
    indicator with fewer than three years and no reason."""
    found = []
    for chapter in chapters:
        if chapter.is_process:
            texts = (text for section in chapter.sections for text in said(section).values())
            if not any(text.strip() for text in texts):
                found.append((chapter, ""))
        else:
            found += [
                (chapter, section.code)
                for section in chapter.sections
                if section.kind == INDICATOR and needs_reason(said(section))
            ]
    return found


@transaction.atomic
def submit(report: ApplicationReport, *, seen: str, by: User) -> ApplicationReport:
    """Freeze the report with its digest and have it printed; twice is once, and nothing takes it back.

    `seen` is the digest of what the head was shown. Raises PermissionDenied, Refused with code "unanswered", "closed",
    "gaps" or "changed".
    """
    locked, current = _lock(report.assessment)
    signer = signer_of(locked, by)
    if current.is_submitted and current.digest == seen:
        return current
    _check_writing(current)
    _check_open(current, locked)
    entries = {entry.code: entry for entry in current.entries.all()}
    said = saying(current, entries)
    missing = blocks_submission(chapters_of(current.asks, current.categories, current.base), said)
    if missing:
        raise Refused(
            ngettext("ยังส่งไม่ได้ เหลือ %(n)d รายการ", "ยังส่งไม่ได้ เหลือ %(n)d รายการ", len(missing))
            % {"n": len(missing)},
            code="gaps",
        )
    frozen = content.build(current, said)
    digest = digest_of(frozen)
    if digest != seen:
        raise Refused(_("ข้อมูลเปลี่ยนหลังจากที่ท่านเปิดดู ตรวจอีกครั้งก่อนส่ง"), code="changed")
    current.state, current.number = State.SUBMITTED, current.number + 1
    current.submitted_at, current.submitted_by, current.submitted_by_name = locked.asked_at, by, str(by)
    current.capacity = signer.role
    current.order_reference = signer.order_reference if signer.role == Membership.Role.ACTING_HEAD else ""
    current.content, current.digest = frozen, digest
    current.save()
    _record("application_report.submitted", current, by=by, digest=digest, capacity=signer.role)
    order_print(current, by=by)
    return current


@transaction.atomic
def print_again(report: ApplicationReport, *, by: User) -> None:
    """Order the print of a submitted report that failed or whose file is gone; one that is there or on its way is
    left alone."""
    _locked, current = _lock(report.assessment)
    if current.is_submitted and made_state(current.file, current.job).state in (
        Job.Status.FAILED,
        GONE,
        UNORDERED,
    ):
        order_print(current, by=by)


def order_print(report: ApplicationReport, *, by: User) -> None:
    """Send a submitted report to the printer."""
    job = enqueue(PRINT_JOB, key=f"{PRINT_JOB}:{report.pk}", by=by, report=report.pk)
    ApplicationReport.objects.filter(pk=report.pk).update(job=job)


def _record(action: str, report: ApplicationReport, *, by: User, **facts: Any) -> None:
    log.record(action, report.assessment, by=by, agency=report.assessment.agency, **facts)
