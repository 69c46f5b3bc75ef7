"""The printed forms as PDF: everything is in them, machines can read them, nothing is torn apart by a page."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from pypdf import PdfReader

from assessments import snapshot
from assessments.paper.content import Wanted
from assessments.paper.printing import render_html
from assessments.reading import read_answers, tree_of
from criteria.catalogue import part_ids
from pmqa import pdf
from tests import factories
from tests.assessments.test_paper import SENT, paper_of
from tests.results.pdf_text import (
    pages_by_pdftotext,
    running_text,
    squeezed,
    structure,
    to_unicode_maps,
    warnings_of_printing,
)

pytestmark = [pytest.mark.heavy, pytest.mark.django_db]

CORPUS = (Path(__file__).parents[1] / "golden" / "thai_text.txt").read_text(encoding="utf-8").strip()
LONGEST = ("\n".join([CORPUS] * 14))[: 20_000 - 20] + " คำสุดท้ายของข้อความ"
# Three lines and more, of other lengths from part to part, so that pages end at every place that they can.
SENTENCE = "หน่วยงานสมมติทบทวนขั้นตอนร่วมกับผู้รับบริการทุกไตรมาสและปรับปรุงตามข้อเสนอแนะ "


class Printed:
    """One rendering of a whole assessment, with what was said about it."""

    def __init__(self, assessment, **options):
        self.content = snapshot.build(assessment, read_answers(assessment))
        self.paper = paper_of(assessment, content=self.content, **options)
        self.tree = tree_of(assessment)
        with warnings_of_printing() as self.warnings:
            self.pdf = pdf.render(render_html(self.paper))

    def text(self) -> str:
        """The running text without white space and without what stands in the margins."""
        foot = r"เอกสารนี้พิมพ์จากระบบPMQA4\.0·[^·]*·เกณฑ์[^·]*·รหัส[0-9a-f]{12}หน้า\d+/\d+"
        agency = re.escape(squeezed(self.paper.agency))
        places = [
            squeezed(text)
            for form in self.paper.forms
            for category in form.categories
            for text in (
                f"หมวด {category.code} {category.name}",
                *(
                    topic.name if form.form == "profile" else f"{topic.code} {topic.name}"
                    for topic in category.topics
                ),
            )
        ]
        names = "|".join(re.escape(squeezed(form.number)) for form in self.paper.forms)
        head = rf"(?:{names}|สรุปท้ายเอกสาร)·{agency}(?:{'|'.join(map(re.escape, places))})?"
        return running_text(pages_by_pdftotext(self.pdf), [foot, head])


@pytest.fixture(scope="module")
def whole(django_db_setup, django_db_blocker):
    """Everything is filled, one answer with all that a blank takes, one group with three long indicators."""
    with django_db_blocker.unblock(), transaction.atomic():
        assessment = factories.make_assessment(complete=True)
        for place, answer in enumerate(assessment.answers.select_related("part").filter(indicator=None)):
            code, blanks = answer.part.code, answer.part.fields
            if code[0].isdigit() and blanks and blanks[0]["kind"] == "text":
                text = f"เริ่มส่วน {code} {SENTENCE * (1 + place % 6)}"
                answer.values[blanks[0]["key"]] = LONGEST if code == "2.1.1.1" else text
                answer.save(update_fields=["values"])
        ids = part_ids(assessment.cycle.edition)
        for ordinal in (2, 3, 4, 5, 6, 7, 8):
            name = f"ตัวชี้วัดยาว {ordinal} {SENTENCE * 4} จบตัวชี้วัด {ordinal}"
            factories.add_indicator(assessment, ids["7.1.1"], "7.1.1", ordinal, name=name)
        made = Printed(assessment)
        transaction.set_rollback(True)
    return made


@pytest.fixture(scope="module")
def draft(django_db_setup, django_db_blocker):
    """An empty draft in Thai digits."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = Printed(factories.make_assessment(), form="form3", category="1", thai=True, sent=None)
        transaction.set_rollback(True)
    return made


def texts_of(value):
    if isinstance(value, dict):
        for entry in value.values():
            yield from texts_of(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts_of(entry)
    elif isinstance(value, str) and value:
        yield value


def test_everything_that_is_stored_can_be_read(whole):
    text = whole.text()
    kinds = {
        (part.code, blank.key): blank.kind for part in whole.tree.parts.values() for blank in part.fields
    }
    stored = [
        entry
        for code, part in whole.content["parts"].items()
        for key, value in part["values"].items()
        if kinds[code, key] not in ("number", "date")
        for entry in texts_of(value)
    ]
    stored += [row["name"] for row in whole.content["indicators"]]
    assert len(stored) > 250
    assert [entry[:80] for entry in stored if squeezed(entry) not in text] == []


def test_the_longest_answer_is_whole(whole):
    assert len(LONGEST) == 20_000
    assert squeezed(LONGEST) in whole.text()


def test_a_1204_a_mark_stands_with_its_answer_and_a_heading_with_its_part(whole):
    pages = pages_by_pdftotext(whole.pdf)
    torn = []
    for category in whole.paper.forms[0].categories:
        for item in (item for topic in category.topics for item in topic.items):
            for part in item.parts:
                # The mark, its word and code, the prompt, and what fills two lines of lead words and answer.
                first = part.blanks[0] if part.blanks else None
                lines = f"{first.lead} {first.value}"[:110] if first else ""
                block = squeezed(f"{part.glyph}{part.claim}{part.code}{part.level}{part.prompt}{lines}")
                if not any(block in page for page in pages):
                    torn.append(part.code)
            heading = squeezed(f"{item.code}{item.title}{item.level}{item.parts[0].glyph}")
            if not any(heading in page for page in pages):
                torn.append(item.code)
    assert torn == []


def test_a_1209_every_page_has_its_number_edition_and_hash_and_the_last_one_the_totals(whole):
    pages = pages_by_pdftotext(whole.pdf)
    for number, page in enumerate(pages, start=1):
        assert f"หน้า{number}/{len(pages)}" in page
        assert f"เกณฑ์pmqa40-2565·รหัส{whole.paper.digest[:12]}" in page
        assert "ฉบับร่าง" not in page
    assert "สรุปท้ายเอกสาร" in pages[-1]
    assert whole.paper.digest in pages[-1]
    assert squeezed(SENT.by) in pages[-1]


def test_a_1210_an_indicator_is_one_unbroken_row_under_its_head(whole):
    pages = pages_by_pdftotext(whole.pdf)
    head = squeezed("ตัวชี้วัด ค่าเป้าหมาย ปีล่าสุด ผลการดำเนินงาน")
    seen = set()
    for row in whole.paper.forms[1].categories[0].topics[0].groups[0].indicators:
        block = squeezed(
            f"{row.number}{row.tag}{row.name}{row.target}{row.unit}{''.join(row.results)}{row.percent}"
        )
        [number] = [number for number, page in enumerate(pages) if block in page]
        assert head in pages[number].partition(block)[0]
        seen.add(number)
    assert len(seen) > 1


def test_a_draft_says_so_on_every_page_in_thai_digits(draft):
    pages = pages_by_pdftotext(draft.pdf)
    assert len(pages) > 2
    for page in pages:
        assert "ฉบับร่าง" in page
        assert re.search("หน้า[๐-๙]+/[๐-๙]+", page)
    assert "แบบฟอร์มที่๓" in pages[0]


@pytest.mark.parametrize("printed", ["whole", "draft"])
def test_nothing_is_warned_about_and_every_glyph_has_its_character(printed, request):
    made = request.getfixturevalue(printed)
    assert made.warnings == []
    assert not [entry for entry in to_unicode_maps(made.pdf) if re.search(rb"<[0-9a-fA-F]+>\s*<>", entry)]


def test_the_document_is_tagged_thai_titled_and_has_bookmarks(whole):
    reader = PdfReader(io.BytesIO(whole.pdf))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("th", True)
    assert reader.metadata.title == whole.paper.title
    assert set(reader.metadata) == {"/Title", "/Author", "/Producer"}
    forms = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert forms == ["แบบฟอร์มที่ 3", "แบบฟอร์มที่ 4", "ลักษณะสำคัญขององค์การ", "สรุปท้ายเอกสาร"]
    tags = {element["/S"] for element in structure(whole.pdf)}
    assert {"/H1", "/H2", "/H3", "/H4", "/Table", "/TH", "/L", "/LI"} <= tags


def test_the_same_content_gives_the_same_bytes(draft):
    again = pdf.render(render_html(replace(draft.paper)))
    assert again == draft.pdf
    assert Wanted("form3", "1").forms == ("form3",)
