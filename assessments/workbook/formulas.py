"""Formulas of a workbook that was examined, before the library reads them. Pure: no Django."""

import io
import re
import zipfile
from typing import IO

from assessments.files.packages import DAMAGED, Unfit, is_xml

# A formula that says of what kind it is; what it is in full does not matter to us.
_FORMULA = re.compile(rb"<((?:\w+:)?f)\s[^>]*?(/?)>")


def plain_copy(file: IO[bytes]) -> IO[bytes]:
    """The XML of a package that was examined, every formula a plain one.

    The library works out each use of a shared formula; a small file with many would keep it busy for an hour.
    """
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(file) as package, zipfile.ZipFile(copy, "w") as plain:
            for name in filter(is_xml, package.namelist()):
                plain.writestr(name, _FORMULA.sub(rb"<\1\2>", package.read(name)))
    except DAMAGED as error:
        raise Unfit("damaged") from error
    copy.seek(0)
    return copy
