"""The slides: everything is on them whatever its length, each is 16:9 with its heading, machines can read them."""

import io
import re

import pytest
from pypdf import PdfReader

from results.documents import deck
from results.documents.content import chapters
from tests.results import payloads
from tests.results.pdf_text import pages_by_pypdf, squeezed, structure
from tests.results.test_report_pdf import Rendered

LONG_NAME = "สำนักงานส่งเสริมผู้รับบริการและผู้มีส่วนได้ส่วนเสียแห่งลุ่มน้ำสมมติ " * 3
LAST = "คำสุดท้ายของข้อความที่ยาวที่สุด"


class Deck(Rendered):
    renderer = deck

    def every_text(self) -> str:
        return "".join(pages_by_pypdf(self.pdf))


@pytest.fixture(scope="module")
def complete() -> Deck:
    sheet = payloads.payload()
    sheet["agency"]["name"] = LONG_NAME[:200]
    sheet["feedback"]["ofi"][0]["text"] = "ควรแสดงผลรายปีของทุกกองให้ครบถ้วน " * 300 + LAST
    return Deck(sheet)


@pytest.fixture(scope="module")
def partial() -> Deck:
    return Deck(payloads.partial_payload())


def test_every_page_is_16_to_9(complete):
    sizes = {tuple(map(float, page.mediabox[2:])) for page in PdfReader(io.BytesIO(complete.pdf)).pages}
    assert len(sizes) == 1
    (size,) = sizes
    assert size[0] / size[1] == pytest.approx(16 / 9, abs=0.001)


def test_every_text_is_on_a_slide_and_none_is_cut(complete):
    text, sheet = complete.every_text(), complete.sheet
    wanted = [
        entry["text"] for key in ("pillars", "advice", "directions") for entry in sheet["feedback"][key]
    ]
    wanted += [entry["text"] for entry in sheet["feedback"]["ofi"][1:]] + [sheet["feedback"]["closing"], LAST]
    wanted += [row["name"] for row in sheet["scores"]["verified"]["categories"]]
    wanted += [entry["name"] for entry in sheet["indicators"]]
    wanted += [sheet["scores"]["verified"]["total"], sheet["scores"]["claimed"]["total"]]
    lines = [line for entry in wanted for line in entry.splitlines()]
    # A line may go on on the next page, under the heading that is said again.
    missing = [line for line in lines if squeezed(line)[:25] not in text or squeezed(line)[-25:] not in text]
    assert missing == []
    assert text.count(squeezed("ควรแสดงผลรายปีของทุกกองให้ครบถ้วน")) > 290


def test_nothing_runs_over_the_edge_of_a_page(complete):
    for page in PdfReader(io.BytesIO(complete.pdf)).pages:
        places: list[float] = []
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size, places=places: (
                places.append(cm[0] * tm[4] + cm[4]) if text.strip() else None
            )
        )
        assert all(0 <= x <= 960 for x in places)


def test_each_slide_has_one_heading_which_is_said_again_where_it_goes_on(complete):
    headings = [entry for entry in structure(complete.pdf) if entry["/S"] == "/H1"]
    assert len(headings) == len(deck.slides(complete.sheet))
    pages = pages_by_pypdf(complete.pdf)
    assert sum("(ต่อ)" in page for page in pages) == len(pages) - 1 - len(headings)


def test_the_slides_are_tagged_titled_and_described(complete):
    reader = PdfReader(io.BytesIO(complete.pdf))
    assert reader.trailer["/Root"]["/Lang"] == "th"
    assert reader.metadata.title.startswith("สไลด์นำเสนอผล สำนักงานส่งเสริม")
    assert len(reader.outline) == len(deck.slides(complete.sheet))
    figures = [entry for entry in structure(complete.pdf) if entry["/S"] == "/Figure"]
    assert len(figures) >= 4 + len(complete.sheet["indicators"])
    assert all(entry.get("/Alt") for entry in figures)
    levels = [
        int(entry["/S"][2]) for entry in structure(complete.pdf) if re.fullmatch("/H[1-6]", entry["/S"])
    ]
    assert set(levels) == {1, 2}


@pytest.mark.parametrize("rendered", ["complete", "partial"])
def test_nothing_is_warned_about(rendered, request):
    assert request.getfixturevalue(rendered).warnings == []


def test_partial_data_is_said_and_what_is_absent_has_no_slide(partial):
    pages = pages_by_pypdf(partial.pdf)
    assert all("ข้อมูลบางส่วน" in page for page in pages)
    kinds = [slide.kind for slide in deck.slides(partial.sheet)]
    assert not {"profile", "outstanding", "opportunities", "advice", "closing", "directions"} & set(kinds)


def test_the_same_sheet_gives_the_same_bytes(partial):
    assert deck.render_pdf(payloads.partial_payload(), revision=1) == partial.pdf


def test_shares_are_counted_over_the_topics():
    sheet = payloads.payload()
    (shares,) = [slide for slide in deck.slides(sheet) if slide.kind == "shares"]
    verified = sheet["scores"]["verified"]["categories"]
    topics = [topic for row in verified for topic in row["topics"] if topic["shares"]]
    for share, level in zip(shares.data["every"], ("basic", "advance", "significance"), strict=True):
        counts = [topic["counts"].get(level, (0, 0)) for topic in topics]
        assert (share.passed, share.total) == (sum(c[0] for c in counts), sum(c[1] for c in counts))


def test_shares_are_written_as_in_the_report():
    sheet = payloads.payload()
    (shares,) = [slide for slide in deck.slides(sheet) if slide.kind == "shares"]
    (levels,) = [chapter for chapter in chapters(sheet) if chapter.anchor == "levels"]
    printed = [counts[:3] for _name, counts in levels.data["passed"]]
    shown = [
        tuple(f"{share.passed}/{share.total} ({share.percent})" if share.total else "–" for share in row)
        for row in (*(row for _name, row in shares.data["rows"]), shares.data["every"])
    ]
    assert shown == printed


def test_the_cover_says_what_was_applied_for():
    applied = {"application": {"award": "categories", "categories": ["4"]}}
    assert "สมัครรางวัลรายหมวด หมวด 4" in deck.render_html(payloads.payload() | applied)
    assert "สมัครรางวัล" not in deck.render_html(payloads.payload())
