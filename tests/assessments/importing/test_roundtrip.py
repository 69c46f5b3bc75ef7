"""What is generated, printed and parsed comes back: complete prints, and answers of every kind."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.importing import decode, read_prints
from criteria.reader import read_edition
from criteria.scoring import DEFAULT_POLICY, POLICIES
from tests.prints import make
from tests.prints.make import EARLIER, ONLINE, Answer, Assessment, Style

EDITION = read_edition(make.EDITION)
POLICY = POLICIES[DEFAULT_POLICY]
COMPLETE = make.invent(EDITION)
FOLDER = Path(make.__file__).parent


def _read(assessment: Assessment, style: Style):
    files = [
        ("form3.txt", make.print_form3(EDITION, assessment, style)),
        ("form4.txt", make.print_form4(EDITION, assessment, style)),
    ]
    return read_prints(EDITION, POLICY, files)


def _parts(document):
    return [
        (part.code, part.status, part.fields, part.unsplit, part.verdict, part.comment)
        for part in document.parts
    ]


def _expected_parts(assessment: Assessment):
    return [
        (answer.code, answer.status, dict(answer.fields), False, answer.verdict, answer.comment)
        for answer in assessment.answers
    ]


def _indicators(document):
    return [
        (
            *(row.topic, row.group, row.name, row.direction, row.unit, row.target, row.results),
            *(row.percent, row.score, row.verdict, row.comment),
        )
        for row in document.indicators
    ]


@pytest.mark.parametrize("marked", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("slips", [False, True], ids=["clean", "slips"])
@pytest.mark.parametrize("page", [0, 700, 1800])
@pytest.mark.parametrize("html", [True, False], ids=["html", "plain"])
@pytest.mark.parametrize("wording", [ONLINE, EARLIER])
def test_a_complete_print_comes_back_whole(wording, html, page, slips, marked):
    assessment = COMPLETE if marked else COMPLETE.without_marks()
    document = _read(assessment, Style(wording, html, page, slips, seed=page + 3))
    assert _parts(document) == _expected_parts(assessment)
    assert _indicators(document) == _indicators(assessment)
    assert (document.findings, document.unplaced) == ((), ())


def test_the_files_beside_the_generator_are_what_it_writes():
    for number, printed in ((3, make.print_form3), (4, make.print_form4)):
        stored = decode((FOLDER / f"form{number}-invented.txt").read_bytes())
        assert stored == printed(EDITION, COMPLETE)


def test_the_files_beside_the_generator_are_a_complete_assessment():
    files = [
        (name, decode((FOLDER / name).read_bytes())) for name in ("form3-invented.txt", "form4-invented.txt")
    ]
    document = read_prints(EDITION, POLICY, files)
    parts = {part.code: part for part in document.parts}
    assert list(parts) == [part.code for part in EDITION.process_parts]
    for asked in EDITION.process_parts:
        fields = parts[asked.code].fields
        assert parts[asked.code].status == "done"
        assert {field.key for field in asked.fields if field.required} <= set(fields)
        assert len(fields) >= asked.min_fields
    rows = Counter(row.topic for row in document.indicators)
    assert rows == {f"7.{number}": 5 for number in range(1, 7)}
    groups = Counter(f"{row.topic}.{row.group}" for row in document.indicators)
    for group in EDITION.groups:
        assert group.min_answers <= groups[group.code] <= group.max_answers
    assert (document.findings, document.unplaced) == ((), ())


def test_statuses_come_back():
    answers = []
    for number, answer in enumerate(COMPLETE.answers):
        left = (None, "started", "not_started")[number % 3]
        fields = {} if left == "not_started" else answer.fields
        answers.append(replace(answer, left=left, fields=fields, ticked=left is None))
    assessment = Assessment(tuple(answers))
    document = _read(assessment, Style(page=900))
    assert [(part.code, part.status) for part in document.parts] == [(a.code, a.status) for a in answers]


def test_unticked_parts_without_text_are_not_started():
    answers = tuple(
        replace(answer, fields={}, ticked=False, verdict=None, comment="") for answer in COMPLETE.answers
    )
    document = _read(Assessment(answers), Style())
    assert [part.code for part in document.parts] == [answer.code for answer in answers]
    assert {part.status for part in document.parts} == {"not_started"}
    assert document.unplaced == ()


def test_the_document_is_json_of_the_agreed_shape():
    document = json.loads(json.dumps(_read(COMPLETE, Style()).as_json()))
    assert set(document) == {"forms", "parts", "indicators", "findings", "unplaced"}
    assert set(document["forms"][0]) == {"file", "form", "applicant", "printed"}
    assert set(document["parts"][0]) == {"code", "status", "fields", "unsplit", "verdict", "comment"}
    assert set(document["indicators"][0]) == {
        *("topic", "group", "name", "direction", "unit", "target", "results", "percent", "score"),
        *("verdict", "comment"),
    }
    assert document["forms"] == [
        {"file": "form3.txt", "form": 3, "applicant": make.APPLICANT, "printed": "2022-09-16"},
        {"file": "form4.txt", "form": 4, "applicant": make.APPLICANT, "printed": "2022-09-16"},
    ]


@pytest.mark.parametrize("html", [True, False], ids=["html", "plain"])
def test_every_line_is_accounted_for(html):
    """Strays between the parts are reported, each once, and nothing else is."""
    printed = make.print_form3(EDITION, COMPLETE, Style(html=html)).split("\n")
    lines, strays = [], []
    for line in printed:
        lines.append(line)
        if "ผ่าน" in line and line.startswith("\t\t") and len(line) < 60 and "ไม่" not in line:
            lines.append(f"บรรทัดหลงเลขที่ {len(strays)}")
            strays.append((len(lines), lines[-1]))
    document = read_prints(EDITION, POLICY, [("form3.txt", "\n".join(lines))])
    assert [(entry.line, entry.text) for entry in document.unplaced] == strays
    assert len(strays) > 30
    assert _parts(document) == _expected_parts(COMPLETE)
    met = [line.line for line in document.lines]
    assert met == [number for number, line in enumerate(lines, start=1) if line.strip()]


def test_every_line_of_form_4_is_accounted_for():
    printed = make.print_form4(EDITION, COMPLETE, Style()).split("\n")
    lines, strays = [], []
    for line in printed:
        if line.startswith("ตัวชี้วัด\t"):
            lines.append("[✓] ผ่าน\t\t\t\t\t\t")
            strays.append(len(lines))
        lines.append(line)
    document = read_prints(EDITION, POLICY, [("form4.txt", "\n".join(lines))])
    assert [(entry.line, entry.text) for entry in document.unplaced] == [
        (number, "[✓] ผ่าน") for number in strays
    ]
    assert _indicators(document) == _indicators(COMPLETE)
    assert [line.line for line in document.lines] == [
        number for number, line in enumerate(lines, start=1) if line.strip()
    ]


_WORDS = st.sampled_from(
    [
        *("โครงการตัวอย่าง", "ผ่าน", "ไม่ผ่าน", "ผ่านช่องทางออนไลน์", "ผลกระทบ", "คือ", "ได้แก่", "เช่น", "โดย"),
        *("พ.ศ. 2565", "สป.ตย.", "๑๒ ครั้ง", "100%", "1.5", "(วงเล็บ)", '"คำพูด"', "Big Data", "e-Service"),
        *(
            "https://example.go.th/a?b=1&c=2",
            "www.example.go.th",
            "name@example.go.th",
            "(http://example.go.th)",
        ),
        *(
            "1) ข้อแรก",
            "2. ข้อสอง",
            "๑) ข้อไทย",
            "ก...ข",
            "...",
            "<5",
            "R&D",
            "หมวด 1",
            "1.1.2",
            "[อ้างอิง]",
            "ฯลฯ",
        ),
    ]
)
_ENDS = st.sampled_from(["ของหน่วยงานสมมติ", "ทั้งนี้ สป.ตย.", "ร้อยละ 80", "(ร่าง)", "example.go.th/"])


@st.composite
def _texts(draw) -> str:
    """Answers that hold everything answers hold; a paragraph does not begin with a word of the form."""
    paragraphs = []
    for _ in range(draw(st.integers(1, 3))):
        words = draw(st.lists(_WORDS, max_size=12))
        paragraphs.append(" ".join(["ข้อมูลสมมติ", *words, draw(_ENDS)]))
    return "\n".join(paragraphs)


_TEXT_PARTS = [
    part
    for part in EDITION.process_parts
    if all(field.kind == "text" for field in part.fields) and part.fields
]


@st.composite
def _assessments(draw) -> Assessment:
    first = draw(st.integers(0, len(_TEXT_PARTS) - 4))
    answers = []
    for part in _TEXT_PARTS[first : first + 4]:
        if make.is_tick_only(part):
            answers.append(Answer(part.code, {}, ticked=draw(st.booleans())))
            continue
        fields = {field.key: draw(_texts()) for field in part.fields}
        verdict = draw(st.sampled_from([None, "pass", "fail"]))
        comment = draw(_texts()) if verdict == "fail" else ""
        answers.append(Answer(part.code, fields, verdict=verdict, comment=comment))
    return Assessment(tuple(answers))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    assessment=_assessments(),
    wording=st.sampled_from([ONLINE, EARLIER]),
    html=st.booleans(),
    page=st.sampled_from([0, 300, 1200]),
    seed=st.integers(0, 50),
)
def test_whatever_people_write_comes_back(assessment, wording, html, page, seed):
    printed = make.print_form3(EDITION, assessment, Style(wording, html, page, seed=seed))
    document = read_prints(EDITION, POLICY, [("form3.txt", printed)])
    assert _parts(document) == _expected_parts(assessment)
    assert document.unplaced == ()
