"""Check that what is stored agrees with itself: the log, submissions, sheets, answers and report files."""

from django.core.management.base import BaseCommand, CommandError

from results.integrity import CHECKS


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        count = 0
        for check in CHECKS:
            for breach in check():
                count += 1
                self.stdout.write(breach)
        if count:
            raise CommandError(f"{count} breaches")
        self.stdout.write("no breach")
