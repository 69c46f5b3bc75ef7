"""Say of exported JSON files and printed PDFs which digest they have, and whether this installation issued them."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from pmqa.thai import thai_datetime
from results.authenticity import CURRENT, Finding, file_digest, verify_file
from results.verify_words import told


class Command(BaseCommand):
    help = f"{__doc__} Nothing of their content is shown. Ends with an error unless every file is the current edition."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files: list[Path], **options):
        with translation.override("th"):
            findings = [self._tell(path) for path in files]
        others = sum(finding.state != CURRENT for finding in findings)
        if others:
            raise CommandError(
                f"{others} of {len(files)} files are not the current edition of anything issued here"
            )

    def _tell(self, path: Path) -> Finding:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        finding = verify_file(content)
        words = told(finding)
        self.stdout.write(f"{path}: {words.headline}")
        self.stdout.write(f"  SHA-256 {file_digest(content) or '-'}")
        if finding.what:
            at = thai_datetime(finding.at, "full")
            self.stdout.write(f"  {finding.agency} · {finding.year} · {words.number} {finding.number} · {at}")
        if finding.newer:
            stands, at = _("ฉบับที่ใช้แทน"), thai_datetime(finding.newer_at, "full")
            self.stdout.write(f"  {stands} {finding.newer} · {at}")
        return finding
