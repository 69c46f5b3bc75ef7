"""Read printed Form 3 and Form 4 (as text) and carry them into an agency's assessment.

Prints one JSON document with --json or --dry-run, a summary otherwise. Exit status: 0 also with unplaced
lines, 1 refused, 2 not a form. All or nothing.
"""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assessments.importing import MAX_BYTES, Document, NotAForm, decode, read_prints
from assessments.models import Cycle
from assessments.reading import policy_of_cycle
from criteria.catalogue import edition_tree
from criteria.reader import read_edition
from criteria.scoring import DEFAULT_POLICY, policy_from
from criteria.structure import Edition
from pmqa.accounts.models import Agency
from pmqa.errors import Refused
from reviews.services.printed import import_document

# What a print is read with when nothing is stored: --dry-run needs no database.
DEFAULT_EDITION = settings.BASE_DIR / "fixtures" / "criteria" / "pmqa40-2565"


class Command(BaseCommand):
    help = __doc__
    # A dry run must work where no database is.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--agency", metavar="CODE", help="the agency, needed unless --dry-run")
        parser.add_argument(
            "--cycle", type=int, metavar="YEAR", help="the cycle's year, needed unless --dry-run"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and print, write nothing")
        parser.add_argument("--json", action="store_true", help="print the document")
        parser.add_argument("--replace", action="store_true", help="replace filled answers")

    def handle(self, *, files, agency, cycle, dry_run, replace, **options):
        if dry_run:
            document = self._read(read_edition(DEFAULT_EDITION), policy_from(DEFAULT_POLICY), files)
        else:
            place, round_ = self._place(agency, cycle)
            document = self._read(edition_tree(round_.edition), policy_of_cycle(round_), files)
            try:
                imported = import_document(document, place, round_, replace=replace)
            except Refused as error:
                raise CommandError(str(error), returncode=1) from error
        if dry_run or options["json"]:
            self.stdout.write(json.dumps(document.as_json(), ensure_ascii=False, indent=1))
            return
        self.stdout.write(
            f"{place.code} {round_.year}: {imported.parts} parts, {imported.indicators} indicators, "
            f"{imported.marks} imported marks, {len(document.findings)} findings, "
            f"{len(document.unplaced)} unplaced lines."
        )
        for finding in document.findings:
            self.stdout.write(f"finding: {finding}")
        for line in document.unplaced:
            self.stdout.write(f"unplaced: {line.file}:{line.line}: {line.text}")

    def _read(self, edition: Edition, policy, files: list[Path]) -> Document:
        try:
            return read_prints(edition, policy, [(path.name, self._text(path)) for path in files])
        except NotAForm as error:
            raise CommandError(str(error), returncode=2) from error
        except Refused as error:
            raise CommandError(str(error), returncode=1) from error

    def _text(self, path: Path) -> str:
        try:
            if path.stat().st_size > MAX_BYTES:
                raise CommandError(f"{path.name}: larger than {MAX_BYTES} bytes", returncode=2)
            return decode(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path.name}: {error.strerror}", returncode=1) from error

    def _place(self, code: str | None, year: int | None) -> tuple[Agency, Cycle]:
        if not code or not year:
            raise CommandError("--agency and --cycle are needed unless --dry-run", returncode=1)
        agency = Agency.objects.filter(code=code).first()
        if agency is None:
            raise CommandError(f"no agency has the code {code}", returncode=1)
        cycles = list(Cycle.objects.select_related("edition").filter(year=year))
        if len(cycles) != 1:
            what = "no cycle" if not cycles else "more than one cycle"
            raise CommandError(f"{what} of the year {year}", returncode=1)
        return agency, cycles[0]
