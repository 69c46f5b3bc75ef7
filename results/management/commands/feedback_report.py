"""Write the Feedback Report of the latest frozen sheet of an agency; with --partial of an imported print."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Assessment
from pmqa.files import write_whole
from results import sheet
from results.documents.feedback_report import render_pdf
from results.models import ResultSheet


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument(
            "--cycle",
            type=int,
            metavar="YEAR",
            help="year of the cycle (B.E.); the agency's latest when not given",
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.pdf")
        parser.add_argument(
            "--partial", action="store_true", help="from an imported print: what is absent scores 0"
        )

    def handle(self, *, agency: str, cycle: int | None, out: Path, partial: bool, **options):
        if partial:
            content = render_pdf(self._partial_payload(agency, cycle))
        else:
            frozen = self._sheet(agency, cycle)
            content = render_pdf(frozen.payload, revision=frozen.revision, digest=frozen.digest)
        try:
            write_whole(out, content)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        self.stdout.write(f"{out}: {len(content)} bytes")

    def _sheet(self, agency: str, cycle: int | None) -> ResultSheet:
        sheets = ResultSheet.objects.filter(assessment__agency__code=agency)
        if cycle is not None:
            sheets = sheets.filter(assessment__cycle__year=cycle)
        found = sheets.order_by("-assessment__cycle__year", "-assessment__cycle", "-revision").first()
        if found is None:
            raise CommandError(f"{_place(agency, cycle)}: there is no published result")
        return found

    def _partial_payload(self, agency: str, cycle: int | None) -> sheet.Payload:
        assessments = Assessment.objects.filter(agency__code=agency).with_places()
        if cycle is not None:
            assessments = assessments.filter(cycle__year=cycle)
        found = assessments.order_by("-cycle__year", "-cycle").first()
        if found is None:
            raise CommandError(f"{_place(agency, cycle)}: there is no assessment")
        payload = sheet.partial_payload(found)
        if not payload["categories"] and not payload["indicators"]:
            raise CommandError(f"{_place(agency, cycle)}: nothing was imported")
        return payload


def _place(agency: str, cycle: int | None) -> str:
    return agency if cycle is None else f"{agency} {cycle}"
