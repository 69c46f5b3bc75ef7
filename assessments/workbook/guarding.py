"""Looking at an uploaded file before any library opens it. Pure: no Django.

A workbook is a zip of XML, so a small file may unpack to a huge one, nest entities, or be something else altogether.
Sizes are what really comes out of the zip, not what it declares.
"""

import io
import re
import zipfile
import zlib
from typing import IO, Any

# Of the file as it is uploaded; a usual one has a hundredth of it.
MAX_FILE = 8 * 1024 * 1024
MAX_MEMBERS = 200
# Every blank filled to its limit makes about half of it.
MAX_UNPACKED = 32 * 1024 * 1024
# Tags and attributes: a million empty rows, cells or styles are small when unpacked and still take minutes to read.
MAX_MARKUP = 200_000
_CHUNK, _OVERLAP = 256 * 1024, 16
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)""")
# A formula that says of what kind it is; what it is in full does not matter to us.
_FORMULA = re.compile(rb"<((?:\w+:)?f)\s[^>]*?(/?)>")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TYPES = "[Content_Types].xml"
_WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS = (b"macroEnabled", b"vbaProject")
_BINARY = b"application/vnd.ms-excel.sheet.binary"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


class Unfit(Exception):
    """Why a file is not read; `code` chooses the sentence (`assessments.workbook.refusals`), `details` fill it."""

    def __init__(self, code: str, **details: Any):
        super().__init__(code)
        self.code = code
        self.details = details


# What opening a damaged zip can raise.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


def examine(file: IO[bytes], size: int) -> None:
    """Raises Unfit unless this is a plain .xlsx of reasonable size."""
    if size > MAX_FILE:
        raise Unfit("too_big", limit=MAX_FILE // 1024 // 1024)
    file.seek(0)
    start = file.read(len(_OLE))
    if start == _OLE:
        file.seek(0)
        raise Unfit("encrypted" if _ENCRYPTED in file.read() else "old_excel")
    if not start.startswith(_ZIP):
        raise Unfit("not_excel" if start else "empty")
    try:
        with zipfile.ZipFile(file) as package:
            _examine_package(package)
    except DAMAGED as error:
        raise Unfit("damaged") from error
    file.seek(0)


def _examine_package(package: zipfile.ZipFile) -> None:
    members = package.infolist()
    names = [member.filename for member in members]
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Unfit("unpacks_huge")
    if any(member.flag_bits & 1 for member in members):
        raise Unfit("encrypted")
    if len(set(names)) != len(names):
        raise Unfit("damaged")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise Unfit("damaged")
    _examine_kind(package, names)
    unpacked = markup = 0
    for member in members:
        size, found = _measure(package, member, MAX_UNPACKED - unpacked)
        unpacked, markup = unpacked + size, markup + found
        if markup > MAX_MARKUP:
            raise Unfit("too_many_cells")


def _examine_kind(package: zipfile.ZipFile, names: list[str]) -> None:
    """A workbook without programs, as its own list of contents says."""
    if "mimetype" in names and _read(package, "mimetype").startswith(_OPEN_DOCUMENT):
        raise Unfit("open_document")
    if _TYPES not in names:
        raise Unfit("not_excel")
    types = _read(package, _TYPES)
    if any(mark in types for mark in _MACROS) or any("vbaproject" in name.lower() for name in names):
        raise Unfit("macros")
    if _BINARY in types:
        raise Unfit("binary")
    if _WORKBOOK not in types:
        raise Unfit("not_excel")


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as member:
        return member.read(1024 * 1024)


def _measure(package: zipfile.ZipFile, member: zipfile.ZipInfo, allowed: int) -> tuple[int, int]:
    """How many bytes, tags and attributes a member really has. Raises Unfit over `allowed`, and for strange XML."""
    size = markup = 0
    tail = b""
    with package.open(member) as content:
        while chunk := content.read(_CHUNK):
            if _is_xml(member.filename):
                _examine_xml(tail + chunk, is_start=size == 0)
                markup += chunk.count(b"<") + chunk.count(b'="') + chunk.count(b"='")
                tail = chunk[-_OVERLAP:]
            size += len(chunk)
            if size > allowed:
                raise Unfit("unpacks_huge")
    return size, markup


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _examine_xml(text: bytes, *, is_start: bool) -> None:
    """UTF-8 without a document type, as every office program writes it; only a document type can define entities."""
    declared = _ENCODING.search(text[:200]) if is_start else None
    if b"\0" in text or (declared and declared[1].lower() != b"utf-8"):
        raise Unfit("damaged")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Unfit("entities")


def plain_copy(file: IO[bytes]) -> IO[bytes]:
    """The XML of a package that was examined, every formula a plain one.

    The library works out each use of a shared formula; a small file with many would keep it busy for an hour.
    """
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(file) as package, zipfile.ZipFile(copy, "w") as plain:
            for name in filter(_is_xml, package.namelist()):
                plain.writestr(name, _FORMULA.sub(rb"<\1\2>", package.read(name)))
    except DAMAGED as error:
        raise Unfit("damaged") from error
    copy.seek(0)
    return copy
