"""Files that appear only when they are whole."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile


@contextmanager
def writing_whole(path: Path, *, mode: int = 0o644) -> Iterator[BinaryIO]:
    """A file to write that is at `path` once the block ends: beside it, synced, then renamed over what was there.

    It may be read and sought in the block. An error or a crash leaves what was there. Raises OSError.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)  # noqa: PTH101 (mkstemp names the file as text)
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        os.unlink(temporary)  # noqa: PTH108
        raise


def write_whole(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put `content` at `path`, whole or not at all. Raises OSError."""
    with writing_whole(path, mode=mode) as file:
        file.write(content)


def keep(name: str, content: bytes) -> str:
    """Store `content` whole under `name` among the private files; returns its SHA-256 in hex."""
    with keeping(name) as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()


def is_there(file: FieldFile) -> bool:
    """Whether a row names a private file and the file is there."""
    return bool(file) and file.storage.exists(file.name)


@contextmanager
def keeping(name: str) -> Iterator[BinaryIO]:
    """A file to write that is among the private files as `name` once the block ends, as `writing_whole` says."""
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing_whole(path, mode=settings.FILE_UPLOAD_PERMISSIONS) as file:
        yield file


def drop_folder(name: str) -> None:
    """Remove a folder of the private files, if it is there, with all in it: also what a killed process left."""
    shutil.rmtree(default_storage.path(name), ignore_errors=True)
