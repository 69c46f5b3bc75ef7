"""Consent to share outstanding work, taking it back, and hiding what should not stand in the library."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.reading import tree_of
from assessments.workflow import lock
from criteria.structure import PROFILE
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Refused
from pmqa.text import normalise
from pmqa.versioning import insert_or_swap, swap
from results.library.highlights import Highlight, highlights_of
from results.library.models import LONGEST, LibraryEntry, LibraryTag
from results.library.searching import searchable
from results.models import ResultSheet

# What an agency writes of an entry; the text itself is the report's.
WRITTEN = ("title", "approach", "factors", "future", "contact", "link")


@transaction.atomic
def share(
    assessment: Assessment,
    *,
    key: str,
    version: int,
    values: Mapping[str, Any],
    topics: Collection[str],
    by: User,
) -> LibraryEntry:
    """The agency's consent for one highlight, or other words beside one that is shared; the same again changes nothing.

    Raises Conflict, PermissionDenied, or Refused with code "gone" (the result of today has no such highlight) or
    "topics" (none, or one that the edition does not have).
    """
    locked = lock(assessment)
    _refuse_others(locked, by)
    chosen = _tags(locked, topics)
    current = LibraryEntry.objects.filter(assessment=locked, key=key).first()
    sheet = locked.sheets.first()
    found = next((row for row in highlights_of(sheet.payload) if row.key == key), None)
    if found is None and (current is None or not current.is_shared):
        raise Refused(_("ผลฉบับล่าสุดไม่มีข้อความนี้แล้ว เลือกผลงานที่โดดเด่นจากผลฉบับล่าสุด"), code="gone")
    wanted = {name: values[name] for name in WRITTEN}
    if current and current.is_shared and _says(current, wanted, chosen):
        return current
    is_new = current is None or not current.is_shared
    text = found.text if found else current.text
    wanted |= _copied(sheet, found) if found else {}
    if is_new:
        wanted |= {"is_shared": True, "taken_back_at": None, "shared_at": locked.asked_at}
        wanted |= {"shared_by": by, "shared_by_name": str(by)}
    wanted |= {"saved_at": locked.asked_at, "saved_by_name": str(by)}
    wanted["words"] = searchable(text, locked.agency.name, *(values[name] for name in WRITTEN[:5]))
    saved = insert_or_swap(LibraryEntry, version, key={"assessment": locked, "key": key}, **wanted)
    _set_tags(saved, chosen)
    action = "library.shared" if is_new else "library.changed"
    log.record(
        action, saved, by=by, agency=locked.agency, revision=saved.sheet.revision, topics=sorted(chosen)
    )
    return saved


def _refuse_others(assessment: Assessment, by: User) -> None:
    if not by.has_perm("results.share_highlight", assessment):
        raise PermissionDenied(_("ผู้แบ่งปันและผู้ถอนคือผู้ประสานงานและหัวหน้าส่วนราชการ เมื่อประกาศผลแล้ว"))


def _tags(assessment: Assessment, topics: Collection[str]) -> dict[str, str]:
    """Topic -> category."""
    known = tree_of(assessment).category_of_topic
    if not topics or any(code not in known or known[code].kind == PROFILE for code in topics):
        raise Refused(_("เลือกหัวข้อที่เกี่ยวข้องอย่างน้อยหนึ่งหัวข้อ"), code="topics")
    return {code: known[code].code for code in topics}


def _says(entry: LibraryEntry, wanted: Mapping[str, Any], chosen: Mapping[str, str]) -> bool:
    is_same = all(getattr(entry, name) == value for name, value in wanted.items())
    return is_same and set(entry.tags.values_list("topic", flat=True)) == set(chosen)


def _copied(sheet: ResultSheet, found: Highlight) -> dict[str, Any]:
    return {"sheet": sheet, "pillar": found.pillar, "text": found.text, "gone_in": None}


def _set_tags(entry: LibraryEntry, chosen: Mapping[str, str]) -> None:
    entry.tags.exclude(topic__in=list(chosen)).delete()
    LibraryTag.objects.bulk_create(
        (LibraryTag(entry=entry, topic=topic, category=category) for topic, category in chosen.items()),
        ignore_conflicts=True,
    )


@transaction.atomic
def take_back(entry: LibraryEntry, *, by: User) -> LibraryEntry:
    """The agency no longer agrees; whatever anybody wrote meanwhile, and twice is once. Raises PermissionDenied."""
    locked = lock(entry.assessment)
    _refuse_others(locked, by)
    current = LibraryEntry.objects.get(pk=entry.pk)
    if not current.is_shared:
        return current
    now = {"taken_back_at": locked.asked_at, "saved_at": locked.asked_at, "saved_by_name": str(by)}
    saved = swap(current, current.version, is_shared=False, **now)
    log.record("library.taken_back", saved, by=by, agency=locked.agency)
    return saved


@transaction.atomic
def hide(entry: LibraryEntry, *, reason: str, by: User) -> LibraryEntry:
    """Out of the library until it is shown again; the agency reads why. Raises PermissionDenied, Refused ("reason")."""
    said = normalise(reason).strip()
    locked = lock(entry.assessment)
    current = _for_administrator(entry, by)
    if not said or len(said) > LONGEST:
        raise Refused(_("ระบุเหตุผลที่ซ่อน ไม่เกิน 3,000 อักขระ หน่วยงานเจ้าของจะเห็นเหตุผลนี้"), code="reason")
    if current.hidden_at:
        return current
    saved = swap(
        current,
        current.version,
        hidden_at=locked.asked_at,
        hidden_by=by,
        hidden_by_name=str(by),
        hidden_reason=said,
    )
    log.record("library.hidden", saved, by=by, agency=locked.agency)
    return saved


@transaction.atomic
def show_again(entry: LibraryEntry, *, by: User) -> LibraryEntry:
    """The end of hiding; twice is once. Raises PermissionDenied."""
    locked = lock(entry.assessment)
    current = _for_administrator(entry, by)
    if not current.hidden_at:
        return current
    saved = swap(
        current, current.version, hidden_at=None, hidden_by=None, hidden_by_name="", hidden_reason=""
    )
    log.record("library.shown_again", saved, by=by, agency=locked.agency)
    return saved


def _for_administrator(entry: LibraryEntry, by: User) -> LibraryEntry:
    if not by.has_perm("results.hide_entry"):
        raise PermissionDenied(_("ผู้ซ่อนแนวปฏิบัติคือผู้ดูแลระบบของ สำนักงาน ก.พ.ร."))
    return LibraryEntry.objects.get(pk=entry.pk)


def follow(sheet: ResultSheet) -> None:
    """A new revision: whose text it no longer has says so to its agency, which decides. Part of the publication."""
    kept = [found.key for found in highlights_of(sheet.payload)]
    entries = LibraryEntry.objects.filter(assessment=sheet.assessment_id)
    entries.filter(key__in=kept).update(gone_in=None)
    entries.exclude(key__in=kept).filter(gone_in=None).update(gone_in=sheet.revision)
