"""Printed Form 3 and Form 4 (แบบฟอร์มที่ 3, แบบฟอร์มที่ 4), as text, to data. Pure: no Django, no database.

`decode` makes text of a file's bytes, `read_prints` makes one `Document` of the texts, and `Document.as_json`
is what `manage.py import_form` prints.
"""

from assessments.importing.document import (
    Document,
    Line,
    NotAForm,
    PrintedForm,
    PrintedIndicator,
    PrintedPart,
    Refused,
    StrayLine,
)
from assessments.importing.reading import number, read_prints
from assessments.importing.rows import MAX_BYTES, decode

__all__ = [
    "MAX_BYTES",
    "Document",
    "Line",
    "NotAForm",
    "PrintedForm",
    "PrintedIndicator",
    "PrintedPart",
    "Refused",
    "StrayLine",
    "decode",
    "number",
    "read_prints",
]
