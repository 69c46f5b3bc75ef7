"""The list of spellings: a hint where a name or a word is written another way; no text is changed by it."""

from dataclasses import replace

import pytest

from assessments.advice.indicator_words import advice_text
from assessments.advice.indicators import advise
from assessments.advice.part_words import finding_text
from assessments.advice.parts import find
from assessments.advice.spelling import misspelt, source_of, spellings
from assessments.progress import PartState
from tests.assessments.form4_rows import ROWS
from tests.criteria import edition_2565


def offered(text: str) -> list[tuple[str, str]]:
    return [(found.wrong, found.right) for found in misspelt(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("เชื่อมกับระบบ New GFMS Thai แล้ว", [("New GFMS Thai", "New GFMIS Thai")]),
        ("เชื่อมกับระบบ new  gfms\nthai", [("New GFMS Thai", "New GFMIS Thai")]),
        ("ใช้ New GFMS ก่อน แล้วใช้ New GFMS Thai", [("New GFMS Thai", "New GFMIS Thai")]),
        ("เชื่อมกับระบบ New GFMIS Thai แล้ว", []),
        ("เผยแพร่ทางเว็ปไซต์ด้วยระบบดิจิตอล", [("เว็ปไซต์", "เว็บไซต์"), ("ดิจิตอล", "ดิจิทัล")]),
        ("ตามกฎหมาย ปรากฏในระบบดิจิทัลตามหลักเกณฑ์", []),
        ("ตามกฏหมาย", [("กฏหมาย", "กฎหมาย")]),
        ("ระบบ XeGPX", []),
        ("", []),
    ],
)
def test_a_spelling_is_offered(text, expected):
    assert sorted(offered(text)) == sorted(expected)


def test_what_the_list_offers_is_itself_not_in_it_and_has_a_source():
    for spelling in spellings():
        assert offered(spelling.right) == []
        assert source_of(spelling.right) == spelling.source != ""
    assert source_of("คำที่ไม่มีในรายการ") == ""


def test_it_is_a_finding_like_the_others_whatever_the_status():
    states = {"1.1.2.1": PartState("started", {"detail": "เชื่อมกับ New GFMS Thai"})}
    (found,) = find(edition_2565(), states, year=2570)
    assert found.key == "spelling:New GFMIS Thai"
    assert finding_text(found) == "พบคำว่า “New GFMS Thai” คำที่ใช้คือ “New GFMIS Thai” ตรวจตัวสะกด"
    assert states["1.1.2.1"].values["detail"] == "เชื่อมกับ New GFMS Thai"


def test_the_name_of_an_indicator_is_read_too():
    row = replace(ROWS["7.1.5.1"], name="ร้อยละของงานที่ใช้ New GFMS Thai")
    (found,) = (advice for advice in advise(row) if advice.code == "spelling")
    assert found.key == "spelling:New GFMIS Thai"
    assert "New GFMIS Thai" in advice_text(found)


def test_the_texts_of_the_form_itself_are_spelt_right():
    edition = edition_2565()
    wrong = {
        (item.code, found.wrong)
        for category in edition.categories
        for topic in category.topics
        for item in topic.items
        for text in (item.title_th, item.hint_th, *(part.prompt_th for part in item.parts))
        for found in misspelt(text)
    }
    assert wrong == set()
