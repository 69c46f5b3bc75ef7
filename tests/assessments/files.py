"""Small files of every kind, honest and hostile; all made here."""

import zipfile
from io import BytesIO

from results.demo.evidence import pdf, png

PDF = pdf("Invented (test)")
PNG = png(4, 4)
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x04\x00\x04\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00?\x00\xff\xd9"
)
MAIN = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}


def office(kind: str, more: dict[str, bytes] | None = None, types: str = "") -> bytes:
    """An office file of that kind with further members."""
    name, main = MAIN[kind]
    main = f"application/vnd.openxmlformats-officedocument.{main}.main+xml"
    content = f'<Types><Override PartName="/{name}" ContentType="{main}"/>{types}</Types>'
    return archive({"[Content_Types].xml": content.encode(), name: b"<x/>", **(more or {})})


def archive(members: dict[str, bytes]) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return kept.getvalue()


def content_of(file) -> bytes:
    """What is in a stored file, which is closed again."""
    with file.open("rb") as opened:
        return opened.read()
