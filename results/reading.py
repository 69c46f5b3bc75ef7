"""Which results a person may open, and what state a report is in; nothing is written."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from assessments.models import PRELIMINARY, Assessment, Status
from pmqa.accounts.models import User
from pmqa.jobs.made import MadeState, made_state
from results.models import Report, ResultSheet
from reviews.models import Assignment


def open_to(user: User) -> QuerySet[Assessment]:
    """Both doors: what agencies and OPDC may see, and the cases that this person reviews."""
    return Assessment.objects.filter(
        Q(pk__in=Assessment.objects.visible_to(user).values("pk"))
        | Q(pk__in=Assignment.objects.active_for(user).values("assessment"))
    )


def published_to(user: User) -> QuerySet[ResultSheet]:
    """The latest sheet of every published result that this person may read, without the payloads.

    `level` is the name of the verified total's points, as frozen.
    """
    later = ResultSheet.objects.filter(assessment=OuterRef("assessment"), revision__gt=OuterRef("revision"))
    return (
        ResultSheet.objects.filter(
            ~Exists(later),
            assessment__in=open_to(user).values("pk"),
            assessment__status=Status.REPORT_ISSUED,
        )
        .select_related("assessment__agency__ministry", "assessment__cycle")
        .annotate(level=F("summary__level"))
        .defer("payload")
    )


def waiting_for(user: User) -> QuerySet[Assessment]:
    """Results that are decided and whose report is not issued yet; empty for everybody who may not preview them."""
    if not user.has_perm("results.follow"):
        return Assessment.objects.none()
    return open_to(user).filter(status__in=(Status.CONSENSUS_DONE, *PRELIMINARY)).with_places()


def report_of(sheet: ResultSheet) -> Report:
    """One query: the Feedback Report of a sheet with its job."""
    return Report.objects.select_related("job").get(sheet=sheet, kind=Report.Kind.FEEDBACK)


def report_state(report: Report) -> MadeState:
    return made_state(report.file, report.job)
