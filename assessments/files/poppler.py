"""Poppler's programs on files that people bring: another process each time, which gets little time and memory.

Pure: no Django. A PDF is parsed nowhere else; what the process says of it is all that the product believes.
"""

import subprocess
import tempfile
import threading
from pathlib import Path

# A scan at 600 dots an inch takes some 150 MB while its page is drawn; a page of text a tenth of that.
SECONDS, MEMORY, _OUTPUT = 8, 768 * 1024 * 1024, 16 * 1024 * 1024
# What the programs say on their error channel of a file that asks for a password.
_ENCRYPTED = b"Incorrect password"
# The longer side of a picture of a page, whatever the page says of its own size: enough to read a page of A4.
LONG_SIDE = 1600
# Of so many pages pictures are made; whoever needs more takes the file.
MAX_PAGES = 1000
# So many pages are drawn at once in one process of the server, so that looking takes nobody's page away.
SLOTS = threading.BoundedSemaphore(2)


class Unreadable(Exception):
    """The program came to no end. `code`: encrypted, damaged, heavy (of the file) or busy (ask again)."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def count_pages(path: Path) -> int:
    """How many pages the file has, one at least. Raises Unreadable."""
    for line in _draw("pdfinfo", str(path)).splitlines():
        name, _colon, value = line.partition(b":")
        if name == b"Pages" and value.strip().isdigit() and int(value) > 0:
            return int(value)
    raise Unreadable("damaged")


def picture_of(path: Path, page: int) -> bytes:
    """One page as a JPEG. Raises Unreadable."""
    size = ("-scale-to", str(LONG_SIDE))
    only = ("-singlefile", "-f", str(page), "-l", str(page))
    drawn = _draw("pdftocairo", "-jpeg", *only, *size, str(path), "-")
    # A page that cannot be drawn at all ends without an error and without a picture.
    if not drawn.startswith(b"\xff\xd8\xff"):
        raise Unreadable("damaged")
    return drawn


def _draw(*command: str) -> bytes:
    if not SLOTS.acquire(timeout=2 * SECONDS):
        raise Unreadable("busy")
    try:
        return run(*command)
    finally:
        SLOTS.release()


def run(*command: str, seconds: int = SECONDS, memory: int = MEMORY) -> bytes:
    """What a program writes, within bounds of processor seconds, memory and length. Raises Unreadable."""
    bounds = ("prlimit", f"--cpu={seconds}", f"--as={memory}", f"--fsize={_OUTPUT}", "--core=0")
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(  # noqa: S603 (fixed words, numbers and a path of our own)
                bounds + command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE,
                timeout=2 * seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            # Little of its time was spent: the machine has other things to do.
            raise Unreadable("busy") from error
        if _ENCRYPTED in done.stderr:
            raise Unreadable("encrypted")
        if done.returncode < 0 or done.returncode > 128:
            raise Unreadable("heavy")
        if done.returncode:
            raise Unreadable("damaged")
        out.seek(0)
        return out.read()
