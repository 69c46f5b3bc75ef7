"""An answer set of the classic criteria: answered by running number, handed in, printed as it is."""

import re

import pytest
from django.urls import reverse

from assessments.admin import CycleForm
from assessments.models import Answer
from assessments.paper.printing import render_html
from assessments.reading import measure_answers, read_answers, tree_of
from tests import factories
from tests.assessments.test_paper import paper_of, words

READY = ["4.1.1.1", "4.2.7.1", "4.2.7.2", "4.2.9.1"]
ATTRIBUTES = "4.2.10.1"


@pytest.fixture
def old(agency):
    cycle = factories.make_cycle(edition=factories.old_edition(), year=2550)
    return factories.make_assessment(agency=agency, cycle=cycle)


@pytest.fixture
def writer(as_user, coordinator):
    return as_user(coordinator)


def answer(assessment, *codes) -> None:
    tree = tree_of(assessment)
    for code in codes:
        store(assessment, code, factories.filled(tree.parts[code])["answer"])


def store(assessment, code, value) -> None:
    Answer.objects.filter(assessment=assessment, part__code=code).update(values={"answer": value})


def missing(assessment):
    progress = measure_answers(tree_of(assessment), read_answers(assessment))
    return [(gap.code, gap.part) for gap in progress.gaps], [gap.part for gap in progress.open_questions]


def page(client, name, assessment, *args) -> str:
    response = client.get(reverse(f"assessments:{name}", args=[assessment.pk, *args]))
    assert response.status_code == 200
    return response.content.decode()


def test_only_a_compulsory_question_blocks_the_handing_in(old):
    """A-215: (#) left empty blocks, without (#) it warns."""
    blocking, warning = missing(old)
    assert blocking == [("compulsory", code) for code in READY]
    assert len(warning) == 8
    answer(old, *READY)
    assert missing(old) == ([], warning)
    factories.hand_over(old)


def test_the_check_says_what_blocks_and_what_only_warns(old, writer):
    """A-215"""
    blocks, warns = page(writer, "check", old).split('id="h-advice"')
    assert blocks.count("ข้อบังคับ (#) ยังไม่มีคำตอบ") == 4
    assert '<span class="code">(1)-1</span>' in blocks
    assert "ยังไม่มีคำตอบ" in warns
    assert '<span class="code">(10)</span>' in warns


def test_ten_of_eleven_attributes_are_one_too_few(old, writer):
    """A-324: the rows are those of the form, and the one that is missing is counted."""
    rows = [[name, "วิธีการสมมติ"] for name in tree_of(old).parts[ATTRIBUTES].fields[0].rows]
    rows[-1][1] = ""
    store(old, ATTRIBUTES, rows)
    assert "ขาด 1 คุณลักษณะ" in page(writer, "check", old)


def test_the_questions_are_answered_on_the_page_of_their_topic(old, writer, django_assert_max_num_queries):
    """A-214, A-322, A-323"""
    with django_assert_max_num_queries(12):
        html = page(writer, "topic", old, "4.2")
    forms = re.findall(r'<form class="part question" id="p([\d.]+)"', html)
    assert forms == ["4.2.6.1", "4.2.7.1", "4.2.7.2", "4.2.8.1", "4.2.9.1", "4.2.10.1"]
    assert "การเข้าถึงข้อมูลและสารสนเทศ: ผู้ใช้" in html
    assert "data-row-add" in html
    assert 'name="claim"' not in html


def test_each_group_of_rows_keeps_its_own(old, writer):
    """A-323"""
    row = {f"answer.0.{column}": f"ข้อความสมมติ {column}" for column in range(4)}
    more = {f"answer.1.{column}": f"แถวที่สอง {column}" for column in range(4)}
    for code, data in (("4.2.7.1", row | more), ("4.2.7.2", row)):
        reply = writer.post(reverse("assessments:save_part", args=[old.pk, code]), {"version": "0"} | data)
        assert reply.status_code == 302
    assert len(factories.answer_of(old, "4.2.7.1").values["answer"]) == 2
    assert len(factories.answer_of(old, "4.2.7.2").values["answer"]) == 1


def test_the_print_keeps_two_header_rows_and_both_groups(old):
    """A-214, A-322, A-323"""
    answer(old, *READY, "4.2.6.1")
    paper = paper_of(old)
    html = render_html(paper)
    head = html[html.index("<thead>", html.index(">(6)<")) :].partition("</thead>")[0]
    assert head.count("<tr>") == 2
    assert '<th scope="colgroup" colspan="2">การเข้าถึงข้อมูลและสารสนเทศ</th>' in head
    assert len(re.findall(r'<th scope="col">วิธีการทำให้เชื่อถือได้</th>', html)) == 2
    text = words(paper)
    assert [text.index(f" ({number}) ") for number in range(1, 11)] == sorted(
        text.index(f" ({number}) ") for number in range(1, 11)
    )
    assert "(1)-1 (#)" in text
    assert "ยังไม่เลือกสถานะ" not in text
    assert "คะแนน" not in text


def test_what_was_handed_in_is_read_and_printed_unchanged(old, writer):
    """A-214"""
    answer(old, *READY)
    before = render_html(paper_of(old))
    factories.hand_over(old)
    old.refresh_from_db()
    assert render_html(paper_of(old)) == before
    html = page(writer, "topic", old, "4.2")
    assert "อ่านอย่างเดียว" in html
    assert '<th scope="col">วิธีการทำให้ปลอดภัย</th>' in html


@pytest.mark.parametrize("name", ["overview", "grid", "sight", "print", "evidence", "workbook", "printed"])
def test_pages_of_an_edition_without_levels_open(old, writer, name):
    html = page(writer, name, old)
    if name == "overview":
        assert "ฉบับเดิมไม่แบ่งระดับ จึงไม่คิดคะแนน" in html


def test_the_workbook_of_an_edition_without_levels_is_made(old, writer):
    reply = writer.post(reverse("assessments:workbook_download", args=[old.pk]))
    assert reply.status_code == 200


def test_no_new_cycle_is_offered_an_old_edition(old):
    """A-214: a cycle that has one keeps it."""
    assert factories.old_edition() not in CycleForm().fields["edition"].queryset
    assert factories.old_edition() in CycleForm(instance=old.cycle).fields["edition"].queryset


def test_a_reviewer_opens_what_was_handed_in(old, as_user):
    answer(old, *READY)
    factories.hand_over(old)
    client = as_user(factories.make_official("administrator"))
    assert client.get(reverse("reviews:cases")).status_code == 200
    assert client.get(reverse("reviews:case", args=[old.pk])).status_code == 200
