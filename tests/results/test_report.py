"""The order and words of the report, read from its HTML: what stands in it and what does not."""

import re
from html.parser import HTMLParser

import pytest

from assessments.snapshot import digest_of
from criteria.structure import PROFILE
from pmqa.templatetags.print_text import day, inline, moment, number, prose
from results.documents.content import PROFILE_BLOCKS, chapters
from results.documents.feedback_report import render_html
from tests.results import payloads


def titles(sheet) -> list[str]:
    return [chapter.title for chapter in chapters(sheet)]


def visible(html: str) -> str:
    """Text without tags, scripts and charts' titles."""

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.text: list[str] = []

        def handle_data(self, data):
            self.text.append(data)

    reader = Reader()
    reader.feed(html)
    return " ".join(" ".join(reader.text).split())


def test_the_report_goes_from_the_result_to_its_reasons():
    assert titles(payloads.payload()) == [
        "วิธีอ่านรายงาน",
        "ลักษณะสำคัญขององค์การ",
        "คะแนนรายหมวด",
        "ระดับที่ถึงรายหัวข้อ",
        "ผลงานที่โดดเด่น",
        "โอกาสในการปรับปรุง",
        "ผลลัพธ์การดำเนินการ (หมวด 7)",
        "ข้อแนะนำต่อตัวชี้วัดหมวด 7",
        "บทสรุป",
        "ทิศทางการพัฒนา",
        "ผลการตรวจรายส่วน",
        "ที่มาของคะแนน",
    ]


def test_what_is_empty_has_no_heading_and_leaves_no_gap_in_the_numbers():
    sheet = payloads.payload()
    sheet["profile"] = None
    sheet["feedback"]["pillars"][1]["text"] = " ...... "
    sheet["feedback"]["advice"] = []
    sheet["feedback"]["closing"] = ""
    built = chapters(sheet)
    assert not {"ลักษณะสำคัญขององค์การ", "ข้อแนะนำต่อตัวชี้วัดหมวด 7", "บทสรุป"} & set(titles(sheet))
    assert [chapter.number for chapter in built] == ["1", "2", "3", "4", "5", "6", "7", "ก", "ข"]
    outstanding = next(chapter for chapter in built if chapter.anchor == "outstanding")
    assert [section.title for section in outstanding.sections] == [
        "เปิดกว้างและเชื่อมโยงกัน",
        "มีขีดสมรรถนะสูงและทันสมัย",
    ]


def test_a_sheet_of_almost_nothing_is_still_a_report():
    sheet = {key: payloads.payload()[key] for key in ("agency", "cycle", "edition", "policy")}
    assert titles(sheet) == ["วิธีอ่านรายงาน"]
    assert "0.00" not in visible(render_html(sheet))


def test_every_question_of_the_edition_has_a_profile_block():
    asked = {
        part.fields[0].key for topic in payloads.edition().of_kind(PROFILE)[0].topics for part in topic.parts
    }
    assert {key for _, _, keys in PROFILE_BLOCKS for key in keys} == asked
    profile = next(chapter for chapter in chapters(payloads.payload()) if chapter.anchor == "profile")
    assert [section.title[:3] for section in profile.sections] == ["(1)", "(2)", "(3)", "(4)", "(5)"]
    assert sum(len(section.data) for section in profile.sections) == len(asked)


def test_a_question_of_a_later_edition_is_not_lost():
    sheet = payloads.payload()
    sheet["profile"][1]["questions"].append(
        {"code": "OP2.new", "key": "new", "label": "คำถามใหม่", "kind": "text", "value": "คำตอบใหม่"}
    )
    profile = next(chapter for chapter in chapters(sheet) if chapter.anchor == "profile")
    assert profile.sections[2].data[-1]["label"] == "คำถามใหม่"


def test_a_source_that_is_not_printed_is_named_but_not_linked():
    sheet = payloads.payload()
    sheet["feedback"]["ofi"] = [
        {"code": "ofi:7.1", "topic": "7.1", "name": "หัวข้อ", "text": "ควร", "parts": ["7.1.1.1", "7.1.9.9"]}
    ]
    html = render_html(sheet)
    assert '<a href="#part-7.1.1.1">7.1.1.1</a> 7.1.9.9' in html
    assert "หมวด 7 ผลลัพธ์การดำเนินการ" in next(
        chapter.sections[0].title for chapter in chapters(sheet) if chapter.anchor == "opportunities"
    )


def test_an_indicator_with_fewer_results_keeps_its_columns():
    sheet = payloads.partial_payload()
    row = render_html(sheet).split('<tr id="part-7.1.1.1">')[1].split("</tr>")[0]
    assert re.findall(r'<td class="num">([^<]*)</td>', row)[:3] == ["–", "–", "89.69"]


def test_opportunities_stand_in_form_order():
    sheet = payloads.payload()
    sheet["feedback"]["ofi"] = [
        {"code": f"ofi:{topic}", "topic": topic, "name": "หัวข้อ", "text": "มี แต่ทั้งนี้ ควร", "parts": []}
        for topic in ("6.4", "1.10", "1.2", "2.1")
    ]
    built = next(chapter for chapter in chapters(sheet) if chapter.anchor == "opportunities")
    assert [entry["topic"] for section in built.sections for entry in section.data] == [
        "1.2",
        "1.10",
        "2.1",
        "6.4",
    ]


def test_scores_and_gaps_are_those_of_the_sheet():
    sheet = payloads.payload()
    claimed, verified = sheet["scores"]["claimed"], sheet["scores"]["verified"]
    claimed["total"], verified["total"] = "489.05", "434.48"
    claimed["categories"][3].update(score="500.00")
    verified["categories"][3].update(score="404.51", level="advance")
    scores = next(chapter for chapter in chapters(sheet) if chapter.anchor == "scores").data
    fourth = scores["rows"][3]
    assert (fourth.claimed, fourth.verified, fourth.gap, fourth.level) == (
        "500.00",
        "404.51",
        "−95.49",
        "Advance",
    )
    assert scores["total"].gap == "−54.57"
    assert scores["widest"][0] == {"code": "4", "points": "95.49"}


@pytest.mark.parametrize(
    ("total", "words"),
    [
        ("434.48", "คะแนนรวม 434.48 อยู่ระหว่าง Advance (400) กับ Significance (500)"),
        ("400.00", "คะแนนรวม 400.00 อยู่ระหว่าง Advance (400) กับ Significance (500)"),
        ("399.99", "คะแนนรวม 399.99 อยู่ระหว่าง Basic (300) กับ Advance (400)"),
        ("299.99", "คะแนนรวม 299.99 ยังไม่ถึง Basic (300)"),
        ("500.00", "คะแนนรวม 500.00 ถึง Significance (500) ซึ่งเป็นระดับสูงสุด"),
    ],
)
def test_the_total_stands_between_the_points_of_the_levels(total, words):
    sheet = payloads.payload()
    sheet["scores"]["verified"]["total"] = total
    scores = next(chapter for chapter in chapters(sheet) if chapter.anchor == "scores").data
    assert scores["where"] == words
    assert f"<title>{words}</title>" in scores["gauge"]
    html = render_html(sheet)
    assert words in html[html.index("<figcaption>") :]


def test_without_a_verified_total_there_is_no_gauge():
    sheet = payloads.payload()
    sheet["scores"]["verified"]["total"] = None
    scores = next(chapter for chapter in chapters(sheet) if chapter.anchor == "scores").data
    assert not scores["gauge"]


def test_what_was_tagged_with_a_pillar_is_printed_under_its_name():
    sheet = payloads.payload()
    for entry in sheet["feedback"]["pillars"]:
        entry["text"] = f"งานเด่นของ {entry['code']}"
    html = render_html(sheet)
    chapter = html[html.index('id="outstanding"') :]
    assert chapter.index("ยึดประชาชนเป็นศูนย์กลาง") < chapter.index("งานเด่นของ pillar:2")
    assert chapter.index("งานเด่นของ pillar:2") < chapter.index("มีขีดสมรรถนะสูงและทันสมัย")


def test_no_score_is_a_dash():
    sheet = payloads.payload()
    sheet["scores"]["verified"] = None
    scores = next(chapter for chapter in chapters(sheet) if chapter.anchor == "scores").data
    assert {row.verified for row in scores["rows"]} == {None}
    assert {row.gap for row in scores["rows"]} == {row.level for row in scores["rows"]} == {"–"}


def test_estimated_rules_are_marked():
    text = visible(render_html(payloads.payload()))
    assert "ถ่วงน้ำหนัก 3 : 4 : 5 ประมาณการ" in text
    assert "ตัวชี้วัดที่ต่ำกว่าเป้าหมายได้ 200 คะแนน ประมาณการ" not in text


def test_a_policy_this_release_does_not_know_is_still_named():
    sheet = payloads.payload()
    sheet["policy"] = {"name": "pmqa50-2580", "version": 7, "parameters": {}}
    assert "pmqa50-2580 รุ่น 7" in visible(render_html(sheet))


def test_verdict_and_comment_of_every_part():
    sheet = payloads.payload()
    html = render_html(sheet)
    for part in payloads.parts_of(sheet):
        block = html.split(f'id="part-{part["code"]}"')[1].split('<div class="part"')[0]
        assert ("☒ ไม่ผ่าน" if part["outcome"] == "fail" else "☑ ผ่าน") in block
        assert part["comment"] in block


def test_how_reviewers_came_to_a_verdict_is_not_told():
    sheet = payloads.payload()
    for number_of_part, part in enumerate(payloads.parts_of(sheet)):
        part["basis"] = ("agreed", "decided", "canary-basis")[number_of_part % 3]
    assert render_html(sheet) != ""
    assert not re.search("agreed|decided|canary", render_html(sheet))


def test_revision_and_digest_are_those_of_the_sheet():
    sheet = payloads.payload()
    text = visible(render_html(sheet, revision=3, digest="ab" * 32))
    assert "ผลครั้งที่ 3 · รหัส abababababab" in text
    assert digest_of(sheet)[:12] in visible(render_html(sheet))


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src="file:///etc/passwd">',
    "<style>@import url(http://127.0.0.1:9/x.css); * { display: none }</style>",
    "{{ payload }} {% include 'x' %}",
    "</section></body>",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_only_text(hostile):
    def poisoned(value):
        if isinstance(value, dict):
            return {key: value[key] if key in KEYS_OF_OURS else poisoned(value[key]) for key in value}
        if isinstance(value, list):
            return [poisoned(entry) for entry in value]
        return hostile if isinstance(value, str) else value

    html = render_html(poisoned(payloads.partial_payload() | {"profile": payloads.payload()["profile"]}))
    assert hostile not in html
    assert visible(html).count(" ".join(hostile.split())) > 200
    assert not re.search("<(script|img|style|iframe|object)", html)


KEYS_OF_OURS = {
    *(
        "code",
        "key",
        "kind",
        "topic",
        "level",
        "claim",
        "outcome",
        "basis",
        "direction",
        "score",
        "verified_score",
    ),
    *(
        "total",
        "shares",
        "counts",
        "results",
        "target",
        "percent",
        "published_at",
        "submitted_at",
        "parts_of",
    ),
}


# --- how one text is set --------------------------------------------------------------------------


def test_paragraphs_and_bullets():
    assert prose("หนึ่ง\n\nสอง") == "<p>หนึ่ง</p><p>สอง</p>"
    assert prose("นำ\n- ก\n• ข\nตาม") == "<p>นำ</p><ul><li>- ก</li><li>• ข</li></ul><p>ตาม</p>"
    assert prose("-\n•") == "<p>-</p><p>•</p>"


def test_only_what_has_no_thai_word_may_break_anywhere():
    link = "https://lumnam.example/a/very/long/path/2570"
    assert inline(f"ดู {link} ก่อน") == f'ดู <span class="run">{link}</span> ก่อน'
    assert inline("ก" + "…" * 40) == f'ก<span class="run">{"…" * 40}</span>'
    assert inline("ผู้รับบริการและผู้มีส่วนได้ส่วนเสีย" * 9) == "ผู้รับบริการและผู้มีส่วนได้ส่วนเสีย" * 9


def test_dates_and_numbers_as_typed_when_they_are_none():
    assert day("2026-09-30") == "30\u00a0กันยายน\u00a02569"
    assert day("ปลายปี") == "ปลายปี"
    assert moment("2026-11-12T10:24:00+07:00") == "12\u00a0พ.ย.\u00a02569\u00a010.24\u00a0น."
    assert number("1284500.5") == "1,284,500.5"
    assert number("ราว 200") == "ราว 200"
