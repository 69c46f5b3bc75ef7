"""Load criteria editions from YAML folders; a dry run with the difference unless --write is given.

A road map and pillars beside an edition are checked and not stored: pages read the files. So is what the Application
Report of stage 2 is asked."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from criteria import loader
from criteria.application_report import FILE, read_criteria
from criteria.pillars import read_pillars
from criteria.reader import CriteriaErrors, read_edition
from criteria.roadmap import read_roadmap


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="edition folders")
        parser.add_argument("--write", action="store_true", help="write, all or nothing")

    def handle(self, *, paths: list[Path], write: bool, **options):
        root = settings.BASE_DIR / "fixtures" / "criteria"
        errors: list[str] = []
        if not paths:
            paths = sorted(path for path in root.iterdir() if path.is_dir())
            errors += _faults(root / FILE)
        editions = []
        for path in paths:
            try:
                edition = read_edition(path)
                roadmap = read_roadmap(path, edition)
                editions.append((edition, roadmap, read_pillars(path, edition, roadmap)))
            except CriteriaErrors as error:
                errors += error.errors
        if errors:
            raise CommandError("\n".join(errors))
        plans = [loader.plan(edition) for edition, *_beside in editions]
        for plan, (edition, roadmap, pillars) in zip(plans, editions, strict=True):
            self._show(plan)
            if roadmap:
                self.stdout.write(f"{edition.code}: road map of {len(roadmap.dimensions)} dimensions.")
            if pillars:
                self.stdout.write(f"{edition.code}: {len(pillars.of_item)} items and groups under pillars.")
        if not write:
            self.stdout.write("Dry run: nothing was written. Add --write to write.")
            return
        with transaction.atomic():
            for plan in plans:
                if plan.writes:
                    loader.write(plan)
                    self.stdout.write(self.style.SUCCESS(f"{plan.edition.code}: written and published."))

    def _show(self, plan: loader.Plan) -> None:
        edition = plan.edition
        items = [item for topic in edition.topics.values() for item in topic.items if item.level]
        self.stdout.write(
            f"{edition.code}: {len([t for c in edition.of_kind('process') for t in c.topics])} topics, "
            f"{len(items)} items, {len(edition.process_parts)} parts, {len(edition.groups)} indicator groups, "
            f"{len(edition.profile_parts)} profile questions."
        )
        if plan.is_new:
            self.stdout.write(f"{edition.code}: new.")
        elif not plan.changes:
            self.stdout.write(f"{edition.code}: no difference.")
        for change in plan.changes:
            self.stdout.write(f"  {change}")
        if plan.changes and plan.is_frozen:
            self.stdout.write(
                self.style.WARNING(
                    f"{edition.code}: published, so the stored one is kept. Make a new edition."
                )
            )


def _faults(path: Path) -> list[str]:
    try:
        read_criteria(path)
    except CriteriaErrors as error:
        return error.errors
    return []
