"""Pages of evidence as pictures, drawn once for each file and page, and thrown away when nobody looks any more.

What is kept is named by the SHA-256 of the file, so every reader of the same bytes meets the same picture. It is no
door: whoever calls this has asked for the right to the file.
"""

import logging
import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils import timezone

from assessments.files import poppler
from assessments.files.poppler import Unreadable
from assessments.models import EvidenceVersion
from pmqa.accounts import log
from pmqa.accounts.models import Agency, LogEntry, User
from pmqa.files import keep

FOLDER = "previews"
# Of the file, so it would fail again; a machine that was busy is asked anew.
_LASTING = ("encrypted", "damaged", "heavy")
KEPT_DAYS = 30
# Whoever turns pages leaves one line in this time, not one for each page.
QUIET = timedelta(hours=1)
logger = logging.getLogger(__name__)


def page_count(version: EvidenceVersion) -> int:
    """How many pages a PDF has. Raises Unreadable."""
    return int(_once(version, "pages.txt", lambda path: str(poppler.count_pages(path)).encode()))


def page_picture(version: EvidenceVersion, page: int) -> bytes:
    """A page as a JPEG; `page` is one that `page_count` counts. Raises Unreadable."""
    return _once(version, f"{page}.jpg", lambda path: poppler.picture_of(path, page))


def _once(version: EvidenceVersion, name: str, make) -> bytes:
    place = f"{FOLDER}/{version.sha256}/{name}"
    path = Path(default_storage.path(place))
    try:
        return path.read_bytes()
    except OSError:
        # Not there, or not to be read: it is drawn again.
        pass
    failed = path.with_suffix(".failed")
    if failed.exists():
        raise Unreadable(failed.read_text(encoding="ascii"))
    try:
        made = make(Path(version.file.path))
    except Unreadable as fault:
        if fault.code in _LASTING:
            _keep(f"{FOLDER}/{version.sha256}/{failed.name}", fault.code.encode())
        raise
    _keep(place, made)
    return made


def _keep(place: str, content: bytes) -> None:
    try:
        keep(place, content)
    except OSError:
        # A full disk costs the next reader the time to draw it again, and this one nothing.
        logger.exception("a picture of a page was not kept")


def clear_old() -> int:
    """Throw away what was drawn so long ago; how many files. Who looks again has it drawn again."""
    folder = Path(default_storage.path(FOLDER))
    if not folder.is_dir():
        return 0
    oldest = time.time() - KEPT_DAYS * 24 * 3600
    old = [place for place in folder.iterdir() if place.stat().st_mtime < oldest]
    for place in old:
        shutil.rmtree(place, ignore_errors=True)
    return len(old)


def record_look(version: EvidenceVersion, *, agency: Agency | None, by: User) -> None:
    """One line for each person, entry and hour, however many pages are turned; of a reviewer in nobody's agency."""
    seen = LogEntry.objects.filter(
        actor=by,
        action="evidence.downloaded",
        object_type=version.evidence._meta.label_lower,
        object_id=str(version.evidence_id),
        at__gte=timezone.now() - QUIET,
        data__preview=True,
        data__number=version.number,
    )
    if not seen.exists():
        log.record(
            "evidence.downloaded", version.evidence, by=by, agency=agency, number=version.number, preview=True
        )
