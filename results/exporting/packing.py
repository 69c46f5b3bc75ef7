"""ZIP files that are the same bytes for the same content, written piece by piece. No Django."""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

# The earliest that a ZIP can say: the time of a file is nobody's news, and would change the bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o644


@contextmanager
def packing(file: BinaryIO, *, compressed: bool) -> Iterator[zipfile.ZipFile]:
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(file, "w", compression=method) as package:
        yield package


def add(package: zipfile.ZipFile, name: str, content: BinaryIO) -> None:
    """Put everything from the start of `content` into the package, without holding it in memory."""
    entry = zipfile.ZipInfo(name, _TIME)
    entry.create_system, entry.external_attr = _UNIX, _MODE << 16
    entry.compress_type = package.compression
    content.seek(0)
    with package.open(entry, "w", force_zip64=True) as target:
        shutil.copyfileobj(content, target, 1 << 20)
