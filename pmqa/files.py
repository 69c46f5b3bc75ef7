"""Files that appear only when they are whole."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage


def write_whole(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Put `content` at `path`: written beside it and synced first, then renamed over whatever was there.

    A crash leaves the old file or the new one, never half of one. Raises OSError.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)  # noqa: PTH101 (mkstemp names the file as text)
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        os.unlink(temporary)  # noqa: PTH108
        raise


def keep(name: str, content: bytes) -> str:
    """Store `content` whole under `name` among the private files; returns its SHA-256 in hex."""
    path = Path(default_storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content, mode=settings.FILE_UPLOAD_PERMISSIONS)
    return hashlib.sha256(content).hexdigest()
