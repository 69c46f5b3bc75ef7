"""What the pages of the library show; nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.pages.summary import Task
from criteria.catalogue import edition_tree
from criteria.models import Edition
from criteria.structure import PROFILE, Category, Topic
from results.library.highlights import Highlight, highlights_of
from results.library.models import LibraryEntry, LibraryTag
from results.library.searching import terms_of
from results.models import ResultSheet
from reviews.models import Pillar


def categories_now() -> tuple[Category, ...]:
    """What entries are filtered by: the categories of the edition in force; one query."""
    edition = Edition.objects.filter(status=Edition.Status.PUBLISHED).first()
    return categories_of(edition) if edition else ()


def categories_of(edition: Edition) -> tuple[Category, ...]:
    return tuple(row for row in edition_tree(edition).categories if row.kind != PROFILE)


def years_shown() -> list[int]:
    """The years that have an entry, the newest first; one query."""
    years = LibraryEntry.objects.shown().order_by("-assessment__cycle__year")
    return list(years.values_list("assessment__cycle__year", flat=True).distinct())


def found_by(chosen: Mapping[str, Any]) -> QuerySet[LibraryEntry]:
    """Shown entries that the filters leave, the latest first; `words` and the report's figures are not read."""
    entries = LibraryEntry.objects.shown()
    if pillar := chosen.get("pillar"):
        entries = entries.filter(pillar=pillar)
    if kind := chosen.get("kind"):
        entries = entries.filter(assessment__agency__kind=kind)
    if year := chosen.get("year"):
        entries = entries.filter(assessment__cycle__year=year)
    for name in ("category", "topic"):
        if code := chosen.get(name):
            tags = LibraryTag.objects.filter(entry=OuterRef("pk"), **{name: code})
            entries = entries.filter(Exists(tags))
    for term in terms_of(chosen.get("q", "")):
        entries = entries.filter(words__contains=term)
    return with_places(entries).defer("words", "approach", "factors", "future")


def with_places(entries: QuerySet[LibraryEntry]) -> QuerySet[LibraryEntry]:
    """Two queries: everything that an entry is named by, and its topics."""
    joined = entries.select_related("assessment__agency", "assessment__cycle__edition", "sheet")
    return joined.defer("sheet__payload").prefetch_related("tags")


@dataclass(frozen=True)
class EntryPage:
    """One entry with its blocks; a block without text is not there."""

    entry: LibraryEntry

    @property
    def blocks(self) -> list[tuple[str, str]]:
        names = ("approach", "factors", "future")
        labelled = (
            (LibraryEntry._meta.get_field(name).verbose_name, getattr(self.entry, name)) for name in names
        )
        return [(label, text) for label, text in labelled if text]

    @cached_property
    def topics(self) -> list[Topic]:
        known = edition_tree(self.entry.assessment.cycle.edition).topics
        return [known[tag.topic] for tag in self.entry.tags.all() if tag.topic in known]


@dataclass(frozen=True)
class Own:
    """A highlight of one's own result and what became of it; `entry` is None while nobody has shared it."""

    key: str
    pillar: str
    text: str
    entry: LibraryEntry | None

    @property
    def pillar_name(self) -> str:
        return Pillar(self.pillar).label


def own_highlights(assessment: Assessment, sheet: ResultSheet) -> list[Own]:
    """Those of the latest sheet in its order, then what was shared from an earlier revision; one query."""
    entries = {
        entry.key: entry for entry in assessment.library_entries.defer("words").select_related("sheet")
    }
    now = [_own(found, entries.pop(found.key, None)) for found in highlights_of(sheet.payload)]
    gone = [Own(entry.key, entry.pillar, entry.text, entry) for entry in entries.values() if entry.is_shared]
    return [*now, *gone]


def _own(found: Highlight, entry: LibraryEntry | None) -> Own:
    return Own(found.key, found.pillar, found.text, entry)


def own_highlight(assessment: Assessment, sheet: ResultSheet, key: str) -> Own | None:
    return next((own for own in own_highlights(assessment, sheet) if own.key == key), None)


def gone_task(assessment: int) -> Task:
    """For who decides about a shared text that a corrected result no longer has."""
    url = reverse("results:sharing", args=[assessment])
    return Task(_("แนวปฏิบัติที่แบ่งปันไว้"), url, _("ผลที่แก้ไขแล้วไม่มีข้อความนี้ ถอน หรือคงไว้"), "people")
