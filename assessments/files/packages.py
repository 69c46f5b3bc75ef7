"""Looking at an uploaded file of an office program before anything reads it. Pure: no Django.

A workbook or a document is a zip of XML, so a small file may unpack to a huge one, nest entities, or be something else
altogether. Sizes are what really comes out of the zip, not what it declares.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Any

# Of the file as it is uploaded; a usual one has a hundredth of it.
MAX_FILE = 8 * 1024 * 1024
MAX_MEMBERS = 200
# Every blank of a workbook filled to its limit makes about half of it.
MAX_UNPACKED = 32 * 1024 * 1024
_CHUNK, _OVERLAP = 256 * 1024, 16
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)""")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TYPES = "[Content_Types].xml"
_MACROS = (b"macroEnabled", b"vbaProject")
_BINARY = b"application/vnd.ms-excel.sheet.binary"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
    """What a package must say it is. `old` and `other` are the codes of its forerunner and of anything else.

    markup: how many tags and attributes it may have; a million empty rows, cells or styles are small when unpacked
    and still take minutes to read.
    """

    main: bytes
    old: str
    other: str
    markup: int


WORKBOOK = Kind(
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "old_excel",
    "not_excel",
    200_000,
)
# A program that writes documents cuts a line into many runs, each with its letters' looks.
DOCUMENT = Kind(
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "old_word",
    "not_word",
    1_000_000,
)


class Unfit(Exception):
    """Why a file is not read; `code` chooses the sentence, `details` fill it."""

    def __init__(self, code: str, **details: Any):
        super().__init__(code)
        self.code = code
        self.details = details


# What opening a damaged zip can raise.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


def examine(file: IO[bytes], size: int, kind: Kind) -> None:
    """Raises Unfit unless this is a plain package of that kind and of reasonable size."""
    if size > MAX_FILE:
        raise Unfit("too_big", limit=MAX_FILE // 1024 // 1024)
    file.seek(0)
    start = file.read(len(_OLE))
    if start == _OLE:
        file.seek(0)
        raise Unfit("encrypted" if _ENCRYPTED in file.read() else kind.old)
    if not start.startswith(_ZIP):
        raise Unfit(kind.other if start else "empty")
    try:
        with zipfile.ZipFile(file) as package:
            _examine_package(package, kind)
    except DAMAGED as error:
        raise Unfit("damaged") from error
    file.seek(0)


def _examine_package(package: zipfile.ZipFile, kind: Kind) -> None:
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
    _examine_kind(package, names, kind)
    unpacked = markup = 0
    for member in members:
        size, found = _measure(package, member, MAX_UNPACKED - unpacked)
        unpacked, markup = unpacked + size, markup + found
        if markup > kind.markup:
            raise Unfit("too_many_cells")


def _examine_kind(package: zipfile.ZipFile, names: list[str], kind: Kind) -> None:
    """A package of this kind without programs, as its own list of contents says."""
    if "mimetype" in names and _read(package, "mimetype").startswith(_OPEN_DOCUMENT):
        raise Unfit("open_document")
    if _TYPES not in names:
        raise Unfit(kind.other)
    types = _read(package, _TYPES)
    if any(mark in types for mark in _MACROS) or any("vbaproject" in name.lower() for name in names):
        raise Unfit("macros")
    if _BINARY in types:
        raise Unfit("binary")
    if kind.main not in types:
        raise Unfit(kind.other)


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as member:
        return member.read(1024 * 1024)


def _measure(package: zipfile.ZipFile, member: zipfile.ZipInfo, allowed: int) -> tuple[int, int]:
    """How many bytes, tags and attributes a member really has. Raises Unfit over `allowed`, and for strange XML."""
    size = markup = 0
    tail = b""
    with package.open(member) as content:
        while chunk := content.read(_CHUNK):
            if is_xml(member.filename):
                _examine_xml(tail + chunk, is_start=size == 0)
                markup += chunk.count(b"<") + chunk.count(b'="') + chunk.count(b"='")
                tail = chunk[-_OVERLAP:]
            size += len(chunk)
            if size > allowed:
                raise Unfit("unpacks_huge")
    return size, markup


def is_xml(name: str) -> bool:
    """Whether a member of a package is one that is read."""
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _examine_xml(text: bytes, *, is_start: bool) -> None:
    """UTF-8 without a document type, as every office program writes it; only a document type can define entities."""
    declared = _ENCODING.search(text[:200]) if is_start else None
    if b"\0" in text or (declared and declared[1].lower() != b"utf-8"):
        raise Unfit("damaged")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Unfit("entities")
