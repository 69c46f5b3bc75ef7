"""Writing the rows that dashboards count, and asking whether they still say what the payloads say."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps as current_apps
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from results.dashboard.extracting import IndicatorRow, ScoreRow, Summary, extract

BATCH = 200


@transaction.atomic
def replace(sheet) -> None:
    """Count this sheet, which is the latest of its assessment, and nothing of the one before."""
    current_apps.get_model("results", "SheetSummary").objects.filter(assessment=sheet.assessment_id).delete()
    write([sheet], current_apps)


def latest(model: Any) -> QuerySet:
    """The last revision of every result; `model` is ResultSheet, be it a migration's."""
    later = model.objects.filter(assessment=OuterRef("assessment"), revision__gt=OuterRef("revision"))
    return model.objects.filter(~Exists(later)).select_related("assessment").order_by("pk")


def write(sheets: Iterable[Any], apps: Any) -> None:
    """The rows of `sheets`, a batch at a time; `apps` is the registry whose tables are meant (a migration's own)."""
    batch = []
    for sheet in sheets:
        batch.append((sheet, extract(sheet.payload)))
        if len(batch) == BATCH:
            _store(batch, apps)
            batch = []
    _store(batch, apps)


def _store(batch: list[tuple[Any, Summary]], apps: Any) -> None:
    head = apps.get_model("results", "SheetSummary")
    rows = head.objects.bulk_create(
        head(
            assessment_id=sheet.assessment_id,
            sheet_id=sheet.pk,
            cycle_id=sheet.assessment.cycle_id,
            agency_id=sheet.assessment.agency_id,
            **_head(found),
        )
        for sheet, found in batch
    )
    told = list(zip(rows, (found for _sheet, found in batch), strict=True))
    for name, kept in (
        ("ScoreSummary", lambda found: map(_score, found.scores)),
        ("IndicatorSummary", lambda found: map(_indicator, found.indicators)),
        ("FailedPart", lambda found: ({"code": code} for code in found.failed)),
    ):
        table = apps.get_model("results", name)
        table.objects.bulk_create(
            (table(summary_id=row.pk, **values) for row, found in told for values in kept(found)),
            batch_size=2000,
        )


def _head(found: Summary) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ("ministry", "claimed", "verified", "group", "level")}


def _score(row: ScoreRow) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in ("code", "claimed", "verified", "level", "has_ofi")}
    return own | dict(row.counts)


def _indicator(row: IndicatorRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("code", "count", "passed", "points")}


def breaches() -> Iterator[str]:
    """One line for every published sheet whose rows are missing, of an earlier revision, or say something else."""
    sheet_model = current_apps.get_model("results", "ResultSheet")
    head = current_apps.get_model("results", "SheetSummary")
    stored = {row.assessment_id: row for row in head.objects.all()}
    for sheet in latest(sheet_model).iterator(50):
        row = stored.pop(sheet.assessment_id, None)
        if row is None or row.sheet_id != sheet.pk:
            yield f"sheet {sheet.pk}: has no summary"
        elif wrong := _differs(row, sheet):
            yield f"sheet {sheet.pk}: its summary differs in {', '.join(wrong)}"
    for row in stored.values():
        yield f"summary {row.pk}: of no published sheet"


def _differs(row: Any, sheet: Any) -> list[str]:
    found = extract(sheet.payload)
    wrong = [name for name, value in _head(found).items() if getattr(row, name) != value]
    if (row.cycle_id, row.agency_id) != (sheet.assessment.cycle_id, sheet.assessment.agency_id):
        wrong.append("place")
    for name, related, expected in (
        ("scores", row.scores, [_score(score) for score in found.scores]),
        ("indicators", row.indicators, [_indicator(entry) for entry in found.indicators]),
        ("failed parts", row.failed_parts, [{"code": code} for code in found.failed]),
    ):
        kept = {entry.code: entry for entry in related.all()}
        said = all(
            values["code"] in kept
            and all(getattr(kept[values["code"]], key) == value for key, value in values.items())
            for values in expected
        )
        if not said or len(kept) != len(expected):
            wrong.append(name)
    return wrong
