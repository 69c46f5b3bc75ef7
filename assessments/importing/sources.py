"""A file that somebody has of a printed form, of whatever kind, as the text that the reader reads."""

from typing import IO

from assessments.files import packages
from assessments.files.packages import MAX_FILE, Unfit
from assessments.importing import docx, pdf, soundness
from assessments.importing.document import NotAForm
from assessments.importing.rows import decode

# A full print has about 600 kB, some 250,000 characters.
MAX_TEXT = 2_000_000
_PACKAGES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def text_of(file: IO[bytes], size: int) -> str:
    """The text of a .txt, .pdf or .docx, told apart by what is in it. Raises Unfit."""
    if size > MAX_FILE:
        raise Unfit("too_big", limit=MAX_FILE // 1024 // 1024)
    file.seek(0)
    start = file.read(1024)
    if not start.strip():
        raise Unfit("empty")
    if pdf.SIGNATURE in start:
        layout = pdf.layout_of(file)
        soundness.check(layout)
        text = pdf.as_rows(layout)
    elif start.startswith(_PACKAGES):
        packages.examine(file, size, packages.DOCUMENT)
        text = docx.text_of(file)
        soundness.check(text)
    else:
        file.seek(0)
        try:
            text = decode(file.read())
        except NotAForm as error:
            raise Unfit("not_text") from error
    return checked(text)


def checked(text: str) -> str:
    """A text that was pasted or read, of a length that can be a print. Raises Unfit."""
    if not text.strip():
        raise Unfit("empty")
    if len(text) > MAX_TEXT:
        raise Unfit("too_long", limit=MAX_TEXT)
    return text
