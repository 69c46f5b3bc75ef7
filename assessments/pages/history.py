"""What the page of an answer's history shows: its versions, and what changed from one to another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from assessments.forms.indicators import NUMBERS, figure_labels, figure_text
from assessments.forms.parts import as_lines
from assessments.models import Answer, AnswerRevision, Indicator
from assessments.pages.conflicts import claim_label
from assessments.pages.spots import Spot
from assessments.services.indicators import content_of
from assessments.texts.differing import Piece, difference, replaced
from criteria.structure import PROFILE
from pmqa.numbers import whole

PER_PAGE = 20
# Blanks that are read as prose; of any other a version is the same or another.
_PROSE = ("text", "list", "table", "name", "target_basis")

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Blank:
    """One thing that a version says, as text."""

    key: str
    label: str
    text: str
    is_prose: bool = False


@dataclass(frozen=True)
class Change:
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Version:
    """One line of the list. `number` counts from 1; `what` names the blanks that differ from the version before."""

    revision: AnswerRevision
    number: int
    what: list[str]

    @property
    def who(self) -> str:
        return str(self.revision.saved_by or _("ระบบ"))

    @property
    def at(self) -> datetime:
        return self.revision.saved_at


@dataclass(frozen=True)
class History:
    """The list, the version that is looked at, and what it is compared with."""

    page: Page
    versions: list[Version]
    chosen: Version | None
    is_latest: bool
    is_against_now: bool
    changes: list[Change]
    whole: list[Blank]
    can_be_restored: bool


def stored_content(answer: Answer) -> Content:
    """What is stored now, in the shape of a revision."""
    if hasattr(answer, "indicator"):
        return content_of(answer)
    return {"claim": answer.claim, "values": answer.values}


def blanks_of(spot: Spot, content: Content) -> list[Blank]:
    """Everything that `content` could say, in the order of the form; what it does not say is empty."""
    read = _figures if spot.is_indicator else _values
    return list(read(spot, content))


def _values(spot: Spot, content: Content) -> Iterator[Blank]:
    if spot.category.kind != PROFILE:
        claim = content.get("claim", "")
        yield Blank("claim", _("สถานะการดำเนินการ"), str(claim_label(claim)) if claim else "")
    values = content.get("values", {})
    for blank in spot.part.fields:
        text = as_lines(values.get(blank.key, ""))
        yield Blank(blank.key, blank.label_th or _("ข้อความ"), text, blank.kind in _PROSE)


def _figures(spot: Spot, content: Content) -> Iterator[Blank]:
    figures = content.get("indicator", {})
    removed = _("ลบออกจากแบบฟอร์มแล้ว") if content.get("removed") else ""
    yield Blank("removed", _("ตัวชี้วัดนี้"), removed)
    for name, label in figure_labels(spot.answer.assessment.cycle.result_years).items():
        yield Blank(name, str(label), _figure(name, figures.get(name)), name in _PROSE)


def _figure(name: str, value: str | None) -> str:
    if not value:
        return ""
    if name == "direction":
        return str(Indicator.Direction(value).label)
    return figure_text(Decimal(value)) if name in NUMBERS else value


def changes_between(spot: Spot, before: Content, after: Content) -> list[Change]:
    """The blanks that differ, prose word by word."""
    found = []
    for old, new in zip(blanks_of(spot, before), blanks_of(spot, after), strict=True):
        if old.text != new.text:
            compare = difference if old.is_prose else replaced
            found.append(Change(new.label, compare(old.text, new.text)))
    return found


def _names_of_changes(spot: Spot, before: Content, after: Content) -> list[str]:
    pairs = zip(blanks_of(spot, before), blanks_of(spot, after), strict=True)
    return [new.label for old, new in pairs if old.text != new.text]


def read_history(spot: Spot, *, at: str = "", page: str = "", against_now: bool = False) -> History:
    """At most four queries. `at` is the key of the version to look at; without it the newest of `page`."""
    revisions = spot.answer.revisions.select_related("saved_by", "restored_from")
    chosen = revisions.filter(pk=key).first() if (key := whole(at)) else None
    paginator = Paginator(revisions, PER_PAGE)
    number = 1 + revisions.filter(version__gt=chosen.version).count() // PER_PAGE if chosen else page
    shown = paginator.get_page(number)
    # With the one before the last of the page, or the page could not say what that one changed.
    start = PER_PAGE * (shown.number - 1)
    rows = list(revisions[start : start + PER_PAGE + 1])
    versions = [
        Version(
            row,
            paginator.count - start - place,
            _names_of_changes(spot, _content(rows, place + 1), row.content),
        )
        for place, row in enumerate(rows[:PER_PAGE])
    ]
    place = next((n for n, row in enumerate(rows) if chosen and row.pk == chosen.pk), 0)
    now = stored_content(spot.answer)
    if not versions:
        return History(shown, [], None, True, False, [], blanks_of(spot, now), False)
    content = versions[place].revision.content
    is_as_now = blanks_of(spot, content) == blanks_of(spot, now)
    # An import of printed indicators leaves no revision: the newest is then not what is stored.
    is_latest = not start and not place and is_as_now
    against_now = against_now and not is_latest
    return History(
        page=shown,
        versions=versions,
        chosen=versions[place],
        is_latest=is_latest,
        is_against_now=against_now,
        changes=changes_between(spot, content, now)
        if against_now
        else changes_between(spot, _content(rows, place + 1), content),
        whole=[blank for blank in blanks_of(spot, content) if blank.text],
        can_be_restored=not is_as_now and not content.get("removed"),
    )


def _content(rows: list[AnswerRevision], place: int) -> Content:
    return rows[place].content if place < len(rows) else {}
