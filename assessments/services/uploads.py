"""Files on their way: begun, continued after a lost network, looked at, and kept under an opaque name.

The bytes are written before the row that counts them, so a crash loses at most one piece, which is sent again.
"""

import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.files.types import CHUNK, Kind, Unacceptable, kind_of
from assessments.files.words import unacceptable_sentence
from assessments.models import Assessment, EvidenceVersion, Upload
from assessments.models.evidence import NAME_LENGTH
from assessments.services.registering import open_register
from pmqa.accounts.models import User
from pmqa.errors import Conflict, Refused
from pmqa.text import normalise

# What is left over of an upload that nobody goes on with is thrown away after this.
EXPIRES = timedelta(hours=24)


@dataclass(frozen=True)
class Stored:
    """A whole file in its final place."""

    file: str
    name: str
    kind: Kind
    size: int
    sha256: str


def safe_name(name: str) -> str:
    """What a file was called, as one name: no folders, nothing invisible, its ending kept when it is cut."""
    last = re.split(r"[/\\]", normalise(name).replace("\n", " "))[-1]
    plain = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "_", last).strip(" .")
    if not plain:
        return "file"
    stem, dot, ending = plain.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"
    return plain[:NAME_LENGTH]


@transaction.atomic
def begin(assessment: Assessment, *, name: str, size: int, modified: int = 0, by: User) -> Upload:
    """An upload to send pieces to; the same file of the same person goes on where it stopped.

    Raises PermissionDenied; Refused with code "closed", or why a file of that name and size is not taken.
    """
    locked = open_register(assessment, by=by)
    name = safe_name(name)
    known = Upload.objects.filter(assessment=locked, owner=by, name=name, size=size, modified=modified)
    if modified and (found := known.first()):
        return found
    _check_size(size)
    _check_room(locked, size)
    upload = Upload.objects.create(
        assessment=locked, owner=by, name=name, size=size, modified=modified, touched_at=timezone.now()
    )
    path = _path(upload)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o640)
    except OSError as error:
        raise _disk_full() from error
    return upload


def _check_size(size: int) -> None:
    if size <= 0:
        raise Refused(unacceptable_sentence(Unacceptable("empty")), code="empty")
    if size > settings.EVIDENCE_FILE_BYTES:
        raise too_large()


def limits() -> tuple[str, str]:
    """The most of one file, and of all files of an assessment, as people read it."""
    return filesizeformat(settings.EVIDENCE_FILE_BYTES), filesizeformat(settings.EVIDENCE_TOTAL_BYTES)


def too_large() -> Refused:
    limit, _total = limits()
    return Refused(_("ไฟล์ใหญ่เกิน %(limit)s ลดขนาดไฟล์ หรือเพิ่มเป็นลิงก์แทน") % {"limit": limit}, code="too_large")


def used_bytes(assessment: Assessment) -> int:
    """What the files of an assessment take, with all their versions."""
    rows = EvidenceVersion.objects.filter(evidence__assessment=assessment)
    return rows.aggregate(total=Sum("size"))["total"] or 0


def _check_room(assessment: Assessment, size: int) -> None:
    """Room in the agency's share and on the disk."""
    waiting = Upload.objects.filter(assessment=assessment).aggregate(total=Sum("size"))["total"] or 0
    if used_bytes(assessment) + waiting + size > settings.EVIDENCE_TOTAL_BYTES:
        _file, limit = limits()
        raise Refused(
            _("หลักฐานของแบบประเมินนี้รวมกันเกิน %(limit)s แล้ว เพิ่มเป็นลิงก์แทน หรือติดต่อ สำนักงาน ก.พ.ร.")
            % {"limit": limit},
            code="full",
        )
    root = Path(settings.MEDIA_ROOT)
    while not root.exists():
        root = root.parent
    if shutil.disk_usage(root).free < size + settings.EVIDENCE_FREE_BYTES:
        raise _disk_full()


def _disk_full() -> Refused:
    return Refused(_("พื้นที่เก็บไฟล์ของระบบเต็ม ยังรับไฟล์ไม่ได้ แจ้งผู้ดูแลระบบแล้วลองใหม่ภายหลัง"), code="disk")


def append(upload: Upload, *, offset: int, data: bytes, by: User) -> Upload:
    """Write a piece at `offset`, which must be what has been received so far.

    Raises Conflict with the upload as it is when the offset is another (a piece sent twice, two windows);
    PermissionDenied; Refused with code "closed", "too_large" or "disk". The last piece also looks at the content:
    a file that is not taken is thrown away and Refused says why.
    """
    if upload.owner_id != by.pk:
        raise PermissionDenied(_("ผู้อัปโหลดไฟล์นี้คือบุคคลอื่น"))
    with transaction.atomic():
        open_register(upload.assessment, by=by)
    if offset != upload.received:
        raise Conflict(upload)
    end = offset + len(data)
    if not data or end > upload.size:
        drop(upload)
        raise too_large()
    try:
        with _path(upload).open("r+b") as file:
            file.seek(offset)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError as error:
        raise lost() from error
    except OSError as error:
        raise _disk_full() from error
    rows = Upload.objects.filter(pk=upload.pk)
    if not rows.filter(received=offset).update(received=end, touched_at=timezone.now()):
        raise Conflict(rows.first() or upload)
    upload.received = end
    if upload.is_complete:
        _look_at(upload)
    return upload


def _look_at(upload: Upload) -> Kind:
    try:
        with _path(upload).open("rb") as file:
            return kind_of(file, upload.name)
    except Unacceptable as reason:
        drop(upload)
        raise Refused(unacceptable_sentence(reason), code=reason.code) from reason


def store(assessment: Assessment, *, name: str, size: int, pieces: Iterable[bytes], by: User) -> Upload:
    """A whole file that came with a form. Raises as `begin` and `append`; nothing is left of a refused one."""
    upload = begin(assessment, name=name, size=size, by=by)
    try:
        for piece in pieces:
            upload = append(upload, offset=upload.received, data=piece, by=by)
    except Refused:
        drop(upload)
        raise
    return upload


def secure(upload: Upload) -> Stored:
    """Copy a complete upload to its final place and look at the copy, which nobody can write to any more.

    Raises Refused; leaves nothing behind then.
    """
    file = f"evidence/{uuid.uuid4().hex}"
    target = Path(default_storage.path(file))
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with _path(upload).open("rb") as source, target.open("xb") as copy:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        target.chmod(0o640)
        with target.open("rb") as whole:
            kind = kind_of(whole, upload.name)
    except Unacceptable as reason:
        target.unlink()
        raise Refused(unacceptable_sentence(reason), code=reason.code) from reason
    except FileNotFoundError as error:
        raise lost() from error
    except OSError as error:
        target.unlink(missing_ok=True)
        raise _disk_full() from error
    return Stored(file, upload.name, kind, size, digest.hexdigest())


def lost() -> Refused:
    return Refused(_("ไม่พบไฟล์ที่อัปโหลดไว้ เลือกไฟล์แล้วอัปโหลดอีกครั้ง"), code="lost")


def forget(stored: Stored) -> None:
    """Take back what `secure` kept, when its row could not be written."""
    with suppress(OSError):
        default_storage.delete(stored.file)


def drop(upload: Upload) -> None:
    """Throw an upload away; its bytes go when that is certain."""
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).delete()
        transaction.on_commit(partial(_path(upload).unlink, missing_ok=True))


def expire() -> int:
    """Throw away what nobody has gone on with; how many there were."""
    old = list(Upload.objects.filter(touched_at__lt=timezone.now() - EXPIRES))
    for upload in old:
        drop(upload)
    return len(old)


def _path(upload: Upload) -> Path:
    return Path(default_storage.path(upload.place))
