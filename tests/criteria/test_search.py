from pathlib import Path

import pytest

from criteria.reader import read_edition
from criteria.search import search
from criteria.terms import mark, spellings

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "criteria" / "pmqa40-2565"


@pytest.fixture(scope="module")
def tree():
    return read_edition(FOLDER)


def test_the_wording_of_the_year_before_finds_the_item(tree):
    """A-212"""
    wording = dict(tree.topics["1.2"].guide.variants)["1.2.5"]
    hits = search(tree, wording.split("…")[0])
    assert ("variant", "1.2.5") in {(hit.kind, hit.place) for hit in hits}


def test_spaces_and_case_do_not_count(tree):
    spaced = {hit.place for hit in search(tree, "Best Practice")}
    assert spaced
    assert spaced <= {hit.place for hit in search(tree, "best practice")}
    assert search(tree, "วิสัยทัศน์") == search(tree, "  วิสัยทัศน์ ")


def test_every_word_must_be_there(tree):
    both = search(tree, "นวัตกรรม เครือข่าย")
    assert both
    assert all("นวัตกรรม" in f"{hit.before}{hit.found}{hit.after}".replace(" ", "") for hit in both)
    assert search(tree, "นวัตกรรม ฬฬฬฬ") == []


def test_a_code_is_found(tree):
    assert "1.2.5" in {hit.place for hit in search(tree, "1.2.5")}


def test_nothing_asked_nothing_found(tree):
    assert search(tree, "   ") == []


def test_what_is_found_is_in_its_text(tree):
    for hit in search(tree, "ดิจิทัล"):
        assert hit.found == "ดิจิทัล"


def test_a_term_is_known_by_its_spellings():
    assert spellings("แนวปฏิบัติที่ดี (Best Practice)") == [
        "แนวปฏิบัติที่ดี (Best Practice)",
        "แนวปฏิบัติที่ดี",
        "Best Practice",
    ]


def test_only_the_first_place_of_a_term_is_marked():
    """A-209"""
    runs = mark("สร้างนวัตกรรมและนวัตกรรมใหม่", [("นวัตกรรม", "การเปลี่ยนแปลงที่สำคัญ")])
    assert [(run.text, bool(run.meaning)) for run in runs] == [
        ("สร้าง", False),
        ("นวัตกรรม", True),
        ("และนวัตกรรมใหม่", False),
    ]


def test_a_text_without_terms_stays_whole():
    assert [run.text for run in mark("ไม่มีคำศัพท์", [("นวัตกรรม", "…")])] == ["ไม่มีคำศัพท์"]
