"""A printed file as rows: bytes to text, lines to cells and paragraphs, ticks, and how lines are joined."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assessments.importing.document import NotAForm
from pmqa.text import normalise

# A full print has about 600 kB; ten times as much is no print of these forms.
MAX_BYTES = 16 * 1024 * 1024

TICKED, EMPTY = "\ue001", "\ue002"
# Where two printed lines met without a space between them.
SEAM = "\ue003"
# At the beginning of a line that the margin broke from the one before it; a layout of a PDF says so.
CONTINUES = "\ue005"

_RESERVED = {ord(sign): None for sign in (TICKED, EMPTY, SEAM)}
_PAGE_END = "\ue004"
_ODD_LINE_ENDS = str.maketrans(
    {"\x0b": " ", "\x85": " ", "\u2028": " ", "\u2029": " ", "\x0c": _PAGE_END, _PAGE_END: None} | _RESERVED
)

# No text stacks so many marks on one letter, and Unicode's own normal forms take quadratic time to sort them.
_MARKS = "".join(letter for letter in map(chr, range(0x300, 0xFE30)) if unicodedata.category(letter) == "Mn")
_STACKED = re.compile(f"([{_MARKS}]{{8}})[{_MARKS}]+")

_INPUT = re.compile(r"<input\b[^<>]*>", re.IGNORECASE)
_CHECKED = re.compile(r"\schecked\b", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|tr|table|tbody|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|<!--[^<>]*-->")
_ENTITY = re.compile(r"&(nbsp|amp|lt|gt|quot|#39|#160);")
_ENTITIES = {"nbsp": " ", "#160": " ", "amp": "&", "lt": "<", "gt": ">", "quot": '"', "#39": "'"}

_BOX = re.compile(
    rf"{TICKED}|{EMPTY}|\[\s*[/xXvV✓✔√]?\s*\]|\(\s*[/✓✔√]\s*\)|\(\s+\)|[☑☒✓✔√☐□▢◻]",
)
_EMPTY_BOX = re.compile(rf"{EMPTY}|\[\s*\]|\(\s+\)|[☐□▢◻]")
_LEADING_BOXES = re.compile(rf"(?:\s*(?:{_BOX.pattern}))+\s*")
_NUMERAL = re.compile(r"[๑-๙]\s*\)\s*")

_BARE_NUMBER = re.compile(r"(?:^|[\s.…])(?:และ\s*)?\(?\d{1,2}(?:\.\d{1,2})*[.)]$")
_LIST_ITEM = re.compile(r"(?:\(?[0-9๐-๙]{1,2}[.)]|[-–•*▪●]|\(?[ก-ฮ]\))\s*\S")
_THAI = re.compile("[\u0e01-\u0e5b]")
_CLOSES, _OPENS = frozenset(")]}”’,;:!?%ๆฯ/"), frozenset("([{“‘/")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a cell. `box` is None without a box; `numbered`: a Thai numeral as in ๑) stood there.

    raw: with every box. text: as people read it. body: without the leading boxes and numeral.
    """

    raw: str
    text: str
    body: str
    box: bool | None
    numbered: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file.

    flush: the text stands in the first column, as headings do. left: the tick in one of the two left columns,
    not_started or started. cells: as printed, without tags and boxes. tabbed: the line has columns at all.
    page_before: a form feed stands before the text of this line. spaced_before, spaced_after: the text begins
    or ends with a space. continues: the margin broke this line from the one before it.
    """

    number: int
    raw: str
    flush: bool
    tabbed: bool
    left: str | None
    cells: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    page_before: bool = False
    spaced_before: bool = False
    spaced_after: bool = False
    continues: bool = False

    @property
    def text(self) -> str:
        return " ".join(paragraph.text for paragraph in self.paragraphs)

    @property
    def plain(self) -> str:
        """Every cell, without boxes."""
        return " ".join(cell for cell in self.cells if cell)


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 (with or without BOM), UTF-16 with BOM, else TIS-620 / Windows-874.

    Raises NotAForm when it is none of them, or larger than MAX_BYTES.
    """
    if len(content) > MAX_BYTES:
        raise NotAForm(f"the file is larger than {MAX_BYTES // 2**20} MB")
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp874"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise NotAForm("the file is not a text in UTF-8 or TIS-620")


def read_rows(text: str) -> Iterator[Row | None]:
    """A row for each line, None for a blank one; line ends are LF, CR LF or CR."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    page = False
    for number, printed in enumerate(text.translate(_ODD_LINE_ENDS).split("\n"), start=1):
        line = "\t".join(normalise(_STACKED.sub(r"\1", cell)) for cell in printed.split("\t"))
        if _PAGE_END in line:
            page, line = True, line.replace(_PAGE_END, " ")
        continues, line = CONTINUES in line, line.replace(CONTINUES, "")
        if not line.strip():
            yield None
            continue
        yield replace(_row(number, line, page), continues=continues)
        page = False


def _row(number: int, line: str, page: bool) -> Row:
    if line.count("|") >= 4 and "\t" not in line:
        line = line.strip().strip("|").replace("|", "\t")
    cells = [_marked(cell) for cell in line.split("\t")]
    while len(cells) > 3 and not cells[-1].strip():
        cells.pop()
    left = None
    body = cells
    if len(cells) >= 3 and not _without_boxes(cells[0]) and not _without_boxes(cells[1]):
        left = "not_started" if _is_ticked(cells[0]) else "started" if _is_ticked(cells[1]) else None
        body = cells[2:]
    elif (
        len(cells) >= 2 and _without_boxes(cells[0]) and not _without_boxes(cells[1]) and _is_ticked(cells[1])
    ):
        left = "started"
        body = [cells[0], *cells[2:]]
    printed = "\t".join(body)
    return Row(
        number=number,
        raw=line,
        flush=bool(_without_boxes(cells[0])),
        tabbed=len(cells) > 1,
        left=left,
        cells=tuple(_without_boxes(cell) for cell in cells),
        paragraphs=tuple(_paragraphs(printed)),
        page_before=page,
        spaced_before=printed.startswith(" "),
        spaced_after=printed.rstrip("\t").endswith(" "),
    )


def _marked(cell: str) -> str:
    if "<" not in cell:
        return cell
    return _INPUT.sub(lambda tag: TICKED if _CHECKED.search(tag[0]) else EMPTY, cell)


def _without_tags(text: str) -> str:
    if "<" in text:
        text = _TAG.sub("", _BLOCK.sub(" ", text))
    return _ENTITY.sub(lambda name: _ENTITIES[name[1]], text) if "&" in text else text


def _without_boxes(cell: str) -> str:
    text = _without_tags(cell)
    match = _LEADING_BOXES.match(text)
    text = text[match.end() :] if match else text
    return text.replace(TICKED, "").replace(EMPTY, "").strip()


def _is_ticked(text: str) -> bool:
    return any(not _EMPTY_BOX.fullmatch(box) for box in _BOX.findall(text))


def _paragraphs(body: str) -> Iterator[Paragraph]:
    for piece in _BLOCK.split(body) if "<" in body else (body,):
        text = _without_tags(piece).replace("\t", " ").strip()
        if text:
            yield paragraph(text)


def paragraph(text: str) -> Paragraph:
    """Reads the boxes and the Thai numeral at the beginning of `text`."""
    match = _LEADING_BOXES.match(text)
    box = _is_ticked(match[0]) if match else None
    body = text[match.end() :] if match else text
    numeral = _NUMERAL.match(body)
    if numeral:
        body = body[numeral.end() :]
        again = _LEADING_BOXES.match(body)
        if again:
            box, body = _is_ticked(again[0]) or bool(box), body[again.end() :]
    return Paragraph(
        raw=text,
        text=without_marks(text).strip(),
        body=without_marks(body).strip(),
        box=box,
        numbered=bool(numeral),
    )


def boxes_inside(text: str) -> list[int]:
    """Where boxes stand after the beginning of `text`."""
    match = _LEADING_BOXES.match(text)
    begin = match.end() if match else 1
    return [box.start() for box in _BOX.finditer(text, begin)]


def without_marks(text: str) -> str:
    """`text` without the private signs of this module: what people read."""
    for sign in (TICKED, EMPTY, SEAM):
        text = text.replace(sign, "")
    return text


def join_paragraphs(before: str) -> str:
    """Between two paragraphs of one cell: a line break, unless a number was torn from its sentence."""
    return " " if _BARE_NUMBER.search(before[-12:]) else "\n"


def join_lines(before: str, after: str, *, spaced: bool = False) -> str:
    """What stands between two lines that the print broke apart.

    Thai is written without spaces, so a break between two Thai letters is a break inside a phrase, often
    inside a word; elsewhere a print breaks at spaces, except in addresses and beside brackets. `spaced` says
    that one of the lines has a space at the break.
    """
    if not before or not after:
        return ""
    last, first = before[-1], after[0]
    if spaced:
        return " "
    if _THAI.match(last) and _THAI.match(first):
        return SEAM
    if first in _CLOSES or last in _OPENS:
        return SEAM
    if _ADDRESS.search(before[-200:]) and (last in "/-_.?=&%" or first in "/?=&#"):
        return SEAM
    return " "


def begins_list_item(text: str) -> bool:
    """1) 2. - • (ก): a line that a print begins anew."""
    return bool(_LIST_ITEM.match(text))
