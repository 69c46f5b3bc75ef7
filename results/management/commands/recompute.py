"""Compute every frozen sheet again with the engine of this release and show what differs. Changes nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from criteria.catalogue import edition_tree
from criteria.models import Edition
from criteria.scoring import PolicyError
from results.models import ResultSheet
from results.payload import rescore


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        editions = {(edition.code, edition.checksum): edition for edition in Edition.objects.all()}
        count = different = 0
        sheets = ResultSheet.objects.select_related("assessment__agency", "assessment__cycle").order_by("pk")
        for sheet in sheets.iterator(chunk_size=20):
            count += 1
            lines = list(self._differences(sheet, editions))
            different += bool(lines)
            for line in lines:
                self.stdout.write(f"{sheet}: {line}")
        self.stdout.write(f"{count} sheets, {different} differ")
        if different:
            raise CommandError(f"{different} of {count} sheets differ from what this release computes")

    def _differences(self, sheet: ResultSheet, editions: Mapping[tuple[str, str], Edition]) -> Iterator[str]:
        named = sheet.payload["edition"]
        edition = editions.get((named["code"], named["checksum"]))
        if edition is None:
            yield f"its edition {named['code']} is not stored with the checksum of the sheet"
            return
        try:
            now = rescore(sheet.payload, edition_tree(edition))
        except PolicyError as error:
            yield str(error)
            return
        for side in ("claimed", "verified"):
            stored, computed = sheet.payload["scores"][side], now["scores"][side]
            yield from _compared(side, stored, computed)
            if stored == computed and sheet.payload["trees"][side] != now["trees"][side]:
                yield f"{side}: the tree differs, the scores do not"


def _compared(side: str, stored: Mapping[str, Any], computed: Mapping[str, Any]) -> Iterator[str]:
    before, after = dict(_numbers(stored)), dict(_numbers(computed))
    for code in sorted(before.keys() | after.keys()):
        if before.get(code) != after.get(code):
            yield f"{side} {code}: {before.get(code)} stored, {after.get(code)} computed"


def _numbers(scored: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Code -> everything that is scored under it, the total first."""
    yield "total", (scored["total"], scored["level"])
    for category in scored["categories"]:
        yield category["code"], (category["score"], category["level"])
        for topic in category["topics"]:
            inner = {key: value for key, value in topic.items() if key not in ("code", "name")}
            yield topic["code"], inner
