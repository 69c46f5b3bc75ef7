"""Fill an empty database with invented agencies in every state of the road, and print the accounts."""

from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from criteria.models import Edition
from pmqa.jobs.models import Job
from pmqa.jobs.services import run
from results.demo import building, people

# DEMO-001 to DEMO-004 are promised.
MIN_AGENCIES = 4


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--agencies", type=int, default=12, metavar="N", help="how many agencies (12)")
        parser.add_argument(
            "--seed", type=int, default=2565, metavar="S", help="seed of the invented data (2565)"
        )
        parser.add_argument(
            "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day of the story"
        )
        parser.add_argument("--accounts", action="store_true", help="make nothing, only print the accounts")

    def handle(self, *, agencies: int, seed: int, today: date | None, accounts: bool, **options):
        if agencies < MIN_AGENCIES:
            raise CommandError(f"--agencies must be {MIN_AGENCIES} or more")
        if not accounts:
            self._build(agencies, seed, today or timezone.localdate())
        if not building.is_built():
            return
        people.apply_password()
        self.stdout.write("Demonstration accounts (all data is invented):")
        for name, role in people.ACCOUNTS:
            self.stdout.write(f"  {people.email(name):28} {role}")
        kept = "" if settings.DEMO_PASSWORD else f"  (kept in {people.password_file().name} of PMQA_VAR)"
        self.stdout.write(f"  password: {people.password()}{kept}")

    def _build(self, agencies: int, seed: int, today: date) -> None:
        if not Edition.objects.filter(status=Edition.Status.PUBLISHED).exists():
            call_command("load_criteria", write=True, stdout=self.stderr)
        try:
            is_new = building.build(agencies=agencies, seed=seed, today=today, say=self.stderr.write)
        except building.ForeignData as error:
            raise CommandError(str(error), returncode=1) from error
        if is_new:
            # DEMO-004 has its report before anybody looks; the others come from the worker.
            self.stderr.write("Printing the first Feedback Report.")
            run(Job.objects.filter(status=Job.Status.QUEUED).earliest("pk").pk)
