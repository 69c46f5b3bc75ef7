"""A document of a word processor (.docx) as text: a paragraph a line, a row of a table a line with its cells by tabs.

Only the body is read: heads and feet of pages, comments and what was deleted belong to nothing that was answered.
The package must have been examined (`assessments.files.packages`).
"""

import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from assessments.files.packages import DAMAGED, Unfit
from pmqa.numbers import whole

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
# Tables inside cells are read as paragraphs; a document that nests further is no form.
_DEEPEST = 60

# Ticks that a document takes from a font of symbols: their codes in Wingdings and Wingdings 2.
_TICKED = frozenset({"F0FE", "F0FD", "F0FC", "F052", "F053", "F050"})
_EMPTY = frozenset({"F0A8", "F06F", "F0A3", "F071"})
_LEFT_OUT = frozenset(
    f"{_W}{name}"
    for name in ("del", "moveFrom", "rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "instrText")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_MARKUP = re.compile(r"[&<>]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def text_of(file: IO[bytes]) -> str:
    """Raises Unfit("damaged_word") where the body is missing or is no XML."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as package:
            root = fromstring(package.read(_BODY), forbid_dtd=True)
    except (*DAMAGED, KeyError, ParseError, DefusedXmlException) as error:
        raise Unfit("damaged_word") from error
    body = root.find(f"{_W}body")
    return "" if body is None else "\n".join(_blocks(body, 0))


def _blocks(parent: Element, depth: int) -> Iterator[str]:
    """The lines of whatever holds paragraphs and tables."""
    if depth > _DEEPEST:
        raise Unfit("damaged_word")
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _text(child).split("\n")
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr") if depth else _rows(child, depth):
                yield row if isinstance(row, str) else " ".join(_blocks(row, depth + 1))
        elif child.tag not in _LEFT_OUT:
            yield from _blocks(child, depth + 1)


def _rows(table: Element, depth: int) -> Iterator[str]:
    for row in _children(table, "tr", depth):
        cells: list[str] = []
        for cell in _children(row, "tc", depth):
            properties = cell.find(f"{_W}tcPr")
            span = properties.find(f"{_W}gridSpan") if properties is not None else None
            width = (span.get(f"{_W}val") or "1") if span is not None else "1"
            cells.append(_cell(cell, depth))
            cells += [""] * (min(whole(width) or 1, 20) - 1)
        yield "\t".join(cells)


def _children(parent: Element, name: str, depth: int) -> Iterator[Element]:
    """Rows or cells, also where a content control stands around them."""
    if depth > _DEEPEST:
        raise Unfit("damaged_word")
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _children(child, name, depth + 1)


def _cell(cell: Element, depth: int) -> str:
    """A paragraph alone as it is, several in the marks by which the reader tells them apart."""
    paragraphs = [line.replace("\t", " ").strip() for line in _blocks(cell, depth + 1)]
    filled = [line for line in paragraphs if line]
    if len(filled) < 2:
        return "".join(filled)
    return " ".join(f"<p>{line}</p>" for line in filled)


def _text(element: Element, depth: int = 0) -> str:
    if depth > _DEEPEST:
        raise Unfit("damaged_word")
    pieces = []
    for child in element:
        if child.tag == f"{_W}t":
            pieces.append(_MARKUP.sub(lambda sign: _ENTITIES[sign[0]], child.text or ""))
        elif child.tag == f"{_W}tab":
            pieces.append("\t")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif child.tag == f"{_W}sym":
            pieces.append(_symbol((child.get(f"{_W}char") or "").upper()))
        elif child.tag == f"{_W}checkBox":
            pieces.append(_box(child))
        elif child.tag not in _LEFT_OUT:
            pieces.append(_text(child, depth + 1))
    return "".join(pieces)


def _symbol(code: str) -> str:
    if code in _TICKED:
        return "☑"
    return "☐" if code in _EMPTY else "•"


def _box(box: Element) -> str:
    """A tick of an old form field: as it was set, else as it was given out."""
    state = box.find(f"{_W}checked")
    if state is None:
        state = box.find(f"{_W}default")
    is_on = state is not None and state.get(f"{_W}val", "1") in ("1", "true", "on")
    return "☑" if is_on else "☐"
