"""Which results a person may open, and what state a report is in; nothing is written."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from assessments.models import PRELIMINARY, Assessment, Status
from assessments.rules import LEADERS
from pmqa.accounts.models import Appointment, Membership, User
from pmqa.jobs.made import UNORDERED, MadeState, made_state
from results.models import Report, ResultSheet, StageTwo
from reviews.models import Assignment

# So long a correction stands above the list of results.
CORRECTED_OF_LATE = timedelta(days=60)


def open_to(user: User) -> QuerySet[Assessment]:
    """Both doors: what agencies and OPDC may see, and the cases that this person reviews."""
    return Assessment.objects.filter(
        Q(pk__in=Assessment.objects.visible_to(user).values("pk"))
        | Q(pk__in=Assignment.objects.active_for(user).values("assessment"))
    )


def with_report(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """How far the Application Report of stage 2 is, where there is one, in the same query; no word of it."""
    texts = ("criteria", "base", "content")
    return rows.select_related("application_report").defer(*(f"application_report__{name}" for name in texts))


def latest_sheets() -> QuerySet[ResultSheet]:
    """The latest sheet of every published result, whoever asks: for figures that name nobody."""
    later = ResultSheet.objects.filter(assessment=OuterRef("assessment"), revision__gt=OuterRef("revision"))
    return ResultSheet.objects.filter(~Exists(later), assessment__status=Status.REPORT_ISSUED)


def published_to(user: User) -> QuerySet[ResultSheet]:
    """The latest sheet of every published result that this person may read, without the payloads.

    `level` is the name of the verified total's points, as frozen.
    """
    return (
        latest_sheets()
        .filter(assessment__in=open_to(user).values("pk"))
        .select_related("assessment__agency__ministry", "assessment__cycle")
        .annotate(level=F("summary__level"))
        .defer("payload")
    )


def waiting_for(user: User) -> QuerySet[Assessment]:
    """Results that are decided and whose report is not issued yet; empty for everybody who may not preview them."""
    if not user.has_perm("results.follow"):
        return Assessment.objects.none()
    return open_to(user).filter(status__in=(Status.CONSENSUS_DONE, *PRELIMINARY)).with_places()


def stage_two_waiting(user: User) -> QuerySet[StageTwo]:
    """Scores of stage 2 that wait for a second administrator, the oldest first."""
    rows = StageTwo.objects.waiting().filter(assessment__in=open_to(user).values("pk"))
    return rows.select_related("assessment__agency", "assessment__cycle").order_by("pk")


def corrected_for(user: User) -> QuerySet[ResultSheet]:
    """Results that this person may read and that were corrected of late, the last one first."""
    since = timezone.now() - CORRECTED_OF_LATE
    return published_to(user).filter(revision__gt=1, created_at__gte=since).order_by("-created_at")


def leaders_of(assessment: Assessment) -> QuerySet[User]:
    """Who answers for the agency today: its coordinators, heads and acting heads."""
    rows = Membership.objects.current().filter(agency=assessment.agency_id, role__in=LEADERS)
    return User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("pk")


def concerned_by(assessment: Assessment) -> list[User]:
    """Who hears of a correction: the lead of the case, all auditors, and coordinators and heads of the agency."""
    leads = Assignment.objects.active().filter(assessment=assessment, is_lead=True)
    auditors = Appointment.objects.current().filter(role=Appointment.Role.AUDITOR)
    leaders = leaders_of(assessment)
    found = Q(pk__in=leads.values("reviewer")) | Q(pk__in=auditors.values("user"))
    return list(User.objects.filter(found | Q(pk__in=leaders.values("pk")), is_active=True).order_by("pk"))


def report_of(sheet: ResultSheet) -> Report:
    """One query: the Feedback Report of a sheet with its job."""
    return Report.objects.select_related("job").get(sheet=sheet, kind=Report.Kind.FEEDBACK)


@dataclass(frozen=True, slots=True)
class Document:
    """One kind of printed document of a sheet; `report` is None while nobody has ordered it."""

    kind: str
    report: Report | None

    @property
    def label(self) -> str:
        return Report.Kind(self.kind).label

    @property
    def state(self) -> MadeState:
        return report_state(self.report) if self.report else MadeState(UNORDERED)


def documents_of(sheet: ResultSheet) -> dict[str, Document]:
    """One query: every kind of document of a sheet."""
    made = {report.kind: report for report in sheet.reports.select_related("job")}
    return {kind: Document(kind, made.get(kind)) for kind in Report.Kind.values}


def earlier_editions(sheet: ResultSheet) -> list[ResultSheet]:
    """Two queries: all editions of this result, the newest first, each with its documents; without payloads."""
    return list(sheet.assessment.sheets.defer("payload").prefetch_related("reports"))


def report_state(report: Report) -> MadeState:
    return made_state(report.file, report.job)
