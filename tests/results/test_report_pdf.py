"""The report as PDF: everything is in it, machines can read it, and it has the same bytes every time."""

import io
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from pmqa import pdf
from results.documents import feedback_report as report
from results.documents.content import chapters
from tests.results import payloads
from tests.results.pdf_text import (
    contents_page,
    pages_by_pdftotext,
    pages_by_pypdf,
    running_text,
    squeezed,
    structure,
    to_unicode_maps,
    warnings_of_printing,
)

ROOT = Path(__file__).parents[2]
CORPUS = (ROOT / "tests" / "golden" / "thai_text.txt").read_text(encoding="utf-8").strip()
READERS = pytest.mark.parametrize("read", [pages_by_pdftotext, pages_by_pypdf])

LAST_WORDS = " คำสุดท้ายของคำตอบที่ยาวที่สุด"

# Every consonant with every vowel and tone that can stand on it.
SYLLABLES = [
    f"{consonant}{vowel}{tone}{after}"
    for consonant in map(chr, range(0x0E01, 0x0E2F))
    for tone in ("", *"\u0e48\u0e49\u0e4a\u0e4b")
    for vowel, after in [
        ("", "\u0e33"),
        ("", "\u0e32"),
        *((vowel, "น") for vowel in "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39"),
    ]
]


class Rendered:
    """One rendering with what was said about it."""

    renderer = report

    def __init__(self, sheet: dict):
        self.sheet = sheet
        self.steps: list[tuple[int, int]] = []
        with warnings_of_printing() as self.warnings:
            self.pdf = self.renderer.render_pdf(
                sheet, revision=1, progress=lambda *step: self.steps.append(step)
            )

    def text(self, read) -> str:
        """The running text as `read` gets it, without white space."""
        sheet = self.sheet
        furniture = [rf"เกณฑ์{re.escape(squeezed(sheet['edition']['code']))}·[^ก-๙]*หลักเกณฑ์.*?หน้า\d+/\d+"]
        for chapter in (*chapters(sheet), None):
            if chapter is None:
                title = "สารบัญ"
            else:
                title = re.escape(
                    squeezed(f"{'ภาคผนวก' if chapter.is_appendix else ''}{chapter.number}{chapter.title}")
                )
            furniture.append(
                rf"{re.escape(squeezed(sheet['agency']['name']))}(?:ข้อมูลบางส่วน)?{title}(?:\d\.\d)?"
            )
        return running_text(read(self.pdf), furniture)


@pytest.fixture(scope="module")
def complete() -> Rendered:
    sheet = payloads.payload()
    # The longest answer that a field takes, ending in words that stand nowhere else.
    sheet["categories"][1]["topics"][0]["items"][0]["parts"][0]["fields"][0]["value"] = (
        "\n".join([CORPUS] * 14)[: 20_000 - len(LAST_WORDS)] + LAST_WORDS
    )
    return Rendered(sheet)


@pytest.fixture(scope="module")
def partial() -> Rendered:
    return Rendered(payloads.partial_payload())


@pytest.fixture(scope="module")
def texts() -> Rendered:
    sheet = {key: payloads.payload()[key] for key in ("agency", "cycle", "edition", "policy")}
    return Rendered({**sheet, "feedback": {"closing": CORPUS + "\n" + " ".join(SYLLABLES) + "\nจบบทสรุป"}})


def texts_of(value, keys=frozenset()):
    """Every text that people typed or read in a branch of the payload."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if key not in keys:
                yield from texts_of(entry, keys)
    elif isinstance(value, list):
        for entry in value:
            yield from texts_of(entry, keys)
    elif isinstance(value, str) and value:
        yield value


NOT_PRINTED = {
    *("name_en", "title_en", "checksum", "kind", "key", "claim", "outcome", "basis", "level", "levels"),
    *("shares", "direction", "findings", "group_name", "parameters"),
}


@READERS
def test_every_text_of_the_sheet_is_in_the_report(complete, read):
    text = complete.text(read)
    sheet = complete.sheet
    shown = {
        key: sheet[key] for key in ("edition", "policy", "scores", "categories", "indicators", "feedback")
    }
    shown["feedback"] = [
        {key: entry[key] for key in ("title", "name", "text") if key in entry}
        for entries in sheet["feedback"].values()
        if isinstance(entries, list)
        for entry in entries
    ]
    shown["profile"] = [
        {"label": question["label"], "columns": question.get("columns", []), "value": question["value"]}
        for section in sheet["profile"]
        for question in section["questions"]
        if question["kind"] not in ("number", "date")
    ]
    missing = [entry for entry in texts_of(shown, NOT_PRINTED) if squeezed(entry) not in text]
    assert missing == []
    assert all(value in text for value in ("1,284,500", squeezed("30 กันยายน 2569"), "9เม.ย.257009.00น."))


@READERS
def test_the_longest_answer_is_whole(complete, read):
    answer = complete.sheet["categories"][1]["topics"][0]["items"][0]["parts"][0]["fields"][0]["value"]
    assert len(answer) == 20_000
    assert squeezed(answer) in complete.text(read)


@READERS
def test_thai_text_is_extracted_as_it_was_stored(texts, read):
    text = texts.text(read)
    start = text.rindex(squeezed(CORPUS)[:40])
    assert text[start : text.index("จบบทสรุป")] == squeezed(CORPUS + "".join(SYLLABLES))


@pytest.mark.parametrize("rendered", ["complete", "partial", "texts"])
def test_no_glyph_lacks_its_character(rendered, request):
    maps = to_unicode_maps(request.getfixturevalue(rendered).pdf)
    assert maps
    assert not [entry for entry in maps if re.search(rb"<[0-9a-fA-F]+>\s*<>", entry)]


@pytest.mark.parametrize("rendered", ["complete", "partial", "texts"])
def test_nothing_is_warned_about(rendered, request):
    assert request.getfixturevalue(rendered).warnings == []


def test_the_document_is_tagged_thai_and_titled(complete):
    reader = PdfReader(io.BytesIO(complete.pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "th"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == f"รายงานป้อนกลับ {payloads.AGENCY} พ.ศ. 2570"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_metadata_names_no_person_and_no_machine(complete):
    reader = PdfReader(io.BytesIO(complete.pdf))
    assert set(reader.metadata) == {"/Title", "/Author", "/Producer"}
    assert reader.metadata.author == "PMQA 4.0"
    assert re.fullmatch(r"WeasyPrint [\d.]+", reader.metadata.producer)
    everything = complete.pdf + b"".join(
        reader.get_object(number).get_data()
        for number in range(1, reader.trailer["/Size"])
        if hasattr(reader.get_object(number), "get_data")
    )
    assert str(ROOT).encode() not in everything


def test_every_figure_is_described_and_no_heading_level_is_skipped(complete):
    elements = structure(complete.pdf)
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert len(figures) == 4 + len(complete.sheet["indicators"])
    assert all(element.get("/Alt") for element in figures)
    levels = [int(element["/S"][2]) for element in elements if re.fullmatch("/H[1-6]", element["/S"])]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_bookmarks_lead_to_every_chapter_category_and_topic(complete):
    def count(entries) -> int:
        return sum(count(entry) if isinstance(entry, list) else 1 for entry in entries)

    outline = PdfReader(io.BytesIO(complete.pdf)).outline
    built = chapters(complete.sheet)
    names = [entry.title for entry in outline if not isinstance(entry, list)]
    assert [name.split(" ", 1)[-1] for name in names[:-2]] == [
        "สารบัญ",
        *(chapter.title for chapter in built[:-2]),
    ]
    sections = sum(len(chapter.sections) for chapter in built)
    opportunities = len(complete.sheet["feedback"]["ofi"])
    assert count(outline) == 1 + len(built) + sections + opportunities + 24


def test_pages_are_numbered_all_but_the_cover(complete):
    pages = pages_by_pypdf(complete.pdf)
    assert "หน้า1/" not in pages[0]
    for number, page in enumerate(pages[1:], start=2):
        assert f"หน้า{number}/{len(pages)}" in page
        assert "ผลครั้งที่1" in page


def test_the_table_of_contents_gives_the_pages(complete):
    contents = dict(re.findall(r"^ *(.*?)[ .]+(\d+)$", contents_page(complete.pdf), re.MULTILINE))
    targets = PdfReader(io.BytesIO(complete.pdf))
    for chapter in chapters(complete.sheet):
        heading = f"{'ภาคผนวก ' if chapter.is_appendix else ''}{chapter.number} {chapter.title}"
        page = targets.get_destination_page_number(targets.named_destinations[chapter.anchor])
        assert contents[heading] == str(page + 1)


def test_the_title_of_a_table_stays_with_its_table():
    """Tables that are not split, at every height of the page: no page ends with a title alone."""
    rows = "".join(f"<tr><th scope='row'>แถวที่ {number}</th></tr>" for number in range(6))
    blocks = "".join(
        f"{'<p>ข้อความก่อนตาราง</p>' * (number % 7)}<table class='passed'><caption>ชื่อตาราง</caption>{rows}</table>"
        for number in range(60)
    )
    styles = "".join(f"<link rel='stylesheet' href='{name}.css'>" for name in ("fonts", "report"))
    head = f"<html lang='th'><head><title>ลองดู</title>{styles}</head>"
    made = pdf.render(f"{head}<body>{blocks}</body></html>")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]
    assert len(pages) > 10
    assert sum(page.count("ชื่อตาราง") for page in pages) == 60
    for page in pages:
        assert "แถวที่ 5" in page.rpartition("ชื่อตาราง")[2]


def test_progress_is_told_step_by_step(complete):
    assert complete.steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_progress_raises_ends_the_rendering():
    class Cancelled(Exception):
        pass

    def cancel(step: int, of: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        report.render_pdf(payloads.partial_payload(), progress=cancel)


def test_the_same_sheet_gives_the_same_bytes_in_another_process(partial):
    code = (
        "import sys, django; django.setup()\n"
        "from results.documents.feedback_report import render_pdf\n"
        "from tests.results.payloads import partial_payload\n"
        "sys.stdout.buffer.write(render_pdf(partial_payload(), revision=1))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "2565", "TZ": "America/Lima", "LC_ALL": "C"}
    other = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert other.stdout == partial.pdf


def test_partial_data_is_said_on_every_page(partial):
    pages = pages_by_pypdf(partial.pdf)
    assert all("ข้อมูลบางส่วน" in page for page in pages)
    assert "ลักษณะสำคัญขององค์การ" not in "".join(pages)
    assert "จากเอกสารที่นำเข้า" in "".join(pages)


def test_complete_data_is_not_called_partial(complete):
    assert "ข้อมูลบางส่วน" not in "".join(pages_by_pypdf(complete.pdf))


def test_hostile_text_fetches_nothing_and_is_printed_as_typed():
    hostile = (
        '<img src="file:///etc/passwd"><link rel="stylesheet" href="http://127.0.0.1:9/x.css">'
        "<style>@import 'file:///etc/passwd'; @page { size: 1mm }</style><script>alert(1)</script>"
    )
    sheet = payloads.payload()
    small = {key: sheet[key] for key in ("agency", "cycle", "edition", "policy")}
    small["agency"] = {"name": hostile, "ministry": hostile}
    rendered = Rendered(
        {**small, "feedback": {"closing": hostile, "directions": [{"title": hostile, "text": hostile}]}}
    )
    assert rendered.warnings == []
    assert squeezed(hostile) in "".join(pages_by_pypdf(rendered.pdf))
    assert PdfReader(io.BytesIO(rendered.pdf)).pages[1].mediabox.width == pytest.approx(595.28, abs=0.1)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        (ROOT / "static" / "report" / ".." / ".." / "pyproject.toml").as_uri(),
        (ROOT / "static").as_uri() + "/report/%2e%2e/%2e%2e/pyproject.toml",
        "file://elsewhere" + str(ROOT / "static" / "report" / "report.css"),
        "http://127.0.0.1:9/",
        "data:text/css,*{color:red}",
        "ftp://127.0.0.1/x",
    ],
)
def test_only_our_own_files_can_be_fetched(url):
    with pytest.raises(pdf.BlockedURL):
        pdf.own_files_only().fetch(url)


def test_our_own_files_can_be_fetched():
    url = (ROOT / "static" / "report" / "fonts.css").as_uri()
    assert b"@font-face" in pdf.own_files_only().fetch(url).read()
