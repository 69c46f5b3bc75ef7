"""Ordering a printed form, making it, and clearing away what nobody needs any more."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import snapshot
from assessments.models import WITH_AGENCY, Assessment, Print, Submission
from assessments.models.prints import PrintQuerySet
from assessments.paper.content import Wanted
from assessments.paper.printing import amount_of, render_pdf
from assessments.reading import read_answers
from assessments.workflow import lock
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.files import keep
from pmqa.jobs.models import Job
from pmqa.jobs.services import Progress, enqueue

PRINT_JOB = "print_form"
# A draft on paper is out of date with the next save; what was submitted stays.
DRAFTS_KEPT = timedelta(days=1)
# Prints of one assessment that may wait at a time, so that one agency does not hold up the others.
MAX_WAITING = 5
# The time of a print follows its text. Measured: every blank at its limit, 5.2 million characters, is 1,700 pages,
# 92 seconds and 1 GB. MOST_SECONDS ends before the broker takes a worker for dead and hands the job to another.
LEAST_SECONDS = 240
SECONDS_PER_MILLION = 70
MOST_SECONDS = 840


@transaction.atomic
def order(assessment: Assessment, wanted: Wanted, *, submission: Submission | None, by: User) -> Print:
    """The print of that form, of a submission or (None) of the draft as it is now; ordered where it is not there.

    The same content asked for twice is one print: a double click is not an error, and one that failed is
    ordered again. Raises PermissionDenied; Refused with code "no_draft", "waiting" or "long".
    """
    locked = lock(assessment)
    if not by.has_perm("assessments.read", locked):
        raise PermissionDenied(_("ผู้พิมพ์แบบฟอร์มคือผู้ที่อ่านแบบประเมินนี้ได้"))
    return have_made(_print_of(locked, wanted, submission, by), locked.prints.of_answers(), by=by)


def order_frozen(
    submission: Submission,
    wanted: Wanted,
    *,
    by: User,
    reviewer: User | None = None,
    result: dict | None = None,
) -> Print:
    """The print of a submission for an app above this one, which has asked its own rules and holds the lock.

    `reviewer`: whose own it is. `result`: marks and digest of a published result, as the model keeps them.
    Raises Refused with code "waiting" or "long".
    """
    found, _is_new = Print.objects.select_related("job").get_or_create(
        assessment=submission.assessment,
        submission=submission,
        reviewer=reviewer,
        form=wanted.form,
        category=wanted.category,
        thai_digits=wanted.thai_digits,
        digest=submission.digest,
        marks_digest=result["digest"] if result else "",
        defaults={
            "marks": result["marks"] if result else None,
            "ordered_by": by,
            "ordered_at": timezone.now(),
        },
    )
    found.assessment, found.submission = submission.assessment, submission
    beside = Print.objects.filter(
        assessment=submission.assessment, reviewer=reviewer, marks_digest=found.marks_digest
    )
    return have_made(found, beside, by=by)


def have_made(found: Print, beside: PrintQuerySet, *, by: User) -> Print:
    """Order the file of a print where it is neither there nor on its way; `beside` are those that wait with it.

    Raises Refused with code "waiting" (too many of them) or "long" (more text than one document takes).
    """
    if found.state.is_ready or found.state.is_under_way:
        return found
    unfinished = (Job.Status.QUEUED, Job.Status.RUNNING)
    if beside.filter(job__status__in=unfinished).count() >= MAX_WAITING:
        raise Refused(
            _("มีเอกสารของแบบประเมินนี้รอจัดทำ %(n)d ฉบับแล้ว รอให้เสร็จก่อนแล้วสั่งใหม่") % {"n": MAX_WAITING},
            code="waiting",
        )
    seconds = seconds_for(amount_of(found))
    if seconds > MOST_SECONDS:
        raise Refused(_("ข้อความยาวเกินกว่าจะพิมพ์เป็นฉบับเดียว เลือกพิมพ์ทีละแบบฟอร์มหรือทีละหมวด"), code="long")
    found.job = enqueue(PRINT_JOB, key=f"print:{found.pk}", by=by, seconds=seconds, print=found.pk)
    found.save(update_fields=["job"])
    return found


def seconds_for(characters: int) -> int:
    """What printing so much text may take: five times what it took on the machine where it was measured."""
    return LEAST_SECONDS + characters * SECONDS_PER_MILLION // 1_000_000


def _print_of(assessment: Assessment, wanted: Wanted, submission: Submission | None, by: User) -> Print:
    """The row of this content in this form, made where it is new."""
    if submission is None and assessment.status not in WITH_AGENCY:
        raise Refused(_("ส่งแบบประเมินแล้ว จึงไม่มีฉบับร่าง เลือกฉบับที่ส่ง"), code="no_draft")
    content = snapshot.build(assessment, read_answers(assessment)) if submission is None else None
    digest = snapshot.digest_of(content) if submission is None else submission.digest
    found, _is_new = Print.objects.select_related("job").get_or_create(
        assessment=assessment,
        submission=submission,
        reviewer=None,
        form=wanted.form,
        category=wanted.category,
        thai_digits=wanted.thai_digits,
        digest=digest,
        marks_digest="",
        defaults={"content": content, "ordered_by": by, "ordered_at": timezone.now()},
    )
    found.assessment, found.submission = assessment, submission
    return found


def make(pk: int, *, progress: Progress) -> None:
    """Print one form and keep it as a private file; one that is there, or was cleared away since, is left alone."""
    row = (
        Print.objects.select_related(
            "assessment__agency__ministry", "assessment__cycle__edition", "submission"
        )
        .filter(pk=pk)
        .first()
    )
    if row is None or row.state.is_ready:
        return
    name = f"prints/{row.assessment_id}/{row.pk}-{row.digest[:12]}.pdf"
    sha256 = keep(name, render_pdf(row, progress=progress))
    if not Print.objects.filter(pk=pk).update(file=name, sha256=sha256):
        default_storage.delete(name)


def clear_drafts() -> int:
    """Remove prints of drafts that are older than DRAFTS_KEPT, rows and files. Returns how many."""
    old = Print.objects.of_drafts().filter(ordered_at__lt=timezone.now() - DRAFTS_KEPT)
    rows = list(old.only("file"))
    for row in rows:
        row.delete()
        if row.file:
            row.file.delete(save=False)
    return len(rows)
