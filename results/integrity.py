"""Whether what is stored still agrees with itself: one line per breach. Reads everything, changes nothing."""

import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from django.core.files.base import File

from assessments.models import HANDED_OVER, Answer, Assessment, EvidenceVersion, Proposal, Status, Submission
from assessments.snapshot import digest_of
from criteria.scoring import display_score
from pmqa.accounts import log
from results.dashboard import summaries
from results.explaining import BASES, contributions
from results.improvement.models import ApprovedPlan, FollowUp
from results.models import ApplicationReport, Report, ResultSheet

Breaches = Iterator[str]


def log_chain() -> Breaches:
    """Every entry of the audit log follows from the one before."""
    for pk in log.broken_links():
        yield (
            f"log entry {pk}: does not follow from the one before"
            if pk
            else "log: its newest entries are gone"
        )


def submissions() -> Breaches:
    """Every submission has the digest of its receipt."""
    for row in Submission.objects.select_related("assessment__agency", "assessment__cycle").iterator(20):
        if digest_of(row.content) != row.digest:
            yield f"submission {row.pk} ({row}): content and digest differ"


def handed_over() -> Breaches:
    """Whatever has left its agency was submitted and not taken back; what was proposed is as it was."""
    standing = Submission.objects.filter(withdrawn_at=None).values("assessment")
    for row in Assessment.objects.filter(status__in=HANDED_OVER).exclude(pk__in=standing).with_places():
        yield f"assessment {row.pk} ({row}): is {row.status} without a submission that stands"
    for row in Proposal.objects.select_related("assessment__agency", "assessment__cycle").iterator(20):
        if digest_of(row.content) != row.digest:
            yield f"proposal {row.pk} ({row.assessment}): content and digest differ"


def sheets() -> Breaches:
    """Every sheet is as it was frozen, and its leaves sum to its totals."""
    rows = ResultSheet.objects.select_related("assessment__agency", "assessment__cycle").order_by(
        "assessment", "revision"
    )
    revisions: dict[int, int] = {}
    for row in rows.iterator(20):
        expected = revisions.get(row.assessment_id, 0) + 1
        revisions[row.assessment_id] = row.revision
        for breach in _sheet(row, expected):
            yield f"sheet {row.pk} ({row}): {breach}"
    issued = Assessment.objects.filter(status=Status.REPORT_ISSUED).exclude(pk__in=revisions).with_places()
    for assessment in issued:
        yield f"assessment {assessment.pk} ({assessment}): published without a sheet"


def _sheet(row: ResultSheet, expected: int) -> Breaches:
    if row.assessment.status != Status.REPORT_ISSUED:
        yield f"its assessment is {row.assessment.status}"
    if row.revision != expected:
        yield f"revision {expected} is missing"
    if digest_of(row.payload) != row.digest:
        yield "payload and digest differ"
    policy = row.payload["policy"]
    if (policy["name"], policy["version"]) != (row.policy_name, row.policy_version):
        yield "policy and payload differ"
    for basis, total in zip(BASES, (row.claimed_total, row.verified_total), strict=True):
        stored, tree = row.payload["scores"][basis]["total"], row.payload["trees"][basis]
        if Decimal(stored) != total:
            yield f"{basis} total {total}, {stored} in its payload"
        if contributions(tree) != Fraction(tree["value"]) or display_score(contributions(tree)) != stored:
            yield f"{basis} leaves do not sum to {stored}"


def summary_rows() -> Breaches:
    """What dashboards count is what the latest sheet of every result says."""
    yield from summaries.breaches()


def answers() -> Breaches:
    """Every answer belongs to the edition of its cycle and fills only blanks that its part has."""
    rows = Answer.objects.select_related("part__item__topic__category", "assessment__cycle").iterator(500)
    for row in rows:
        if row.part.item.topic.category.edition_id != row.assessment.cycle.edition_id:
            yield f"answer {row.pk}: part {row.part.code} is of another edition"
        known = {blank["key"] for blank in row.part.fields}
        if unknown := sorted(row.values.keys() - known):
            yield f"answer {row.pk}: part {row.part.code} has no field {', '.join(unknown)}"


def reports() -> Breaches:
    """Every printed report is the file that was printed."""
    for row in Report.objects.exclude(file="").select_related(
        "sheet__assessment__agency", "sheet__assessment__cycle"
    ):
        for breach in _file(row):
            yield f"report {row.pk} ({row}): {breach}"


def plans() -> Breaches:
    """Every approved plan and every submitted follow-up is as it was frozen."""
    follow_ups = FollowUp.objects.exclude(digest="")
    for name, rows in (("approved plan", ApprovedPlan.objects), ("follow-up", follow_ups)):
        for row in rows.select_related("plan__assessment__agency", "plan__assessment__cycle").iterator(20):
            if digest_of(row.content) != row.digest:
                yield f"{name} {row.pk} ({row}): content and digest differ"


def application_reports() -> Breaches:
    """Every submitted Application Report is as it was frozen, and so is its print, where it is there."""
    sent = ApplicationReport.objects.exclude(digest="").defer("criteria", "base")
    for row in sent.select_related("assessment__agency", "assessment__cycle").iterator(20):
        if digest_of(row.content) != row.digest:
            yield f"application report {row.pk} ({row}): content and digest differ"
        if row.file:
            for breach in _file(row):
                yield f"application report {row.pk} ({row}): {breach}"


def evidence() -> Breaches:
    """Every version of evidence is the file that was uploaded, and submissions name versions that exist."""
    stored: dict[tuple[int, int, int], str] = {}
    for row in EvidenceVersion.objects.select_related("evidence").iterator(500):
        stored[row.evidence.assessment_id, row.evidence.number, row.number] = row.sha256
        if row.file:
            for breach in _file(row):
                yield f"evidence version {row.pk} ({row}): {breach}"
    frozen = Submission.objects.values_list("pk", "assessment", "content__evidence")
    for pk, assessment, entries in frozen.iterator(20):
        for entry in entries or ():
            if stored.get((assessment, entry["number"], entry["version"])) != entry["sha256"]:
                yield f"submission {pk}: evidence {entry['number']} is not as frozen"


def _file(row: Report | ApplicationReport | EvidenceVersion) -> Breaches:
    try:
        with row.file.open("rb") as file:
            found = _sha256(file)
    except FileNotFoundError:
        yield "its file is gone"
        return
    if found != row.sha256:
        yield "file and digest differ"


def _sha256(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


CHECKS: tuple[Callable[[], Breaches], ...] = (
    log_chain,
    submissions,
    handed_over,
    sheets,
    summary_rows,
    answers,
    reports,
    plans,
    application_reports,
    evidence,
)
