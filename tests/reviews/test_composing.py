"""Comments as published reports write them, and what an agency would stumble over."""

import pytest
from django.urls import reverse

from reviews.comments import as_code, is_comment
from reviews.composing import LACKING, compose
from reviews.tone import tone_faults
from tests.reviews import cases


def test_both_halves_stay():
    """The printed comment of 1.2.2 says what there is, and what makes it a model for others."""
    text = compose(
        seen="มีแนวทางสร้างความโปร่งใส",
        lacking=[],
        besides="การเป็นต้นแบบ เช่น ได้รับรางวัลยกย่องด้านความโปร่งใส",
        references=["1.2.3"],
    )
    assert text == (
        "มีแนวทางสร้างความโปร่งใส แต่ทั้งนี้ ควรแสดงให้เห็นการเป็นต้นแบบ เช่น ได้รับรางวัลยกย่องด้านความโปร่งใส "
        "โดยพิจารณาร่วมกับส่วน 1.2.3"
    )
    assert tone_faults(text, outcome="fail") == []


@pytest.mark.parametrize("key", LACKING)
def test_each_thing_that_may_lack_makes_a_comment_without_fault(key):
    text = compose(seen="แผนงานที่ชัดเจน...", lacking=[key])
    assert text == f"มีแผนงานที่ชัดเจน แต่ทั้งนี้ ควรแสดงให้เห็น{LACKING[key]}"
    assert tone_faults(text, outcome="fail") == []


def test_several_things_are_joined_and_nothing_is_nothing():
    assert compose(seen="", lacking=["evidence", "result"]) == (
        f"ควรแสดงให้เห็น{LACKING['result']} และ{LACKING['evidence']}"
    )
    assert compose(seen="แผน", lacking=[], besides="...") == ""
    assert compose(seen="แผน", lacking=[], besides="ควรแสดงให้เห็นถึงผล") == "มีแผน แต่ทั้งนี้ ควรแสดงให้เห็นผล"
    assert "ส่วน 1.4.1 และ 2.2.1" in compose(seen="", lacking=["link"], references=["1.4.1", "2.2.1", "1.4.1"])


@pytest.mark.parametrize(
    ("outcome", "comment", "faults"),
    [
        ("fail", "ไม่มี", ["nothing"]),
        ("fail", "ไม่มีผลลัพธ์", ["nothing"]),
        ("fail", "คำตอบนี้แย่มาก ควรแสดงผล", ["harsh"]),
        ("fail", "หน่วยงานไม่ใส่ใจ ควรแสดงผล", ["harsh"]),
        ("fail", "ควรแสดงการแย่งงานกันและการวิเคราะห์ความล้มเหลว", []),
        ("fail", "มีแผนงานครบ", ["lacks_nothing"]),
        ("pass", "ควรแสดงผลให้มากกว่านี้", ["only_lacks"]),
        ("pass", "มีแผนครบ แต่ทั้งนี้ ควรแสดงผล", []),
        ("pass", "มีแผนครบ", []),
        ("", "ควรแสดงผล", []),
    ],
)
def test_harsh_empty_and_contradicting_comments_are_told(outcome, comment, faults):
    assert tone_faults(comment, outcome=outcome) == faults


def test_dots_alone_are_no_comment_and_no_fault_of_tone():
    assert not is_comment("......")
    assert tone_faults("......", outcome="fail") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.4.1", "1.4.1"),
        (" ๑.๔.๑ ", "1.4.1"),
        ("1411", "1.4.1.1"),
        ("14", "1.4"),
        ("1.4.1.", "1.4.1"),
        ("", ""),
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed, code):
    assert as_code(typed) == code


@pytest.fixture
def case(reviewer, other, lead, agency, cycle):
    return cases.open_case(reviewer, other, lead=lead, agency=agency, cycle=cycle)


def test_the_page_asks_for_what_to_show_and_for_parts_that_exist(case, reviewer, as_user):
    browser, url = as_user(reviewer), reverse("reviews:compose", args=[case.pk])
    made = browser.post(
        url, {"seen": "แผน", "lacking": ["result", "levels"], "references": "๑.๔.๑, 2111"}
    ).json()
    assert made["text"].startswith("มีแผน แต่ทั้งนี้ ควรแสดงให้เห็น")
    assert made["text"].endswith("ส่วน 1.4.1 และ 2.1.1.1")
    assert made["advice"] == []
    assert browser.post(url, {"seen": "แผน"}).status_code == 422
    assert "9.9.9" in str(browser.post(url, {"lacking": "link", "references": "9.9.9"}).json()["errors"])


def test_going_to_a_code(case, reviewer, as_user):
    browser, url = as_user(reviewer), reverse("reviews:go", args=[case.pk])
    topic = reverse("reviews:topic", args=[case.pk, "1.4"])
    assert browser.get(url, {"code": "1.4.1"}).url == f"{topic}?part=1.4.1.1#p1.4.1.1"
    assert browser.get(url, {"code": "14"}).url == topic
    page = browser.get(url, {"code": "<b>9"}, follow=True).content.decode()
    assert "ไม่มีส่วน &lt;b&gt;9 ในเรื่องนี้" in page
