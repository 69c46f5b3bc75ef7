"""The published results of a cycle, and one after the other of them with its evidence list; nothing is written."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from django.db.models import Exists, OuterRef, QuerySet

from assessments.models import Assessment, Cycle, Status, Submission
from pmqa.jobs.services import Progress
from results.exporting.rows import Frozen
from results.models import ResultSheet


def published_in(cycle: Cycle) -> QuerySet[ResultSheet]:
    """The latest sheet of every published result, by code of the agency; an earlier revision is not the result."""
    later = ResultSheet.objects.filter(assessment=OuterRef("assessment"), revision__gt=OuterRef("revision"))
    return ResultSheet.objects.filter(
        ~Exists(later), assessment__cycle=cycle, assessment__status=Status.REPORT_ISSUED
    ).order_by("assessment__agency__code", "assessment_id")


def unpublished_in(cycle: Cycle) -> int:
    """How many assessments of the cycle are in no file yet."""
    return Assessment.objects.filter(cycle=cycle).exclude(status=Status.REPORT_ISSUED).count()


def each_frozen(
    sheets: Sequence[int], *, with_evidence: bool, kpi: Sequence[dict], progress: Progress
) -> Iterator[Frozen]:
    """The sheets in the given order, one in memory at a time; progress tells how many are done.

    `kpi` has a row for each of them, or none at all.
    """
    for done, (pk, kept) in enumerate(zip_longest(sheets, kpi)):
        progress(done, len(sheets))
        sheet = ResultSheet.objects.get(pk=pk)
        evidence = _evidence_of(sheet) if with_evidence else ()
        yield Frozen(sheet.payload, sheet.revision, sheet.digest, evidence, kept)
    progress(len(sheets), len(sheets))


def _evidence_of(sheet: ResultSheet) -> Sequence[dict]:
    """What the submission of this sheet cites; submissions of schema 1 had no list, imported prints no submission."""
    judged = sheet.payload["submission"]
    if judged is None:
        return ()
    found = Submission.objects.filter(
        assessment=sheet.assessment_id, number=judged["number"], digest=judged["digest"]
    ).first()
    return found.content.get("evidence", ()) if found else ()
