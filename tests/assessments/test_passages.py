"""Passages that two answers share: the longest one is found, wherever it begins, and hostile texts cost no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.advice.passages import SHORTEST, Passages, compact

LETTERS = "กขคงจฉชซญดตถทนบปพฟมยรลวสหอาิีุูเแโใไ่้"
# No forty letters of it come twice.
LONG = "".join(LETTERS[(place * place * 7 + place * 3) % len(LETTERS)] + str(place) for place in range(400))


def longest(one: str, other: str) -> int:
    """The length of the longest passage that both hold, the slow and certain way."""
    best, row = 0, [0] * (len(other) + 1)
    for letter in one:
        following = [0] * (len(other) + 1)
        for place, its in enumerate(other):
            if letter == its:
                following[place + 1] = row[place] + 1
                best = max(best, row[place] + 1)
        row = following
    return best


@given(
    begin=st.integers(0, 60),
    length=st.integers(60, 160),
    before=st.integers(0, 90),
    behind=st.integers(0, 90),
)
def test_a_shared_passage_is_found_wherever_it_stands(begin, length, before, behind):
    shared = LONG[begin : begin + length]
    one = LONG[600 : 600 + before] + shared + LONG[800 : 800 + behind]
    other = LONG[900 : 900 + behind] + shared + LONG[1000 : 1000 + before]
    expected = longest(one, other)
    found = dict(Passages({"1.1.1.1": one, "2.1.1.1": other}).of("1.1.1.1"))
    assert len(found.get("2.1.1.1", "")) == (expected if expected >= SHORTEST else 0)


def test_spaces_and_line_breaks_do_not_hide_a_passage():
    one, other = LONG[:120], " ".join(LONG[place : place + 7] for place in range(0, 120, 7))
    found = Passages({"a": one, "b": f"อื่น\n{other}"}).of("a")
    assert found == [("b", LONG[:120])]


def test_the_longest_passage_comes_first_and_a_name_is_none():
    name = "โครงการเชื่อมข้อมูลน้ำชุมชนตัวอย่าง"
    texts = {
        "a": LONG[:300] + name,
        "b": LONG[:100] + name,
        "c": LONG[150:300],
        "d": f"{name} {LONG[500:700]}",
    }
    assert [code for code, _quote in Passages(texts).of("a")] == ["c", "b"]


def test_a_text_of_another_year_is_compared_alone():
    passages = Passages({"a": LONG[:200], "b": LONG[:200]})
    assert passages.with_text("a", LONG[50:180]) == LONG[50:180]
    assert passages.with_text("a", "") == ""


@pytest.mark.parametrize("text", ["ก" * 20_000, "กขค" * 6_666, ("ก" * 40 + "ข") * 480])
def test_texts_that_repeat_themselves_are_read_once(text):
    """Each letter is compared with eight places at most: the walk is linear, or this would run for minutes."""
    passages = Passages({f"{number}": text for number in range(30)})
    others = passages.of("29")
    assert others
    assert all(len(quote) >= SHORTEST for _code, quote in others)


def test_compact_keeps_every_letter():
    assert compact(" น้ำ \n\tที่ ") == "น้ำที่"
