"""What a file is, told by its content: the few kinds that evidence may have, and nothing else.

A table of our own instead of libmagic: that library knows a thousand formats, of which we want eight, and it parses
hostile input in C. Here a file is what it begins with, is whole to its end, and carries nothing that runs.
"""

import codecs
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

MEGABYTE = 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Kind:
    """A kind of file. `previews`: browsers show it by themselves and it can run nothing there."""

    name: str
    content_type: str
    extensions: tuple[str, ...]
    previews: bool = False

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",), previews=True),
        Kind("png", "image/png", ("png",), previews=True),
        Kind("jpeg", "image/jpeg", ("jpg", "jpeg"), previews=True),
        Kind("docx", f"{_OFFICE}.wordprocessingml.document", ("docx",)),
        Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
        Kind("pptx", f"{_OFFICE}.presentationml.presentation", ("pptx",)),
        Kind("txt", "text/plain", ("txt",)),
        Kind("csv", "text/csv", ("csv",)),
    )
}
BY_EXTENSION = {ending: kind for kind in KINDS.values() for ending in kind.extensions}
BY_CONTENT_TYPE = {kind.content_type: kind for kind in KINDS.values()}

# An office file may unpack to so much and so many times its size (the largest honest ones reach 21).
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 100
MAX_MEMBERS = 2000
# More points than this fill the memory of whoever looks at the picture.
MAX_PIXELS = 80_000_000
# No honest picture has so many chunks or segments; walking over millions would take minutes.
MAX_STEPS = 50_000

_PNG = b"\x89PNG\r\n\x1a\n"
# Kind -> the folder of its parts, and what its list of types calls the main one, whose name differs by maker.
_MAIN_PARTS = {
    "docx": ("word/", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/", b"spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/", b"presentationml.presentation.main+xml"),
}
# What runs when an office file is opened: macros of both ages, and controls.
_ACTIVE = ("vbaproject.bin", "vbadata.xml", "/macrosheets/", "/dialogsheets/", "/activex/")
_ACTIVE_ENDINGS = (".xlsm", ".docm", ".pptm", ".xlsb", ".exe", ".js", ".vbs", ".bat", ".hta")
# A text that begins so is something else to a browser, a shell or an office program.
_NOT_TEXT = ("<", "#!", "{\\rtf", "%pdf")
_MARKUP = ("<!doctype", "<html", "<script", "<svg", "<?xml", "<?php", "<iframe")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f")


class Unacceptable(Exception):
    """The file is not taken. `code` is empty, kind, extension, active, bomb, pixels, protected or broken."""

    def __init__(self, code: str, *, found: str = "", ending: str = ""):
        super().__init__(code)
        self.code = code
        self.found = found
        self.ending = ending


def extension_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(file: BinaryIO, name: str) -> Kind:
    """The kind of an open file called `name`. Raises Unacceptable."""
    ending = extension_of(name)
    claimed = BY_EXTENSION.get(ending)
    if claimed is None:
        raise Unacceptable("kind", ending=ending)
    size = file.seek(0, 2)
    file.seek(0)
    if not size:
        raise Unacceptable("empty")
    found = _found(file, size)
    if found == "text" and claimed.name in ("txt", "csv"):
        return claimed
    if found != claimed.name:
        raise Unacceptable("extension", found=found if found in KINDS else "", ending=ending)
    return claimed


def _found(file: BinaryIO, size: int) -> str:
    """The name of the kind, "text", or "" for anything else."""
    head = file.read(16)
    if head.startswith(b"PK\x03\x04"):
        return _office(file, size)
    for signature, check in ((b"%PDF-", _pdf), (_PNG, _png), (b"\xff\xd8\xff", _jpeg)):
        if head.startswith(signature):
            # One file that is two: an archive may hang at the end of anything.
            if zipfile.is_zipfile(file):
                raise Unacceptable("broken")
            return check(file, size)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unacceptable("protected")
    return _text(file)


# --- documents and pictures -------------------------------------------------------------------


def _pdf(file: BinaryIO, size: int) -> str:
    file.seek(max(0, size - 2048))
    if b"%%EOF" not in file.read():
        raise Unacceptable("broken")
    return "pdf"


def _png(file: BinaryIO, size: int) -> str:
    """The chunks from the first to the last: nothing may hang behind it."""
    place = len(_PNG)
    for step in range(MAX_STEPS):
        file.seek(place)
        length, name = int.from_bytes(file.read(4)), file.read(4)
        if (step == 0 and name != b"IHDR") or len(name) < 4:
            break
        if step == 0:
            _check_pixels(int.from_bytes(file.read(4)), int.from_bytes(file.read(4)))
        place += 12 + length
        if name == b"IEND" and place == size:
            return "png"
        if name == b"IEND" or place >= size:
            break
    raise Unacceptable("broken")


def _jpeg(file: BinaryIO, size: int) -> str:
    """The segments up to the frame, which tells the size of the picture. Cameras write behind the end mark."""
    place = 2
    for _step in range(MAX_STEPS):
        file.seek(place)
        marker, kind, length = file.read(1), file.read(1), int.from_bytes(file.read(2))
        if kind == b"\xff":
            # Filling between two segments.
            place += 1
            continue
        if marker != b"\xff" or length < 2 or place + 9 > size:
            break
        if 0xC0 <= kind[0] <= 0xCF and kind[0] not in (0xC4, 0xC8, 0xCC):
            file.read(1)
            _check_pixels(int.from_bytes(file.read(2)), int.from_bytes(file.read(2)))
            return "jpeg"
        place += 2 + length
    raise Unacceptable("broken")


def _check_pixels(one: int, other: int) -> None:
    if not one or not other:
        raise Unacceptable("broken")
    if one * other > MAX_PIXELS:
        raise Unacceptable("pixels")


# --- office files -----------------------------------------------------------------------------


def _office(file: BinaryIO, size: int) -> str:
    """Word, Excel or PowerPoint without macros; "" for any other archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_promises(entries, size)
            names = {entry.filename for entry in entries}
            if "[Content_Types].xml" not in names:
                return ""
            _check_names(entries)
            types = archive.read("[Content_Types].xml")
            if b"macroEnabled" in types or b"vbaProject" in types:
                raise Unacceptable("active")
            kinds = [
                kind
                for kind, (folder, main) in _MAIN_PARTS.items()
                if main in types and any(name.startswith(folder) for name in names)
            ]
            if len(kinds) != 1:
                return ""
            _unpack(archive, entries)
            return kinds[0]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise Unacceptable("broken") from error


def _check_promises(entries: list[zipfile.ZipInfo], size: int) -> None:
    """What the directory of the archive says of itself, before anything is unpacked."""
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(size, CHUNK):
        raise Unacceptable("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unacceptable("protected")


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename.lower()
        if name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise Unacceptable("broken")
        if any(part in f"/{name}" for part in _ACTIVE) or name.endswith(_ACTIVE_ENDINGS):
            raise Unacceptable("active")


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Everything once, counting: a directory may say less than there is. Checks every sum on the way."""
    left = MAX_UNPACKED
    for entry in entries:
        with archive.open(entry) as member:
            while chunk := member.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Unacceptable("bomb")


# --- text -------------------------------------------------------------------------------------


def _text(file: BinaryIO) -> str:
    """ "text" for UTF-8 or the Thai code page of Windows without control characters and without markup."""
    file.seek(0)
    decoders = [codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "cp874")]
    is_first = True
    while chunk := file.read(CHUNK):
        if chunk.translate(None, _CONTROLS) != chunk:
            return ""
        if is_first and _looks_active(chunk):
            return ""
        is_first = False
        decoders = [decoder for decoder in decoders if _decodes(decoder, chunk)]
        if not decoders:
            return ""
    decoders = [decoder for decoder in decoders if _decodes(decoder, b"", final=True)]
    return "text" if decoders else ""


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _looks_active(head: bytes) -> bool:
    text = head[:4096].decode("utf-8-sig", errors="ignore").lower()
    return text.lstrip().startswith(_NOT_TEXT) or any(mark in text for mark in _MARKUP)
