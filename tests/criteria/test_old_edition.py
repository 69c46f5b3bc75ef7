"""The classic criteria: running numbers, no levels, tables with two header rows and with groups of rows."""

import re
import shutil
from pathlib import Path

import pytest
from django.urls import reverse

from criteria import loader, models
from criteria.catalogue import build_tree, edition_tree
from criteria.reader import CriteriaErrors, read_edition
from criteria.search import search
from tests import factories
from tests.criteria import CRITERIA, edition_2565

FOLDER = CRITERIA / "pmqa-2550"
# As stored by every installation before editions could be old; a change here orphans published results.
CHECKSUM_2565 = "1bb86b24e0b0c25277e28ba0fd2f2608899ba5ca298f75d7b544f392991b1b38"


@pytest.fixture
def old(db):
    return factories.old_edition()


@pytest.fixture
def reader(as_user, old):
    return as_user(factories.make_user())


def page(client, name, *args, **query) -> str:
    response = client.get(reverse(f"criteria:{name}", args=["pmqa-2550", *args]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_questions_are_numbered_through_the_category():
    """A-214"""
    tree = read_edition(FOLDER)
    items = [item for topic in tree.topics.values() for item in topic.items]
    assert [item.shown for item in items] == [f"({n})" for n in range(1, 11)]
    assert [part.shown for part in items[0].parts] == ["(1)-1", "(1)-2"]
    assert [part.shown for part in tree.parts.values() if part.compulsory] == ["(1)-1", "(7)", "(7)", "(9)"]
    assert not tree.has_levels
    assert tree.is_old


def test_what_is_stored_is_what_was_read(old):
    assert build_tree(old) == read_edition(FOLDER)
    assert not loader.plan(read_edition(FOLDER)).writes


def test_it_is_loaded_as_an_old_edition_that_no_new_cycle_takes(old):
    assert old.status == models.Edition.Status.RETIRED
    assert factories.edition() != old


def test_the_present_edition_keeps_its_checksum():
    assert edition_2565().checksum == CHECKSUM_2565


def test_columns_stand_under_a_common_heading():
    """A-322"""
    blank = read_edition(FOLDER).parts["4.2.6.1"].fields[0]
    upper, lower = blank.head_rows
    assert [(head.across, head.down) for head in upper] == [(1, 2), (2, 1)]
    assert [head.words for head in lower] == ["ผู้ใช้", "วิธีการเข้าถึง"]
    assert len(blank.columns) == 3


def test_hardware_and_software_are_two_groups_with_one_header():
    """A-323"""
    hardware, software = read_edition(FOLDER).topics["4.2"].items[1].parts
    assert (hardware.prompt_th, software.prompt_th) == ("ฮาร์ดแวร์", "ซอฟต์แวร์")
    assert hardware.shown == software.shown == "(7)"
    hardware, software = *hardware.fields, *software.fields
    assert hardware.columns == software.columns
    assert not hardware.rows


def test_the_pages_show_running_numbers_and_say_that_nothing_is_scored(reader, django_assert_max_num_queries):
    """A-214: opened, the items are addressed (1) to (10)."""
    with django_assert_max_num_queries(12):
        html = page(reader, "edition")
    assert re.findall(r'<span class="code">(\(\d+\))</span>', html) == [f"({n})" for n in range(1, 11)]
    assert "จึงไม่คิดคะแนน" in html
    assert "level-filter" not in html
    html = page(reader, "topic", "4.1")
    assert '<span class="code">(1)-2</span>' in html
    assert html.count("(#) ข้อบังคับ") == 1
    assert "level-chip" not in html


def test_the_table_of_a_topic_says_its_heading_before_its_columns(reader):
    """A-322"""
    html = page(reader, "topic", "4.2")
    assert '<th scope="colgroup" colspan="2">การเข้าถึงข้อมูลและสารสนเทศ</th>' in html
    assert '<th scope="col">ผู้ใช้</th>' in html
    assert html.count('<th scope="col">วิธีการทำให้เชื่อถือได้</th>') == 2
    assert html.count('<th scope="row">') == 14


def test_search_finds_by_words_and_by_running_number(reader):
    assert "(10)" in page(reader, "search", q="การรักษาความลับ")
    assert [(hit.kind, hit.place) for hit in search(read_edition(FOLDER), "(7)")] == [
        ("item", "4.2.7"),
        ("part", "4.2.7.1"),
        ("part", "4.2.7.2"),
    ]


def test_the_catalogue_marks_it_as_old(reader):
    html = reader.get(reverse("criteria:index")).content.decode()
    assert "ฉบับเดิม · " in " ".join(html.split())


def test_all_faults_of_an_old_edition_come_at_once(tmp_path):
    folder = Path(shutil.copytree(FOLDER, tmp_path / "edition"))
    path = folder / "cat4.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('number: "(2)"', "number: two", 1).replace("compulsory: true", "compulsory: 1", 1)
    text = text.replace(
        "- การเข้าถึงข้อมูลและสารสนเทศ:", "- การเข้าถึงข้อมูลและสารสนเทศ: []\n                        - อื่น:", 1
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CriteriaErrors) as caught:
        read_edition(folder)
    told = "\n".join(caught.value.errors)
    assert "number must be like (7), not 'two'" in told
    assert "4.1.1: compulsory must be true or false" in told
    assert "is neither a column nor a heading over columns" in told


def test_the_tree_is_read_once(old, django_assert_num_queries):
    edition_tree(old)
    with django_assert_num_queries(0):
        edition_tree(old)
