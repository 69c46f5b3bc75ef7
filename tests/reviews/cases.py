"""Cases for the tests of the review: a complete assessment, handed over and with its reviewers."""

from collections.abc import Iterable

from assessments.models import Assessment, Status
from pmqa.accounts.models import User
from reviews.models import Assignment
from reviews.reading import MARKED_KINDS
from reviews.services import assigning, marking
from tests import factories


def submitted_case(**extra) -> Assessment:
    assessment = factories.make_assessment(complete=True, **extra)
    factories.hand_over(assessment)
    return reloaded(assessment)


def reloaded(assessment: Assessment) -> Assessment:
    return Assessment.objects.with_places().get(pk=assessment.pk)


def open_case(*reviewers: User, lead: User, lead_marks: bool = False, **extra) -> Assessment:
    """In review, every reviewer has pressed "เริ่มตรวจ", nothing is marked."""
    administrator = factories.make_official("administrator")
    assessment = submitted_case(**extra)
    assigning.assign(assessment, reviewers=reviewers, lead=lead, lead_marks=lead_marks, by=administrator)
    assigning.open_review(assessment, by=administrator)
    for person in (*reviewers, lead):
        marking.open_case(assessment, by=person)
    return reloaded(assessment)


def mark(answer, *, by: User, outcome: str = "pass", comment: str = "", version: int = 0, note: str = ""):
    return marking.save_verdict(
        answer,
        version=version,
        judged_version=answer.version,
        outcome=outcome,
        comment=comment,
        internal_note=note,
        by=by,
    )


def mark_everything(assessment: Assessment, *, by: User, besides: Iterable[str] = ()) -> None:
    """Pass every answer but those of the part codes `besides`, the quick way: rows, not saves."""
    rows = {row.category_id: row for row in Assignment.objects.filter(assessment=assessment, reviewer=by)}
    answers = (
        assessment.answers.present()
        .filter(part__item__topic__category__kind__in=MARKED_KINDS)
        .filter(part__item__topic__category__in=rows)
        .exclude(part__code__in=list(besides))
        .select_related("part__item__topic")
    )
    marking.Verdict.objects.bulk_create(
        marking.Verdict(
            answer=answer,
            assignment=rows[answer.part.item.topic.category_id],
            outcome="pass",
            version=1,
            judged_version=answer.version,
            updated_at=rows[answer.part.item.topic.category_id].opened_at,
        )
        for answer in answers
    )


def status_of(assessment: Assessment) -> str:
    return Status(Assessment.objects.get(pk=assessment.pk).status)
