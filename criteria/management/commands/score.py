"""`manage.py score INPUT.json [--policy NAME]`: the engine for anyone who checks it from outside."""

import json
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from criteria.reader import read_edition
from criteria.scoring import document
from criteria.structure import Edition

BAD_INPUT = 2


def edition_of(code: str) -> Edition | None:
    """The edition kept in fixtures/criteria under this code; the code is compared, never used as a path."""
    root = Path(settings.BASE_DIR) / "fixtures" / "criteria"
    folders = {folder.name: folder for folder in root.iterdir() if (folder / "edition.yaml").is_file()}
    return read_edition(folders[code]) if code in folders else None


def _read(source: str) -> str:
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise CommandError(f"{source}: {error.strerror}", returncode=BAD_INPUT) from error
    except ValueError as error:
        raise CommandError(f"not a file name: {error}", returncode=BAD_INPUT) from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(f"{source}: byte {error.start}: not UTF-8", returncode=BAD_INPUT) from error


class Command(BaseCommand):
    help = (
        "Scores one JSON document (- is standard input) and prints one JSON document. Needs no database. "
        "Exit status 2 and one line per error for a document that cannot be scored."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="INPUT.json", help="the document, or - for standard input")
        parser.add_argument(
            "--policy",
            metavar="NAME",
            help=f"beats the policy of the document: {', '.join(document.POLICIES)}",
        )

    def handle(self, *, source: str, policy: str | None, **_options: object) -> None:
        try:
            checked = document.read(_read(source), edition_of=edition_of, policy=policy)
        except document.DocumentError as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        answer = json.dumps(document.compute(checked), ensure_ascii=False, indent=2)
        self.stdout.write(answer)
