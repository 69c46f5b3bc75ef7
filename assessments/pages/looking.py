"""A file of the register as it is shown beside what cites it: one page of a PDF, a picture, or what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.files.poppler import MAX_PAGES, Unreadable
from assessments.files.words import NAMES
from assessments.models import EvidenceVersion
from assessments.services import looking
from pmqa.numbers import whole


@dataclass(frozen=True)
class Addresses:
    """Where the one who looks finds the file: to keep, a page of it, its picture, and this view of it."""

    here: str
    whole: str
    download: str
    page: Callable[[int], str]


@dataclass(frozen=True)
class Look:
    """What is seen. `picture` is "" where a file is no picture, or where `fault` says why there is none."""

    title: str
    name: str
    kind: str
    size: int
    picture: str
    download: str
    here: str
    page: int = 0
    pages: int = 0
    fault: str = ""

    @property
    def shown_pages(self) -> int:
        return min(self.pages, MAX_PAGES)

    @property
    def is_cut(self) -> bool:
        return self.pages > MAX_PAGES

    @property
    def before(self) -> str:
        return f"{self.here}?page={self.page - 1}" if self.page > 1 else ""

    @property
    def after(self) -> str:
        return f"{self.here}?page={self.page + 1}" if 0 < self.page < self.shown_pages else ""


def look_at(version: EvidenceVersion, wanted: str, addresses: Addresses) -> Look:
    """The `wanted` page of a PDF, the first or last one for a number that it has not; any other file as it is."""
    kind = version.file_kind
    known = {
        "title": version.evidence.title,
        "name": version.name,
        "kind": NAMES[kind.name],
        "size": version.size,
        "download": addresses.download,
        "here": addresses.here,
    }
    if kind.is_picture:
        return Look(**known, picture=addresses.whole)
    if kind.name != "pdf":
        return Look(**known, picture="")
    pages = page = 0
    try:
        pages = looking.page_count(version)
        page = max(1, min(whole(wanted) or 1, pages, MAX_PAGES))
        # Drawn here, so that what is wrong with it is said in words; the picture itself then lies ready.
        looking.page_picture(version, page)
    except Unreadable as fault:
        return Look(**known, picture="", page=page, pages=pages, fault=fault_sentence(fault))
    return Look(**known, picture=addresses.page(page), page=page, pages=pages)


def fault_sentence(fault: Unreadable) -> str:
    sentences = {
        "encrypted": _("ไฟล์ PDF นี้ตั้งรหัสผ่านไว้ จึงแสดงหน้าเอกสารที่นี่ไม่ได้ ดาวน์โหลดแล้วเปิดด้วยรหัสของเจ้าของไฟล์"),
        "damaged": _("ไฟล์ PDF นี้เสียหายหรือไม่มีหน้า จึงแสดงที่นี่ไม่ได้ ลองดาวน์โหลดแล้วเปิดในเครื่องของท่าน"),
        "heavy": _("หน้านี้ซับซ้อนเกินกว่าจะแสดงที่นี่ ดาวน์โหลดแล้วเปิดในเครื่องของท่าน"),
        "busy": _("ขณะนี้มีผู้เปิดดูเอกสารพร้อมกันหลายคน รอสักครู่แล้วกดดูอีกครั้ง"),
    }
    return sentences[fault.code]
