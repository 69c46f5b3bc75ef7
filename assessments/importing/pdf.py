"""A PDF as text, read by Poppler's pdftotext: another process, which gets little time and memory.

Its layout keeps the columns of the form apart by spaces; `as_rows` gives them back the tabs that the reader knows.
"""

import re
import subprocess
import tempfile
from typing import IO

from assessments.files.packages import Unfit

SIGNATURE = b"%PDF-"
# A full print has some sixty pages and takes a tenth of a second and thirty megabytes.
_SECONDS, _MEMORY, _OUTPUT = 10, 512 * 1024 * 1024, 16 * 1024 * 1024
MAX_PAGES = 400
_BOUNDS = ("prlimit", f"--cpu={_SECONDS}", f"--as={_MEMORY}", f"--fsize={_OUTPUT}", "--core=0")
# What pdftotext says on its error channel of a file that asks for a password.
_ENCRYPTED = b"Incorrect password"

_GAP = re.compile(r" {3,}")
# Answers stand in the third column of the form, hence behind two empty cells.
_INDENT = re.compile(r"^ {2,}(?=\S)")


def text_of(file: IO[bytes]) -> str:
    """The text layer, in rows. Raises Unfit: encrypted_pdf, damaged_pdf, heavy_pdf."""
    file.seek(0)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy, tempfile.TemporaryFile() as out:
        while piece := file.read(1024 * 1024):
            copy.write(piece)
        copy.flush()
        command = [
            *_BOUNDS,
            "pdftotext",
            "-layout",
            "-enc",
            "UTF-8",
            "-l",
            str(MAX_PAGES + 1),
            copy.name,
            "-",
        ]
        try:
            done = subprocess.run(  # noqa: S603 (fixed words and a path of our own)
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE,
                timeout=2 * _SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unfit("heavy_pdf") from error
        if _ENCRYPTED in done.stderr:
            raise Unfit("encrypted_pdf")
        if done.returncode < 0 or done.returncode > 128:
            raise Unfit("heavy_pdf")
        if done.returncode:
            raise Unfit("damaged_pdf")
        out.seek(0)
        text = out.read().decode("utf-8", errors="replace")
    if text.count("\f") > MAX_PAGES:
        raise Unfit("heavy_pdf")
    return as_rows(text)


def as_rows(text: str) -> str:
    """Lines of a layout with the gaps between their columns as tabs; as many lines as before."""
    return "\n".join(_row(line) for line in text.split("\n"))


def _row(line: str) -> str:
    page = "\f" if line.startswith("\f") else ""
    line = line.lstrip("\f")
    if _INDENT.match(line):
        return f"{page}\t\t" + _GAP.sub("\t", line.strip())
    return page + _GAP.sub("\t", line.rstrip())
