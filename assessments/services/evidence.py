"""The evidence register: adding, editing, replacing, withdrawing and citing what is entered once."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Citation, Evidence, EvidenceVersion, Upload
from assessments.reading import tree_of
from assessments.rules import Chapter
from assessments.services import uploads
from assessments.services.registering import open_register
from pmqa.accounts import log
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused
from pmqa.jobs.services import enqueue
from pmqa.versioning import swap

SCAN_JOB = "scan_evidence"
Scan = EvidenceVersion.Scan


@dataclass(frozen=True)
class Details:
    """What is typed about an entry, cleaned."""

    title: str
    source_system: str = ""
    reference: str = ""
    effective_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Source:
    """What an entry holds: a complete upload, or the address of a link."""

    upload: Upload | None = None
    url: str = ""

    @property
    def kind(self) -> str:
        return Evidence.Kind.FILE if self.upload else Evidence.Kind.LINK


class _Kept:
    """The source in its final place, taken back when the block around it fails."""

    def __init__(self, source: Source):
        self._source = source
        self.stored: uploads.Stored | None = None

    def __enter__(self) -> "_Kept":
        if self._source.upload:
            self.stored = uploads.secure(self._source.upload)
        return self

    def __exit__(self, error_type, error, traceback) -> None:
        if error_type and self.stored:
            uploads.forget(self.stored)

    def discard(self) -> None:
        """It is there already: neither the copy nor the upload is needed."""
        if self.stored:
            uploads.forget(self.stored)
            uploads.drop(self._source.upload)

    def fields(self) -> dict:
        if self.stored is None:
            return {"url": self._source.url}
        return {
            "came_as": self._source.upload.pk,
            "file": self.stored.file,
            "name": self.stored.name,
            "content_type": self.stored.kind.content_type,
            "size": self.stored.size,
            "sha256": self.stored.sha256,
            "scan": Scan.WAITING if settings.CLAMAV_ADDRESS else Scan.NONE,
        }


def add(
    assessment: Assessment,
    details: Details,
    source: Source,
    *,
    key: UUID,
    by: User,
    answer: Answer | None = None,
) -> Evidence:
    """A new entry, cited at once by `answer` if there is one.

    The same `key` twice is one entry: a double click is not an error. Raises PermissionDenied; Refused as
    `open_register` and `uploads.secure`, or with code "same" for what the register holds already.
    """
    if existing := added(assessment, key):
        return existing
    with _Kept(source) as kept, transaction.atomic():
        locked = open_register(assessment, by=by)
        if existing := added(locked, key):
            kept.discard()
            return existing
        _check_new(locked, kept)
        now = timezone.now()
        highest = locked.evidence.aggregate(Max("number"))["number__max"] or 0
        evidence = Evidence.objects.create(
            assessment=locked,
            number=highest + 1,
            key=key,
            kind=source.kind,
            added_at=now,
            added_by=by,
            **asdict(details),
        )
        _append(evidence, kept, source, number=1, by=by)
        log.record("evidence.added", evidence, by=by, agency=locked.agency, kind=source.kind)
        if answer is not None:
            _cite(answer, [evidence], by=by)
    return evidence


def added(assessment: Assessment, key: UUID) -> Evidence | None:
    """The entry that the form with this `key` has made already."""
    return assessment.evidence.filter(key=key).first()


def _check_new(assessment: Assessment, kept: _Kept) -> None:
    """The same file or link is entered once."""
    fields = kept.fields()
    same = {"sha256": fields["sha256"]} if kept.stored else {"url": fields["url"]}
    found = EvidenceVersion.objects.in_use().filter(evidence__assessment=assessment, **same)
    if twin := found.select_related("evidence").first():
        raise Refused(
            _("มีในทะเบียนแล้ว เป็นหลักฐานเลขที่ %(number)d “%(title)s” อ้างรายการนั้นได้เลย ไม่ต้องเพิ่มซ้ำ")
            % {"number": twin.evidence.number, "title": twin.evidence.title},
            code="same",
        )


def _append(evidence: Evidence, kept: _Kept, source: Source, *, number: int, by: User) -> EvidenceVersion:
    version = EvidenceVersion.objects.create(
        evidence=evidence, number=number, uploaded_at=timezone.now(), uploaded_by=by, **kept.fields()
    )
    if source.upload:
        uploads.drop(source.upload)
    if version.scan == Scan.WAITING:
        order_scan(version)
    return version


@transaction.atomic
def edit(evidence: Evidence, details: Details, *, version: int, by: User) -> Evidence:
    """Store what is typed about an entry. Raises Conflict when `version` is stale; else as `open_register`."""
    locked = open_register(evidence.assessment, by=by)
    if all(getattr(evidence, name) == value for name, value in asdict(details).items()):
        return evidence
    saved = swap(evidence, version, **asdict(details))
    log.record("evidence.edited", saved, by=by, agency=locked.agency)
    return saved


def replace(evidence: Evidence, source: Source, *, version: int, by: User) -> EvidenceVersion:
    """A new version of the file or link; the one before stays. It also revives a withdrawn entry.

    What the latest version holds already makes no new one. Raises Conflict, with the entry as it is, when
    somebody was faster; else as `add`.
    """
    with _Kept(source) as kept, transaction.atomic():
        locked = open_register(evidence.assessment, by=by)
        latest = evidence.versions.get(is_latest=True)
        if latest.withdrawn_at is None and _is_same(latest, kept):
            kept.discard()
            return latest
        if source.kind != evidence.kind:
            raise ValueError(f"an entry of kind {evidence.kind} is not replaced by a {source.kind}")
        saved = swap(evidence, version)
        evidence.versions.filter(is_latest=True).update(is_latest=False)
        made = _append(saved, kept, source, number=latest.number + 1, by=by)
        log.record("evidence.replaced", saved, by=by, agency=locked.agency, number=made.number)
    return made


def _is_same(latest: EvidenceVersion, kept: _Kept) -> bool:
    fields = kept.fields()
    return all(getattr(latest, name) == fields[name] for name in ("sha256", "name", "url") if name in fields)


@transaction.atomic
def withdraw(evidence: Evidence, *, reason: str, version: int, by: User) -> EvidenceVersion:
    """Take the entry out of use; its versions stay to be read, and a new version brings it back.

    Withdrawing twice is once. Raises Conflict when `version` is stale; PermissionDenied; Refused with code
    "closed" or "reason".
    """
    locked = open_register(evidence.assessment, by=by)
    if not by.has_perm("assessments.withdraw_evidence", evidence):
        raise PermissionDenied(_("ท่านถอนได้เฉพาะหลักฐานที่ท่านเพิ่มเองและผู้อื่นยังไม่อ้าง ขอให้ผู้ประสานงานของหน่วยงานถอน"))
    if not reason.strip():
        raise Refused(_("ระบุเหตุผลที่ถอน เหตุผลนี้แสดงคู่กับหลักฐาน"), code="reason")
    latest = evidence.versions.get(is_latest=True)
    if latest.withdrawn_at is not None:
        return latest
    saved = swap(evidence, version)
    latest.withdrawn_at, latest.withdrawn_by, latest.withdrawn_reason = timezone.now(), by, reason
    latest.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    log.record("evidence.withdrawn", saved, by=by, agency=locked.agency, number=latest.number)
    return latest


# --- citing -----------------------------------------------------------------------------------


def _open_answer(answer: Answer, *, by: User) -> Assessment:
    category, _topic, item = tree_of(answer.assessment).place_of_part[answer.part.code]
    if not by.has_perm("assessments.edit", Chapter(answer.assessment, category.code, item.code)):
        raise PermissionDenied(_("ท่านแก้ไขส่วนนี้ไม่ได้ ติดต่อผู้ประสานงานของหน่วยงาน"))
    return open_register(answer.assessment, by=by)


@transaction.atomic
def cite(answer: Answer, numbers: Iterable[int], *, by: User) -> int:
    """Let an answer rest on the entries of those numbers; how many it did not cite before.

    Raises as `open_register`. Entries that are withdrawn or not of this register are left out.
    """
    locked = _open_answer(answer, by=by)
    in_use = EvidenceVersion.objects.in_use().filter(
        evidence__assessment=locked, evidence__number__in=list(numbers)
    )
    return _cite(answer, [row.evidence for row in in_use.select_related("evidence")], by=by)


def _cite(answer: Answer, entries: list[Evidence], *, by: User) -> int:
    locked = _open_answer(answer, by=by)
    cited = set(answer.citations.values_list("evidence_id", flat=True))
    fresh = [entry for entry in entries if entry.pk not in cited]
    now = timezone.now()
    Citation.objects.bulk_create(
        Citation(evidence=entry, answer=answer, cited_at=now, cited_by=by) for entry in fresh
    )
    for entry in fresh:
        log.record("evidence.cited", entry, by=by, agency=locked.agency, part=answer.part.code)
    return len(fresh)


@transaction.atomic
def uncite(answer: Answer, number: int, *, by: User) -> bool:
    """The answer rests on that entry no more; False where it did not. Raises as `cite`."""
    locked = _open_answer(answer, by=by)
    row = answer.citations.select_related("evidence").filter(evidence__number=number).first()
    if row is None:
        return False
    row.delete()
    log.record("evidence.uncited", row.evidence, by=by, agency=locked.agency, part=answer.part.code)
    return True


# --- links and viruses ------------------------------------------------------------------------


@transaction.atomic
def confirm_link(evidence: Evidence, number: int, *, by: User) -> EvidenceVersion:
    """A person has opened the link of version `number` and found what it should lead to.

    Raises Conflict when that is not the latest version any more; Refused as `open_register`.
    """
    locked = open_register(evidence.assessment, by=by)
    latest = evidence.versions.get(is_latest=True)
    if latest.number != number or not latest.url:
        raise Conflict(latest)
    latest.checked_at, latest.checked_by = timezone.now(), by
    latest.save(update_fields=["checked_at", "checked_by"])
    log.record("evidence.link_checked", evidence, by=by, agency=locked.agency, number=number)
    return latest


def order_scan(version: EvidenceVersion) -> None:
    enqueue(SCAN_JOB, key=f"{SCAN_JOB}:{version.pk}", version=version.pk)


def order_missing_scans() -> int:
    """Scan again what has no verdict, where files are scanned at all; how many there are."""
    if not settings.CLAMAV_ADDRESS:
        return 0
    waiting = EvidenceVersion.objects.filter(scan__in=[Scan.NONE, Scan.WAITING]).exclude(file="")
    found = list(waiting.order_by("pk")[:100])
    for version in found:
        order_scan(version)
    return len(found)


@transaction.atomic
def settle_scan(version: EvidenceVersion, finding: str) -> None:
    """Note what the scanner said of a file; `finding` is empty for a clean one."""
    scan = Scan.SUSPICIOUS if finding else Scan.CLEAN
    EvidenceVersion.objects.filter(pk=version.pk).update(scan=scan, scanned_at=timezone.now())
    if finding:
        evidence = version.evidence
        log.record(
            "evidence.suspicious",
            evidence,
            by=None,
            agency=evidence.assessment.agency,
            number=version.number,
            finding=finding[:200],
        )
