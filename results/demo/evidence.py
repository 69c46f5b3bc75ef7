"""Invented evidence: small files made here, byte for byte the same each time, and links on example domains."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assessments.files.types import kind_of
from assessments.models import Assessment, Citation, Evidence, EvidenceVersion
from assessments.services.evidence import Details
from assessments.source_systems import KNOWN_SYSTEMS
from pmqa.accounts.models import User


@dataclass(frozen=True)
class Invented:
    """An entry of the register and the answers that cite it: a file with its content, or a link."""

    details: Details
    cited_by: tuple[str, ...]
    name: str = ""
    content: bytes = b""
    url: str = ""


def entries(agency: str, year: int, day: date) -> Iterator[Invented]:
    """The register of one agency, known by its code; `year` is the fiscal year (พ.ศ.)."""
    emenscr, *_others = KNOWN_SYSTEMS
    yield Invented(
        Details(
            title=f"แผนปฏิบัติราชการ พ.ศ. {year} (สมมติ)",
            source_system=emenscr,
            reference=f"{agency}-{year}-001",
            effective_on=day - timedelta(days=60),
        ),
        cited_by=("1.2.1.1", "1.2.2.1", "2.1.1.1"),
        name=f"แผนปฏิบัติราชการ {year}.pdf",
        content=pdf(
            *(f"{agency} {year} Action plan (invented), page {page}" for page in ("one", "two", "three"))
        ),
    )
    yield Invented(
        Details(
            title="ภาพกิจกรรมรับฟังความเห็นผู้รับบริการ (สมมติ)",
            effective_on=day - timedelta(days=30),
            note="ภาพประกอบที่สร้างขึ้นเพื่อการสาธิต",
        ),
        cited_by=("3.1.1.1",),
        name="กิจกรรมรับฟังความเห็น.png",
        content=png(160, 90),
    )
    yield Invented(
        Details(
            title="ชุดข้อมูลเปิดของหน่วยงาน (สมมติ)",
            source_system="Open Data (data.go.th)",
            reference=f"dataset-{agency.lower()}",
        ),
        cited_by=("4.1.1.1", "4.2.1.1"),
        url=f"https://data.example.org/{agency.lower()}/{year}",
    )
    yield Invented(
        Details(title="หน้าเผยแพร่ผลการดำเนินงานของหน่วยงาน (สมมติ)"),
        cited_by=(),
        url=f"https://www.example.org/{agency.lower()}/results",
    )


def write(case: Assessment, *, at: datetime, by: User) -> None:
    """The register of a case, as the services would write it on the day `at`: they know only the present."""
    answers = {row.part.code: row for row in case.answers.select_related("part")}
    agency, year = case.agency.code, case.cycle.year
    for number, invented in enumerate(entries(agency, year, at.date()), start=1):
        key = uuid5(NAMESPACE_URL, f"{agency}/{year}/{number}")
        kind = Evidence.Kind.LINK if invented.url else Evidence.Kind.FILE
        entry = Evidence.objects.create(
            assessment=case,
            number=number,
            key=key,
            kind=kind,
            added_at=at,
            added_by=by,
            **asdict(invented.details),
        )
        EvidenceVersion.objects.create(
            evidence=entry, number=1, uploaded_at=at, uploaded_by=by, **_source(invented, key.hex)
        )
        Citation.objects.bulk_create(
            Citation(evidence=entry, answer=answers[code], cited_at=at, cited_by=by)
            for code in invented.cited_by
        )


def _source(invented: Invented, name: str) -> dict:
    if invented.url:
        return {"url": invented.url}
    return {
        "file": default_storage.save(f"evidence/{name}", ContentFile(invented.content)),
        "name": invented.name,
        "content_type": kind_of(BytesIO(invented.content), invented.name).content_type,
        "size": len(invented.content),
        "sha256": hashlib.sha256(invented.content).hexdigest(),
    }


def pdf(*lines: str) -> bytes:
    """A page for each of the lines of Latin text."""
    pages = [4 + 2 * number for number in range(len(lines))]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % page for page in pages), len(pages)),
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    ]
    for page, text in zip(pages, lines, strict=True):
        line = text.replace("\\", "").replace("(", "\\(").replace(")", "\\)")
        stream = f"BT /F1 18 Tf 72 760 Td ({line}) Tj ET".encode("ascii")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources 3 0 R >>"
            % (page + 1),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(content))
    )


def png(width: int, height: int) -> bytes:
    """A plain picture: two bands of colour."""
    rows = b"".join(
        b"\0" + (b"\x1f\x3f\x77" if row < height // 2 else b"\xe9\xee\xf6") * width for row in range(height)
    )
    header = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4) for name, body in chunks
    )
