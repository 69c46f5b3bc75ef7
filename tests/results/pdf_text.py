"""Reading a PDF back, by two readers, as one run of characters without white space; and what was said about it."""

import io
import logging
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, StreamObject


@contextmanager
def warnings_of_printing() -> Iterator[list[str]]:
    """What WeasyPrint and our own printing warn of inside the block."""
    said: list[str] = []
    listener = logging.Handler(logging.WARNING)
    listener.emit = lambda record: said.append(record.getMessage())
    loggers = [logging.getLogger("weasyprint"), logging.getLogger("pmqa.pdf")]
    for logger in loggers:
        logger.addHandler(listener)
    try:
        yield said
    finally:
        for logger in loggers:
            logger.removeHandler(listener)


def squeezed(text: str) -> str:
    return "".join(text.split())


def contents_page(pdf: bytes) -> str:
    """The second page, line by line."""
    command = ["pdftotext", "-layout", "-f", "2", "-l", "2", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


@cache
def pages_by_pdftotext(pdf: bytes) -> list[str]:
    """Text of each page in the order of the content stream."""
    read = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return [squeezed(page) for page in read.stdout.decode().split("\f")[:-1]]


@cache
def pages_by_pypdf(pdf: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def running_text(pages: list[str], furniture: list[str]) -> str:
    """The pages as one text without what stands in their margins: `furniture` as regular expressions."""
    margins = re.compile("|".join(furniture))
    return "".join(margins.sub("", page) for page in pages)


def to_unicode_maps(pdf: bytes) -> list[bytes]:
    reader = PdfReader(io.BytesIO(pdf))
    fonts = {
        id(font): font
        for page in reader.pages
        for font in (reference.get_object() for reference in page["/Resources"]["/Font"].values())
    }
    return [font["/ToUnicode"].get_object().get_data() for font in fonts.values()]


def structure(pdf: bytes) -> list[DictionaryObject]:
    """The elements of the structure tree, in reading order."""
    found, open_elements = [], [PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while open_elements:
        element = open_elements.pop().get_object()
        if not isinstance(element, DictionaryObject) or isinstance(element, StreamObject):
            continue
        if "/S" in element:
            found.append(element)
        children = element.get("/K", [])
        children = children.get_object() if hasattr(children, "get_object") else children
        open_elements += reversed(children if isinstance(children, list) else [children])
    return [element for element in found if element["/S"] != "/OBJR"]
