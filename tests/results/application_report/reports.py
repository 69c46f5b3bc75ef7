"""Application Reports on results that were published without their answers: quick to make. Invented data."""

from datetime import timedelta

from django.utils import timezone

from assessments import snapshot
from assessments.models import Assessment, Status
from results.application_report import content, services
from results.application_report.models import ApplicationReport
from results.application_report.reading import ReportPage
from results.models import ResultSheet
from tests import factories as base
from tests.results import payloads

DAYS = 30


def publish(award="categories", categories=("4",), *, agency=None, cycle=None, verified=250) -> Assessment:
    """A published result; without an `award` the agency has applied for none."""
    case = Assessment.objects.create(
        cycle=cycle or base.make_cycle(), agency=agency or base.make_agency(), status=Status.REPORT_ISSUED
    )
    payload = payloads.payload()
    payload["agency"]["code"], payload["cycle"]["year"] = case.agency.code, case.cycle.year
    if award:
        payload["application"] = {"award": award, "categories": list(categories)}
    ResultSheet.objects.create(
        assessment=case, revision=1, policy_name="pmqa40-2565", policy_version=1, claimed_total=300,
        verified_total=verified, payload=payload, digest=snapshot.digest_of(payload), created_at=timezone.now(),
    )  # fmt: skip
    return Assessment.objects.with_places().get(pk=case.pk)


def last_day(days=DAYS):
    return timezone.localdate() + timedelta(days=days)


def invite(case: Assessment, *, by=None) -> ApplicationReport:
    return services.invite(case, due_on=last_day(), by=by or base.make_official("administrator"))


def write(report: ApplicationReport, code: str, by, *, version=0, **values):
    """Save a section; what is not given stays as copied."""
    chapter, _block, section = page_of(report, by).place_of(code)
    said = dict(section.initial) | values
    return services.save_section(
        report, chapter=chapter, section=section, version=version, values=said, by=by
    )


def page_of(report: ApplicationReport, by) -> ReportPage:
    current = ApplicationReport.objects.select_related("sheet").get(pk=report.pk)
    current.assessment = Assessment.objects.with_places().get(pk=report.assessment_id)
    return ReportPage(current, by)


def digest_now(report: ApplicationReport, by) -> str:
    page = page_of(report, by)
    return snapshot.digest_of(content.build(page.report, page.said))


def submit(report: ApplicationReport, by) -> ApplicationReport:
    return services.submit(report, seen=digest_now(report, by), by=by)
